"""What became of an entry in a chat, stage by stage: reading only, for `/why` and `liverelay explain`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Entry, SourceTitle
from . import content
from .halting import paused_since
from .holding import holds_delivery, paused_now, quiet_now
from .overview import place_name
from .schema import SEND, chat, delivery, entry, lane, part, source, subscription

_MOST_FOUND, _MOST_AHEAD, _MOST_FOLLOWERS = 5, 100, 50


@dataclass(frozen=True, slots=True)
class Folded:
    """The entry under whose message another one is told, and its source's name."""

    entry: Entry
    source: SourceTitle


@dataclass(frozen=True, slots=True)
class Trace:
    """An entry and one subscription: what is known of both. `state` is None where nothing was ever owed.

    `gathered`: a digest tells it; `folded`: the message of that entry does, or will once it is edited (`shown` 0).
    `halted`: the operator's pause of everything holds it. `held`, `paused` and `quiet` are said by what holds first
    sends at the claim (`holding`). `decision` is what people made of it, "" where nobody had to. `ahead` counts the
    first sends that go before it, `sent_at` is when its first message was accepted.
    """

    subscription_id: int
    entry: Entry
    seen_at: datetime
    removed_at: datetime | None
    news: bool
    state: str | None
    wanted: int
    shown: int
    note: str
    gathered: bool
    folded: Folded | None
    held: bool
    halted: bool
    paused: bool
    quiet: bool
    decision: str
    decided_by: str
    decided_at: datetime | None
    ahead: int
    sent_at: datetime | None


async def by_message(connection: AsyncConnection, platform_chat: str, message_id: str) -> Sequence[int]:
    """Return the entries that a message of ours in a platform chat tells: one, or the members of a digest."""
    told = select(part.c.delivery_id).where(part.c.chat == platform_chat, part.c.message_id == message_id)
    found = select(delivery.c.entry_id).where(
        or_(delivery.c.id.in_(told), delivery.c.told_by.in_(told)), delivery.c.entry_id.is_not(None)
    )
    return (await connection.execute(found.order_by(delivery.c.rank.desc()).limit(_MOST_FOUND))).scalars().all()


async def by_link(connection: AsyncConnection, sources: Sequence[int], urls: Sequence[str]) -> Sequence[int]:
    """Return the entries of these sources that stand under one of these addresses, newest first."""
    found = select(entry.c.id).where(entry.c.source_id.in_(sources), entry.c.url.in_(urls), entry.c.kind == "entry")
    return (await connection.execute(found.order_by(entry.c.rank.desc()).limit(_MOST_FOUND))).scalars().all()


async def anywhere(connection: AsyncConnection, urls: Sequence[str]) -> Sequence[int]:
    """Return the entries of any source that stand under one of these addresses, newest first."""
    found = select(entry.c.id).where(entry.c.url.in_(urls), entry.c.kind == "entry")
    return (await connection.execute(found.order_by(entry.c.rank.desc()).limit(_MOST_FOUND))).scalars().all()


async def of_page(connection: AsyncConnection, urls: Sequence[str]) -> Sequence[int]:
    """Return the newest entry of the source at one of these addresses."""
    mine = select(source.c.id).where(or_(source.c.url.in_(urls), source.c.asked.in_(urls))).limit(1)
    found = (await connection.execute(mine)).scalar_one_or_none()
    return [] if found is None else await newest(connection, found)


async def by_any_message(connection: AsyncConnection, platform: str, message_id: str) -> Sequence[int]:
    """Return the entries that a message tells whose chat is not known by its id."""
    chats = (await connection.execute(select(lane.c.chat).where(lane.c.platform == platform).distinct())).scalars()
    told = select(part.c.delivery_id).where(part.c.chat.in_(chats.all()), part.c.message_id == message_id)
    found = select(delivery.c.entry_id).where(delivery.c.id.in_(told), delivery.c.entry_id.is_not(None))
    return (await connection.execute(found.order_by(delivery.c.rank.desc()).limit(_MOST_FOUND))).scalars().all()


@dataclass(frozen=True, slots=True)
class Follower:
    """A chat that follows the source of an entry."""

    chat_id: int
    name: str
    title: str


async def followers(connection: AsyncConnection, entries: Sequence[int], chats: Sequence[int] = ()) -> list[Follower]:
    """Return the chats that follow the sources of these entries (of `chats`, where there are any), by id."""
    sources = select(entry.c.source_id).where(entry.c.id.in_(entries))
    wanted = (
        select(chat.c.id, chat.c.platform, chat.c.chat, chat.c.thread, chat.c.title)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .where(subscription.c.source_id.in_(sources), subscription.c.ended_at.is_(None))
        .distinct()
        .order_by(chat.c.id)
        .limit(_MOST_FOLLOWERS)
    )
    wanted = wanted.where(chat.c.id.in_(chats)) if chats else wanted
    rows = (await connection.execute(wanted)).all()
    return [Follower(row.id, place_name(row.platform, row.chat, row.thread), row.title) for row in rows]


async def newest(connection: AsyncConnection, source_id: int) -> Sequence[int]:
    """Return the newest entry of a source (none before its first)."""
    mine = select(entry.c.id).where(entry.c.source_id == source_id, entry.c.kind == "entry")
    return (await connection.execute(mine.order_by(entry.c.rank.desc()).limit(1))).scalars().all()


async def trace(connection: AsyncConnection, chat_id: int, entries: Sequence[int], now: datetime) -> list[Trace]:
    """Return what became of these entries in a chat, for each of its subscriptions to their sources."""
    news = or_(subscription.c.since < entry.c.sequence, subscription.c.caught_up_at.is_(None))
    wanted = (
        select(
            entry.c.key,
            entry.c.kind,
            entry.c.content,
            entry.c.seen_at,
            entry.c.removed_at,
            news.label("news"),
            subscription.c.id.label("wish"),
            delivery.c.id.label("delivery_id"),
            delivery.c.lane_id,
            delivery.c.rank,
            delivery.c.state,
            delivery.c.wanted,
            delivery.c.shown,
            delivery.c.note,
            delivery.c.told_by,
            delivery.c.decision,
            delivery.c.decided_by,
            delivery.c.decided_at,
            holds_delivery(now).label("held"),
            paused_now(now).label("paused"),
            quiet_now(now).label("quiet"),
        )
        .join_from(entry, subscription, subscription.c.source_id == entry.c.source_id)
        .join(chat, chat.c.id == subscription.c.chat_id)
        .outerjoin(delivery, and_(delivery.c.entry_id == entry.c.id, delivery.c.subscription_id == subscription.c.id))
        .where(entry.c.id.in_(entries), chat.c.id == chat_id, subscription.c.ended_at.is_(None))
        .order_by(entry.c.rank.desc(), subscription.c.number)
    )
    halted = await paused_since(connection) is not None
    return [await _trace(connection, row, halted=halted) for row in (await connection.execute(wanted)).all()]


async def _trace(connection: AsyncConnection, row: Row[*tuple[Any, ...]], *, halted: bool) -> Trace:
    speaks = row.told_by or row.delivery_id
    folded = await _folded(connection, row.told_by) if row.told_by else None
    sent = select(func.min(part.c.sent_at)).where(part.c.delivery_id == speaks, part.c.message_id.is_not(None))
    return Trace(
        subscription_id=row.wish,
        entry=content.from_json(row.key, row.kind, row.content),
        seen_at=row.seen_at,
        removed_at=row.removed_at,
        news=bool(row.news),
        state=row.state,
        wanted=row.wanted or 0,
        shown=row.shown or 0,
        note=row.note or "",
        gathered=row.told_by is not None and folded is None,
        folded=folded,
        held=bool(row.held),
        halted=halted,
        paused=bool(row.paused),
        quiet=bool(row.quiet),
        decision=row.decision or "",
        decided_by=row.decided_by or "",
        decided_at=row.decided_at,
        ahead=await _ahead(connection, row) if row.state == "due" and not row.shown else 0,
        sent_at=(await connection.execute(sent)).scalar_one() if speaks else None,
    )


async def _folded(connection: AsyncConnection, told_by: int) -> Folded | None:
    """Return the entry whose message tells another; None where that is a digest."""
    columns = (entry.c.key, entry.c.kind, entry.c.content, source.c.name, source.c.title, source.c.url)
    told = (
        select(*columns)
        .join_from(delivery, entry, entry.c.id == delivery.c.entry_id)
        .join(source, source.c.id == entry.c.source_id)
        .where(delivery.c.id == told_by)
    )
    row = (await connection.execute(told)).one_or_none()
    if row is None:
        return None
    return Folded(content.from_json(row.key, row.kind, row.content), SourceTitle(row.name, row.title, row.url))


async def _ahead(connection: AsyncConnection, row: Row[*tuple[Any, ...]]) -> int:
    """Count the first sends before it in its lane that may be sent (up to a hundred)."""
    before = (
        select(delivery.c.id)
        .where(
            delivery.c.lane_id == row.lane_id,
            delivery.c.state == "due",
            delivery.c.urgency == SEND,
            delivery.c.due_at.is_not(None),
            delivery.c.rank < row.rank,
        )
        .limit(_MOST_AHEAD)
        .subquery()
    )
    count: int = (await connection.execute(select(func.count()).select_from(before))).scalar_one()
    return count
