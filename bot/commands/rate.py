"""How often a chat, or a person, may give commands: so many in any minute. How often a stranger is answered."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from ..model import User

WINDOW = timedelta(minutes=1)
DAY = timedelta(days=1)
MOST_REMEMBERED = 10_000


class Rate:
    """Counts commands by whose they are (a chat's, a person's) over the last minute, in memory: a restart forgives."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._given: dict[tuple[str, ...], deque[datetime]] = {}

    def exceeded(self, whose: tuple[str, ...], now: datetime) -> int:
        """Count a command; return by how many its giver is over the limit (0: they are not)."""
        self._forget(now)
        given = self._given.setdefault(whose, deque(maxlen=2 * self._limit + 1))
        given.append(now)
        return max(0, len(given) - self._limit)

    def _forget(self, now: datetime) -> None:
        for key, given in list(self._given.items()):
            while given and now - given[0] >= WINDOW:
                given.popleft()
            if not given:
                del self._given[key]


class Strangers:
    """Remembers, in memory, whom it was told today that they may not use the bot."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], datetime] = {}

    def again(self, platform: str, user: User, now: datetime) -> bool:
        """Whether somebody was told within the last day; from now on they were."""
        whose = (platform, user.id)
        at = self._told.get(whose)
        if at is not None and now - at < DAY:
            return True
        self._told.pop(whose, None)
        self._told[whose] = now
        # Those told first stand first; more people than this in a day are told again rather than remembered.
        while len(self._told) > MOST_REMEMBERED:
            del self._told[next(iter(self._told))]
        return False
