"""The operator's pause of everything: first sends are held in every chat, corrections and withdrawals go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from .planning import wake_lanes
from .schema import Moment, delivery, installation, lane


async def paused_since(connection: AsyncConnection) -> datetime | None:
    """Return since when everything is paused; None while it is not."""
    return (await connection.execute(select(installation.c.paused_at))).scalar_one_or_none()


async def pause_all(connection: AsyncConnection, now: datetime) -> bool:
    """Hold first sends everywhere; False if they were held before."""
    if await paused_since(connection) is not None:
        return False
    paused = insert(installation).values(id=1, paused_at=now)
    await connection.execute(paused.on_conflict_do_update(index_elements=["id"], set_={"paused_at": now}))
    return True


async def resume_all(connection: AsyncConnection, now: datetime) -> datetime | None:
    """Send again, and return since when it was held; None if it was not.

    What has come to be late meanwhile, and is much, becomes a digest as after any outage.
    """
    since = await paused_since(connection)
    await connection.execute(update(installation).values(paused_at=None))
    owed = select(delivery.c.lane_id).where(delivery.c.state == "due", delivery.c.due_at <= literal(now, Moment))
    await wake_lanes(connection, lane.c.id.in_(owed), now)
    return since
