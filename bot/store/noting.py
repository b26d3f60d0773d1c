"""Notes: what the chats are told about a source itself, as an entry of its own kind that each gets once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..compare import Change, Comparison
from ..digest import digest
from ..model import Entry
from . import entries, planning
from .schema import source


async def note(connection: AsyncConnection, source_id: int, told: Entry, now: datetime) -> bool:
    """Tell every subscription of a source; a note that was given before under the same key is edited.

    False where it says that already.
    """
    known = (await entries.known(connection, source_id, [told.key])).get(told.key)
    said = digest(told)
    if known is not None and known.digest == said:
        return False
    change = Change("new" if known is None else "edited", told, known, said)
    sequence = (await connection.execute(select(source.c.sequence).where(source.c.id == source_id))).scalar_one()
    recorded = await entries.record(connection, source_id, Comparison((change,)), sequence=sequence, now=now)
    await planning.plan(connection, source_id, recorded, now)
    return True


async def is_noted(connection: AsyncConnection, source_id: int, key: str) -> bool:
    """Whether a note was given under a key."""
    return key in await entries.known(connection, source_id, [key])
