"""Who subscribed a chat that cannot be posted in, and what they have been told of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, case, delete, exists, literal, null, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from .chats import Chat, of_row
from .relieving import GRACE
from .schema import Moment, chat, delivery, part, subscription, trouble

# Whoever plays with the bot's rights is not told of each turn.
_APART = timedelta(hours=1)
# No call takes this long: what was begun before was begun by a process that died.
_DEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one person is to be told about one chat: that it is held and why, or (`over`) that it goes on."""

    person: str
    chat: Chat
    why: str
    over: bool


async def look(connection: AsyncConnection, bots: Sequence[tuple[str, str]], now: datetime) -> None:
    """Find whom to tell that a chat is held, and that one goes on: something was accepted there since."""
    ours = tuple_(chat.c.platform, chat.c.bot).in_(list(bots))
    subscribed = (
        select(chat.c.id, subscription.c.created_by, literal("found"), chat.c.why, literal(now, Moment))
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .where(
            ours,
            chat.c.state == "held",
            chat.c.held_at <= now - GRACE,
            subscription.c.ended_at.is_(None),
            # a person, and not the chat itself: an anonymous admin, a channel, somebody's private chat
            subscription.c.created_by != "",
            subscription.c.created_by != chat.c.chat,
        )
        .distinct()
    )
    found = insert(trouble).from_select(["chat_id", "person", "state", "why", "due_at"], subscribed)
    again = and_(trouble.c.state.in_(("over", "closed")), trouble.c.told_at < now - _APART)
    known = found.on_conflict_do_update(
        index_elements=["chat_id", "person"],
        set_={"state": "found", "why": found.excluded.why, "due_at": now, "tried_at": None},
        where=again,
    )
    await connection.execute(known)
    # Most that were told of are held still: only where a chat is served again are its deliveries looked through.
    served = exists().where(chat.c.id == trouble.c.chat_id, chat.c.state == "active")
    accepted = exists().where(
        subscription.c.chat_id == trouble.c.chat_id,
        delivery.c.subscription_id == subscription.c.id,
        part.c.delivery_id == delivery.c.id,
        part.c.sent_at > trouble.c.told_at,
        part.c.message_id.is_not(None),
    )
    over = update(trouble).where(trouble.c.state == "told", served, accepted)
    await connection.execute(over.values(state="over", due_at=now, tried_at=None))


async def due(connection: AsyncConnection, bots: Sequence[tuple[str, str]], now: datetime) -> list[Trouble]:
    """Return what is to be said now, and write down that it is tried; what is no longer so is not said."""
    await connection.execute(_told().where(trouble.c.tried_at <= now - _DEAD).values(told_at=now))
    await _forget_what_changed(connection)
    waiting = (
        select(chat, trouble.c.person, trouble.c.why.label("told_why"), trouble.c.state.label("step"))
        .join_from(trouble, chat)
        .where(
            tuple_(chat.c.platform, chat.c.bot).in_(list(bots)), trouble.c.due_at <= now, trouble.c.tried_at.is_(None)
        )
        .order_by(trouble.c.due_at)
        .limit(50)
    )
    rows = (await connection.execute(waiting)).all()
    found = [Trouble(row.person, of_row(row), row.told_why, row.step == "over") for row in rows]
    for each in found:
        await connection.execute(update(trouble).where(_this(each)).values(tried_at=now))
    return found


async def _forget_what_changed(connection: AsyncConnection) -> None:
    held = exists().where(chat.c.id == trouble.c.chat_id, chat.c.state == "held")
    await connection.execute(delete(trouble).where(trouble.c.state == "found", trouble.c.tried_at.is_(None), ~held))
    back = update(trouble).where(trouble.c.state == "over", trouble.c.tried_at.is_(None), held)
    await connection.execute(back.values(state="told", due_at=None))


async def told(connection: AsyncConnection, those: Sequence[Trouble], now: datetime) -> None:
    """Write down that they heard of it, or cannot."""
    for each in those:
        await connection.execute(_told().where(_this(each)).values(told_at=now))


async def later(connection: AsyncConnection, those: Sequence[Trouble], until: datetime) -> None:
    """Tell them then."""
    for each in those:
        await connection.execute(update(trouble).where(_this(each)).values(due_at=until, tried_at=None))


def _told() -> Update:
    step = case((trouble.c.state == "over", "closed"), else_="told")
    return update(trouble).values(state=step, due_at=null(), tried_at=null())


def _this(each: Trouble) -> ColumnElement[bool]:
    return and_(trouble.c.chat_id == each.chat.id, trouble.c.person == each.person)
