"""How often a bot may begin a session: so many a day, and so many at a time.

Discord's documentation ("Session Start Limit", "Rate Limiting" of the gateway, "Sharding"): one IDENTIFY in five
seconds for each key, which is a shard's number modulo `max_concurrency`; one that comes sooner is answered with
Invalid Session. Who begins more than `total` sessions in a day loses the token. A shard holds 2,500 servers at most,
and about a thousand are recommended.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..clock import Now

GUILDS_PER_SHARD, RECOMMENDED_PER_SHARD = 2500, 1000
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a bot; `shards` overrules what the number of its servers recommends (0: it does not)."""

    total: int = 1000
    max_concurrency: int = 1
    every: float = 5.0
    shards: int = 0


@dataclass(slots=True)
class _Begun:
    """What a bot began: so many sessions in the day that ends then, and when the last of each key."""

    ends: float = 0.0
    count: int = 0
    last: dict[int, float] = field(default_factory=dict)


class Starts:
    """Counts the sessions that bots begin."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.reset()

    def reset(self) -> None:
        """Forget what was begun, and rules of a test's own."""
        self.rules = Rules()
        self._begun: dict[int, _Begun] = defaultdict(_Begun)

    def change(self, wanted: Mapping[str, Any], *, left: int | None, reset_after: float) -> None:
        """Let other rules hold; `left` sessions remain to every bot for so many seconds. Raises ValueError."""
        unknown = set(wanted) - {"total", "max_concurrency", "every", "shards"}
        if unknown:
            raise ValueError(f"session starts have no {', '.join(sorted(unknown))}")
        self.rules = replace(self.rules, **wanted)
        if left is not None:
            spent = _Begun(self._now().timestamp() + reset_after, self.rules.total - left)
            self._begun = defaultdict(lambda: _Begun(spent.ends, spent.count))

    def limit(self, bot: int) -> dict[str, int]:
        """Return the session start limit as GET /gateway/bot tells it; `reset_after` in milliseconds."""
        begun = self._today(bot)
        return {
            "total": self.rules.total,
            "remaining": max(0, self.rules.total - begun.count),
            "reset_after": max(0, math.ceil((begun.ends - self._now().timestamp()) * 1000)) if begun.count else 0,
            "max_concurrency": self.rules.max_concurrency,
        }

    def shards(self, guilds: int) -> int:
        """Return how many shards are recommended to a bot in so many servers."""
        return self.rules.shards or max(1, math.ceil(guilds / RECOMMENDED_PER_SHARD))

    def too_soon(self, bot: int, shard: int) -> bool:
        """Take note of an IDENTIFY, and say whether it came too soon after another one of its key."""
        key, now = shard % self.rules.max_concurrency, self._now().timestamp()
        last = self._begun[bot].last
        if key in last and now - last[key] < self.rules.every:
            return True
        last[key] = now
        return False

    def begin(self, bot: int) -> bool:
        """Count a session; False where none was left."""
        begun = self._today(bot)
        begun.count += 1
        return begun.count <= self.rules.total

    def _today(self, bot: int) -> _Begun:
        begun, now = self._begun[bot], self._now().timestamp()
        if begun.ends <= now:
            begun.ends, begun.count = now + _DAY, 0
        return begun
