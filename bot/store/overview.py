"""What an operator sees of the whole installation: reading only, every list bounded, what needs looking at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Label, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .schema import ALERTS, chat, delivery, entry, source, subscription

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source, and how it is doing. `next_poll_at` None: nobody follows it, or its page is gone."""

    id: int
    url: str
    title: str
    reader: str
    status: str
    subscriptions: int
    next_poll_at: datetime | None
    last_ok_at: datetime | None
    failures: int
    last_error: str
    removals_held: str


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A chat; `why` it is held, how many pages it follows, how much it is owed."""

    id: int
    platform: str
    chat: str
    thread: str
    title: str
    state: str
    why: str
    subscriptions: int
    owed: int


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A subscription that stands, with the chat and the page that it joins."""

    id: int
    platform: str
    chat: str
    chat_title: str
    number: int
    title: str
    url: str
    filter: str
    paused_until: datetime | None
    owed: int


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery; `note` is what went wrong with it last."""

    id: int
    platform: str
    chat: str
    chat_title: str
    kind: str
    headline: str
    state: str
    wanted: int
    shown: int
    attempts: int
    due_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, as an operator names it: its id, with the platform before it and the thread behind it where need be."""

    id: int
    name: str


async def places(connection: AsyncConnection, where: str) -> list[Place]:
    """Return the chats that are called `[platform:]id[/thread]`; without a thread the chat itself goes before them."""
    platform, _, rest = where.rpartition(":")
    called, slash, thread = rest.partition("/")
    wanted = select(chat.c.id, chat.c.platform, chat.c.chat, chat.c.thread).where(chat.c.chat == called)
    wanted = wanted.where(chat.c.platform == platform) if platform else wanted
    wanted = wanted.where(chat.c.thread == thread) if slash else wanted
    rows = (await connection.execute(wanted.order_by(chat.c.id))).all()
    chosen = [row for row in rows if slash or not row.thread] or rows
    return [Place(row.id, place_name(row.platform, row.chat, row.thread)) for row in chosen]


def place_name(platform: str, where: str, thread: str) -> str:
    """Return what a chat is called by an operator."""
    return f"{platform}:{where}" + f"/{thread}" * bool(thread)


async def source_lines(connection: AsyncConnection, *, failing: bool, limit: int) -> list[SourceLine]:
    """Return the sources, failing ones first; `failing`: only those that could not be read last time, or hold back."""
    followers = (
        select(func.count())
        .where(subscription.c.source_id == source.c.id, subscription.c.ended_at.is_(None))
        .scalar_subquery()
        .label("subscriptions")
    )
    columns = (*_named(source, SourceLine), source.c.held.label("removals_held"), followers)
    wanted = select(*columns).where(source.c.url != ALERTS)
    wanted = wanted.order_by(source.c.failures.desc(), source.c.id.desc()).limit(limit)
    if failing:
        wanted = wanted.where((source.c.failures > 0) | (source.c.held != ""))
    return await _lines(connection, wanted, SourceLine)


async def chat_lines(connection: AsyncConnection, *, held: bool, limit: int) -> list[ChatLine]:
    """Return the chats, newest first; `held`: only those that the bot cannot post in."""
    followed = (
        select(func.count())
        .where(subscription.c.chat_id == chat.c.id, subscription.c.ended_at.is_(None))
        .scalar_subquery()
        .label("subscriptions")
    )
    columns = (*_named(chat, ChatLine), followed, _owed(delivery.c.chat_id == chat.c.id))
    wanted = select(*columns).order_by(chat.c.id.desc()).limit(limit)
    if held:
        wanted = wanted.where(chat.c.state != "active")
    return await _lines(connection, wanted, ChatLine)


async def subscription_lines(connection: AsyncConnection, *, where: str, limit: int) -> list[SubscriptionLine]:
    """Return the subscriptions that stand, newest first; `where`: of the chats with this platform id ("" for all)."""
    columns = (
        subscription.c.id,
        *_chat_columns(),
        subscription.c.number,
        source.c.title,
        source.c.url,
        subscription.c.filter,
        subscription.c.paused_until,
        _owed(delivery.c.subscription_id == subscription.c.id),
    )
    wanted = (
        select(*columns)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .join(source, source.c.id == subscription.c.source_id)
        .where(subscription.c.ended_at.is_(None), source.c.url != ALERTS)
        .order_by(subscription.c.id.desc())
        .limit(limit)
    )
    return await _lines(connection, _in_chat(wanted, where), SubscriptionLine)


async def delivery_lines(
    connection: AsyncConnection, *, states: Sequence[str], where: str, limit: int
) -> list[DeliveryLine]:
    """Return the deliveries in these states, newest first; `where`: of the chats with this platform id ("" for all)."""
    columns = (
        *_named(delivery, DeliveryLine),
        *_chat_columns(),
        func.coalesce(entry.c.headline, "").label("headline"),
    )
    wanted = (
        select(*columns)
        .join_from(delivery, chat)
        .outerjoin(entry, entry.c.id == delivery.c.entry_id)
        .where(delivery.c.state.in_(states))
        .order_by(delivery.c.id.desc())
        .limit(limit)
    )
    return await _lines(connection, _in_chat(wanted, where), DeliveryLine)


def _named(table: Any, line: Any) -> list[Any]:
    """The columns of a table that a line has fields of the same name for."""
    names = {field.name for field in fields(line)}
    return [column for column in table.c if column.name in names]


def _chat_columns() -> tuple[Any, ...]:
    return (chat.c.platform, chat.c.chat, chat.c.title.label("chat_title"))


def _in_chat(wanted: Select[Any], where: str) -> Select[Any]:
    return wanted.where(chat.c.chat == where) if where else wanted


def _owed(mine: Any) -> Label[int]:
    due = and_(mine, delivery.c.state.in_(("due", "claimed")))
    return select(func.count()).where(due).scalar_subquery().label("owed")


async def _lines(connection: AsyncConnection, wanted: Select[Any], line: type[Line]) -> list[Line]:
    rows = (await connection.execute(wanted)).all()
    return [line(**row._mapping) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name for a row as a mapping
