"""The entries: what is known of them, and what a comparison makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, literal, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..compare import Change, Comparison, Known
from ..model import Entry, EntryKind
from ..planner import order, rank
from . import content
from .schema import entry, entry_alias, source

_KNOWN = (
    entry.c.id,
    entry.c.kind,
    entry.c.revision,
    entry.c.digest,
    entry.c.previous_digest,
    entry.c.headline,
    entry.c.text,
    entry.c.published_at,
    entry.c.missing_since,
    entry.c.held_at,
    entry.c.doubted_since,
    entry.c.removed_at,
    entry.c.taken_down_at.is_not(None).label("taken_down"),
)

# How much of an entry's text is kept beside its content, for matching entries whose keys changed.
_TEXT_KEPT = 600


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change as it was recorded: what planning needs of it."""

    kind: str
    entry_id: int
    entry_kind: EntryKind
    sequence: int
    rank: int
    revision: int
    entry: Entry | None


def _known(row: Row[*tuple[Any, ...]]) -> Known:
    return Known(**row._mapping)  # noqa: SLF001  # `_mapping` is SQLAlchemy's public name for a row as a mapping


async def known(connection: AsyncConnection, source_id: int, keys: Sequence[str]) -> dict[str, Known]:
    """Return what is known under these keys, or was once known under them."""
    named = select(entry.c.key, *_KNOWN, literal(value=False).label("renamed")).where(
        entry.c.source_id == source_id, entry.c.key.in_(keys)
    )
    renamed = (
        select(entry_alias.c.key, *_KNOWN, literal(value=True).label("renamed"))
        .join_from(entry_alias, entry)
        .where(entry_alias.c.source_id == source_id, entry_alias.c.key.in_(keys))
    )
    rows = (await connection.execute(union_all(named, renamed))).all()
    # An entry's own key goes before one that another was matched to.
    return {row.key: _known(row) for row in sorted(rows, key=lambda row: not row.renamed)}


async def shared(connection: AsyncConnection, source_id: int, url: str) -> bool:
    """Whether a source tells entries that the source at a canonical URL tells under the same keys."""
    mine, theirs = entry.alias("mine"), entry.alias("theirs")
    both = (
        select(mine.c.id)
        .join_from(mine, theirs, and_(theirs.c.key == mine.c.key, theirs.c.kind == "entry"))
        .join(source, source.c.id == theirs.c.source_id)
        .where(mine.c.source_id == source_id, mine.c.kind == "entry", source.c.url == url)
    )
    return (await connection.execute(both.limit(1))).first() is not None


async def nearby(
    connection: AsyncConnection, source_id: int, since: datetime | None, times: Sequence[datetime]
) -> list[Known]:
    """Return the entries, not removed, that were published since then, or at one of these times.

    Without `since` (the page shows all that its source has) that is every one of them.
    """
    wanted = select(entry.c.key, *_KNOWN).where(
        entry.c.source_id == source_id, entry.c.kind == "entry", entry.c.removed_at.is_(None), entry.c.sequence > 0
    )
    if since is not None:
        wanted = wanted.where((entry.c.published_at >= since) | entry.c.published_at.in_(times))
    return [_known(row) for row in (await connection.execute(wanted)).all()]


async def record(
    connection: AsyncConnection, source_id: int, found: Comparison, *, sequence: int, now: datetime
) -> list[Recorded]:
    """Write down a comparison: new rows, revisions, removals, marks and keys. `sequence` is the last one given."""
    recorded = [await _record_known(connection, change, now) for change in found.changes if change.known is not None]
    recorded += await _record_new(connection, source_id, found.changes, sequence, now)
    for mark in found.marks:
        await _update(
            connection,
            mark.id,
            missing_since=mark.missing_since,
            held_at=mark.held_at,
            doubted_since=mark.doubted_since,
        )
    if found.unaliased:
        mistaken = entry_alias.c.source_id == source_id, entry_alias.c.key.in_(found.unaliased)
        await connection.execute(delete(entry_alias).where(*mistaken))
    for key, was in found.aliases:
        await connection.execute(insert(entry_alias).values(source_id=source_id, key=key, entry_id=was.id))
    for was, seen in found.refreshed:
        if was.published_at != seen.published_at and seen.published_at is not None:
            await _update(connection, was.id, published_at=seen.published_at, content=content.to_json(seen))
    return recorded


async def _record_new(
    connection: AsyncConnection, source_id: int, changes: Iterable[Change], sequence: int, now: datetime
) -> list[Recorded]:
    """Insert new entries in the order in which chats will get them; what was never news has sequence 0."""
    new = [(change.entry, change) for change in changes if change.kind == "new" and change.entry is not None]
    new.sort(key=lambda pair: order(pair[0], now))
    rows: list[dict[str, Any]] = []
    for told, change in new:
        sequence += change.news
        rows.append(
            {
                "source_id": source_id,
                "key": told.key,
                "kind": told.kind,
                "sequence": sequence if change.news else 0,
                "rank": rank(told, now, sequence),
                "revision": 1,
                "digest": change.digest,
                "seen_at": now,
                **_columns(told),
            }
        )
    if not rows:
        return []
    inserted = await connection.execute(insert(entry).returning(entry.c.id, sort_by_parameter_order=True), rows)
    ids = inserted.scalars().all()
    await connection.execute(update(source).where(source.c.id == source_id).values(sequence=sequence))
    return [
        Recorded("new", id_, told.kind, row["sequence"], row["rank"], 1, told)
        for id_, row, (told, _) in zip(ids, rows, new, strict=True)
    ]


async def _record_known(connection: AsyncConnection, change: Change, now: datetime) -> Recorded:
    """Give a known entry its next revision, or take it away; either way its marks are gone."""
    assert change.known is not None
    values: dict[str, Any] = {"missing_since": None, "held_at": None, "doubted_since": None}
    if change.entry is None:
        values |= {"removed_at": now}
    else:
        values |= {
            "removed_at": None,
            "revision": change.known.revision + 1,
            "previous_digest": change.known.digest,
            "digest": change.digest,
            **_columns(change.entry),
        }
    row = await _update(connection, change.known.id, **values)
    return Recorded(change.kind, row.id, row.kind, row.sequence, row.rank, row.revision, change.entry)


async def _update(connection: AsyncConnection, entry_id: int, **values: Any) -> Row[*tuple[Any, ...]]:
    changed = update(entry).where(entry.c.id == entry_id).values(**values)
    returned = changed.returning(entry.c.id, entry.c.kind, entry.c.sequence, entry.c.rank, entry.c.revision)
    return (await connection.execute(returned)).one()


def _columns(told: Entry) -> dict[str, Any]:
    return {
        "content": content.to_json(told),
        "headline": told.headline or "",
        "text": told.body.text[:_TEXT_KEPT],
        "url": told.url,
        "breaking": int("breaking" in told.flags),
        "published_at": told.published_at,
    }
