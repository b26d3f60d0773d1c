"""The limits that Telegram puts on a bot: sends and edits together (PLATFORMS 4.1).

Per private chat one a second with short bursts of three; per group or channel 20 within any minute; per bot 30 within
any second. Refused calls do not count. A pause (a 429 that a test asked for) refuses until it is over.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from datetime import timedelta

from ..clock import Now
from .refusal import too_many

BURST, REFILL = 3.0, 1.0
GROUP_CALLS, GROUP_WINDOW = 20, 60.0
BOT_CALLS, BOT_WINDOW = 30, 1.0


class Limits:
    """Counts what each bot did where."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.reset()

    def reset(self) -> None:
        """Forget what was counted, and every pause."""
        self.enforced = True
        self._tokens: dict[tuple[int, int], tuple[float, float]] = {}
        self._chats: dict[tuple[int, int], deque[float]] = defaultdict(deque)
        self._bots: dict[int, deque[float]] = defaultdict(deque)
        self._pauses: dict[tuple[int, int | None], float] = {}

    def pause(self, bot: int, chat: int | None, seconds: float) -> None:
        """Refuse the bot's sends and edits in that chat (None: everywhere) for so long."""
        self._pauses[bot, chat] = (self._now() + timedelta(seconds=seconds)).timestamp()

    def count(self, bot: int, chat: int, *, private: bool, cost: int = 1) -> None:
        """Count `cost` messages. Raises Refusal (429) if that is too many now; then nothing is counted."""
        if not self.enforced:
            return
        now = self._now().timestamp()
        wait = max(
            self._pauses.get((bot, chat), now) - now,
            self._pauses.get((bot, None), now) - now,
            self._bucket_wait(bot, chat, now, cost) if private else self._group_wait(bot, chat, now, cost),
            _window_wait(self._bots[bot], now, BOT_CALLS, BOT_WINDOW, cost),
        )
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        self._bots[bot].extend([now] * cost)
        if private:
            self._tokens[bot, chat] = (self._level(bot, chat, now) - cost, now)
        else:
            self._chats[bot, chat].extend([now] * cost)

    def _level(self, bot: int, chat: int, now: float) -> float:
        level, then = self._tokens.get((bot, chat), (BURST, now))
        return min(BURST, level + (now - then) * REFILL)

    def _bucket_wait(self, bot: int, chat: int, now: float, cost: int) -> float:
        """An album that is larger than the burst passes when the bucket is full, and leaves it in debt."""
        return (min(cost, BURST) - self._level(bot, chat, now)) / REFILL

    def _group_wait(self, bot: int, chat: int, now: float, cost: int) -> float:
        return _window_wait(self._chats[bot, chat], now, GROUP_CALLS, GROUP_WINDOW, cost)


def _window_wait(calls: deque[float], now: float, most: int, window: float, cost: int) -> float:
    while calls and calls[0] <= now - window:
        calls.popleft()
    excess = len(calls) + cost - most
    return calls[min(excess, len(calls)) - 1] + window - now if excess > 0 and calls else 0.0
