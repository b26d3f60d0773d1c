"""A database in trouble: one clear sentence, and nothing that was recorded is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from bot.errors import DatabaseError
from bot.store.engine import Database
from bot.store.migrate import newest, upgrade
from bot.store.schema import metadata, source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database of the test lies."""
    return tmp_path / "data" / "liverelay.db"


async def with_one_source(file: Path) -> None:
    """A database that holds something."""
    async with Database(f"sqlite:///{file}") as database:
        await upgrade(database)
        async with database.write() as connection:
            await connection.execute(insert(source).values(url="https://news.example/live"))


def sources_in(file: Path) -> int:
    """How many sources a file holds, asked without our code."""
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM source").fetchone()[0])


async def fill(database: Database) -> None:
    """Write more than there is room for."""
    async with database.write() as connection:
        for number in range(1000):
            row = insert(source).values(url=f"https://news.example/{number}/" + "long" * 200)
            await connection.execute(row)


async def read_everything(file: Path) -> None:
    """Open the file and read it."""
    async with Database(f"sqlite:///{file}") as database, database.read() as connection:
        await connection.execute(select(source))


async def test_a_full_disk_is_said_and_what_was_recorded_stays(file: Path) -> None:
    await with_one_source(file)
    async with Database(f"sqlite:///{file}") as database:
        async with database.write() as connection:
            pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(DatabaseError, match="the disk is full"):
            await fill(database)
    assert sources_in(file) == 1


async def test_a_database_that_cannot_be_written_to_is_said(file: Path) -> None:
    await with_one_source(file)
    async with Database(f"sqlite:///{file}") as database:
        async with database.write() as connection:
            await connection.execute(text("PRAGMA query_only = ON"))
        with pytest.raises(DatabaseError, match="cannot be written to"):
            async with database.write() as connection:
                await connection.execute(insert(source).values(url="https://news.example/other"))


async def test_a_file_that_is_no_database_is_said(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"Dear operator, " * 1000)
    with pytest.raises(DatabaseError, match="not a database"):
        async with Database(f"sqlite:///{file}") as database:
            await upgrade(database)


async def test_a_damaged_file_is_said(file: Path) -> None:
    await with_one_source(file)
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(DatabaseError, match="damaged"):
        await read_everything(file)


async def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(database: Database) -> None:
    await call_it(database, "9999")
    with pytest.raises(DatabaseError, match=r"belongs to a newer LiveRelay \(its revision is 9999\)"):
        await upgrade(database)
    await call_it(database, newest())


async def call_it(database: Database, revision: str) -> None:
    """Make the database say that it is of this revision."""
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


async def test_a_second_program_on_the_same_file_is_turned_away(file: Path) -> None:
    async with Database(f"sqlite:///{file}") as first:
        await upgrade(first)
        with pytest.raises(DatabaseError, match="in use by another LiveRelay"):
            async with Database(f"sqlite:///{file}"):
                pass


@pytest.mark.attack("files")
async def test_the_file_and_its_folder_are_for_nobody_else(file: Path) -> None:
    await with_one_source(file)
    assert file.parent.stat().st_mode & 0o077 == 0
    assert {path.name: path.stat().st_mode & 0o077 for path in file.parent.iterdir()} == {
        "liverelay.db": 0,
        "liverelay.db.lock": 0,
    }


@pytest.mark.attack("files")
async def test_in_a_folder_that_was_there_the_files_are_for_nobody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    async with Database(f"sqlite:///{tmp_path / 'relay.db'}") as database:
        await upgrade(database)
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM command"))
        assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


async def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert await upgrade(database) == newest()


async def test_the_migrations_make_exactly_the_tables_that_the_program_uses(database: Database) -> None:
    """Drift between schema.py and the migrations, as alembic itself sees it."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  # heavy, and needed only here
    from alembic.migration import MigrationContext  # noqa: PLC0415

    async with database.write() as connection:
        found = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    assert found == []


async def test_a_cancelled_transaction_leaves_nothing_behind_and_the_next_one_works(database: Database) -> None:
    begun = asyncio.Event()

    async def never_finishes() -> None:
        async with database.write() as connection:
            await connection.execute(insert(source).values(url="https://news.example/half"))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_finishes())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with database.write() as connection:
        await connection.execute(insert(source).values(url="https://news.example/whole"))
    async with database.read() as connection:
        assert (await connection.execute(select(source.c.url))).scalars().all() == ["https://news.example/whole"]
