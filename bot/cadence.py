"""When to look at a source again: often while it changes, seldom while it is quiet, never more than its server likes.

    changed      half the interval, and at most a brisk one (four times the shortest)
    quiet        a quarter more: the wait stays a quarter of how long nothing has happened
    ended        twice as much, up to the longest; after six hours without a change up to 24 times that, and after a
                 week no more
    missing      soon enough to decide a removal or a stale copy on time
    failed       twice as long for each failure in a row, and as long as the server asked

Everything scales with the settings: halve them, and every answer halves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

BRISK = 4
"""Shortest intervals in the wait after a change: with the default of 15 s a live page is read about once a minute."""
QUIET_GROWTH = 1.25
ENDED_GROWTH = 2
SPREAD = 0.2
"""The most by which chance moves a wait, as a share of it."""
LONGEST_SILENCE = 24
"""Longest intervals for which a Retry-After is believed, so that one bad header cannot silence a source for a year."""
RESTING = 24
"""Longest intervals between two looks at a page of which hardly anything is to be expected: a quarter of a day."""
LONGEST_REST = timedelta(days=1)
RESTS_AFTER, FAILS_LONG, OVER_AFTER = timedelta(hours=6), timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings of the section `poll`."""

    min_interval: timedelta = timedelta(seconds=15)
    max_interval: timedelta = timedelta(seconds=900)
    removal_after: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Look:
    """A poll that brought the page, or the word that it is unchanged.

    `changed`: a reader would notice what it brought. `max_age` is Cache-Control's. `missing_for`: for how long
    something has been missing, or a stale copy suspected (zero: since this look); None: nothing is. `quiet_for`: for
    how long nothing has changed. `allowance` is the least that a daily allowance leaves between two looks, beyond even
    the longest interval.
    """

    changed: bool
    ended: bool = False
    max_age: timedelta | None = None
    missing_for: timedelta | None = None
    quiet_for: timedelta = timedelta()
    allowance: timedelta = timedelta()

    @property
    def rests(self) -> bool:
        """Whether coverage has ended and nothing has come for hours."""
        return self.ended and self.missing_for is None and self.quiet_for >= RESTS_AFTER

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected."""
        return self.rests and self.quiet_for >= OVER_AFTER


@dataclass(frozen=True, slots=True)
class Failure:
    """A poll that brought nothing: the how-manieth in a row (from 1), and what the server asked for.

    `lasting` is for how long nothing has come; `gone`: the server says that there is no such page.
    """

    failures: int = 1
    retry_after: timedelta | None = None
    lasting: timedelta = timedelta()
    gone: bool = False

    @property
    def rests(self) -> bool:
        """Whether to ask no more than a few times a day."""
        return self.lasting >= FAILS_LONG

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected."""
        return self.gone and self.lasting >= OVER_AFTER


@dataclass(frozen=True, slots=True)
class Next:
    """`interval` is to be kept with the source; `wait` is how long to wait before the next poll, chance included."""

    interval: timedelta
    wait: timedelta


def next_interval(interval: timedelta | None, seen: Look | Failure, limits: Limits, jitter: float) -> Next:
    """Return when to look again; `interval` is the one kept so far (None: a new source), `jitter` in [-1, 1]."""
    first = limits.min_interval * BRISK if interval is None else interval
    kept = _within(first, limits.min_interval, _longest(seen, limits))
    match seen:
        case Failure():
            return Next(kept, _after_failure(kept, seen, limits, jitter))
        case Look():
            return _after_look(kept, seen, limits, jitter)


def _after_look(kept: timedelta, look: Look, limits: Limits, jitter: float) -> Next:
    longest = max(_longest(look, limits), look.allowance)
    floor = max(_within(look.max_age or timedelta(), limits.min_interval, limits.max_interval), look.allowance)
    interval = _within(_adapted(kept, look, limits), limits.min_interval, longest)
    wait = _spread(max(interval, floor), floor, longest, jitter)
    if look.missing_for is not None:
        wait = min(wait, _until_decided(look.missing_for, floor, limits))
    return Next(interval, wait)


def _adapted(kept: timedelta, look: Look, limits: Limits) -> timedelta:
    if look.ended:
        return kept * ENDED_GROWTH
    if look.changed:
        return min(kept / 2, limits.min_interval * BRISK)
    return kept if look.missing_for is not None else kept * QUIET_GROWTH


def _until_decided(missing_for: timedelta, floor: timedelta, limits: Limits) -> timedelta:
    """Return the wait after which the next look can prove or refute what is suspected (DESIGN 3, rules 8 and 9).

    A server's max-age counts here, too, but not beyond `removal_after`.
    """
    left = limits.removal_after - missing_for
    wanted = left if left > timedelta() else limits.removal_after
    return max(wanted, limits.min_interval, min(floor, limits.removal_after))


def _after_failure(kept: timedelta, failure: Failure, limits: Limits, jitter: float) -> timedelta:
    doublings = min(max(failure.failures, 1), 32)
    longest = _longest(failure, limits)
    own = _spread(_within(kept * 2**doublings, limits.min_interval, longest), limits.min_interval, longest, jitter)
    asked = min(failure.retry_after or timedelta(), limits.max_interval * LONGEST_SILENCE)
    return max(own, asked)


def _longest(seen: Look | Failure, limits: Limits) -> timedelta:
    rest = max(limits.max_interval, min(limits.max_interval * RESTING, LONGEST_REST))
    return rest if seen.rests else limits.max_interval


def _spread(wait: timedelta, low: timedelta, high: timedelta, jitter: float) -> timedelta:
    """Move a wait by chance, at either end only inwards: cut off there, half of all sources would fall due together."""
    share = SPREAD * jitter
    if wait * (1 - SPREAD) < low:
        share = abs(share)
    elif wait * (1 + SPREAD) > high:
        share = -abs(share)
    return max(low, wait * (1 + share))


def _within(value: timedelta, low: timedelta, high: timedelta) -> timedelta:
    return max(low, min(value, high))
