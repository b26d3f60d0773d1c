"""Answers in channels, which are taken away once whoever asked has had the time to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Address
from .schema import leftover


@dataclass(frozen=True, slots=True)
class Leftover:
    """A message of ours that is to go."""

    address: Address
    message_id: str
    said_at: datetime


async def keep(
    connection: AsyncConnection, address: Address, messages: Sequence[str], now: datetime, until: datetime
) -> None:
    """Write down messages that are to go; one that was changed since stays as much longer."""
    for message in messages:
        row = {"platform": address.platform, "bot": address.bot, "chat": address.chat, "message_id": message}
        noted = insert(leftover).values(**row, said_at=now, remove_at=until)
        await connection.execute(noted.on_conflict_do_update(index_elements=list(row), set_={"remove_at": until}))


async def due(
    connection: AsyncConnection, bots: Sequence[tuple[str, str]], now: datetime, limit: int = 50
) -> list[Leftover]:
    """Return what is to go now, for these bots (platform, bot)."""
    ours = tuple_(leftover.c.platform, leftover.c.bot).in_(list(bots))
    some = select(leftover).where(ours, leftover.c.remove_at <= now).order_by(leftover.c.remove_at).limit(limit)
    rows = (await connection.execute(some)).all()
    return [Leftover(Address(row.platform, row.bot, row.chat), row.message_id, row.said_at) for row in rows]


async def gone(connection: AsyncConnection, left: Leftover) -> None:
    """Forget one that is away, or cannot be taken away."""
    await connection.execute(delete(leftover).where(_this(left)))


async def later(connection: AsyncConnection, left: Leftover, until: datetime) -> None:
    """Try one again then."""
    await connection.execute(update(leftover).where(_this(left)).values(remove_at=until))


def _this(left: Leftover) -> ColumnElement[bool]:
    where = left.address
    return and_(
        leftover.c.platform == where.platform,
        leftover.c.bot == where.bot,
        leftover.c.chat == where.chat,
        leftover.c.message_id == left.message_id,
    )
