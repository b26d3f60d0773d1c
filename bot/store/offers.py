"""What a chat may follow with one press: an address is too long for a button, so it is written down under a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Address
from .schema import chat, offer


@dataclass(frozen=True, slots=True)
class Offered:
    """An address that was offered to a chat, and the filter that was typed with the address it was found under."""

    url: str
    filter: str


async def make(connection: AsyncConnection, chat_id: int, url: str, filter_text: str, now: datetime) -> int:
    """Write an offer down and return its number; the same address offered again keeps its number."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"filter": filter_text, "made_at": now}
    made = insert(offer).values(chat_id=chat_id, url=url, **values)
    kept = made.on_conflict_do_update(index_elements=["chat_id", "url"], set_=values)
    number: int = (await connection.execute(kept.returning(offer.c.id))).scalar_one()
    return number


async def find(connection: AsyncConnection, where: Address, number: int) -> Offered | None:
    """Return what was offered to this chat under a number; None for what was not, or long ago."""
    made = (
        select(offer.c.url, offer.c.filter)
        .join_from(offer, chat)
        .where(
            offer.c.id == number,
            chat.c.platform == where.platform,
            chat.c.bot == where.bot,
            chat.c.chat == where.chat,
            chat.c.thread == where.thread,
        )
    )
    row = (await connection.execute(made)).one_or_none()
    return Offered(row.url, row.filter) if row else None
