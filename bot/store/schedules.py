"""Quiet hours and schedules: what they hold is let go, or gathered, when their time comes.

When that is stands in a column (`chat.quiet_until`, `subscription.next_digest_at`), and a tick of the scheduler looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..hours import Quiet, Schedule, next_digest, quiet_hours, quiet_period, schedule
from .digests import gather
from .holding import paused_now, quiet_now
from .pausing import release
from .planning import wake_lanes
from .schema import chat, delivery, due, lane, subscription


async def set_quiet(connection: AsyncConnection, chat_id: int, quiet: Quiet | None, now: datetime) -> None:
    """Give a chat quiet hours by its clock, or none; what the old ones held and the new ones do not is let go."""
    zone = (await connection.execute(select(chat.c.timezone).where(chat.c.id == chat_id))).scalar_one()
    await _set_period(connection, chat_id, quiet, zone, now)
    await _let_go(connection, chat_id, now)


async def _set_period(connection: AsyncConnection, chat_id: int, quiet: Quiet | None, zone: str, now: datetime) -> None:
    begins, ends = quiet_period(quiet, now, ZoneInfo(zone)) if quiet else (None, None)
    hours = {"quiet": str(quiet) if quiet else "", "quiet_from": begins, "quiet_until": ends}
    await connection.execute(update(chat).where(chat.c.id == chat_id).values(**hours))


async def set_schedule(
    connection: AsyncConnection, subscriptions: Sequence[int], wanted: Schedule | None, now: datetime
) -> None:
    """Let these subscriptions be told by a schedule, or (None) live again: then what waited comes now."""
    zones = (
        select(subscription.c.id, chat.c.timezone)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .where(subscription.c.id.in_(subscriptions))
    )
    for row in (await connection.execute(zones)).all():
        next_at = next_digest(wanted, now, ZoneInfo(row.timezone)) if wanted else None
        changed = update(subscription).where(subscription.c.id == row.id)
        await connection.execute(changed.values(schedule=str(wanted) if wanted else "", next_digest_at=next_at))
    if wanted is None:
        await release(connection, subscriptions, now)


async def set_zone(connection: AsyncConnection, chat_id: int, zone: str, now: datetime) -> None:
    """Give a chat the time zone by whose clock it lives: its quiet hours and schedules move with it."""
    await connection.execute(update(chat).where(chat.c.id == chat_id).values(timezone=zone))
    quiet: str = (await connection.execute(select(chat.c.quiet).where(chat.c.id == chat_id))).scalar_one()
    if quiet:
        await _set_period(connection, chat_id, quiet_hours(quiet), zone, now)
        await _let_go(connection, chat_id, now)
    scheduled = select(subscription.c.id, subscription.c.schedule).where(
        subscription.c.chat_id == chat_id, subscription.c.schedule != ""
    )
    for row in (await connection.execute(scheduled)).all():
        wanted = schedule(row.schedule)
        if wanted and wanted.at:
            changed = update(subscription).where(subscription.c.id == row.id)
            await connection.execute(changed.values(next_digest_at=next_digest(wanted, now, ZoneInfo(zone))))


async def end_quiet(connection: AsyncConnection, now: datetime, limit: int = 200) -> int:
    """End the quiet hours that are over: what they held comes, as a digest where it is much; how many those were."""
    over = select(chat.c.id, chat.c.quiet, chat.c.timezone).where(chat.c.quiet_until <= now).limit(limit)
    rows = (await connection.execute(over.with_for_update(skip_locked=True))).all()
    for row in rows:
        await _set_period(connection, row.id, quiet_hours(row.quiet), row.timezone, now)
        await _let_go(connection, row.id, now)
    return len(rows)


async def _let_go(connection: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Let go what quiet hours held in a chat, if it is not quiet now."""
    theirs = (
        select(subscription.c.id)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .where(chat.c.id == chat_id, ~quiet_now(now), ~paused_now(now), subscription.c.ended_at.is_(None))
    )
    await release(connection, (await connection.execute(theirs)).scalars().all(), now)


async def gather_due(connection: AsyncConnection, now: datetime, limit: int = 200) -> int:
    """Make the digests whose time has come; how many those were.

    A chat that is quiet, held, or paused gets none for this time: when that ends, one tells all that came.
    """
    ready = (
        select(
            subscription.c.id,
            subscription.c.schedule,
            subscription.c.next_digest_at,
            chat.c.timezone,
            and_(~paused_now(now), ~quiet_now(now), chat.c.state == "active").label("listening"),
        )
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .where(
            subscription.c.next_digest_at.is_not(None),
            due(subscription.c.next_digest_at, now),
            subscription.c.ended_at.is_(None),
        )
        .limit(limit)
        .with_for_update(skip_locked=True, of=subscription)
    )
    made = 0
    for row in (await connection.execute(ready)).all():
        digest = await gather(connection, row.id, now) if row.listening else None
        made += digest is not None
        wanted = schedule(row.schedule)
        next_at = next_digest(wanted, now, ZoneInfo(row.timezone), row.next_digest_at) if wanted else None
        await connection.execute(update(subscription).where(subscription.c.id == row.id).values(next_digest_at=next_at))
        if digest is not None:
            lanes = select(delivery.c.lane_id).where(delivery.c.id == digest)
            await wake_lanes(connection, lane.c.id.in_(lanes), now)
    return made
