"""What would be told to chats if a page were polled twice: the Changes between two Snapshots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.compare import Comparison, Known, Watched, compare
from bot.digest import digest
from bot.model import Snapshot

NOW = datetime(2025, 7, 1, 16, tzinfo=UTC)
LOOK_AGAIN = timedelta(minutes=2)


def changes(before: Snapshot, after: Snapshot) -> list[tuple[str, str]]:
    """Return what changed, as kind and key, once the second page has been seen for long enough to be believed."""
    known = _known(before)
    first = _compared(after, known, NOW)
    marked = {mark.id: mark for mark in first.marks}
    known = {key: marked.get(entry.id, entry) for key, entry in known.items()}
    new = [change for change in first.changes if change.kind != "removed"]
    gone = [change for change in _compared(after, known, NOW + LOOK_AGAIN).changes if change.kind == "removed"]
    told: list[tuple[str, str]] = [(change.kind, change.entry.key) for change in new if change.entry is not None]
    return told + [("removed", change.known.key) for change in gone if change.known is not None]


def compared(before: Snapshot, after: Snapshot) -> Comparison:
    """Return what is to be recorded at the second look, when absence is believed."""
    known = _known(before)
    marked = {mark.id: mark for mark in _compared(after, known, NOW).marks}
    return _compared(after, {key: marked.get(one.id, one) for key, one in known.items()}, NOW + LOOK_AGAIN)


def _compared(after: Snapshot, known: dict[str, Known], now: datetime) -> Comparison:
    named = {entry.key for entry in after.entries}
    here = {key: entry for key, entry in known.items() if key in named}
    nearby = [entry for key, entry in known.items() if key not in named]
    watched = Watched(baseline=False, status=after.status)
    return compare(after, watched, here, nearby, now=now, removal_after=LOOK_AGAIN)


def _known(snapshot: Snapshot) -> dict[str, Known]:
    return {
        entry.key: Known(
            number,
            entry.key,
            "entry",
            1,
            digest(entry),
            headline=entry.headline or "",
            text=entry.body.text,
            published_at=entry.published_at,
        )
        for number, entry in enumerate(snapshot.entries)
    }
