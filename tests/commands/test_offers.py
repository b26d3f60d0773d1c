"""What is offered where a page is none that can be followed itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import UnreadablePage
from bot.exploring import Explored
from bot.model import Offer
from bot.ports import Answer
from bot.store.housekeeping import forget_old
from bot.store.schema import offer, source, subscription

from ..rows import PAGE
from .world import World, a_page

HOME = "https://news.example/"
STORM = "https://news.example/live/storm-with-a-long-name-that-would-never-fit-on-any-button"
FEED = "https://news.example/feed.xml"
OFFERS = (
    Offer("feed", FEED, "All the news"),
    Offer("live", STORM, "The storm, minute by minute, as our people see it"),
)


@pytest.fixture
def home(world: World) -> World:
    """A world with an ordinary page in it, which names a feed and a live page."""
    world.pages[HOME] = UnreadablePage("This is not a live page.", OFFERS)
    world.pages[STORM] = a_page(STORM, "The storm")
    return world


async def offers_of(home: World, typed: str = f"/subscribe {HOME}") -> Answer:
    return await home.answer(typed)


async def test_an_ordinary_page_is_answered_with_what_it_names_and_a_button_for_each(home: World) -> None:
    answer = await offers_of(home)
    assert answer.text.text == (
        "That is no live page, but it names what can be followed:\n"
        "1. Feed: All the news\n2. Live page: The storm, minute by minute, as our people see it"
    )
    assert [span.url for span in answer.text.spans if span.kind == "link"] == [FEED, STORM]
    assert [[button.label for button in row] for row in answer.buttons] == [
        ["1. Feed: All the news"],
        ["2. Live page: The storm, minute by minu…"],
    ]


async def test_a_press_follows_what_was_offered_with_the_filter_that_was_typed(home: World) -> None:
    answer = await offers_of(home, f"/subscribe {HOME} kyiv")
    said = await home.say(answer.buttons[1][0].command, pressed=True)
    assert said.startswith("Following The storm")
    assert home.looked_at[-1] == STORM
    async with home.database.read() as connection:
        assert (await connection.execute(select(subscription.c.filter))).scalars().all() == ["kyiv"]


async def test_only_admins_may_press(home: World) -> None:
    answer = await offers_of(home)
    said = await home.say(answer.buttons[1][0].command, pressed=True, is_admin=False)
    assert "Only the admins" in said


async def test_the_same_page_offered_twice_keeps_its_buttons(home: World) -> None:
    first, second = await offers_of(home), await offers_of(home)
    assert first.buttons == second.buttons


async def test_a_press_in_another_chat_or_on_an_old_button_is_refused(home: World) -> None:
    command = (await offers_of(home)).buttons[0][0].command
    refused = "That offer is too old. Send the address of the page again."
    assert await home.say(command, chat="-200") == refused
    home.clock.advance(days=31)
    async with home.database.write() as connection:
        await forget_old(connection, home.clock.now(), timedelta(days=30))
    assert await home.say(command) == refused
    async with home.database.read() as connection:
        assert (await connection.execute(select(offer.c.id))).all() == []


async def test_where_a_page_is_read_is_kept_with_its_source_and_shared(world: World) -> None:
    api = "https://api.example/7"
    world.pages[PAGE] = Explored(PAGE, a_page(), asked=api)
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {PAGE}", chat="-200")
    async with world.database.read() as connection:
        rows = (await connection.execute(select(source.c.url, source.c.asked))).all()
    assert [tuple(row) for row in rows] == [(PAGE, api)]


async def test_a_page_that_moved_is_followed_where_it_is_today(world: World) -> None:
    old = "https://news.example/old"
    world.pages[old] = Explored(PAGE, a_page())
    await world.say(f"/subscribe {old}")
    assert await world.say(f"/subscribe {PAGE}") == "This chat follows Storm already, as number 1."
    assert await world.say(f"/subscribe {old}") == "This chat follows Storm already, as number 1."
