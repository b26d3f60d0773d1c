"""What a new subscription is owed of what is already there: the summary and the newest three entries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..filters import passes
from ..model import END_KEY
from ..planner import DIGEST_KEEPS
from . import content
from .entries import Recorded
from .planning import owe, wake
from .schema import Moment, delivery, entry, source, subscription

# How many of the newest entries are looked through for three that pass a filter.
_LOOKED_THROUGH = 100


async def catch_up_all(connection: AsyncConnection, source_id: int, now: datetime) -> None:
    """Catch up every subscription that waited for the source's first snapshot."""
    waiting = select(subscription.c.id).where(
        subscription.c.source_id == source_id, subscription.c.caught_up_at.is_(None), subscription.c.ended_at.is_(None)
    )
    for subscription_id in (await connection.execute(waiting)).scalars().all():
        await catch_up(connection, subscription_id, now)


async def catch_up(connection: AsyncConnection, subscription_id: int, now: datetime) -> None:
    """Owe a new subscription the summary and the newest three entries that pass its filter; later ones are news to it.

    Does nothing while the source has no snapshot yet: recording the first one catches it up.
    """
    wish = (
        await connection.execute(
            select(subscription.c.filter, source.c.id, source.c.sequence, source.c.baseline_at, source.c.status)
            .join_from(subscription, source)
            .where(subscription.c.id == subscription_id)
        )
    ).one()
    if wish.baseline_at is None:
        return
    mine = subscription.c.id == subscription_id
    owed = await _newest(connection, wish.id, wish.filter)
    for change in owed:
        await owe(connection, change, mine, now)
    await connection.execute(
        update(subscription).where(mine).values(since=wish.sequence, caught_up_at=literal(now, Moment))
    )
    if wish.status == "ended":
        unpinned = update(delivery).where(delivery.c.subscription_id == subscription_id, delivery.c.shown == 0)
        await connection.execute(unpinned.values(pin_wanted=0))
    await wake(connection, [change.entry_id for change in owed], now)


async def _newest(connection: AsyncConnection, source_id: int, text: str) -> list[Recorded]:
    """The summary and the newest three entries that pass, in the order in which they are to be sent."""
    present = and_(
        entry.c.source_id == source_id,
        entry.c.removed_at.is_(None),
        entry.c.key != END_KEY,
        entry.c.content.is_not(None),
    )
    summary = (await connection.execute(select(entry).where(present, entry.c.kind == "summary"))).all()
    newest = select(entry).where(present, entry.c.kind == "entry").order_by(entry.c.rank.desc()).limit(_LOOKED_THROUGH)
    found: list[Recorded] = []
    for row in (await connection.execute(newest)).all():
        told = content.from_json(row.key, row.kind, row.content)
        if len(found) < DIGEST_KEEPS and (not text or passes(text, told)):
            found.append(Recorded("new", row.id, row.kind, row.sequence, row.rank, row.revision, told))
    # The summary opens the conversation: it takes the place before the oldest entry that follows.
    place = min((change.rank for change in found), default=0) - 1
    opening = [Recorded("new", row.id, row.kind, row.sequence, max(place, 0), row.revision, None) for row in summary]
    return opening + found[::-1]
