"""Parts that one call sends together: recorded together, removed together, and never left behind alone."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.model import Image
from bot.store.engine import Database
from bot.store.schema import subscription

from .world import World, killed_after, picture

ONE, TWO, THREE = picture("one"), picture("two"), picture("three")


@pytest.fixture
async def world(database: Database) -> World:
    """A chat that wants all pictures of a page, on a platform that sends them as albums."""
    world = World(database)
    world.platform.albums = True
    await world.follow()
    async with database.write() as connection:
        await connection.execute(update(subscription).values(style={"images": "all"}))
    await world.live()
    return world


async def _report(world: World, key: str, *images: Image) -> None:
    world.page.publish(key, images=images)
    await world.live(60)


async def test_an_album_takes_one_call_and_all_of_it_is_removed_when_its_entry_is_withdrawn(world: World) -> None:
    await _report(world, "a", ONE, TWO, THREE)
    assert world.shows() == ["Headline a [one]", "Headline a [two]", "Headline a [three]"]
    assert [call for call, _ in world.platform.calls] == ["send"]
    await _report(world, "b")
    world.page.withdraw("a")
    for _ in range(2):
        await world.live(61)
    assert world.shows() == ["Headline b"]


async def test_an_album_is_corrected_where_it_stands(world: World) -> None:
    await _report(world, "a", ONE, TWO)
    await _report(world, "b")
    world.page.edit("a", headline="Corrected")
    await world.live(60)
    assert world.shows() == ["Corrected [one]", "Corrected [two]", "Headline b"]


async def test_a_picture_that_comes_later_makes_no_stray_photo_below_other_entries(world: World) -> None:
    await _report(world, "a", ONE, TWO)
    await _report(world, "b")
    world.page.edit("a", images=(ONE, TWO, THREE))
    await world.live(60)
    assert world.shows() == ["Headline a [one]", "Headline a [two]", "Headline b"]
    assert await world.owed() == 0


async def test_the_last_album_of_a_chat_is_replaced_by_the_larger_one(world: World) -> None:
    await _report(world, "a", ONE, TWO)
    world.page.edit("a", images=(ONE, TWO, THREE))
    await world.live(60)
    await world.send()
    assert world.shows() == ["Headline a [one]", "Headline a [two]", "Headline a [three]"]


async def test_a_picture_that_was_withdrawn_is_taken_out_of_its_album(world: World) -> None:
    await _report(world, "a", ONE, TWO, THREE)
    await _report(world, "b")
    world.page.edit("a", images=(ONE, TWO))
    await world.live(60)
    assert world.shows() == ["Headline a [one]", "Headline a [two]", "Headline b"]


async def test_a_kill_after_an_album_repeats_the_album_and_nothing_else(world: World) -> None:
    await _report(world, "a", ONE, TWO)
    world.platform.trick("send", killed_after)
    await _report(world, "b", ONE, TWO)
    await world.live(60)
    assert world.shows() == ["Headline a [one]", "Headline a [two]", *["Headline b [one]", "Headline b [two]"] * 2]
    assert await world.owed() == 0
