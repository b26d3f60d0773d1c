"""The summary pinned, sent or off; and what people have taken away stays away."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store.removing import remove_last
from bot.store.schema import chat
from bot.store.summaries import Wanted, set_summary

from .world import World


@pytest.fixture
async def wish(world: World) -> int:
    """A subscription to a page with a summary and an entry, all of it sent."""
    subscription = await world.follow()
    await world.poll()
    world.page.summary = ["It is windy."]
    world.page.publish("a", at=1)
    await world.live(60)
    return subscription


async def _set(world: World, wish: int, wanted: Wanted) -> None:
    async with world.database.write() as connection:
        await set_summary(connection, wish, wanted, world.clock.now())
    await world.send()


def _summary(world: World) -> tuple[str, bool]:
    (shown,) = [each for each in world.platform.chats["chat"] if each.text.startswith("Lighthouse live")]
    return shown.text.partition("\n")[2], shown.pinned


async def _remove(world: World, count: int) -> int:
    async with world.database.write() as connection:
        (chat_id,) = (await connection.execute(select(chat.c.id))).scalars().all()
        return await remove_last(connection, chat_id, count, world.clock.now())


async def test_a_summary_that_is_only_sent_is_unpinned_and_kept_current(world: World, wish: int) -> None:
    assert _summary(world) == ("• It is windy.", True)
    await _set(world, wish, "send")
    world.page.summary = ["It is calm."]
    await world.live(60)
    assert _summary(world) == ("• It is calm.", False)
    await _set(world, wish, "pin")
    assert _summary(world) == ("• It is calm.", True)


async def test_a_summary_that_is_off_stands_as_it_is_until_it_is_wanted_again(world: World, wish: int) -> None:
    await _set(world, wish, "off")
    assert _summary(world) == ("• It is windy.", False)
    world.page.summary = ["It is calm."]
    await world.live(60)
    assert _summary(world) == ("• It is windy.", False)
    await _set(world, wish, "send")
    assert _summary(world) == ("• It is calm.", False)


async def test_a_summary_that_was_off_from_the_start_is_sent_when_it_is_wanted(world: World) -> None:
    wish = await world.follow()
    await world.poll()
    await _set(world, wish, "off")
    world.page.summary = ["It is windy."]
    await world.live(60)
    assert world.shows() == []
    await _set(world, wish, "pin")
    assert _summary(world) == ("• It is windy.", True)


async def test_what_was_removed_stays_away_through_edits_and_withdrawals(world: World, wish: int) -> None:
    world.page.publish("b", at=2)
    await world.live(60)
    assert await _remove(world, 1) == 1
    await world.send()
    assert "Headline b" not in world.shows()
    world.page.edit("b", headline="Headline b, corrected")
    world.page.publish("c", at=3)
    await world.live(60)
    assert [each for each in world.shows() if "Headline" in each] == ["Headline a", "Headline c"]
    assert await world.owed() == 0


async def test_nothing_is_removed_twice_and_nothing_old(world: World, wish: int) -> None:
    assert await _remove(world, 20) == 2
    await world.send()
    assert world.shows() == []
    assert await _remove(world, 20) == 0
    world.page.publish("b", at=2)
    await world.live(60)
    world.advance(48 * 3600)
    assert await _remove(world, 20) == 0
