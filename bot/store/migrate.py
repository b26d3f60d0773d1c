"""Carrying an old database forward at start, after a copy of it was made; a newer one is refused.

alembic takes about a second to import, so only what migrates imports this module.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from ..errors import DatabaseError
from .backup import copy
from .engine import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nothing else locks: two processes that start at once migrate one after the other.
_LOCK = 0x11FE_4E1A


def newest() -> str:
    """Return the revision that this program works with."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


async def upgrade(database: Database) -> str:
    """Bring an opened database to `newest` and return the revision that it had ("" for a new one).

    Raises DatabaseError if it is from a newer program. Before an existing SQLite file is changed it is copied beside
    itself, as `<file>.<revision>.bak`.
    """
    engine = _engine(database)
    try:
        with database.failing_kindly():
            async with engine.begin() as connection:
                return await connection.run_sync(_upgrade, database)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, database: Database) -> str:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    before = MigrationContext.configure(connection).get_current_revision() or ""
    refuse_newer(before, database.name)
    if before == newest():
        return before
    if before and database.path:
        copy(database.path, database.path.with_name(f"{database.path.name}.{before}.bak"))
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before


def refuse_newer(revision: str, name: str) -> None:
    """Raise DatabaseError if this program does not know the revision."""
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision and revision not in known:
        raise DatabaseError(
            f"The database {name} belongs to a newer LiveRelay (its revision is {revision}); upgrade the program."
        )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))


def _engine(database: Database) -> AsyncEngine:
    """A connection of its own: rebuilding a table while foreign keys are enforced would delete its children."""
    engine = create_async_engine(database.url, poolclass=NullPool)
    if database.path is None:
        return engine

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
