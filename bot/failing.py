"""Whom to tell when a page cannot be read for long. Pure.

The operator hears of the first failure that lasts, then at growing distances, and of the end of it. The chats hear
once, after a day, and the same message says when it is over (`notes.outage`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

LASTS = 3
"""Failures in a row; a slip of one server of many is over by then."""
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=1)
CHATS_HEAR_AFTER = timedelta(days=1)


def operator_hears(since: datetime, told_at: datetime | None, failures: int, now: datetime) -> bool:
    """Whether to tell the operator now, at the latest of so many failures in a row."""
    if told_at is None:
        return failures >= LASTS
    return now - told_at >= max(SHORTEST, min(told_at - since, LONGEST))


def chats_hear(since: datetime, now: datetime) -> bool:
    """Whether the chats are to know by now."""
    return now - since >= CHATS_HEAR_AFTER
