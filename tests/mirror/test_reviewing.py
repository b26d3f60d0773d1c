"""What people decide on before it is posted, on both databases: what waits, what comes, and what never does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store import chats, deciding, pausing, reviewing
from bot.store.deciding import Choice, Decided, Press
from bot.store.schema import FOREVER, chat, delivery, subscription

from .world import World


class Desk:
    """A world in which `desk` decides what `chat` gets."""

    def __init__(self, world: World, wish: int) -> None:
        self.world = world
        self.wish = wish

    async def id_of(self, where: str) -> int:
        async with self.world.database.read() as connection:
            found = select(chat.c.id).where(chat.c.chat == where, chat.c.state != "left")
            return int((await connection.execute(found)).scalar_one())

    async def decide(self, choice: Choice, where: str = "desk", *, anyway: bool = False) -> Decided:
        """Press under the newest message that asks."""
        here = await self.id_of(where)
        async with self.world.database.write() as connection:
            asks = select(delivery.c.id).where(delivery.c.chat_id == here, delivery.c.for_review == 1)
            newest = (await connection.execute(asks.order_by(delivery.c.rank.desc()).limit(1))).scalar_one()
            press = Press(here, newest, choice, "Ann", anyway)
            return await deciding.decide(connection, press, self.world.clock.now())

    def asked(self, where: str = "desk") -> list[str]:
        return [text.split("\n")[0] for text in self.world.texts(where) if text.startswith("Headline")]

    def published(self, where: str = "chat") -> list[str]:
        return [text for text in self.world.shows(where) if text.startswith("Headline")]


@pytest.fixture
async def desk(world: World) -> Desk:
    wish = await world.follow("chat")
    await world.live()
    async with world.database.write() as connection:
        there = await chats.find_or_make(connection, world.address("desk"), kind="group", title="Desk")
        await reviewing.set_review(connection, wish, there.id, "ann", world.clock.now())
    return Desk(world, wish)


async def told(desk: Desk, *keys: str) -> None:
    for at, key in enumerate(keys, len(desk.world.page.entries) + 1):
        desk.world.page.publish(key, at=at)
    await desk.world.live(1)


async def test_nothing_comes_that_nobody_let_through(desk: Desk) -> None:
    await told(desk, "a", "b")
    assert (desk.published(), desk.asked()) == ([], ["Headline a", "Headline b"])
    assert (await desk.decide("publish")).now == ("chat",)
    await desk.world.live(1)
    assert desk.published() == ["Headline b"]
    await desk.world.live(7200)
    assert desk.published() == ["Headline b"]


async def test_many_that_wait_are_never_gathered_into_a_digest(desk: Desk) -> None:
    await told(desk, *(f"{number:02}" for number in range(15)))
    for _ in range(15):
        await desk.world.live(600)
    assert len(desk.asked()) == 15
    assert desk.published() == []
    assert (await desk.decide("publish")).now == ("chat",)
    await desk.world.live(1)
    assert desk.published() == ["Headline 14"]


async def test_a_desk_that_lost_the_bot_keeps_what_waits_and_decides_later(desk: Desk) -> None:
    here = desk.world.address("desk")
    async with desk.world.database.write() as connection:
        await chats.hold(connection, here, "thrown out", desk.world.clock.now())
    await told(desk, "a")
    assert (desk.published(), desk.asked()) == ([], [])
    async with desk.world.database.write() as connection:
        await chats.release(connection, here, desk.world.clock.now())
    await desk.world.live(1)
    assert desk.asked() == ["Headline a"]
    await desk.decide("publish")
    await desk.world.live(1)
    assert desk.published() == ["Headline a"]


async def test_a_desk_that_becomes_a_supergroup_goes_on_deciding(desk: Desk) -> None:
    async with desk.world.database.write() as connection:
        await chats.find_or_make(connection, desk.world.address("desk two"), kind="group", title="Desk")
        await chats.move_chat(connection, desk.world.address("desk"), "desk two", desk.world.clock.now())
    await told(desk, "a")
    assert desk.asked("desk two") == ["Headline a"]
    await desk.decide("publish", "desk two")
    await desk.world.live(1)
    assert desk.published() == ["Headline a"]


async def test_one_decision_counts_for_all_chats_that_wait_for_it(desk: Desk) -> None:
    other = await desk.world.follow("other")
    here = await desk.id_of("desk")
    async with desk.world.database.write() as connection:
        await reviewing.set_review(connection, other, here, "ann", desk.world.clock.now())
    await told(desk, "a")
    assert desk.asked() == ["Headline a"]
    assert (await desk.decide("publish")).now == ("chat", "other")
    await desk.world.live(1)
    assert desk.published() == desk.published("other") == ["Headline a"]


async def test_the_filter_of_the_chat_decides_what_is_asked(desk: Desk) -> None:
    async with desk.world.database.write() as connection:
        mine = subscription.c.id == desk.wish
        await connection.execute(subscription.update().where(mine).values(filter="kyiv"))
    await told(desk, "a", "kyiv")
    assert desk.asked() == ["Headline kyiv"]


async def test_what_waits_is_not_skipped_by_a_resume_and_what_is_let_through_is_held_by_a_pause(desk: Desk) -> None:
    now = desk.world.clock.now()
    async with desk.world.database.write() as connection:
        await pausing.pause(connection, [desk.wish], FOREVER)
    await told(desk, "a")
    assert (await desk.decide("publish")).held == ("chat",)
    await told(desk, "b")
    async with desk.world.database.write() as connection:
        await pausing.resume(connection, [desk.wish], now)
    await desk.world.live(1)
    assert desk.published() == ["Headline a"]
    await desk.decide("publish")
    await desk.world.live(1)
    assert desk.published() == ["Headline a", "Headline b"]


async def test_a_press_at_a_message_of_another_chat_decides_nothing(desk: Desk) -> None:
    await told(desk, "a")
    elsewhere = await desk.id_of("chat")
    async with desk.world.database.write() as connection:
        asking = (await connection.execute(select(delivery.c.id).where(delivery.c.for_review == 1))).scalar_one()
        press = Press(elsewhere, asking, "publish", "Eve")
        assert await deciding.decide(connection, press, desk.world.clock.now()) == Decided()
    await desk.world.live(1)
    assert desk.published() == []


async def test_what_was_deleted_at_the_desk_can_still_be_let_through_by_ending_the_review(desk: Desk) -> None:
    await told(desk, "a")
    async with desk.world.database.write() as connection:
        await reviewing.end_review(connection, desk.wish, "publish", desk.world.clock.now())
    await told(desk, "b")
    assert desk.published() == ["Headline a", "Headline b"]
    assert desk.asked() == ["Headline a"]
