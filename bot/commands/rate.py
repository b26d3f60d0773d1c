"""How often a chat may give commands: so many in any minute."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from ..model import Address

WINDOW = timedelta(minutes=1)


class Rate:
    """Counts the commands of each chat over the last minute, in memory: a restart forgives."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._given: dict[tuple[str, str, str], deque[datetime]] = {}

    def exceeded(self, address: Address, now: datetime) -> int:
        """Count a command; return by how many the chat is over its limit (0: it is not)."""
        self._forget(now)
        given = self._given.setdefault((address.platform, address.bot, address.chat), deque(maxlen=2 * self._limit + 1))
        given.append(now)
        return max(0, len(given) - self._limit)

    def _forget(self, now: datetime) -> None:
        for key, given in list(self._given.items()):
            while given and now - given[0] >= WINDOW:
                given.popleft()
            if not given:
                del self._given[key]
