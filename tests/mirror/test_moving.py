"""A page at a new address: its subscriptions go with it, and nothing is said again."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.store import entries, moving
from bot.store.moving import Place
from bot.store.schema import source, subscription

from .world import URL, World

NEW = "https://news.example/live/lighthouse-2"


async def followed(world: World) -> list[tuple[str, bool]]:
    """The addresses of the subscriptions' sources, and whether they are looked at."""
    wishes = (
        select(source.c.url, source.c.next_poll_at)
        .join_from(subscription, source)
        .where(subscription.c.ended_at.is_(None))
        .order_by(subscription.c.id)
    )
    async with world.database.read() as connection:
        return [(row.url, row.next_poll_at is not None) for row in (await connection.execute(wishes)).all()]


async def begun(world: World, *chats: str) -> None:
    """Let the chats follow the page, and get one entry."""
    world.page.publish("baseline")
    for chat in chats:
        await world.follow(chat)
    await world.live()
    world.page.publish("a", at=1)
    await world.live(60)


async def test_a_page_that_moved_for_good_is_followed_where_it_is(world: World) -> None:
    await begun(world, "chat")
    world.page.moved_to = f"{NEW}?utm_source=old"
    world.page.publish("b", at=2)
    await world.live(60)
    world.page.moved_to = ""
    world.page.edit("a", headline="Headline a, corrected")
    await world.live(60)
    assert await followed(world) == [(NEW, True)]
    assert [url for url, _ in world.page.asked][-1] == NEW
    assert world.shows() == ["Headline a, corrected", "Headline b"]


async def test_an_unchanged_page_may_move_too(world: World) -> None:
    await begun(world, "chat")
    world.page.moved_to, world.page.unchanged = NEW, True
    await world.live(60)
    assert await followed(world) == [(NEW, True)]


async def test_a_redirect_to_something_else_is_no_move(world: World) -> None:
    await begun(world, "chat")
    world.page.moved_to, world.page.entries = NEW, []
    world.page.publish("other", at=3)
    await world.live(60)
    assert await followed(world) == [(URL, True)]


async def both(world: World) -> None:
    """Two chats, each at one of two addresses of the same page, have got the same entry."""
    world.page.publish("baseline")
    await world.follow("here")
    await world.follow("there", url=NEW)
    for url in (URL, NEW):
        await world.poll(url)
    world.page.publish("a", at=1)
    world.advance(60)
    for url in (URL, NEW):
        await world.poll(url)
    await world.send()


async def redirected(world: World) -> None:
    world.page.moved_to = NEW
    world.advance(60)
    await world.poll(URL)
    world.page.moved_to = ""
    await world.send()


async def test_a_move_to_an_address_that_is_known_joins_the_two(world: World) -> None:
    await both(world)
    await redirected(world)
    assert [url for url, _ in await followed(world)] == [NEW, NEW]
    world.page.edit("a", headline="Headline a, corrected")
    world.page.publish("b", at=3)
    world.advance(60)
    await world.poll(NEW)
    await world.send()
    assert world.shows("here") == world.shows("there") == ["Headline a, corrected", "Headline b"]
    assert [shown.edits for shown in world.platform.chats["there"]] == [1, 0]


async def test_what_came_to_the_other_address_meanwhile_is_not_lost(world: World) -> None:
    await both(world)
    world.page.publish("b", at=2)
    world.advance(30)
    await world.poll(NEW)
    await redirected(world)
    assert world.shows("here") == world.shows("there") == ["Headline a", "Headline b"]


async def test_a_correction_that_only_the_other_address_saw_is_brought_along(world: World) -> None:
    await both(world)
    world.page.edit("a", headline="Headline a, corrected")
    world.advance(30)
    await world.poll(NEW)
    world.page.moved_to, world.page.unchanged = NEW, True
    await world.poll(URL)
    await world.send()
    assert world.shows("here") == ["Headline a, corrected"]


async def test_a_chat_that_follows_both_keeps_one_and_gets_nothing_twice(world: World) -> None:
    await both(world)
    await world.follow("here", url=NEW)
    await redirected(world)
    world.page.publish("b", at=3)
    world.advance(60)
    await world.poll(NEW)
    await world.send()
    assert world.shows("here") == ["Headline a", "Headline b"]
    assert len(await followed(world)) == 2


async def moved(world: World, to: str = NEW, *, chat_number: int = 0) -> None:
    """Let somebody move one chat's subscription to the address at which the page is now."""
    async with world.database.write() as connection:
        wishes = (await connection.execute(select(subscription).order_by(subscription.c.id))).all()
        wish = wishes[chat_number]
        same = await moving.is_same_page(connection, wish.source_id, world.page.entries)
        await moving.move(connection, wish.id, Place(to, title="Lighthouse"), world.clock.now(), same=same)


async def test_a_chats_move_takes_what_it_shows_along_and_leaves_others_alone(world: World) -> None:
    await begun(world, "one", "two")
    await moved(world)
    assert [url for url, _ in await followed(world)] == [NEW, URL]
    world.page.edit("a", headline="Headline a, corrected")
    world.page.publish("b", at=2)
    world.advance(60)
    await world.poll(NEW)
    await world.send()
    assert (world.shows("one"), world.shows("two")) == (["Headline a, corrected", "Headline b"], ["Headline a"])
    world.page.withdraw("b")
    for _ in range(2):
        world.advance(90)
        await world.poll(NEW)
    await world.poll(URL)
    await world.send()
    assert world.shows("one") == world.shows("two") == ["Headline a, corrected"]


async def test_the_only_chat_of_a_page_moves_the_page_itself(world: World) -> None:
    await begun(world, "chat")
    await moved(world)
    world.page.publish("b", at=2)
    await world.live(60)
    assert await followed(world) == [(NEW, True)]
    assert world.shows() == ["Headline a", "Headline b"]


async def test_a_move_to_another_page_freezes_what_stands_and_begins_anew(world: World) -> None:
    await begun(world, "one", "two")
    world.page.entries = []
    for number in range(5):
        world.page.publish(f"next-{number}", at=10 + number)
    await moved(world)
    world.advance(60)
    await world.poll(NEW)
    await world.send()
    assert world.shows("one") == ["Headline a", "Headline next-2", "Headline next-3", "Headline next-4"]
    assert world.shows("two") == ["Headline a"]


async def test_an_address_that_others_follow_already_is_caught_up_with_at_once(world: World) -> None:
    await begun(world, "one")
    world.page.entries = []
    await world.follow("two", url=NEW)
    world.page.publish("x", at=9)
    await world.poll(NEW)
    await moved(world)
    await world.send()
    assert world.shows("one") == ["Headline a", "Headline x"]
    assert [url for url, _ in await followed(world)] == [NEW, NEW]


async def test_a_page_is_known_by_its_keys_or_by_what_several_entries_say(world: World) -> None:
    await begun(world, "chat")
    told = list(world.page.entries)
    async with world.database.write() as connection:
        here = (await connection.execute(select(source.c.id))).scalar_one()
        assert await moving.is_same_page(connection, here, told[:1])
        world.page.entries = []
        for number in (0, 1):
            world.page.publish(f"k{number}", at=number, headline=told[1 - number].headline)
        assert await moving.is_same_page(connection, here, world.page.entries)
        assert not await moving.is_same_page(connection, here, world.page.entries[:1])
        assert not await entries.shared(connection, here, NEW)
        assert await entries.shared(connection, here, URL)


@pytest.mark.parametrize("same", [True, False])
async def test_going_back_to_a_page_that_was_left_revives_what_was_wished(world: World, *, same: bool) -> None:
    await begun(world, "chat")
    await world.follow("other", url=NEW)
    async with world.database.write() as connection:
        await connection.execute(update(source).values(baseline_at=world.clock.now()))
        (wish, _) = (await connection.execute(select(subscription).order_by(subscription.c.id))).all()
        await connection.execute(update(subscription).where(subscription.c.id == wish.id).values(filter="storm"))
        assert await moving.move(connection, wish.id, Place(NEW), world.clock.now(), same=same) == 1
        assert await moving.move(connection, wish.id, Place(URL), world.clock.now(), same=same) == 1
        row = (await connection.execute(select(subscription).where(subscription.c.filter == "storm"))).one()
    assert row.ended_at is None
    assert world.shows() == ["Headline a"]
