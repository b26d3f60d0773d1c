"""Taking away the last messages of a chat, as its people ask: what is taken away never comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .letting_go import let_go
from .planning import unless_claimed, wake_lanes
from .schema import Moment, delivery, lane, part

# Telegram removes nothing that is older than 48 hours; what is too near to that is left standing.
OLDEST = timedelta(hours=47)


async def remove_last(connection: AsyncConnection, chat_id: int, count: int, now: datetime) -> int:
    """Have the last messages of a chat taken away, newest first; how many those are."""
    last = (
        select(delivery.c.id)
        .join_from(delivery, part)
        .where(
            delivery.c.chat_id == chat_id,
            delivery.c.shown > 0,
            delivery.c.taken_at.is_(None),
            delivery.c.state.not_in(("gone", "unsure")),
            part.c.message_id.is_not(None),
        )
        .group_by(delivery.c.id)
        .having(func.min(part.c.sent_at) > literal(now - OLDEST, Moment))
        .order_by(func.max(part.c.id).desc())
        .limit(count)
    )
    ids = (await connection.execute(last)).scalars().all()
    moment = literal(now, Moment)
    taken = update(delivery).where(delivery.c.id.in_(ids))
    await connection.execute(
        taken.values(wanted=0, wanted_at=moment, taken_at=moment, due_at=moment, state=unless_claimed("due"))
    )
    # What a digest or a message told is not sent by itself because that is gone: it stays told.
    await let_go(connection, delivery.c.told_by.in_(ids), now, unsaid=True)
    lanes = select(delivery.c.lane_id).where(delivery.c.id.in_(ids))
    await wake_lanes(connection, lane.c.id.in_(lanes), now)
    return len(ids)
