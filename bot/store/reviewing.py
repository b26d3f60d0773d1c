"""Which chat reviews whose entries: chosen, ended, and kept so where pages and chats move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, insert, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .asking import ask, chat_name, owed, wish
from .deciding import Choice
from .pausing import release
from .planning import wake_lanes
from .rewording import reword
from .schema import SEND, Moment, chat, delivery, entry, lane, source, subscription
from .subscriptions import next_number, unsubscribe


@dataclass(frozen=True, slots=True)
class Invited:
    """A subscription that another chat is to decide on: whose it is, and of which page."""

    id: int
    chat_id: int
    chat: str
    page: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Where a subscription is decided on, how much waits there, and whether the bot can post there."""

    chat: str
    waiting: int
    reachable: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """A page whose entries are decided on for another chat."""

    page: str
    chat: str


async def set_review(connection: AsyncConnection, wish_id: int, review_chat: int, by: str, now: datetime) -> None:
    """Let a chat decide on the entries of a subscription from now on; what was not sent yet waits for that, too."""
    mine = subscription.c.id == wish_id
    row = (await connection.execute(select(subscription).where(mine))).one()
    await connection.execute(select(source.c.id).where(source.c.id == row.source_id).with_for_update())
    before: int | None = row.review_chat_id
    await connection.execute(update(subscription).where(mine).values(review_chat_id=review_chat, review_code=""))
    unsent = and_(delivery.c.subscription_id == wish_id, delivery.c.state == "due", delivery.c.urgency == SEND)
    entries = delivery.c.entry_id.in_(select(entry.c.id).where(entry.c.kind == "entry"))
    held = update(delivery).where(unsent, entries, delivery.c.for_review == 0, delivery.c.decision == "")
    await connection.execute(held.values(decision="waiting", due_at=null()))
    await _follow(connection, row.source_id, review_chat, by, now)
    lanes = await ask(connection, now, wishes=[wish_id])
    await wake_lanes(connection, lane.c.id.in_(lanes), now)
    if before not in (None, review_chat):
        await _rest(connection, row.source_id, before, now)


async def end_review(connection: AsyncConnection, wish_id: int, choice: Choice, now: datetime) -> None:
    """Let the entries of a subscription come by themselves again; what waits is published now, or never."""
    mine = subscription.c.id == wish_id
    row = (await connection.execute(select(subscription).where(mine))).one()
    await connection.execute(update(subscription).where(mine).values(review_chat_id=None))
    asked = await _undecided(connection, wish_id)
    waiting = update(delivery).where(delivery.c.subscription_id == wish_id, delivery.c.decision == "waiting")
    if choice == "skip":
        await connection.execute(waiting.where(delivery.c.state == "due").values(state="ended"))
    await connection.execute(waiting.values(decision=""))
    await release(connection, [wish_id], now)
    if row.review_chat_id is not None:
        await _rest(connection, row.source_id, row.review_chat_id, now)
        await _ask_no_more(connection, row.review_chat_id, asked, now)


async def go_along(connection: AsyncConnection, source_id: int, there: int, now: datetime) -> None:
    """Have the reviewing chats go along with subscriptions that went from one source to another."""
    mine = subscription.c.source_id == there, subscription.c.ended_at.is_(None)
    reviewed = select(subscription).where(*mine, subscription.c.review_chat_id.is_not(None))
    rows = (await connection.execute(reviewed)).all()
    for row in rows:
        await _follow(connection, there, row.review_chat_id, row.created_by, now)
    if rows:
        lanes = await ask(connection, now, wishes=[row.id for row in rows])
        await wake_lanes(connection, lane.c.id.in_(lanes), now)
    await _rest_unneeded(connection, source_id, now)


async def left(connection: AsyncConnection, wish_id: int, now: datetime) -> None:
    """Put right what an ended subscription leaves: nobody reviews it any more, and what its chat reviews goes on."""
    row = (await connection.execute(select(subscription).where(subscription.c.id == wish_id))).one()
    freed = update(subscription).where(subscription.c.id == wish_id)
    await connection.execute(freed.values(review_chat_id=None, review_code=""))
    await _rest_unneeded(connection, row.source_id, now)
    if row.review_chat_id is not None:
        await _ask_no_more(connection, row.review_chat_id, await _undecided(connection, wish_id), now)
    reviewed = select(wish.c.id).where(
        wish.c.review_chat_id == row.chat_id, wish.c.source_id == row.source_id, wish.c.ended_at.is_(None)
    )
    if wishes := (await connection.execute(reviewed)).scalars().all():
        await _follow(connection, row.source_id, row.chat_id, row.created_by, now)
        lanes = await ask(connection, now, wishes=wishes)
        await wake_lanes(connection, lane.c.id.in_(lanes), now)


async def _undecided(connection: AsyncConnection, wish_id: int) -> Sequence[int]:
    """Return the entries that a subscription waits for people to decide on."""
    waits = delivery.c.subscription_id == wish_id, delivery.c.decision == "waiting"
    return (await connection.execute(select(delivery.c.entry_id).where(*waits))).scalars().all()


async def _ask_no_more(connection: AsyncConnection, desk: int, entries: Sequence[int], now: datetime) -> None:
    """Take the buttons away from under what nobody waits for any more."""
    asking = and_(delivery.c.chat_id == desk, delivery.c.for_review == 1, delivery.c.entry_id.in_(entries))
    await reword(connection, asking, now)


async def _rest_unneeded(connection: AsyncConnection, source_id: int, now: datetime) -> None:
    """End what chats follow of a source for reviews alone where they review nothing of it any more."""
    alone = select(subscription.c.chat_id).where(
        subscription.c.source_id == source_id, subscription.c.review_only == 1, subscription.c.ended_at.is_(None)
    )
    for chat_id in (await connection.execute(alone)).scalars().all():
        await _rest(connection, source_id, chat_id, now)


async def _follow(connection: AsyncConnection, source_id: int, chat_id: int, by: str, now: datetime) -> None:
    """Have a chat follow a source for its reviews, unless it follows it already; nothing else of it comes there."""
    same = and_(subscription.c.source_id == source_id, subscription.c.chat_id == chat_id)
    known = (await connection.execute(select(subscription).where(same).with_for_update())).one_or_none()
    if known is not None and known.ended_at is None:
        return
    sequence = select(source.c.sequence).where(source.c.id == source_id)
    since = (await connection.execute(sequence)).scalar_one()
    values = {
        "since": since,
        "caught_up_at": now,
        "created_by": by,
        "review_only": 1,
        "summary": "off",
        "filter": "",
        "schedule": "",
        "next_digest_at": None,
        "paused_until": None,
    }
    if known is not None:
        await connection.execute(update(subscription).where(same).values(**values, ended_at=None))
        return
    number = await next_number(connection, chat_id)
    made = insert(subscription).values(source_id=source_id, chat_id=chat_id, number=number, created_at=now, **values)
    await connection.execute(made)


async def _rest(connection: AsyncConnection, source_id: int, chat_id: int, now: datetime) -> None:
    """End what a chat follows for its reviews alone, if it reviews nothing of that source any more."""
    needed = exists().where(wish.c.review_chat_id == chat_id, wish.c.source_id == source_id, wish.c.ended_at.is_(None))
    alone = select(subscription.c.id).where(
        subscription.c.source_id == source_id,
        subscription.c.chat_id == chat_id,
        subscription.c.review_only == 1,
        subscription.c.ended_at.is_(None),
        ~needed,
    )
    for id_ in (await connection.execute(alone)).scalars().all():
        await unsubscribe(connection, id_, now)


# ── what is told of it ───────────────────────────────────────────────────────────────────────────────────────────


async def invite(connection: AsyncConnection, wish_id: int, code: str, until: datetime) -> None:
    """Let the chat in which this code is sent by then decide on the entries of a subscription."""
    mine = update(subscription).where(subscription.c.id == wish_id)
    await connection.execute(mine.values(review_code=code, review_code_until=until))


async def invited(connection: AsyncConnection, code: str, now: datetime) -> Invited | None:
    """Return what a code lets a chat decide on; None for one that was used, is too old, or was never given."""
    meant = (
        select(subscription.c.id, subscription.c.chat_id, chat_name(chat), source.c.title)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .join(source, source.c.id == subscription.c.source_id)
        .where(
            subscription.c.review_code == code,
            subscription.c.review_code_until > literal(now, Moment),
            subscription.c.ended_at.is_(None),
        )
    )
    row = (await connection.execute(meant)).one_or_none() if code else None
    return Invited(row.id, row.chat_id, row.name, row.title) if row else None


async def reviewed(connection: AsyncConnection, chat_id: int) -> dict[int, Reviewed]:
    """Return which of a chat's subscriptions are decided on where, by their ids."""
    waiting = (
        select(func.count())
        .select_from(owed)
        .where(owed.c.subscription_id == subscription.c.id, owed.c.decision == "waiting", owed.c.state == "due")
        .correlate(subscription)
        .scalar_subquery()
    )
    desks = (
        select(subscription.c.id, chat_name(chat), chat.c.state, waiting.label("waiting"))
        .join_from(subscription, chat, chat.c.id == subscription.c.review_chat_id)
        .where(subscription.c.chat_id == chat_id, subscription.c.ended_at.is_(None))
    )
    rows = (await connection.execute(desks)).all()
    return {row.id: Reviewed(row.name, row.waiting, reachable=row.state == "active") for row in rows}


async def reviews(connection: AsyncConnection, chat_id: int) -> list[Reviews]:
    """Return for which chats a chat decides, page by page."""
    theirs = (
        select(source.c.title, chat_name(chat))
        .join_from(subscription, source)
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(subscription.c.review_chat_id == chat_id, subscription.c.ended_at.is_(None))
        .order_by(source.c.title, subscription.c.id)
    )
    return [Reviews(row.title, row.name) for row in (await connection.execute(theirs)).all()]
