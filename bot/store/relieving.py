"""Chats that can be posted in again: who was told of the trouble is told that it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .schema import chat, trouble

# Rights are often taken and given again within seconds, and groups move: that is nobody's trouble.
GRACE = timedelta(seconds=30)


async def relieve(connection: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """End the troubles of chats that are known to be well; who has not been told yet need not hear of it."""
    here = trouble.c.chat_id.in_(select(chat.c.id).where(which))
    await connection.execute(delete(trouble).where(here, trouble.c.state == "found", trouble.c.tried_at.is_(None)))
    told = update(trouble).where(here, trouble.c.state == "told")
    await connection.execute(told.values(state="over", due_at=now + GRACE, tried_at=None))
