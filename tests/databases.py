"""A fresh, empty database for a test: a SQLite file, and PostgreSQL where LIVERELAY_TEST_POSTGRES names a server.

A conftest.py gets it by `from tests.databases import *`; a test that takes `database` then runs once on each.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.schema import metadata

__all__ = [
    "database",
    "database_url",
    "migrated",
    "migrated_postgres",
    "migrated_sqlite",
    "postgres_url",
]


async def _run(url: str, statement: str) -> None:
    """Run one statement that must stand outside a transaction."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """A database of this module's own on the server that LIVERELAY_TEST_POSTGRES names; dropped at the end."""
    server = os.environ.get("LIVERELAY_TEST_POSTGRES")
    if not server:
        pytest.skip("LIVERELAY_TEST_POSTGRES is not set: there is no PostgreSQL server to test on")
    name = f"liverelay_test_{secrets.token_hex(6)}"
    asyncio.run(_run(server, f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    asyncio.run(_run(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the test's database is; on PostgreSQL one database serves a module, and is emptied for every test."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'liverelay.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


def _emptied() -> str:
    """Return what takes all rows away and counts from one again, in a tenth of the time of a TRUNCATE."""
    tables = [table.name for table in reversed(metadata.sorted_tables)]
    counted = [table.name for table in metadata.sorted_tables if table.autoincrement_column is not None]
    counters = [f"PERFORM setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in counted]
    return f"DO $$ BEGIN {'; '.join([*(f'DELETE FROM {name}' for name in tables), *counters])}; END $$"


_EMPTIED = _emptied()


async def _migrate(url: str) -> None:
    async with Database(url) as opened:
        await upgrade(opened)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows: to migrate takes ten times as long as to copy what was migrated."""
    path = tmp_path_factory.mktemp("migrated") / "liverelay.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="module")
def migrated_postgres(postgres_url: str) -> str:
    """This module's PostgreSQL database with all tables."""
    asyncio.run(_migrate(postgres_url))
    return postgres_url


@pytest.fixture
def migrated(request: pytest.FixtureRequest, database_url: str) -> str:
    """The test's database with all tables; on PostgreSQL with the rows of the test before."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), url.database)
    else:
        request.getfixturevalue("migrated_postgres")
    return database_url


@pytest.fixture
async def database(migrated: str) -> AsyncIterator[Database]:
    """An open database with all tables and no rows."""
    async with Database(migrated) as opened:
        if not opened.is_sqlite:
            async with opened.write() as connection:
                await connection.execute(text(_EMPTIED))
        yield opened
