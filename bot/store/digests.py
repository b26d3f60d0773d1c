"""Digests: what is owed late, or after a pause, told as one message whose members are fixed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Entry
from ..planner import DIGEST_KEEPS, becomes_digest
from . import content
from .holding import undecided
from .schema import SEND, delivery, entry, subscription


async def make_digest(connection: AsyncConnection, subscription_id: int, now: datetime) -> int | None:
    """Fold what is owed to a subscription into a digest and return its delivery; None if it is not much, nor late.

    All first sends but the newest three become its members and are never sent by themselves.
    """
    owed = _unsent_entries(subscription_id)
    asked = select(subscription.c.backlog).where(subscription.c.id == subscription_id)
    after_pause = (await connection.execute(asked)).scalar_one() == "digest"
    count, oldest = (
        await connection.execute(select(func.count(), func.min(may_go_since())).join_from(delivery, entry).where(owed))
    ).one()
    if after_pause:
        done = update(subscription).where(subscription.c.id == subscription_id)
        await connection.execute(done.values(backlog="send"))
    if not count or not becomes_digest(count, oldest, now, asked=after_pause):
        return None
    return await _fold(connection, owed, count - DIGEST_KEEPS, now)


async def gather(
    connection: AsyncConnection, subscription_id: int, now: datetime, *, scheduled: bool = True
) -> int | None:
    """Fold all that is owed to a subscription into one digest; None if nothing is.

    `scheduled`: its schedule asks for it; else people do, to whom a single entry is better sent as it is.
    """
    owed = _unsent_entries(subscription_id)
    least = 1 if scheduled else 2
    if len((await connection.execute(select(delivery.c.id).where(owed).limit(least))).all()) < least:
        return None
    return await _fold(connection, owed, None, now, gathered=int(scheduled))


def may_go_since() -> ColumnElement[datetime]:
    """Since when the first send of an entry is late: since it was seen; where people decided on it, since then."""
    return func.coalesce(delivery.c.decided_at, entry.c.seen_at)


def _unsent_entries(subscription_id: int) -> ColumnElement[bool]:
    """The first sends of entries (the summary and the end speak for themselves) that nobody has begun.

    What waits for a decision, or asks for one, is told by itself.
    """
    return and_(
        delivery.c.subscription_id == subscription_id,
        delivery.c.state == "due",
        delivery.c.urgency == SEND,
        delivery.c.kind == "entry",
        delivery.c.wording_wanted == 0,  # what speaks for others is sent by itself
        delivery.c.for_review == 0,
        ~undecided(),
        delivery.c.entry_id.in_(select(entry.c.id).where(entry.c.kind == "entry")),
    )


async def _fold(
    connection: AsyncConnection, owed: ColumnElement[bool], count: int | None, now: datetime, *, gathered: int = 0
) -> int:
    """Make a digest of the first `count` of what is owed (None: of all)."""
    first = select(delivery).where(owed).order_by(delivery.c.rank).limit(count)
    rows = (await connection.execute(first)).all()
    head = rows[0]
    made = (
        insert(delivery)
        .values(
            kind="digest",
            subscription_id=head.subscription_id,
            chat_id=head.chat_id,
            lane_id=head.lane_id,
            rank=head.rank,
            wanted=1,
            wanted_at=now,
            due_at=now,
            gathered=gathered,
        )
        .returning(delivery.c.id)
    )
    digest: int = (await connection.execute(made)).scalar_one()
    told = update(delivery).where(delivery.c.id.in_([row.id for row in rows]))
    await connection.execute(told.values(state="told", told_by=digest))
    return digest


async def members(connection: AsyncConnection, digest: int) -> tuple[tuple[Entry, ...], int]:
    """Return a digest's entries that still stand, oldest first, and how many have been withdrawn."""
    told = (
        select(entry.c.key, entry.c.kind, entry.c.content, delivery.c.wanted)
        .join_from(delivery, entry)
        .where(delivery.c.told_by == digest)
        .order_by(delivery.c.rank)
    )
    rows = (await connection.execute(told)).all()
    standing = tuple(content.from_json(row.key, row.kind, row.content) for row in rows if row.wanted)
    return standing, len(rows) - len(standing)
