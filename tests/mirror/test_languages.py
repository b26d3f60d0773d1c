"""Each chat is told in its own language; a change of it is for what is said from then on."""

from __future__ import annotations

from sqlalchemy import select

from bot.store import chats
from bot.store.schema import chat

from .world import World


async def _speak(world: World, where: str, language: str) -> None:
    async with world.database.write() as connection:
        found = await connection.execute(select(chat.c.id).where(chat.c.chat == where))
        await chats.set_language(connection, found.scalar_one(), language)


async def test_each_chat_is_told_in_its_own_language(world: World) -> None:
    for where, language in (("here", "en"), ("dort", "de"), ("тут", "uk")):
        await world.follow(where)
        await _speak(world, where, language)
    await world.poll()
    world.page.status = "ended"
    await world.live(60)
    assert world.shows("here")[-1].startswith("Live coverage has ended")
    assert world.shows("dort")[-1].startswith("Die Live-Berichterstattung ist beendet")
    assert world.shows("тут")[-1].startswith("Пряму трансляцію завершено")


async def test_what_stands_keeps_its_language_until_it_is_edited(world: World) -> None:
    await world.follow()
    await world.poll()
    world.page.summary = ["It is windy."]
    await world.live(60)
    (before,) = world.texts()
    await _speak(world, "chat", "de")
    await world.live(60)
    assert world.texts() == [before]
    world.page.summary = ["It is calm."]
    await world.live(60)
    (after,) = world.texts()
    assert "It is calm." in after
