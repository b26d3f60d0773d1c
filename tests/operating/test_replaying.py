"""Dead letters are tried again when the operator says so."""

from __future__ import annotations

from sqlalchemy import select

from bot.dispatcher import Sending
from bot.ports import Refused
from bot.store.engine import Database
from bot.store.replaying import replay
from bot.store.schema import delivery
from tests.mirror.world import World, lost_after


async def test_what_was_refused_in_every_form_is_sent_once_it_is_replayed(world: World) -> None:
    await world.follow()
    await world.live()
    for _ in range(3):
        world.platform.trick("send", Refused("PHOTO_INVALID", "message"))
    world.page.publish("a")
    for _ in range(4):
        await world.live(60)
    assert await world.states() == ["dead"]
    async with world.database.write() as connection:
        assert await replay(connection, [], world.clock.now()) == 1
    await world.send()
    assert (world.shows(), await world.states()) == (["Headline a"], ["settled"])


async def test_a_send_whose_fate_is_unknown_is_repeated_only_if_it_is_named(database: Database) -> None:
    world = World(database, sending=Sending(policy="skip"))
    await world.follow()
    await world.live()
    world.platform.trick("send", lost_after)
    world.page.publish("a")
    await world.live(60)
    assert await world.states() == ["unsure"]
    async with database.write() as connection:
        assert await replay(connection, [], world.clock.now()) == 0
        (named,) = (await connection.execute(select(delivery.c.id))).scalars()
        assert await replay(connection, [named], world.clock.now()) == 1
    await world.send()
    assert world.shows() == ["Headline a", "Headline a"]
