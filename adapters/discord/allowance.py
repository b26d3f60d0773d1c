"""How much a bot may ask of Discord: so many calls a second, and few that are refused. Pure; time is an argument.

Discord counts answers of 401, 403 and 429 as invalid requests, and shuts an address out for an hour or longer that had
10,000 of them in ten minutes ("Invalid Request Limit"). A bot that a thousand channels have thrown out must not come
near: fewer than a hundred is the bound here. A channel that the gateway shows as open to the bot, or in which
something succeeded lately, goes on while others are found out: those that threw the bot out do not silence those that
did not.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

CALLS, SECOND = 50, 1.0
"""Documented for a bot; answers to interactions are exempt."""
INVALID_WINDOW = 600.0
MOST_INVALID, MOST_TRIED = 95, 50
"""So many invalid answers at most in a window, and so many before channels that are not known to be well must wait."""
_SOON = 0.1  # what is under way is answered within about so long
_MOST_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds to wait; `everywhere`: not in this channel alone."""

    seconds: float
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """A call: the channel that it concerns ("" for none), whether it counts among the 50, whether it may be refused.

    `first`: it is the first answer to an interaction, which Discord awaits for three seconds and refuses with a 404 at
    worst: whoever presses a hundred times at once keeps nobody else's from being answered.
    """

    channel: str = ""
    counts: bool = True
    doubtful: bool = False
    first: bool = False


class Allowance:
    """What one bot asks, and how it is answered. A call counts from its beginning until its answer is old enough."""

    def __init__(self) -> None:
        self._answered: deque[float] = deque()
        self._invalid: deque[float] = deque()
        self._well: dict[str, float] = {}
        self._open: set[str] = set()
        self._under_way: Counter[str] = Counter()

    def begin(self, channel: str, now: float, *, counts: bool = True, first: bool = False) -> Asking | Wait:
        """Begin a call, or say how long it must wait."""
        asking = Asking(channel, counts, self._doubtful(channel, now), first)
        if wait := self._wait(asking, now):
            return wait
        self._note(asking, 1)
        return asking

    def end(self, asking: Asking, now: float, *, invalid: bool, well: bool) -> None:
        """End a call: whether Discord counted it as invalid, whether it succeeded."""
        self._note(asking, -1)
        if asking.counts:
            self._answered.append(now)
        if invalid:
            self._invalid.append(now)
            self._well.pop(asking.channel, None)
            self._open.discard(asking.channel)
        elif well and asking.channel:
            self._remember(asking.channel, now)

    def told(self, channels: Iterable[str], *, open_to_us: bool) -> None:
        """Note what the gateway says: into which channels the bot may write, or no longer may."""
        if open_to_us:
            self._open.update(channels)
        else:
            self._open.difference_update(channels)

    def _doubtful(self, channel: str, now: float) -> bool:
        last = self._well.get(channel)
        return bool(channel) and channel not in self._open and (last is None or now - last >= INVALID_WINDOW)

    def _wait(self, asking: Asking, now: float) -> Wait | None:
        _forget(self._invalid, now - INVALID_WINDOW)
        _forget(self._answered, now - SECOND)
        if not asking.first and len(self._invalid) + self._under_way["all"] >= MOST_INVALID:
            return Wait(_until(self._invalid, MOST_INVALID, INVALID_WINDOW, now), everywhere=True)
        if asking.doubtful and len(self._invalid) + self._under_way["doubtful"] >= MOST_TRIED:
            return Wait(_until(self._invalid, MOST_TRIED, INVALID_WINDOW, now), everywhere=False)
        if asking.counts and len(self._answered) + self._under_way["counted"] >= CALLS:
            return Wait(_until(self._answered, CALLS, SECOND, now), everywhere=True)
        return None

    def _note(self, asking: Asking, change: int) -> None:
        self._under_way["all"] += change * (not asking.first)
        self._under_way["counted"] += change * asking.counts
        self._under_way["doubtful"] += change * asking.doubtful

    def _remember(self, channel: str, now: float) -> None:
        self._well.pop(channel, None)  # so that the dictionary stays in the order of time
        self._well[channel] = now
        if len(self._well) > _MOST_REMEMBERED:
            del self._well[next(iter(self._well))]


def _forget(times: deque[float], until: float) -> None:
    while times and times[0] <= until:
        times.popleft()


def _until(times: deque[float], most: int, window: float, now: float) -> float:
    """Return after how many seconds fewer than `most` are left; what is under way is answered soon."""
    return max(times[-most] + window - now, 0.0) if len(times) >= most else _SOON
