"""The real clock; everything else gets the time as a parameter."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# How fast time goes while the machine's clock is behind what was told before: a minute of ours is less than a minute
# and a half of the platforms', so that Discord still knows a nonce that we think two minutes old.
_CATCHING_UP = 0.75
# Whoever set a clock further wrong than this and right again finds what was put off by it due (`store.schema.due`).
_FURTHEST = timedelta(days=2)


def machine_time() -> datetime:
    """Return what the machine's clock shows, in UTC; it may be put back."""
    return datetime.now(UTC)


class SystemClock:
    """Tells the time of the machine (`bot.ports.Clock`), and never an earlier one than before.

    Everything that waits was put off until a moment of this clock: were the machine's put back by an hour and ours with
    it, nothing would be looked at or sent for an hour. So ours goes on, more slowly, until the machine's has caught up.
    """

    def __init__(
        self, wall: Callable[[], datetime] = machine_time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._told, self._at = wall(), monotonic()

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        wall, at = self._wall(), self._monotonic()
        ours = self._told + timedelta(seconds=(at - self._at) * _CATCHING_UP)
        self._told, self._at = (ours if wall < ours <= wall + _FURTHEST else wall), at
        return self._told

    def not_before(self, moment: datetime) -> timedelta:
        """Go on from a moment that an earlier process told, if the machine is behind it; return by how much."""
        behind = moment - self.now()
        if timedelta() < behind <= _FURTHEST:
            self._told = moment
            return behind
        return timedelta()
