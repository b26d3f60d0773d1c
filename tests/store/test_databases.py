"""The store's tests run on what the program runs on."""

from __future__ import annotations

from sqlalchemy import insert, select, text

from bot.store.engine import Database
from bot.store.schema import lane


async def test_what_is_written_can_be_read_once_it_is_committed(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(insert(lane).values(platform="telegram", bot="1", chat="-100"))
    async with database.read() as connection:
        assert (await connection.execute(select(lane.c.chat))).scalars().all() == ["-100"]


async def test_every_test_starts_with_an_empty_database(database: Database) -> None:
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM lane"))).scalar_one() == 0
