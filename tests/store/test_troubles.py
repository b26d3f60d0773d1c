"""Who must hear that a chat is held, and that it goes on."""

from __future__ import annotations

from sqlalchemy import update

from bot.store import chats, troubles
from bot.store.engine import Database
from bot.store.schema import subscription

from ..rows import a_chat, a_wish, address, after

BOTS = [("telegram", "7")]


async def test_a_trouble_is_found_told_over_and_told_and_said_once_each(database: Database) -> None:
    async with database.write() as connection:
        await a_wish(connection, await a_chat(connection))
        await connection.execute(update(subscription).values(created_by="1"))
        await chats.hold(connection, address(), "thrown out", after(0))
        await troubles.look(connection, BOTS, after(0.1))
        assert await troubles.due(connection, BOTS, after(0.1)) == []
        await troubles.look(connection, BOTS, after(1))
        (found,) = await troubles.due(connection, BOTS, after(1))
        assert (found.person, found.why, found.over) == ("1", "thrown out", False)
        assert await troubles.due(connection, BOTS, after(1)) == []
        await troubles.later(connection, [found], after(2))
        assert await troubles.due(connection, BOTS, after(2)) == [found]
        await troubles.told(connection, [found], after(2))
        await chats.release(connection, address(), after(3))
        (over,) = await troubles.due(connection, BOTS, after(4))
        assert over.over
        await troubles.told(connection, [over], after(4))
        await troubles.look(connection, BOTS, after(5))
        assert await troubles.due(connection, BOTS, after(200)) == []


async def test_what_a_dead_process_may_have_said_counts_as_said(database: Database) -> None:
    async with database.write() as connection:
        await a_wish(connection, await a_chat(connection))
        await connection.execute(update(subscription).values(created_by="1"))
        await chats.hold(connection, address(), "thrown out", after(0))
        await troubles.look(connection, BOTS, after(1))
        assert len(await troubles.due(connection, BOTS, after(1))) == 1
        assert await troubles.due(connection, BOTS, after(60)) == []
        await chats.release(connection, address(), after(61))
        (over,) = await troubles.due(connection, BOTS, after(62))
        assert over.over


async def test_the_chat_itself_is_nobody_to_tell(database: Database) -> None:
    async with database.write() as connection:
        await a_wish(connection, await a_chat(connection))
        for nobody in ("", "-100"):
            await connection.execute(update(subscription).values(created_by=nobody))
            await chats.hold(connection, address(), "thrown out", after(0))
            await troubles.look(connection, BOTS, after(1))
            assert await troubles.due(connection, BOTS, after(1)) == []
