"""Two addresses that turned out to be one chat: what belonged to the old one becomes the new one's.

Where both followed the same source, the new one's subscription stays and the old one's ends: what only the old one
was owed is owed by the other now, and what it had already shown is not said again. Parts stay with the chat that they
were sent in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from .letting_go import let_go_of_ended
from .schema import chat, delivery, lane, manager, source, subscription

# What a subscription wishes, and where it stands with it.
_WISH = (
    "since",
    "caught_up_at",
    "filter",
    "style",
    "ping",
    "summary",
    "schedule",
    "next_digest_at",
    "paused_until",
    "backlog",
    "ended_at",
    "review_chat_id",
    "review_code",
    "review_code_until",
    "review_only",
)


async def merge(connection: AsyncConnection, old_lane: int, new_lane: int, to: str, now: datetime) -> None:
    """Bring the chats of one lane into another, whose platform chat is `to`."""
    await _lock_sources(connection, old_lane)
    rows = (await connection.execute(select(chat).where(chat.c.lane_id == old_lane, chat.c.state != "left"))).all()
    for row in rows:
        same = select(chat).where(chat.c.lane_id == new_lane, chat.c.thread == row.thread)
        twin = (await connection.execute(same)).one_or_none()
        if twin is None:
            await _readdress(connection, row.id, new_lane, to)
        else:
            await _join(connection, row, twin, now)
    await connection.execute(update(lane).where(lane.c.id == new_lane).values(next_at=now))


async def _lock_sources(connection: AsyncConnection, lane_id: int) -> None:
    """Nothing may be planned for the old chats while they move."""
    followed = (
        select(subscription.c.source_id)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .where(chat.c.lane_id == lane_id)
    )
    await connection.execute(
        select(source.c.id).where(source.c.id.in_(followed)).order_by(source.c.id).with_for_update()
    )


async def _readdress(connection: AsyncConnection, chat_id: int, new_lane: int, to: str) -> None:
    """Give a chat its new address; nothing was known there."""
    moved = update(chat).where(chat.c.id == chat_id)
    await connection.execute(moved.values(chat=to, lane_id=new_lane, state="active", why="", held_at=None))
    await connection.execute(update(delivery).where(delivery.c.chat_id == chat_id).values(lane_id=new_lane))


async def _join(
    connection: AsyncConnection, old: Row[*tuple[Any, ...]], new: Row[*tuple[Any, ...]], now: datetime
) -> None:
    """Bring a chat's subscriptions into another chat, and leave the old one behind, empty but for what ended."""
    number = new.last_number
    theirs = select(subscription).where(subscription.c.chat_id == old.id).order_by(subscription.c.number)
    for wish in (await connection.execute(theirs)).all():
        same = select(subscription).where(subscription.c.chat_id == new.id, subscription.c.source_id == wish.source_id)
        twin = (await connection.execute(same)).one_or_none()
        if twin is not None:
            await _absorb(connection, wish, twin, new, now)
            continue
        number += 1
        moved = update(subscription).where(subscription.c.id == wish.id)
        await connection.execute(moved.values(chat_id=new.id, number=number))
        await _hand_over(connection, delivery.c.subscription_id == wish.id, wish.id, new)
    await _bring_managers(connection, old.id, new.id)
    reviewed = update(subscription).where(subscription.c.review_chat_id == old.id)
    await connection.execute(reviewed.values(review_chat_id=new.id))
    zone = old.timezone if new.timezone == "UTC" else new.timezone
    language = new.language or old.language
    hours = old if not new.quiet else new
    quiet = {name: getattr(hours, name) for name in ("quiet", "quiet_from", "quiet_until")}
    fold = max(new.fold, old.fold)
    told = {"last_number": number, "timezone": zone, "language": language, "fold": fold, **quiet}
    await connection.execute(update(chat).where(chat.c.id == new.id).values(**told))
    await connection.execute(update(chat).where(chat.c.id == old.id).values(state="left", why=f"moved to {new.chat}"))


async def _bring_managers(connection: AsyncConnection, old: int, new: int) -> None:
    """Let who runs a chat, and manages it from a private one, do so with what it became."""
    for row in (await connection.execute(select(manager).where(manager.c.chat_id == old))).all():
        known = insert(manager).values(chat_id=new, person=row.person, known_at=row.known_at, chosen_at=row.chosen_at)
        since = func.coalesce(known.excluded.chosen_at, manager.c.chosen_at)
        await connection.execute(
            known.on_conflict_do_update(index_elements=["chat_id", "person"], set_={"chosen_at": since})
        )
    await connection.execute(delete(manager).where(manager.c.chat_id == old))


async def _absorb(
    connection: AsyncConnection,
    old: Row[*tuple[Any, ...]],
    new: Row[*tuple[Any, ...]],
    there: Row[*tuple[Any, ...]],
    now: datetime,
) -> None:
    """End one of two subscriptions to the same source; the other takes over what it lacks."""
    if old.ended_at is not None:
        return
    if new.ended_at is not None:
        await _revive_as(connection, old, new.id)
    await _say_nothing_twice(connection, old.id, new.id)
    known = select(delivery.c.entry_id).where(delivery.c.subscription_id == new.id, delivery.c.entry_id.is_not(None))
    lacking = delivery.c.entry_id.is_(None) | delivery.c.entry_id.not_in(known)
    await _hand_over(connection, and_(delivery.c.subscription_id == old.id, lacking), new.id, there)
    rest = update(delivery).where(delivery.c.subscription_id == old.id, delivery.c.state.not_in(("claimed", "gone")))
    await connection.execute(rest.values(state="ended"))
    await let_go_of_ended(connection, [old.id], now)
    await connection.execute(update(subscription).where(subscription.c.id == old.id).values(ended_at=now))


async def _revive_as(connection: AsyncConnection, old: Row[*tuple[Any, ...]], new: int) -> None:
    """Make an ended subscription wish what its twin at the old address wished."""
    values = {name: getattr(old, name) for name in _WISH}
    await connection.execute(update(subscription).where(subscription.c.id == new).values(**values))


async def _say_nothing_twice(connection: AsyncConnection, old: int, new: int) -> None:
    """What the old subscription has shown is never sent for the new one: members of the chat still see it."""
    shown = select(delivery.c.entry_id).where(delivery.c.subscription_id == old, delivery.c.shown > 0)
    unsent = and_(
        delivery.c.subscription_id == new,
        delivery.c.shown == 0,
        delivery.c.act.is_(None),
        delivery.c.state == "due",
        delivery.c.entry_id.in_(shown),
    )
    await connection.execute(update(delivery).where(unsent).values(state="ended"))


async def _hand_over(
    connection: AsyncConnection, which: ColumnElement[bool], to: int, there: Row[*tuple[Any, ...]]
) -> None:
    """Owe these deliveries to the subscription `to`, in the chat `there`."""
    values = {"subscription_id": to, "chat_id": there.id, "lane_id": there.lane_id}
    await connection.execute(update(delivery).where(which).values(**values))
