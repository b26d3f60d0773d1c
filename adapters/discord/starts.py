"""When a session may be begun: one IDENTIFY in five seconds, and so many in a day.

Discord (documentation of the gateway, "Session Start Limit"): one for each of `max_concurrency` keys, which are the
shards' numbers modulo that. What comes sooner makes the session void, and who begins more than the day's number loses
the token. discord.py waits five seconds whatever the key, but counts nothing: a gateway that makes every session void
would cost the token within hours.
"""

from __future__ import annotations

from collections.abc import Callable

_EVERY = 5.25  # five seconds are asked for, as Discord sees them arrive: the way there is not always equally long


class NoStartLeft(RuntimeError):
    """No further session may be begun until Discord allows more."""


class Starts:
    """Counts the sessions that one bot begins, in all lives of its connection. `monotonic` tells seconds that pass."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._left = 0
        self._keys = 1
        self._last: dict[int, float] = {}

    def told(self, left: int, keys: int) -> None:
        """Note what Discord told: how many sessions may be begun, and how many keys there are."""
        self._left = left
        self._keys = max(1, keys)

    def turn(self, shard: int) -> float:
        """Take the next turn for a shard, and return in how many seconds it comes. Raises NoStartLeft."""
        if self._left < 1:
            raise NoStartLeft("no session can be begun now")
        self._left -= 1
        now, key = self._monotonic(), shard % self._keys
        comes = max(now, self._last.get(key, now - _EVERY) + _EVERY)
        self._last[key] = comes
        return comes - now
