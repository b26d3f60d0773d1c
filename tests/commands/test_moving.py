"""/move: a page has a new address, or its story goes on at another page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.errors import FetchError
from bot.exploring import Explored
from bot.model import Entry
from bot.store.schema import source, subscription

from ..rows import NOON, PAGE, a_baseline, an_entry
from .world import World, a_page

NEW = "https://news.example/live/two"


@pytest.fixture
async def storm(world: World) -> World:
    """A chat that follows a page which has been read."""
    await world.say(f"/subscribe {PAGE} kyiv")
    async with world.database.write() as connection:
        await an_entry(connection, await a_baseline(connection), "Entry kyiv")
    world.pages[NEW] = a_page(NEW, "Storm, day two")
    return world


def at_its_new_address() -> Explored:
    told = Entry("Entry kyiv", headline="Entry kyiv", published_at=NOON + timedelta(minutes=1))
    return Explored(NEW, replace(a_page(NEW, "Storm"), entries=(told,)), "https://api/7")


async def test_the_same_page_at_a_new_address_keeps_number_and_filter(storm: World) -> None:
    storm.pages[NEW] = at_its_new_address()
    said = await storm.say(f"/move 1 {NEW}")
    assert said.startswith("Number 1 follows Storm at its new address. Nothing is sent again")
    async with storm.database.read() as connection:
        (row,) = (await connection.execute(select(source.c.url, source.c.asked))).all()
        assert tuple(row) == (NEW, "https://api/7")
        assert (await connection.execute(select(subscription.c.filter))).scalars().all() == ["kyiv"]


async def test_another_page_takes_over_the_number_and_what_stands_freezes(storm: World) -> None:
    said = await storm.say(f"/move {PAGE} {NEW}")
    assert said.startswith("Number 1 follows Storm, day two from now on; what was posted here from Storm stays")
    assert "1. Storm, day two" in await storm.say("/list")


async def test_with_one_page_its_number_may_be_left_out(storm: World) -> None:
    assert "Number 1 follows Storm, day two" in await storm.say(f"/move {NEW}")


async def test_a_chat_that_follows_both_keeps_the_new_one(storm: World) -> None:
    await storm.say(f"/subscribe {NEW}")
    said = await storm.say(f"/move 1 {NEW}")
    assert said == "This chat follows that page as number 2; number 1 has ended."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say which page and where it is now"),
        ("1 hello", "no web address"),
        ("7 https://news.example/live/two", "Say which page"),
        (f"1 {PAGE}", "the address that it has already"),
        ("1 https://news.example/none", "There is nothing at https://news.example/none."),
        ("1 offer-99", "That offer is too old"),
    ],
)
async def test_what_cannot_be_moved_is_refused_and_nothing_changes(storm: World, typed: str, said: str) -> None:
    assert said in await storm.say(f"/move {typed}")
    assert "1. Storm" in await storm.say("/list")


async def test_with_several_pages_one_must_be_named(storm: World) -> None:
    await storm.say(f"/subscribe {NEW}")
    assert "Say which page" in await storm.say("/move https://news.example/live/three")
    assert "Say which page" in await storm.say("/move all https://news.example/live/three")


async def test_only_admins_move(storm: World) -> None:
    assert "Only the admins" in await storm.say(f"/move 1 {NEW}", is_admin=False)


async def test_a_page_that_fails_now_is_not_moved_to(storm: World) -> None:
    storm.pages[NEW] = FetchError("It is down.", status=500)
    assert await storm.say(f"/move 1 {NEW}") == "It is down."


async def test_a_chat_that_follows_nothing_has_nothing_to_move(world: World) -> None:
    assert "follows nothing yet" in await world.say(f"/move 1 {NEW}")


async def test_next_follows_where_the_page_says_that_it_goes_on(storm: World) -> None:
    assert "names none that continues it" in await storm.say("/move 1 next")
    async with storm.database.write() as connection:
        await connection.execute(update(source).where(source.c.url == PAGE).values(successor=NEW))
    assert "Coverage goes on at another page: /move 1 next follows it there." in await storm.say("/list")
    assert "Number 1 follows Storm, day two" in await storm.say("move 1 next", pressed=True)
    assert "names none that continues it" in await storm.say("move 1 next", pressed=True)


async def test_what_the_operator_took_down_is_not_moved_to_nor_from(storm: World) -> None:
    await storm.say(f"/subscribe {NEW}")
    async with storm.database.write() as connection:
        await connection.execute(update(source).where(source.c.url == NEW).values(taken_down_at=NOON))
    assert "taken that page down" in await storm.say(f"/move 1 {NEW}")
    assert "taken that page down" in await storm.say("/move 2 https://news.example/live/three")


async def test_subscribing_again_to_a_page_that_rests_looks_at_it_again(storm: World) -> None:
    async with storm.database.write() as connection:
        await connection.execute(update(source).values(next_poll_at=None, status="ended"))
    assert "its coverage ended long ago" in await storm.say("/list")
    assert "already" in await storm.say(f"/subscribe {PAGE}")
    assert "No longer looked at" not in await storm.say("/list")
