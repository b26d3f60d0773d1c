"""Who runs which chat, as far as it was seen, and which of them a person manages from the private chat with a bot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Address
from .chats import Chat, of_row
from .schema import chat, manager


async def know(connection: AsyncConnection, chat_id: int, person: str, now: datetime) -> None:
    """Write down that a person runs a chat, as was seen now."""
    seen = insert(manager).values(chat_id=chat_id, person=person, known_at=now)
    await connection.execute(seen.on_conflict_do_update(index_elements=["chat_id", "person"], set_={"known_at": now}))


async def choose(connection: AsyncConnection, private: Address, chat_id: int, person: str, now: datetime) -> None:
    """Let a person manage this chat from their private one, and no other any more."""
    await leave(connection, private, person)
    await know(connection, chat_id, person, now)
    mine = update(manager).where(manager.c.chat_id == chat_id, manager.c.person == person)
    await connection.execute(mine.values(chosen_at=now))


async def leave(connection: AsyncConnection, private: Address, person: str) -> bool:
    """Let a person manage no chat from their private one; whether there was one."""
    mine = _of(private, person).with_only_columns(chat.c.id)
    ended = update(manager).where(manager.c.person == person, manager.c.chat_id.in_(mine))
    return (await connection.execute(ended.where(manager.c.chosen_at.is_not(None)).values(chosen_at=None))).rowcount > 0


async def chosen(connection: AsyncConnection, private: Address, person: str) -> Chat | None:
    """Return the chat that a person manages from their private one; None for none."""
    row = (await connection.execute(_of(private, person).where(manager.c.chosen_at.is_not(None)))).first()
    return of_row(row) if row else None


async def known(connection: AsyncConnection, private: Address, person: str, limit: int) -> list[Chat]:
    """Return the chats that a person was seen to run, the latest first."""
    mine = _of(private, person).where(chat.c.state != "left").order_by(manager.c.known_at.desc(), chat.c.id)
    return [of_row(row) for row in (await connection.execute(mine.limit(limit))).all()]


async def ran(connection: AsyncConnection, chat_id: int, person: str) -> bool:
    """Whether a person was seen to run a chat."""
    seen = select(manager.c.chat_id).where(manager.c.chat_id == chat_id, manager.c.person == person)
    return (await connection.execute(seen)).first() is not None


async def numbered(connection: AsyncConnection, private: Address, number: int) -> Chat | None:
    """Return the chat of the same bot that has this number; None where there is none, or it is a private one."""
    same = chat.c.platform == private.platform, chat.c.bot == private.bot
    one = select(chat).where(chat.c.id == number, *same, chat.c.state != "left", chat.c.kind != "private")
    row = (await connection.execute(one)).one_or_none()
    return of_row(row) if row else None


def _of(private: Address, person: str) -> Select[Any]:
    return (
        select(chat)
        .join_from(chat, manager)
        .where(manager.c.person == person, chat.c.platform == private.platform, chat.c.bot == private.bot)
    )
