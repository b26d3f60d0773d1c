"""The operator's pause of everything holds first sends only, everywhere."""

from __future__ import annotations

from bot.store import halting
from tests.mirror.world import World


async def test_nothing_new_is_sent_anywhere_and_corrections_and_withdrawals_go_on(world: World) -> None:
    await world.follow("one")
    await world.follow("two")
    await world.live()
    for minute, key in enumerate(("stays", "goes")):
        world.page.publish(key, at=minute)
    await world.live(60)
    async with world.database.write() as connection:
        assert await halting.pause_all(connection, world.clock.now())
        assert not await halting.pause_all(connection, world.clock.now())
    world.page.publish("new", at=3)
    world.page.edit("stays", headline="Corrected")
    world.page.withdraw("goes")
    for _ in range(3):
        await world.live(61)
    assert world.shows("one") == world.shows("two") == ["Corrected"]


async def test_what_came_meanwhile_is_sent_when_it_goes_on(world: World) -> None:
    await world.follow()
    await world.live()
    async with world.database.write() as connection:
        await halting.pause_all(connection, since := world.clock.now())
    world.page.publish("new", at=1)
    await world.live(60)
    assert world.shows() == []
    async with world.database.write() as connection:
        assert await halting.resume_all(connection, world.clock.now()) == since
        assert await halting.resume_all(connection, world.clock.now()) is None
    await world.send()
    assert world.shows() == ["Headline new"]
