"""/subscribe, /unsubscribe, /filter and what they answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.commands import CommandLimits
from bot.errors import UnreadablePage
from bot.store.engine import Database
from bot.store.schema import chat, delivery, source, subscription

from ..rows import NOON, PAGE, a_baseline, an_entry, one
from .world import BORIS, World, a_page

OTHER = "https://news.example/live/two"


async def test_subscribing_says_what_is_there_and_wakes_who_reads_and_who_sends(world: World) -> None:
    said = await world.say(f"/subscribe {PAGE} kyiv -sport")
    assert said == (
        "Following Storm (News), as number 1. There are 4 entries on it now.\n"
        "You get the summary and the newest entries now, and then each new one as it comes.\n"
        "Filter: kyiv -sport"
    )
    assert world.woken == ["poller", "dispatcher"]
    async with world.database.read() as connection:
        row = (await connection.execute(select(subscription.c.filter, subscription.c.created_by))).one()
        assert tuple(row) == ("kyiv -sport", "1")


async def test_without_an_address_it_asks_for_one(world: World) -> None:
    asked = await world.answer("/subscribe")
    assert (asked.asks, asked.aside) == ("subscribe", False)
    assert asked.text.text == "Which page shall I follow here? I need its address."


async def test_an_address_is_followed_under_its_one_spelling(world: World) -> None:
    await world.say(f"/subscribe {PAGE.upper().replace('LIVE/ONE', 'live/one')}?utm_source=x#post")
    async with world.database.read() as connection:
        assert await one(connection, source.c.url) == PAGE


async def test_a_page_that_is_polled_already_is_not_looked_at_and_its_newest_entries_are_owed_at_once(
    world: World,
) -> None:
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        source_id = await a_baseline(connection)
        for minute in range(5):
            await an_entry(connection, source_id, f"e{minute}", minute=minute)
    said = await world.say(f"/subscribe {PAGE}", chat="-200")
    assert said.startswith("Following Storm")
    assert world.looked_at == [PAGE]
    async with world.database.read() as connection:
        owed = select(delivery.c.id).join_from(delivery, chat).where(chat.c.chat == "-200")
        assert len((await connection.execute(owed)).all()) == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("offer-99", "That offer is too old"),
        ("hello", "no web address"),
        ("https://news.example/none", "There is nothing at https://news.example/none."),
        (f"{PAGE} (kyiv", "This parenthesis is never closed"),
        (f"{PAGE} {'a' * 501}", "may have 500 characters"),
    ],
)
async def test_what_cannot_be_followed_is_refused_with_its_sentence_and_leaves_nothing(
    world: World, typed: str, said: str
) -> None:
    assert said in await world.say(f"/subscribe {typed}")
    async with world.database.read() as connection:
        assert (await connection.execute(select(chat.c.id))).all() == []
        assert (await connection.execute(select(source.c.id))).all() == []


async def test_a_page_that_no_reader_understands_is_refused_in_the_readers_words(world: World) -> None:
    world.pages[PAGE] = UnreadablePage("This page is no live page.")
    assert await world.say(f"/subscribe {PAGE}") == "This page is no live page."


async def test_where_the_bot_lacks_rights_it_names_them_and_looks_at_nothing(world: World) -> None:
    said = await world.say(f"/subscribe {PAGE}", missing_rights=("Embed Links", "Send Messages"))
    assert said.startswith("I cannot post here: I lack Embed Links, Send Messages.")
    assert world.looked_at == []


async def test_coverage_that_has_ended_is_told_so(world: World) -> None:
    world.pages[PAGE] = replace(a_page(), status="ended")
    assert "The coverage has ended" in await world.say(f"/subscribe {PAGE}")


async def test_subscribing_twice_says_so_and_a_new_filter_is_taken(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    assert await world.say(f"/subscribe {PAGE}") == "This chat follows Storm already, as number 1."
    assert await world.say(f"/subscribe {PAGE} kyiv") == (
        "This chat follows Storm already. From now on its filter is: kyiv"
    )


async def test_a_chat_follows_only_so_many_pages(database: Database) -> None:
    world = World(database, CommandLimits(access_open=True, subscriptions=1))
    world.pages[OTHER] = a_page(OTHER, "Vote")
    await world.say(f"/subscribe {PAGE}")
    assert "as many as it may" in await world.say(f"/subscribe {OTHER}")
    await world.say("/unsubscribe")
    assert (await world.say(f"/subscribe {OTHER}")).startswith("Following Vote")


async def test_a_topic_follows_by_itself(world: World) -> None:
    await world.say(f"/subscribe {PAGE}", thread="5")
    assert "follows nothing" in await world.say("/list")
    assert "Storm" in await world.say("/list", thread="5")


async def test_the_only_subscription_needs_no_number(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    said = await world.say("/unsubscribe")
    assert said == "No longer following Storm. What was posted here stays, but is not updated any more."
    assert "follows nothing" in await world.say("/unsubscribe")


async def test_where_it_is_unclear_it_asks(world: World) -> None:
    world.pages[OTHER] = a_page(OTHER, "Vote")
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {OTHER}")
    assert await world.say("/unsubscribe") == (
        "Which one? Send its number too, for example /unsubscribe 1, or all.\n1. Storm\n2. Vote"
    )
    assert "/filter 1 kyiv" in await world.say("/filter kyiv")
    assert "under number 9" in await world.say("/unsubscribe 9")
    assert "does not follow that page" in await world.say("/unsubscribe https://news.example/three")
    assert "No longer following Vote" in await world.say(f"/unsubscribe {OTHER}")
    assert "No longer following Storm" in await world.say("/unsubscribe all")


async def test_subscribing_again_takes_the_old_number_and_says_again(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    await world.say("/unsubscribe")
    assert "again, as number 1" in await world.say(f"/subscribe {PAGE}")
    assert world.looked_at == [PAGE, PAGE]


async def test_following_a_page_frees_a_chat_that_was_held(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        await connection.execute(chat.update().values(state="held", why="no rights", held_at=NOON))
    await world.say(f"/subscribe {PAGE}")
    assert "Held" not in await world.say("/list")


async def test_a_page_that_the_operator_took_down_is_neither_looked_at_nor_followed(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        await connection.execute(update(source).values(taken_down_at=NOON, next_poll_at=None))
    world.looked_at.clear()
    said = await world.say(f"/subscribe {PAGE}", chat="-200")
    assert said == "Whoever runs this bot has taken that page down; it cannot be followed here."
    assert world.looked_at == []
    assert "Taken down by whoever runs this bot." in await world.say("/list")


async def test_a_server_a_person_and_the_bot_follow_as_many_pages_as_they_may(database: Database) -> None:
    other = f"{PAGE}/two"
    pages = {PAGE: a_page(), other: a_page(other)}
    limits = CommandLimits(access_open=True, server_subscriptions=1, per_minute=1000)
    world = World(database, limits, pages=dict(pages))
    assert "Following" in await world.say(f"/subscribe {PAGE}", chat="1", server="7")
    assert await world.say(f"/subscribe {other}", chat="2", server="7") == (
        "This server follows 1 page, as many as it may. /unsubscribe from it first."
    )
    assert "Following" in await world.say(f"/subscribe {other}", BORIS, chat="3", server="8")
    world.limits = CommandLimits(access_open=True, user_subscriptions=1)
    world.restart()
    assert "You follow 1 page in all chats" in await world.say(f"/subscribe {other}", chat="4")
    world.limits = CommandLimits(access_open=True, sources=2)
    world.restart()
    world.pages[f"{PAGE}/three"] = a_page(f"{PAGE}/three")
    assert "watches as many pages as it may" in await world.say(f"/subscribe {PAGE}/three", chat="4")
    async with database.write() as connection:
        await connection.execute(update(source).values(baseline_at=NOON))
    assert "Following" in await world.say(f"/subscribe {other}", chat="4")
