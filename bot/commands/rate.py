"""How often a person, and a chat, may give commands: so many in any minute."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from ..ports import Command

WINDOW = timedelta(minutes=1)


class Rate:
    """Counts the commands of each person in each chat over the last minute, in memory: a restart forgives.

    `limit` is what an admin may give. Of others each may give a quarter of that, and all of a chat together half: in a
    group Telegram lets a bot say 20 things a minute (PLATFORMS 4.1), and answers must leave the page its share.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._given: dict[tuple[str, str, str, str], deque[datetime]] = {}

    def exceeded(self, command: Command, now: datetime) -> int:
        """Count a command; return by how many its sender, or the chat, is over the limit (0: neither is)."""
        self._forget(now)
        where = (command.address.platform, command.address.bot, command.address.chat)
        person = (*where, command.user.id)
        if command.is_admin:
            return self._count(person, self._limit, now)
        over = self._count(person, max(1, self._limit // 4), now)
        return over or self._count((*where, ""), max(1, self._limit // 2), now)

    def _count(self, who: tuple[str, str, str, str], limit: int, now: datetime) -> int:
        given = self._given.setdefault(who, deque(maxlen=2 * limit + 1))
        given.append(now)
        return max(0, len(given) - limit)

    def _forget(self, now: datetime) -> None:
        for key, given in list(self._given.items()):
            while given and now - given[0] >= WINDOW:
                given.popleft()
            if not given:
                del self._given[key]
