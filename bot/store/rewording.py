"""Messages that are to say something else beside their entries' own words, whose revisions stay."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .planning import unless_claimed, wake_lanes
from .schema import Moment, delivery, entry, lane

# In these states a message stands, and can be worded anew. What stands of an ended subscription freezes, but for this.
_STANDS = ("due", "claimed", "settled", "dead", "ended")


async def reword(connection: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """Have messages worded anew; one whose first sending is under way is edited once it is known to stand."""
    there = select(entry.c.id).where(entry.c.id == delivery.c.entry_id, entry.c.content.is_not(None)).exists()
    mine = and_(delivery.c.state.in_(_STANDS), delivery.c.taken_at.is_(None), there)
    stands, moment = delivery.c.shown > 0, literal(now, Moment)
    again = update(delivery).where(which, mine, stands | (delivery.c.state != "ended")).returning(delivery.c.lane_id)
    lanes = await connection.execute(
        again.values(
            wording_wanted=delivery.c.wording_wanted + 1,
            wanted_at=moment,
            due_at=case((stands, moment), else_=delivery.c.due_at),
            state=case((stands, unless_claimed("due")), else_=delivery.c.state),
            attempts=case((stands, 0), else_=delivery.c.attempts),
            failing_since=case((stands, null()), else_=delivery.c.failing_since),
        )
    )
    await wake_lanes(connection, lane.c.id.in_(lanes.scalars().all()), now)
