"""How far back a page reaches: below its horizon, absence proves nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime

from .model import Entry


def horizon(entries: Iterable[Entry]) -> datetime | None:
    """Return the time of the oldest entry that is neither pinned nor out of order; older ones may be on another page.

    In order means: part of the longest run that never gets newer while going down the page (or never older, on
    pages that begin with the oldest).
    """
    times = [entry.published_at for entry in entries if entry.published_at and "pinned" not in entry.flags]
    down = _longest_run([time.timestamp() for time in reversed(times)])
    up = _longest_run([time.timestamp() for time in times])
    run = max(down, up, key=len)
    return min((time for time in times if time.timestamp() >= run[0]), default=None) if run else None


def _longest_run(values: Sequence[float]) -> list[float]:
    """Return the longest subsequence that never falls, by patience sorting."""
    tails: list[float] = []
    links: list[tuple[float, int]] = []
    last_of: list[int] = []
    for value in values:
        at = bisect_right(tails, value)
        before = last_of[at - 1] if at else -1
        links.append((value, before))
        if at == len(tails):
            tails.append(value)
            last_of.append(len(links) - 1)
        else:
            tails[at], last_of[at] = value, len(links) - 1
    run: list[float] = []
    at = last_of[-1] if last_of else -1
    while at >= 0:
        value, at = links[at]
        run.append(value)
    return run[::-1]
