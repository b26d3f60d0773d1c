"""What was taken down is gone from every chat, and stays away whatever the page shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.errors import UsageError
from bot.operating.taking_down import take_down
from bot.store import subscriptions
from bot.store.removing import remove_last
from bot.store.schema import chat, entry, source
from tests.mirror.world import URL, World


async def _reported(world: World, *keys: str) -> None:
    for minute, key in enumerate(keys):
        world.page.publish(key, at=minute)
    await world.live(60)


async def test_an_entry_is_taken_out_of_every_chat_and_out_of_the_database(world: World) -> None:
    for where in ("one", "two"):
        await world.follow(where)
    await world.live()
    await _reported(world, "fine", "libel")
    said = await take_down(world.database, f"{URL}#libel", world.clock.now())
    await world.send()
    assert said == "The entry will be gone from 2 places in chats within moments."
    assert world.shows("one") == world.shows("two") == ["Headline fine"]
    async with world.database.read() as connection:
        kept = (await connection.execute(select(entry).where(entry.c.key == "libel"))).one()
    assert (kept.headline, kept.text, kept.content) == ("", "", None)


async def test_what_was_taken_down_does_not_come_back_though_the_page_goes_on_showing_and_correcting_it(
    world: World,
) -> None:
    await world.follow()
    await world.live()
    await _reported(world, "libel")
    await take_down(world.database, f"{URL}#libel", world.clock.now())
    for text in ("It stands there still.", "It was corrected.", "It was corrected."):
        world.page.edit("libel", headline=text)
        await world.live(120)
    assert world.shows() == []
    async with world.database.read() as connection:
        assert (await connection.execute(select(entry.c.headline).where(entry.c.key == "libel"))).scalar_one() == ""


async def test_it_goes_from_chats_that_have_unsubscribed_since(world: World) -> None:
    subscription = await world.follow()
    await world.live()
    await _reported(world, "libel")
    async with world.database.write() as connection:
        await subscriptions.unsubscribe(connection, subscription, world.clock.now())
    await take_down(world.database, f"{URL}#libel", world.clock.now())
    await world.send()
    assert world.shows() == []
    assert await world.states() == ["ended"]


async def test_what_was_not_sent_yet_is_never_sent(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("libel", at=1)
    world.advance(60)
    await world.poll()
    await take_down(world.database, f"{URL}#libel", world.clock.now())
    await world.send()
    assert world.shows() == []
    assert ("send", "Headline libel") not in world.platform.calls


async def test_a_digest_that_spoke_for_it_says_nothing_of_it_any_more(world: World) -> None:
    await world.follow()
    await world.live()
    for minute in range(20):
        world.page.publish(f"e{minute}", at=minute)
    await world.poll()
    world.advance(1200)
    await world.send()
    assert any("Headline e1" in text for text in world.texts())
    await take_down(world.database, f"{URL}#e1", world.clock.now())
    await world.send()
    assert not any("Headline e1\n" in text + "\n" for text in world.texts())
    assert any("Headline e2" in text for text in world.texts())


async def test_a_digest_that_an_admin_removed_does_not_come_back_without_it(world: World) -> None:
    await world.follow()
    await world.live()
    for minute in range(20):
        world.page.publish(f"e{minute}", at=minute)
    await world.poll()
    world.advance(1200)
    await world.send()
    async with world.database.write() as connection:
        (there,) = (await connection.execute(select(chat.c.id))).scalars()
        await remove_last(connection, there, 50, world.clock.now())
    await world.send()
    assert world.shows() == []
    await take_down(world.database, f"{URL}#e1", world.clock.now())
    await world.send()
    assert world.shows() == []


async def test_a_page_goes_as_a_whole_and_is_neither_asked_for_nor_followed_again(world: World) -> None:
    await world.follow()
    world.page.summary = ["Somebody said something."]
    await world.live()
    await _reported(world, "one", "two")
    assert len(world.shows()) >= 2
    said = await take_down(world.database, URL, world.clock.now())
    await world.send()
    assert said.startswith("The page and its ")
    assert world.shows() == []
    async with world.database.read() as connection:
        assert (await connection.execute(select(source.c.next_poll_at))).scalar_one() is None
        known = await subscriptions.watched(connection, URL)
    assert known is not None
    assert known.taken_down


async def test_entries_without_an_address_of_their_own_are_not_mistaken_for_their_page(world: World) -> None:
    await world.follow()
    await world.live()
    bare = world.page.publish("bare", at=1)
    world.page.entries = [replace(bare, url=URL)]
    await world.live(60)
    said = await take_down(world.database, URL, world.clock.now())
    assert said.startswith("The page and its 1 entry ")


async def test_an_address_that_nothing_was_read_under_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="Nothing was ever read under "):
        await take_down(world.database, "https://else.example/", world.clock.now())
