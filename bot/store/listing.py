"""What a chat follows, as `/list`, `/latest` and `/summary` tell it: reading only, every query bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import SUMMARY_KEY, Entry
from . import content
from .schema import chat, delivery, entry, source, subscription

# More owed entries than this are told as "more than"; counting them all could take long.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription as a person sees it. `paused_until` may lie in the past; `watched`: its source is still polled."""

    id: int
    chat_id: int
    number: int
    source_id: int
    url: str
    title: str
    publisher: str
    status: str
    watched: bool
    last_ok_at: datetime | None
    last_entry_at: datetime | None
    last_error: str
    removals_held: str
    filter: str
    paused_until: datetime | None
    chat_state: str
    chat_why: str
    owed: int


async def listing(connection: AsyncConnection, chats: Sequence[int], limit: int = 200) -> list[Listed]:
    """Return what these chats follow, by number, with what is known of each source and how much is owed."""
    owed = (
        select(delivery.c.id)
        .where(
            delivery.c.subscription_id == subscription.c.id,
            delivery.c.state.in_(("due", "claimed")),
            delivery.c.shown == 0,
            delivery.c.wanted > 0,
        )
        .limit(MOST_COUNTED)
        .correlate(subscription)
        .subquery()
    )
    newest = (
        select(func.max(entry.c.published_at))
        .where(entry.c.source_id == subscription.c.source_id, entry.c.removed_at.is_(None))
        .correlate(subscription)
    )
    followed = (
        select(
            subscription,
            source.c.url,
            source.c.title,
            source.c.name,
            source.c.status,
            source.c.next_poll_at,
            source.c.last_ok_at,
            source.c.last_error,
            source.c.held,
            chat.c.state.label("chat_state"),
            chat.c.why,
            func.coalesce(newest.scalar_subquery(), source.c.changed_at).label("last_entry_at"),
            select(func.count()).select_from(owed).scalar_subquery().label("owed"),
        )
        .join_from(subscription, source)
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(subscription.c.chat_id.in_(chats), subscription.c.ended_at.is_(None))
        .order_by(subscription.c.chat_id, subscription.c.number)
        .limit(limit)
    )
    return [
        Listed(
            id=row.id,
            chat_id=row.chat_id,
            number=row.number,
            source_id=row.source_id,
            url=row.url,
            title=row.title,
            publisher=row.name,
            status=row.status,
            watched=row.next_poll_at is not None,
            last_ok_at=row.last_ok_at,
            last_entry_at=row.last_entry_at,
            last_error=row.last_error,
            removals_held=row.held,
            filter=row.filter,
            paused_until=row.paused_until,
            chat_state=row.chat_state,
            chat_why=row.why,
            owed=row.owed,
        )
        for row in (await connection.execute(followed)).all()
    ]


async def latest(connection: AsyncConnection, sources: Sequence[int], limit: int) -> list[tuple[int, Entry]]:
    """Return the newest entries of these sources, newest first, each with its source's id."""
    newest = (
        select(entry.c.source_id, entry.c.key, entry.c.kind, entry.c.content)
        .where(
            entry.c.source_id.in_(sources),
            entry.c.kind == "entry",
            entry.c.removed_at.is_(None),
            entry.c.content.is_not(None),
        )
        .order_by(entry.c.rank.desc())
        .limit(limit)
    )
    rows = (await connection.execute(newest)).all()
    return [(row.source_id, content.from_json(row.key, row.kind, row.content)) for row in rows]


async def summary(connection: AsyncConnection, source_id: int) -> Entry | None:
    """Return the summary that stands at the top of a source's page; None if it has none."""
    mine = and_(entry.c.source_id == source_id, entry.c.key == SUMMARY_KEY, entry.c.removed_at.is_(None))
    row = (await connection.execute(select(entry.c.key, entry.c.kind, entry.c.content).where(mine))).one_or_none()
    return content.from_json(row.key, row.kind, row.content) if row else None
