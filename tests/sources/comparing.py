"""What would be told to chats of a page that is polled again and again: a store without a database.

It keeps what the store keeps of entries (`bot.store.entries`), so that what a reader makes of several polls can be held
against what should be told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.compare import Change, Comparison, Known, Watched, compare, entries_of
from bot.horizon import horizon
from bot.model import Entry, Snapshot

NOW = datetime(2025, 7, 1, 16, tzinfo=UTC)
LOOK_AGAIN = timedelta(minutes=2)

Told = list[tuple[str, str]]


class Memory:
    """What is known of one source. Every poll is LOOK_AGAIN after the one before."""

    def __init__(self) -> None:
        self.watched = Watched(baseline=True)
        self.now = NOW
        self._known: dict[int, Known] = {}
        self._keys: dict[str, int] = {}

    def poll(self, snapshot: Snapshot) -> Comparison:
        """Compare a snapshot with what is known, and remember it."""
        self.now += LOOK_AGAIN
        here = {entry.key for entry in entries_of(snapshot, self.watched.status)} | set(snapshot.withdrawn)
        known = {key: self._named(key) for key in here if key in self._keys}
        near = [one for one in self._known.values() if not one.removed_at and one.key not in here]
        found = compare(snapshot, self.watched, known, near, now=self.now, removal_after=LOOK_AGAIN)
        self._remember(snapshot, found)
        return found

    def told(self, snapshot: Snapshot) -> Told:
        """Poll, and return what is told to those who followed before: kind and key of every change."""
        return [(change.kind, _key(change)) for change in self.poll(snapshot).changes if change.news]

    def _named(self, key: str) -> Known:
        one = self._known[self._keys[key]]
        return replace(one, renamed=one.key != key)

    def _remember(self, snapshot: Snapshot, found: Comparison) -> None:
        if found.stale:
            self.watched = replace(self.watched, stale_since=self.watched.stale_since or self.now)
            return
        for key in found.unaliased:
            del self._keys[key]
        for key, one in found.aliases:
            self._keys[key] = one.id
        for mark in found.marks:
            self._known[mark.id] = replace(mark, key=self._known[mark.id].key, renamed=False)
        for change in found.changes:
            self._record(change)
        floor = None if snapshot.whole else horizon(snapshot.entries)
        self.watched = Watched(baseline=False, status=snapshot.status, floor_at=self.watched.floor_at or floor)

    def _record(self, change: Change) -> None:
        one = change.known or Known(len(self._known) + 1, _key(change), "entry", 0, "")
        if change.entry is None:
            self._known[one.id] = replace(self._known[one.id], removed_at=self.now)
            return
        self._known[one.id] = _as_told(one, change.entry, change.digest, self._known.get(one.id))
        self._keys.setdefault(_key(change), one.id)


def _as_told(one: Known, entry: Entry, digest: str, before: Known | None) -> Known:
    return Known(
        one.id,
        before.key if before else entry.key,
        entry.kind,
        one.revision + 1,
        digest,
        previous_digest=one.digest,
        headline=entry.headline or "",
        text=entry.body.text,
        published_at=entry.published_at,
    )


def _key(change: Change) -> str:
    if change.entry is not None:
        return change.entry.key
    assert change.known is not None
    return change.known.key


def changes(before: Snapshot, after: Snapshot) -> Told:
    """Return what is told when one page follows the other and stays, so that what it says is believed."""
    memory = Memory()
    memory.poll(before)
    return memory.told(after) + memory.told(after)


def compared(before: Snapshot, after: Snapshot) -> Comparison:
    """Return what is to be recorded at the second look, when absence is believed."""
    memory = Memory()
    for snapshot in (before, after):
        memory.poll(snapshot)
    return memory.poll(after)
