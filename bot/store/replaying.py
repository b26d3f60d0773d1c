"""Trying again what was given up: dead letters, and sends whose fate is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .planning import wake_lanes
from .schema import delivery, lane


async def replay(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> int:
    """Owe again the dead deliveries, or those of these ids that are dead or unsure; return how many that were.

    An unsure one may stand in its chat already, so it is sent again only where its id is given.
    """
    dead = delivery.c.state == "dead"
    named = and_(delivery.c.id.in_(ids), or_(dead, delivery.c.state == "unsure"))
    again = update(delivery).where(named if ids else dead)
    fresh = {"state": "due", "act": None, "tried_revision": None, "tried_at": None, "failing_since": None}
    owed = again.values(**fresh, due_at=now, wanted_at=now, attempts=0, form=0, note="").returning(delivery.c.lane_id)
    lanes = (await connection.execute(owed)).scalars().all()
    await wake_lanes(connection, lane.c.id.in_(lanes), now)
    return len(lanes)
