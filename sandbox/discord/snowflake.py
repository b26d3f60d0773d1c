"""Discord's ids: milliseconds since 2015 in the upper 42 bits, then worker and process, then a number."""

from __future__ import annotations

import functools
import hashlib
from datetime import UTC, datetime, timedelta

from ..clock import Now

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_PER_MILLISECOND = 1 << 12
_WORKER = 1 << 17


class Snowflakes:
    """Gives ids that rise with time, never the same twice, even if the clock stands still or is set back."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._last = 0
        self._number = 0

    def next(self) -> int:
        """Return a new id."""
        moment = max(self._last, _milliseconds(self._now()))
        self._number = self._number + 1 if moment == self._last else 0
        if self._number == _PER_MILLISECOND:
            moment, self._number = moment + 1, 0
        self._last = moment
        return moment << 22 | _WORKER | self._number


def moment_of(snowflake: int) -> datetime:
    """Return when an id was given."""
    return _EPOCH + timedelta(milliseconds=snowflake >> 22)


@functools.cache
def stable(kind: str, name: str) -> int:
    """Return an id that this name always has, as if it was given in 2021."""
    digest = int.from_bytes(hashlib.sha256(f"{kind}/{name}".encode()).digest()[:7])
    first = _milliseconds(datetime(2021, 1, 1, tzinfo=UTC))
    return (first + digest % 31_000_000_000 << 22) | digest & 0x3FFFFF


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
