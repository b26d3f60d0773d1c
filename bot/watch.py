"""What happens inside, told to whoever counts it: a vocabulary for metrics and health, with nothing behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, Protocol

from .errors import FetchError, FetchRefused, PageGone, SourceError
from .model import Platform
from .ports import Outcome

PollOutcome = Literal["changed", "unchanged", "unreachable", "refused", "gone", "unreadable"]
"""How a poll ended: with changes or without, or the kind of its error."""

# The most particular first: each is a kind of those that follow.
_KINDS: tuple[tuple[type[SourceError], PollOutcome], ...] = (
    (PageGone, "gone"),
    (FetchRefused, "refused"),
    (FetchError, "unreachable"),
    (SourceError, "unreadable"),
)


class Watch(Protocol):
    """Hears what happens. It never raises and never waits, so that nobody fails or is slow for being watched."""

    def ticked(self, now: datetime) -> None:
        """The poller looked for sources that are due."""

    def polled(self, outcome: PollOutcome, took: timedelta) -> None:
        """A source was looked at."""

    def answered(
        self, platform: Platform, act: str, outcome: Outcome, *, given_up: bool, lag: timedelta | None
    ) -> None:
        """A platform answered an act. `lag`: from an entry's publication to its first message, where this was that."""

    def connected(self, platform: Platform, *, so: bool) -> None:
        """A bot is logged in and listens, or not any more."""

    def sends(self, platform: Platform, *, so: bool) -> None:
        """This process holds the lease of a bot's token, or not any more."""


class Unwatched:
    """Nobody counts."""

    def ticked(self, now: datetime) -> None:
        """Say nothing."""

    def polled(self, outcome: PollOutcome, took: timedelta) -> None:
        """Say nothing."""

    def answered(
        self, platform: Platform, act: str, outcome: Outcome, *, given_up: bool, lag: timedelta | None
    ) -> None:
        """Say nothing."""

    def connected(self, platform: Platform, *, so: bool) -> None:
        """Say nothing."""

    def sends(self, platform: Platform, *, so: bool) -> None:
        """Say nothing."""


def failed_as(error: SourceError) -> PollOutcome:
    """Return how a poll ended that raised this."""
    return next(outcome for kind, outcome in _KINDS if isinstance(error, kind))
