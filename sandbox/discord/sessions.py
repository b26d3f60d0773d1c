"""Gateway sessions: what a bot is told, numbered and kept, so that a connection that broke can be taken up again."""

from __future__ import annotations

import json
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any

from .guilds import Bot, Guild

GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
KNOWN_INTENTS = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
_KEPT = 2000


class Session:
    """One bot's session on one shard. `deliver` takes the text frames while a connection stands."""

    def __init__(self, bot: Bot, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.bot = bot
        self.intents = intents
        self.shard = shard
        self.deliver: Callable[[str], None] | None = None
        self.behind = 0  # so many of the newest events are told again at the next RESUME, though the client had them
        self._last = 0
        self._events: deque[tuple[int, str]] = deque(maxlen=_KEPT)

    def holds(self, guild: Guild) -> bool:
        """Whether the guild belongs to this shard and the bot to the guild."""
        number, count = self.shard
        return (guild.id >> 22) % count == number and guild.has(self.bot)

    def put(self, name: str, data: Any) -> None:
        """Tell of an event."""
        self._last += 1
        frame = json.dumps({"op": 0, "t": name, "s": self._last, "d": data})
        self._events.append((self._last, frame))
        if self.deliver:
            self.deliver(frame)

    def replay(self, after: int) -> bool:
        """Tell again what came after number `after`; False if that is not kept any more, or never was."""
        if self.deliver is None or not self._last - len(self._events) <= after <= self._last:
            return False
        since = min(after, max(1, self._last - self.behind))  # never READY, which is the first
        self.behind = 0
        for number, frame in tuple(self._events):
            if number > since:
                self.deliver(frame)
        return True


def wanted(name: str) -> int:
    """Return the intent that an event needs; 0 for those that everybody gets."""
    if name in ("INTERACTION_CREATE", "APPLICATION_COMMAND_PERMISSIONS_UPDATE"):
        return 0
    return GUILD_MESSAGES if name.startswith("MESSAGE_") else GUILDS
