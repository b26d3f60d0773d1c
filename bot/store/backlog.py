"""How much is owed, platform by platform: one look for whoever watches over the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ..alerts import Stuck
from .halting import paused_since
from .holding import holds_delivery, is_alert
from .schema import SEND, Moment, chat, delivery, due, entry, lane, subscription


@dataclass(frozen=True, slots=True)
class Backlog:
    """What one platform's chats are owed.

    `owed` may be sent now, to so many `lanes`, of which the `longest` has so many; `oldest` is since when the oldest of
    it is due. `held` waits for the end of a pause, quiet hours or a schedule, or for its chat; `dead` was given up.
    """

    platform: str
    owed: int = 0
    held: int = 0
    lanes: int = 0
    longest: int = 0
    oldest: datetime | None = None
    dead: int = 0


async def backlogs(connection: AsyncConnection, now: datetime) -> list[Backlog]:
    """Return the backlog of every platform that has a chat.

    What holds first sends is taken from what planning wrote down, and not asked again for each: it is counted often.
    """
    free = [delivery.c.urgency != SEND] if await paused_since(connection) is not None else []
    may = or_(delivery.c.state == "claimed", and_(_is_due(now), *free))
    queues = _lanes(func.coalesce(may, False)).subquery()
    wanted = select(
        queues.c.platform,
        func.sum(queues.c.owed).label("owed"),
        func.sum(queues.c.held).label("held"),
        func.count(queues.c.oldest).label("lanes"),
        func.max(queues.c.owed).label("longest"),
        func.min(queues.c.oldest).label("oldest"),
    ).group_by(queues.c.platform)
    waiting = {row.platform: row for row in (await connection.execute(wanted)).all()}
    dead = await _dead(connection)
    platforms = (await connection.execute(select(lane.c.platform).distinct())).scalars().all()
    return [_backlog(platform, waiting.get(platform), dead.get(platform, 0)) for platform in sorted(platforms)]


async def stuck(connection: AsyncConnection, now: datetime, after: timedelta) -> list[Stuck]:
    """Return the platforms with chats that are owed something since longer than `after`, and are not served as long.

    What holds first sends is asked again, as at the claim (`holding`): quiet hours may have begun since it was planned.
    """
    since = literal(now - after, Moment)
    waits = or_(
        delivery.c.state == "claimed", and_(_is_due(now), or_(delivery.c.urgency != SEND, ~holds_delivery(now)))
    )
    halted = await paused_since(connection) is not None
    queues = (
        _lanes(true())
        .join(subscription, subscription.c.id == delivery.c.subscription_id)
        .outerjoin(entry, entry.c.id == delivery.c.entry_id)
        .where(delivery.c.due_at < since, or_(lane.c.served_at.is_(None), lane.c.served_at < since))
        .where(waits, *([or_(delivery.c.urgency != SEND, is_alert())] if halted else []))
        .subquery()
    )
    waiting = select(
        queues.c.platform,
        func.count().label("chats"),
        func.sum(queues.c.owed).label("owed"),
        func.min(queues.c.oldest).label("oldest"),
    ).group_by(queues.c.platform)
    rows = (await connection.execute(waiting.order_by(queues.c.platform))).all()
    return [Stuck(row.platform, row.chats, int(row.owed), row.oldest) for row in rows]


async def dead_letters(connection: AsyncConnection) -> int:
    """Return how many deliveries were given up, of chats that still want them."""
    return sum((await _dead(connection)).values())


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(delivery.c.state == "due", due(delivery.c.due_at, now), chat.c.state == "active")


def _lanes(may: ColumnElement[bool]) -> Select[Any]:
    """Each lane that is owed something: how much of it `may` be sent, how much is held, the oldest of the former."""
    return (
        select(
            lane.c.platform,
            func.sum(case((may, 1), else_=0)).label("owed"),
            func.sum(case((may, 0), else_=1)).label("held"),
            func.min(case((may, delivery.c.due_at))).label("oldest"),
        )
        .join_from(delivery, lane)
        .join(chat, chat.c.id == delivery.c.chat_id)
        .where(delivery.c.state.in_(("due", "claimed")))
        .group_by(lane.c.id, lane.c.platform)
    )


async def _dead(connection: AsyncConnection) -> dict[str, int]:
    count = func.count().label("dead")
    given_up = select(lane.c.platform, count).join_from(delivery, lane).where(delivery.c.state == "dead")
    return {row.platform: row.dead for row in (await connection.execute(given_up.group_by(lane.c.platform))).all()}


def _backlog(platform: str, waiting: Any, dead: int) -> Backlog:
    if waiting is None:
        return Backlog(platform, dead=dead)
    counts = (int(waiting.owed), int(waiting.held), int(waiting.lanes), int(waiting.longest))
    return Backlog(platform, *counts, waiting.oldest, dead)
