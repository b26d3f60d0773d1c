"""Keeping the database small and true: old bodies are emptied, sleeping lanes are checked, newer programs noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, literal, null, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .holding import holds_delivery
from .planning import wake_lanes
from .schema import SEND, Moment, chat, command, delivery, entry, lane, offer, subscription

# A chat is held until the platform tells that the bot is back. Should that word be lost it is tried again, few at
# once: refusals are counted by the platforms (Discord bans an address after 10,000 in ten minutes).
_HELD_FOR, _HELD_AT_ONCE = timedelta(hours=6), 20

# A platform repeats an update for a day at most; after a week its id is not needed to recognise it.
_COMMANDS_KEPT = timedelta(days=7)

# Who has not pressed a button by then will send the address again.
_OFFERS_KEPT = timedelta(days=30)


async def forget_old(connection: AsyncConnection, now: datetime, keep: timedelta, limit: int = 1000) -> int:
    """Empty entries seen longer ago than `keep`, drop old commands and offers; keys stay: nothing becomes news again.

    Returns how many entries were emptied.
    """
    await connection.execute(
        delete(command).where(command.c.done_at.is_not(None), command.c.recorded_at < now - _COMMANDS_KEPT)
    )
    await connection.execute(delete(offer).where(offer.c.made_at < now - _OFFERS_KEPT))
    # What speaks for others is said again with every change of theirs.
    speaks = or_(delivery.c.state.in_(("due", "claimed", "told")), delivery.c.wording_wanted > 0)
    owed = exists().where(delivery.c.entry_id == entry.c.id, speaks)
    old = (
        select(entry.c.id)
        .where(entry.c.seen_at < now - keep, entry.c.content.is_not(None), entry.c.kind == "entry", ~owed)
        .limit(limit)
    )
    emptied = update(entry).where(entry.c.id.in_(old)).values(content=null(), text="")
    return (await connection.execute(emptied)).rowcount


async def wake_forgotten(connection: AsyncConnection, now: datetime) -> None:
    """Wake lanes that sleep although something in them is due: a safety net, nothing should need it."""
    owed = (
        select(delivery.c.id)
        .join_from(delivery, chat, chat.c.id == delivery.c.chat_id)
        .join(subscription, subscription.c.id == delivery.c.subscription_id)
        .outerjoin(entry, entry.c.id == delivery.c.entry_id)
        .where(
            delivery.c.lane_id == lane.c.id,
            delivery.c.state == "due",
            delivery.c.due_at <= literal(now - timedelta(minutes=1), Moment),
            chat.c.state == "active",
            or_(delivery.c.urgency != SEND, ~holds_delivery(now)),
        )
        .correlate(lane)
        .exists()
    )
    await wake_lanes(connection, lane.c.next_at.is_(None) & lane.c.busy.is_(None) & owed, now)


async def try_held(connection: AsyncConnection, now: datetime) -> int:
    """Deliver again to the chats that have been held longest, to see whether they still refuse; how many those were."""
    longest = select(chat.c.id).where(chat.c.state == "held", chat.c.held_at < now - _HELD_FOR)
    some = longest.order_by(chat.c.held_at).limit(_HELD_AT_ONCE)
    freed = update(chat).where(chat.c.id.in_(some)).values(state="active", why="", held_at=None)
    lanes = (await connection.execute(freed.returning(chat.c.lane_id))).scalars().all()
    await wake_lanes(connection, lane.c.id.in_(lanes), now)
    return len(lanes)


async def damage(connection: AsyncConnection) -> str:
    """Return what is broken in a SQLite file, "" where nothing is; PostgreSQL looks after itself."""
    if connection.dialect.name != "sqlite":
        return ""
    said = (await connection.execute(text("PRAGMA quick_check(1)"))).scalars().first()
    return "" if said == "ok" else str(said)


async def revision(connection: AsyncConnection) -> str:
    """Return the revision of the database as it is now; another process may have carried it forward."""
    return str((await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())
