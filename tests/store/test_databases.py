"""The store's tests run on what the program runs on."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from sqlalchemy import insert, select, text

from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.schema import lane


async def test_what_is_written_can_be_read_once_it_is_committed(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(insert(lane).values(platform="telegram", bot="1", chat="-100"))
    async with database.read() as connection:
        assert (await connection.execute(select(lane.c.chat))).scalars().all() == ["-100"]


async def test_every_test_starts_with_an_empty_database(database: Database) -> None:
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM lane"))).scalar_one() == 0


async def test_a_write_that_is_cancelled_in_the_middle_of_a_statement_lets_go_of_the_file(tmp_path: Path) -> None:
    begun, go_on, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def held_up() -> int:
        loop.call_soon_threadsafe(begun.set)
        return int(go_on.wait(10))

    async with Database(f"sqlite:///{tmp_path / 'liverelay.db'}") as database:
        await upgrade(database)

        async def write() -> None:
            async with database.write() as connection:
                bare = (await connection.get_raw_connection()).driver_connection
                assert bare is not None
                await bare.create_function("held_up", 0, held_up)
                await connection.execute(insert(lane).values(platform="telegram", bot="1", chat="-100"))
                await connection.execute(text("SELECT held_up() UNION ALL SELECT 2"))

        writing = asyncio.create_task(write())
        await begun.wait()
        writing.cancel()
        loop.call_soon(go_on.set)
        await asyncio.wait({writing})
        # Whoever keeps the cancelled task keeps, with its traceback, the statement that it was at.
        assert writing.cancelled()
        async with database.write() as connection:
            await connection.execute(insert(lane).values(platform="telegram", bot="1", chat="-200"))
        async with database.read() as connection:
            assert (await connection.execute(select(lane.c.chat))).scalars().all() == ["-200"]
