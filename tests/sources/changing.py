"""A page before and after: what compare makes of two Snapshots, by key."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.compare import Comparison, Known, Watched, compare
from bot.digest import digest
from bot.model import Snapshot

LATER = timedelta(minutes=10)
SURE = timedelta(seconds=60)


def known_of(before: Snapshot) -> list[Known]:
    """Return what the store knows once the Snapshot was recorded."""
    return [
        Known(
            number,
            entry.key,
            entry.kind,
            1,
            digest(entry),
            headline=entry.headline or "",
            text=entry.body.text,
            published_at=entry.published_at,
        )
        for number, entry in enumerate(before.entries)
    ]


def compared(before: Snapshot, after: Snapshot, now: datetime) -> Comparison:
    """Return what has changed, with absence believed: it is seen for the second time."""
    store = known_of(before)
    first = _compared(store, after, now)
    marks = {mark.id: mark for mark in first.marks}
    return _compared([marks.get(known.id, known) for known in store], after, now + LATER)


def changes(before: Snapshot, after: Snapshot, now: datetime) -> set[tuple[str, str]]:
    """Return the kinds of changes with the keys that they are about."""
    told: set[tuple[str, str]] = set()
    for change in compared(before, after, now).changes:
        about = change.entry or change.known
        assert about is not None
        told.add((change.kind, about.key))
    return told


def _compared(store: list[Known], after: Snapshot, now: datetime) -> Comparison:
    told = {entry.key for entry in after.entries}
    named = {known.key: known for known in store if known.key in told}
    nearby = [known for known in store if known.key not in told]
    return compare(after, Watched(baseline=False), named, nearby, now=now, removal_after=SURE)
