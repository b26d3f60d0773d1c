"""Saying something else beside an entry's own words, in messages that stand: the entry's revision stays what it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .planning import unless_claimed, wake_lanes
from .schema import Moment, delivery, entry, lane

# In these states a message stands, and can be worded anew. What stands of an ended subscription freezes, but for this.
_STANDS = ("due", "claimed", "settled", "dead", "ended")


async def reword(connection: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """Have messages that stand say something else beside their entries' own words, whose revisions stay."""
    there = select(entry.c.id).where(entry.c.id == delivery.c.entry_id, entry.c.content.is_not(None)).exists()
    standing = and_(delivery.c.shown > 0, delivery.c.state.in_(_STANDS), delivery.c.taken_at.is_(None), there)
    moment = literal(now, Moment)
    again = update(delivery).where(which, standing).returning(delivery.c.lane_id)
    lanes = await connection.execute(
        again.values(
            wording_wanted=delivery.c.wording_wanted + 1,
            wanted_at=moment,
            due_at=moment,
            state=unless_claimed("due"),
            attempts=0,
            failing_since=None,
        )
    )
    await wake_lanes(connection, lane.c.id.in_(lanes.scalars().all()), now)
