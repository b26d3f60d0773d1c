"""/pause and /resume."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.chats import hold
from bot.store.schema import subscription

from ..rows import PAGE, a_baseline, address, after, an_entry
from .world import World, a_page

OTHER = "https://news.example/live/two"


@pytest.fixture
async def two(world: World) -> World:
    """A world whose group follows two pages, the second one in a topic, too."""
    world.pages[OTHER] = a_page(OTHER, "Vote")
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {OTHER}")
    await world.say(f"/subscribe {OTHER}", thread="5")
    return world


async def _paused(world: World) -> list[bool]:
    async with world.database.read() as connection:
        until = select(subscription.c.paused_until).order_by(subscription.c.id)
        return [each is not None for each in (await connection.execute(until)).scalars().all()]


async def test_a_bare_pause_stops_the_whole_chat_without_a_question(two: World) -> None:
    assert await two.say("/pause") == (
        "Paused until somebody sends /resume: Storm, Vote.\nWhat stands here is still corrected and withdrawn."
    )
    assert await _paused(two) == [True, True, False]


async def test_a_pause_everywhere_stops_the_topics_too(two: World) -> None:
    await two.say("/pause everywhere", thread="5")
    assert await _paused(two) == [True, True, True]
    await two.say("/resume everywhere")
    assert await _paused(two) == [False, False, False]


async def test_one_page_can_be_paused_until_a_time_in_the_chats_zone(two: World) -> None:
    await two.say("/timezone Kyiv")
    said = await two.say("/pause 2 until 18:00")
    assert said.startswith("Paused until 18:00 EET: Vote.")
    async with two.database.read() as connection:
        until = (await connection.execute(select(subscription.c.paused_until))).scalars().all()
    assert after(240) in until


async def test_a_time_that_is_none_is_refused_and_pauses_nothing(two: World) -> None:
    assert "is no time for a pause" in await two.say("/pause until lunch")
    assert await _paused(two) == [False, False, False]


async def test_a_bare_resume_resumes_all_that_is_paused(two: World) -> None:
    await two.say("/pause 1")
    assert await two.say("/resume") == "Resumed: Storm.\nNothing was missed."
    assert await two.say("/resume") == "Nothing is paused here."


async def test_resuming_tells_what_was_missed_and_what_becomes_of_it(two: World) -> None:
    await two.say("/pause")
    async with two.database.write() as connection:
        source_id = await a_baseline(connection)
        for minute in range(12):
            await an_entry(connection, source_id, f"e{minute}", minute=minute)
    assert "12 entries waiting to be sent" in await two.say("/list")
    assert "12 entries were missed: a digest comes now, and the newest 3 in full." in await two.say("/resume")
    await two.say("/pause")
    assert "12 entries were missed: they come as a digest now." in await two.say("/resume digest")
    async with two.database.write() as connection:
        await an_entry(connection, source_id, "e12", minute=12)
    await two.say("/pause")
    assert "is skipped" in await two.say("/resume skip")
    assert "waiting" not in await two.say("/list")


async def test_resume_frees_a_chat_that_was_held(two: World) -> None:
    async with two.database.write() as connection:
        await hold(connection, address(), "the bot was muted", after(0))
    assert "Held: the bot was muted. /resume tries again." in await two.say("/list")
    assert await two.say("/resume") == "Trying again to post here."
    assert "Held" not in await two.say("/list")


async def test_what_resume_does_not_understand_it_says(two: World) -> None:
    assert "“quickly” is not understood" in await two.say("/resume quickly")
