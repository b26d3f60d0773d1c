"""The database, opened beside the program that may be running on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..errors import DatabaseError
from ..settings import Settings
from ..store import housekeeping
from ..store.engine import Database
from ..store.migrate import newest, refuse_newer


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Open the database as it is. Raises DatabaseError if it is not there, or is another version's."""
    async with Database(settings.database.url, beside=True) as database:
        async with database.read() as connection:
            revision = await housekeeping.revision(connection)
        refuse_newer(revision, database.name)
        if revision != newest():
            older = f"The database {database.name} is an older version's"
            raise DatabaseError(f"{older}: start `liverelay run`, which carries it forward.")
        yield database
