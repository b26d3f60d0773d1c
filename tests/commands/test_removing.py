"""/remove and the choices of /summary."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from bot.ports import Button
from bot.store.schema import delivery, entry, part, subscription

from ..rows import PAGE, a_baseline, after, an_entry, show
from .world import World, a_page

OTHER = "https://news.example/live/two"


@pytest.fixture
async def storm(world: World) -> World:
    """A world whose group follows a page, of which it was sent two entries."""
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        source_id = await a_baseline(connection, status="live")
        for number in (1, 2):
            id_ = await an_entry(connection, source_id, f"Entry {number}", minute=number)
            await show(connection, id_)
            owed = (await connection.execute(select(delivery.c.id).where(delivery.c.entry_id == id_))).scalar_one()
            sent = {"number": 0, "generation": 0, "nonce": "n", "chat": "-100", "kind": "text", "sent_at": after(3)}
            await connection.execute(insert(part).values(delivery_id=owed, message_id=str(number), **sent))
    return world


async def _wanted(world: World) -> list[int]:
    async with world.database.read() as connection:
        owed = select(delivery.c.wanted).join_from(delivery, entry).order_by(entry.c.rank)
        return list((await connection.execute(owed)).scalars().all())


async def test_the_last_messages_are_taken_away(storm: World) -> None:
    said = await storm.say("/remove last 1")
    assert said == "The last message is being taken away, and will not come back."
    assert await _wanted(storm) == [1, 0]
    assert (await storm.say("/remove last 5")).startswith("The last message is")
    assert await _wanted(storm) == [0, 0]
    assert "no message of mine" in await storm.say("/remove last 5")


@pytest.mark.parametrize("typed", ["", "last 0", "last 21", "everything"])
async def test_how_many_must_be_said(storm: World, typed: str) -> None:
    assert "How many?" in await storm.say(f"/remove {typed}")
    assert await _wanted(storm) == [1, 1]


async def test_only_admins_remove_and_choose(storm: World) -> None:
    for typed in ("/remove last 1", "/summary off"):
        assert "Only the admins" in await storm.say(typed, is_admin=False)
    assert "This page has no summary" in await storm.say("/summary", is_admin=False)


async def test_what_becomes_of_the_summary_is_chosen_by_number_or_for_all(storm: World) -> None:
    said = await storm.answer("/summary")
    assert said.buttons == ((Button("Send", "summary 1 send"), Button("Off", "summary 1 off")),)
    assert await storm.say("/summary off") == "No summary any more; what stands here stays as it is: Storm."
    storm.pages[OTHER] = a_page(OTHER, "Vote")
    await storm.say(f"/subscribe {OTHER}")
    assert "/summary 1 send" in await storm.say("/summary send")
    assert await storm.say("/summary all send") == "The summary is kept current without a pin: Storm, Vote."
    assert "does not understand “loudly”" in await storm.say("/summary loudly")
    async with storm.database.read() as connection:
        stored = (await connection.execute(select(subscription.c.summary))).scalars().all()
    assert set(stored) == {"send"}
