"""Rows to test with: builders that say only what matters to a test. Times are minutes after `NOON`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Address, Entry
from bot.richtext import RichText
from bot.store import content, planning
from bot.store.chats import Chat, find_or_make
from bot.store.entries import Recorded
from bot.store.schema import delivery, entry, source
from bot.store.subscriptions import Subscribed, subscribe

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAGE = "https://news.example/live/one"


def after(minutes: float) -> datetime:
    """Return a moment after noon."""
    return NOON + timedelta(minutes=minutes)


def address(chat: str = "-100", thread: str = "", platform: Any = "telegram") -> Address:
    """Return an address that our bot 7 delivers to."""
    return Address(platform, "7", chat, thread)


async def a_chat(connection: AsyncConnection, where: Address | None = None, title: str = "Desk") -> Chat:
    """Make a group."""
    return await find_or_make(connection, where or address(), kind="group", title=title)


async def a_wish(connection: AsyncConnection, chat: Chat, url: str = PAGE, filter_text: str = "") -> Subscribed:
    """Make a chat follow a page, as of noon."""
    return await subscribe(connection, chat_id=chat.id, url=url, filter_text=filter_text, title="Storm", now=NOON)


async def a_baseline(connection: AsyncConnection, url: str = PAGE, **values: Any) -> int:
    """Let the page have been read once, and return its source's id."""
    read = update(source).where(source.c.url == url).values(baseline_at=NOON, last_ok_at=NOON, **values)
    return int((await connection.execute(read.returning(source.c.id))).scalar_one())


async def an_entry(
    connection: AsyncConnection,
    source_id: int,
    headline: str,
    *,
    minute: float = 0,
    kind: Any = "entry",
    body: str = "",
) -> int:
    """Let a new entry be recorded and planned for everybody who follows its source; return its id."""
    told = Entry(
        key=headline if kind == "entry" else kind,
        kind=kind,
        headline=headline,
        body=RichText(body),
        published_at=after(minute),
        url=f"{PAGE}#{headline}",
    )
    sequence = (
        await connection.execute(
            update(source)
            .where(source.c.id == source_id)
            .values(sequence=source.c.sequence + 1)
            .returning(source.c.sequence)
        )
    ).scalar_one()
    row = {
        "source_id": source_id,
        "key": told.key,
        "kind": kind,
        "sequence": sequence,
        "rank": int(minute * 10) + 1000,
        "revision": 1,
        "digest": headline,
        "content": content.to_json(told),
        "headline": headline,
        "url": told.url,
        "published_at": told.published_at,
        "seen_at": after(minute),
    }
    made: int = (await connection.execute(insert(entry).values(row).returning(entry.c.id))).scalar_one()
    change = Recorded("new", made, kind, sequence, row["rank"], 1, told)
    await planning.plan(connection, source_id, [change], after(minute))
    return made


async def show(connection: AsyncConnection, entry_id: int) -> None:
    """Let every delivery of an entry have been sent."""
    sent = update(delivery).where(delivery.c.entry_id == entry_id)
    await connection.execute(sent.values(shown=delivery.c.wanted, state="settled", pin_shown=delivery.c.pin_wanted))


async def states(connection: AsyncConnection, subscription_id: int) -> dict[str, str]:
    """Return the state of a subscription's deliveries by headline."""
    rows = await connection.execute(
        select(entry.c.headline, delivery.c.state)
        .join_from(delivery, entry)
        .where(delivery.c.subscription_id == subscription_id)
        .order_by(delivery.c.rank)
    )
    return {row.headline: row.state for row in rows}


async def one(connection: AsyncConnection, column: Any, *where: Any) -> Any:
    """Return one value."""
    return (await connection.execute(select(column).where(*where))).scalar_one()
