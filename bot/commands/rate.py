"""How often a chat, or a person, may give commands: so many in any minute. How often a stranger is answered."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from ..model import User
from ..ports import Command

WINDOW = timedelta(minutes=1)
DAY = timedelta(days=1)
MOST_REMEMBERED = 10_000


class Rate:
    """Counts commands by whose they are (a chat's, a person's) over the last minute, in memory: a restart forgives.

    `limit` is what an admin may give. Of others each may give a quarter of that, and all of a chat together half: in a
    group Telegram lets a bot say 20 things a minute (PLATFORMS 4.1), and answers must leave the page its share.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._given: dict[tuple[str, ...], deque[datetime]] = {}

    def in_chat(self, command: Command, now: datetime) -> int:
        """Count a command; return by how many its giver, or the chat, is over the limit there (0: neither is)."""
        where = (command.address.platform, command.address.bot, command.address.chat)
        if command.is_admin:
            return self.exceeded((*where, "admin", command.user.id), now)
        # Whether an admin reads is not asked of the platform: that counts as a member's, apart from what they change.
        over = self.exceeded((*where, "member", command.user.id), now, share=4)
        return over or self.exceeded((*where, ""), now, share=2)

    def exceeded(self, whose: tuple[str, ...], now: datetime, *, share: int = 1) -> int:
        """Count a command; return by how many its giver is over a half (`share` 2, 4: a quarter) of the limit, or 0."""
        self._forget(now)
        limit = max(1, self._limit // share)
        given = self._given.setdefault(whose, deque(maxlen=2 * limit + 1))
        given.append(now)
        return max(0, len(given) - limit)

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
