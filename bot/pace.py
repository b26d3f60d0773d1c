"""The pace of one bot: whom to serve next so that no limit of the platform is ever reached. Pure; time is an argument.

Calls are noted when they are answered, which is never earlier than when the platform counted them: a window that
holds by our times holds by the platform's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .model import ChatKind
from .ports import Rates, Window

# Two chats told to wait within this time: it is the bot that is too fast, not a chat.
TOGETHER = timedelta(seconds=1)
# More lanes than this are remembered only as long as their windows reach.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Queue:
    """How many deliveries a lane is owed at this moment."""

    lane: int
    kind: ChatKind
    owed: int


class Pace:
    """The windows of one bot and of its lanes, in memory; a restart seeds them from when each lane was last served."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._calls: deque[datetime] = deque()
        self._under_way = 0
        self._lanes: dict[int, deque[datetime]] = {}
        self._paused_until: datetime | None = None
        self._last_refusal: tuple[int, datetime] | None = None

    def allowance(self, now: datetime) -> int:
        """Return how many calls the bot may begin now: those under way count as if they were answered this moment."""
        if self._paused_until and now < self._paused_until:
            return 0
        _expire(self._calls, now, self._rates.bot.seconds)
        return self._rates.bot.count - len(self._calls) - self._under_way

    def next_allowance(self, now: datetime) -> datetime:
        """Return when the bot may make another call, if not now."""
        paused = self._paused_until or now
        if len(self._calls) + self._under_way < self._rates.bot.count or not self._calls:
            return max(now, paused)
        return max(paused, self._calls[0] + timedelta(seconds=self._rates.bot.seconds))

    def begin(self, calls: int = 1) -> None:
        """Note that calls begin."""
        self._under_way += calls

    def end(self, now: datetime, calls: int = 1) -> None:
        """Note that calls were answered."""
        self._under_way -= calls
        self._calls.extend([now] * calls)

    def remember(self, lane: int, kind: ChatKind, served_at: datetime | None) -> None:
        """Be careful in a lane that another process served lately: as if it had used its windows up evenly."""
        if lane in self._lanes or served_at is None:
            return
        calls: list[datetime] = []
        for window in self._windows(kind):
            gap = timedelta(seconds=window.seconds / window.count)
            calls.extend(served_at - gap * back for back in range(window.count))
        self._lanes[lane] = deque(sorted(set(calls)))

    def after(self, lane: int, kind: ChatKind, now: datetime) -> datetime:
        """Note that a call in a lane was answered, and return when the next may begin."""
        windows = self._windows(kind)
        calls = self._lanes.setdefault(lane, deque())
        calls.append(now)
        _expire(calls, now, max((window.seconds for window in windows), default=0))
        if len(self._lanes) > _REMEMBERED:
            self._forget(now)
        return max((_free(calls, window) for window in windows), default=now)

    def longest(self, queues: Sequence[Queue]) -> frozenset[int]:
        """Return the lanes whose own windows make them the last to finish: served first, all end as soon as can be.

        Those are the lanes that need as long for what they are owed as the bot needs for all lanes. They take no more
        than their share of the bot's calls: a lane that needs a second per call is one of them only if it is owed at
        least that share, so the others go on meanwhile.
        """
        bot = self._rates.bot
        whole = _time_for(sum(queue.owed for queue in queues), (bot,))
        return frozenset(queue.lane for queue in queues if _time_for(queue.owed, self._windows(queue.kind)) >= whole)

    def longest_until(self, queues: Sequence[Queue], now: datetime) -> datetime:
        """Return until when the longest may be taken to be the longest: counting them costs the more, the more is owed.

        That is a twentieth of the time that all of it takes, at least a second and at most a minute.
        """
        whole = _time_for(sum(queue.owed for queue in queues), (self._rates.bot,))
        return now + timedelta(seconds=min(max(1.0, whole / 20), 60.0))

    def refused(self, lane: int, after: timedelta, now: datetime) -> None:
        """Note that a lane was told to wait; a second one within a second means the whole bot."""
        if self._last_refusal and self._last_refusal[0] != lane and now - self._last_refusal[1] <= TOGETHER:
            self.pause(now + after)
        self._last_refusal = (lane, now)

    def pause(self, until: datetime) -> None:
        """Let the whole bot wait."""
        self._paused_until = max(until, self._paused_until or until)

    def _windows(self, kind: ChatKind) -> tuple[Window, ...]:
        return self._rates.private if kind == "private" else self._rates.shared

    def _forget(self, now: datetime) -> None:
        longest = max((w.seconds for w in (*self._rates.private, *self._rates.shared)), default=0)
        for lane, calls in list(self._lanes.items()):
            _expire(calls, now, longest)
            if not calls:
                del self._lanes[lane]


def _expire(calls: deque[datetime], now: datetime, seconds: float) -> None:
    limit = now - timedelta(seconds=seconds)
    while calls and calls[0] <= limit:
        calls.popleft()


def _time_for(calls: int, windows: Sequence[Window]) -> float:
    """Return after how many seconds the last of so many calls may begin, each as soon as the windows let it."""
    taken, left = 0.0, max(0, calls - 1)
    for window in sorted(windows, key=lambda window: window.seconds, reverse=True):
        filled, left = divmod(left, window.count)
        taken += filled * window.seconds
    return taken


def _free(calls: deque[datetime], window: Window) -> datetime:
    """Return when a further call fits into the window."""
    if len(calls) < window.count:
        return calls[-1]
    return calls[-window.count] + timedelta(seconds=window.seconds)
