"""What a chat follows, as `/list`, `/latest` and `/summary` tell it: reading only, every query bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Label, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import pinging
from ..model import SUMMARY_KEY, Entry, Ping, Style
from . import content
from .asking import chat_name
from .schema import ALERTS, chat, delivery, entry, source, subscription

# More owed entries than this are told as "more than"; counting them all could take long.
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription as a person sees it.

    `paused_until` may lie in the past; `why` says why it was paused by itself. `watched`: its source is still polled.
    `taken_down`: the operator took the page down. `place` is the platform's id of the chat, or of the thread.
    `desk` is the chat where people decide on its entries, "" for none; `review_only`: nothing of it comes but what
    people are to decide on for other chats.
    """

    id: int
    chat_id: int
    chat_title: str
    place: str
    number: int
    source_id: int
    url: str
    title: str
    publisher: str
    status: str
    watched: bool
    taken_down: bool
    successor: str
    last_ok_at: datetime | None
    last_entry_at: datetime | None
    last_error: str
    removals_held: str
    filter: str
    style: dict[str, Any]
    style_draft: str
    ping: dict[str, Any]
    summary: str
    schedule: str
    next_digest_at: datetime | None
    quiet: str
    quiet_from: datetime | None
    quiet_until: datetime | None
    paused_until: datetime | None
    why: str
    chat_state: str
    chat_why: str
    review_only: bool
    desk: str
    owed: int

    @property
    def styled(self) -> Style:
        """The subscription's style."""
        return Style(**self.style)

    @property
    def calls(self) -> Ping | None:
        """Whom the subscription calls."""
        return pinging.from_json(self.ping)

    def pause_ends(self, now: datetime) -> datetime | None:
        """Return until when its new entries are held by a pause; None if they are not."""
        return self.paused_until if self.paused_until and self.paused_until > now else None


async def listing(connection: AsyncConnection, chats: Sequence[int], limit: int = 200) -> list[Listed]:
    """Return what these chats follow, by number, with what is known of each source and how much is owed."""
    followed = (
        select(*_COLUMNS, _desk(), _last_entry_at(), _owed())
        .join_from(subscription, source)
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(subscription.c.chat_id.in_(chats), subscription.c.ended_at.is_(None), source.c.url != ALERTS)
        .order_by(subscription.c.chat_id, subscription.c.number)
        .limit(limit)
    )
    rows = (await connection.execute(followed)).all()
    return [Listed(**row._mapping) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name for a row as a mapping


_COLUMNS = (
    subscription.c.id,
    subscription.c.chat_id,
    chat.c.title.label("chat_title"),
    case((chat.c.thread == "", chat.c.chat), else_=chat.c.thread).label("place"),
    subscription.c.number,
    subscription.c.source_id,
    source.c.url,
    source.c.title,
    source.c.name.label("publisher"),
    source.c.status,
    source.c.next_poll_at.is_not(None).label("watched"),
    source.c.taken_down_at.is_not(None).label("taken_down"),
    source.c.successor,
    source.c.last_ok_at,
    source.c.last_error,
    source.c.held.label("removals_held"),
    subscription.c.filter,
    subscription.c.style,
    subscription.c.style_draft,
    subscription.c.ping,
    subscription.c.summary,
    subscription.c.schedule,
    subscription.c.next_digest_at,
    chat.c.quiet,
    chat.c.quiet_from,
    chat.c.quiet_until,
    subscription.c.paused_until,
    subscription.c.why,
    chat.c.state.label("chat_state"),
    chat.c.why.label("chat_why"),
    (subscription.c.review_only == 1).label("review_only"),
)


def _desk() -> Label[str]:
    """Where people decide on what a subscription gets, by name; "": nobody does."""
    there = chat.alias("desk")
    named = select(chat_name(there)).where(there.c.id == subscription.c.review_chat_id).correlate(subscription)
    return func.coalesce(named.scalar_subquery(), "").label("desk")


def _last_entry_at() -> Label[datetime | None]:
    """When the newest entry was published; where the page gives no times, when one last came."""
    newest = select(func.max(entry.c.published_at)).where(
        entry.c.source_id == subscription.c.source_id, entry.c.removed_at.is_(None)
    )
    return func.coalesce(newest.correlate(subscription).scalar_subquery(), source.c.changed_at).label("last_entry_at")


def _owed() -> Label[int]:
    """How much a subscription is owed that it does not show yet, counted up to MOST_COUNTED."""
    waiting = (
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
    return select(func.count()).select_from(waiting).scalar_subquery().label("owed")


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
