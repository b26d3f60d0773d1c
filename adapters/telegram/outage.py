"""While Telegram cannot be asked: when that begins and ends is told to the log once, and the pauses grow."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from telegram.error import Conflict, TelegramError

from bot.ports import Later

from .api import outcome

log = structlog.get_logger(__name__)

_LONGEST_PAUSE = 60.0
_AFTER_CONFLICT = 15.0


class Outage:
    """Tells the log when it begins and when it ends, and how long to pause meanwhile: 1, 2, 4 … seconds."""

    def __init__(self) -> None:
        self._pauses: Iterator[float] | None = None

    def pause_after(self, error: TelegramError) -> float:
        """Return how many seconds to wait. Raises AdapterError for a wrong token."""
        said = outcome("read", error)
        if self._pauses is None:
            self._begin(error)
        assert self._pauses is not None
        pause = next(self._pauses)
        return max(pause, said.after.total_seconds()) if isinstance(said, Later) else pause

    def over(self) -> None:
        """An answer came."""
        if self._pauses is not None:
            self._pauses = None
            log.info("telegram.listening_again")

    def _begin(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            log.warning(
                "telegram.token_used_twice",
                meaning="Another program asks for this bot's updates: end it, or give this one a token of its own.",
            )
            self._pauses = growing(_AFTER_CONFLICT)
        else:
            log.warning("telegram.not_listening", error=type(error).__name__)
            self._pauses = growing(1.0)


def growing(pause: float) -> Iterator[float]:
    """Yield a pause, in seconds, and then twice the last one for ever, up to a minute."""
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)
