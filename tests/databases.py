"""A fresh, empty database for a test: a SQLite file, and PostgreSQL where LIVERELAY_TEST_POSTGRES names a server.

A conftest.py gets it by `from tests.databases import *`; a test that takes `database` then runs once on each.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.schema import metadata

__all__ = ["database", "database_url", "postgres_url"]


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


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with all tables and no rows."""
    async with Database(database_url) as opened:
        await upgrade(opened)
        if not opened.is_sqlite:
            async with opened.write() as connection:
                names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
                await connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        yield opened
