"""A database of every earlier revision opens, keeps all that it held, and works: on SQLite and on PostgreSQL."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

import bot.store.migrations
from bot.richtext import RichText
from bot.store import schema
from bot.store.engine import Database
from bot.store.migrate import upgrade
from tests.mirror.world import World

MIGRATIONS = Path(bot.store.migrations.__file__).parent
EARLIER = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][:0:-1]

# On PostgreSQL every third: what a migration says differently there is little, and each takes a second.
PLACES = [
    *(pytest.param("sqlite", revision) for revision in EARLIER),
    *(pytest.param("postgresql", revision, marks=pytest.mark.postgres) for revision in EARLIER[::3]),
]

Rows = dict[str, list[dict[str, Any]]]


async def lived_in(database: Database) -> World:
    """Let a bot live for a while: a chat is shown two entries and a withdrawal; of everything else there is one."""
    world = World(database)
    await world.follow()
    world.page.publish("baseline", at=-1)
    await world.live()
    for minute, key in enumerate(("a", "b", "withdrawn")):
        world.page.publish(key, at=minute)
    await world.live(60)
    world.page.withdraw("withdrawn")
    await world.live(10)
    await world.live(61)
    assert world.shows() == ["Headline a", "Headline b"]
    now = world.clock.now()
    others = (
        insert(schema.hub).values(source_id=1, url="https://hub.example", topic="https://news.example/live/match"),
        insert(schema.offer).values(chat_id=1, url="https://news.example/feed", made_at=now),
        insert(schema.command).values(platform="telegram", bot="7", command_id="1", recorded_at=now, done_at=now),
        insert(schema.access).values(platform="telegram", what="user", id="42", role="owner", granted_at=now),
        insert(schema.installation).values(id=1, paused_at=None),
    )
    async with database.write() as connection:
        for row in others:
            await connection.execute(row)
    return world


_LIFE: list[tuple[Rows, World]] = []


async def a_life(folder: Path) -> tuple[Rows, World]:
    """Return what a database of today holds after a while, and a world like that in which it came to be."""
    if not _LIFE:
        async with Database(f"sqlite:///{folder / 'new.db'}") as database:
            await upgrade(database)
            world = await lived_in(database)
            async with database.read() as connection:
                rows = await connection.run_sync(held)
        world.database = None  # type: ignore[assignment]  # each test has its own
        _LIFE.append((rows, world))
    rows, world = _LIFE[0]
    return rows, copy.deepcopy(world)


def tables(connection: Connection) -> list[Table]:
    """Return the tables as the database describes them, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def held(connection: Connection) -> Rows:
    """Return everything that stands in the database, as it is stored."""
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in tables(connection)
    }


def fill(connection: Connection, rows: Rows) -> None:
    """Store what of the rows the database has tables and columns for."""
    for table in tables(connection):
        columns = [column.name for column in table.columns if column.computed is None]
        for row in rows.get(table.name, ()):
            connection.execute(insert(table).values({name: row[name] for name in columns if name in row}))
        if connection.dialect.name == "postgresql" and "id" in table.columns and table.c.id.autoincrement is True:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")
            )


def made(connection: Connection, revision: str, rows: Rows) -> Rows:
    """Make a database of an earlier revision, fill it, and return what it holds."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    fill(connection, rows)
    return held(connection)


def kept(before: Rows, after: Rows) -> Iterator[str]:
    """Yield what is no longer there, or there in another form."""
    for name, rows in before.items():
        for row, now in zip(rows, after.get(name, []), strict=True):
            yield from (f"{name}.{column}: {was!r}" for column, was in row.items() if now.get(column) != was)


@pytest.mark.parametrize(("database_url", "revision"), PLACES, indirect=["database_url"])
async def test_a_database_of_every_earlier_revision_keeps_all_it_held_and_works(
    revision: str, database_url: str, tmp_path: Path
) -> None:
    rows, world = await a_life(tmp_path)
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        before = await connection.run_sync(made, revision, rows)
    await engine.dispose()
    async with Database(database_url) as database:
        assert await upgrade(database) == revision
        async with database.read() as connection:
            assert list(kept(before, await connection.run_sync(held))) == []
        world.database = database
        await world.restart()
        world.page.edit("a", body=RichText("Corrected."))
        world.page.publish("new", at=30)
        await world.live(60)
    told = [
        "Headline a\nCorrected.",
        "Headline b\nWhat happened in b.",
        "Headline new\nWhat happened in new.",
    ]
    assert world.texts() == told
