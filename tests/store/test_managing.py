"""Who runs which chat, and which one is managed from a private chat."""

from __future__ import annotations

from bot.store import chats, managing
from bot.store.engine import Database

from ..rows import a_chat, address, after

PRIVATE = address("1")


async def test_one_chat_is_managed_at_a_time_and_the_others_stay_known_the_latest_first(database: Database) -> None:
    async with database.write() as connection:
        desk, news = await a_chat(connection), await a_chat(connection, address("-200"), "News")
        for minute, there in enumerate((desk, news, desk)):
            await managing.choose(connection, PRIVATE, there.id, "1", after(minute))
        assert (await managing.chosen(connection, PRIVATE, "1")) == desk
        assert await managing.known(connection, PRIVATE, "1", 10) == [desk, news]
        assert await managing.chosen(connection, PRIVATE, "2") is None
        assert await managing.leave(connection, PRIVATE, "1")
        assert not await managing.leave(connection, PRIVATE, "1")
        assert await managing.chosen(connection, PRIVATE, "1") is None


async def test_a_chat_of_another_bot_has_no_number_here(database: Database) -> None:
    async with database.write() as connection:
        desk = await a_chat(connection)
        assert await managing.numbered(connection, PRIVATE, desk.id) == desk
        assert await managing.numbered(connection, address("1", platform="discord"), desk.id) is None
        assert await managing.numbered(connection, PRIVATE, desk.id + 1) is None


async def test_nobody_elses_private_chat_has_a_number(database: Database) -> None:
    async with database.write() as connection:
        alone = await chats.find_or_make(connection, address("77"), kind="private", title="Ada")
        assert await managing.numbered(connection, PRIVATE, alone.id) is None


async def test_who_manages_a_group_manages_the_known_chat_that_it_became(database: Database) -> None:
    async with database.write() as connection:
        old, new = await a_chat(connection), await a_chat(connection, address("-1001"), "Desk")
        await managing.know(connection, new.id, "1", after(0))
        await managing.choose(connection, PRIVATE, old.id, "1", after(1))
        await managing.know(connection, old.id, "2", after(1))
        await chats.move_chat(connection, old.address, "-1001", after(2))
        assert await managing.chosen(connection, PRIVATE, "1") == new
        assert await managing.known(connection, PRIVATE, "2", 10) == [new]
