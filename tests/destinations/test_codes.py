"""The codes by which another chat decides: guessed, old, used, or typed by those who may not, they do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from sandbox.telegram.people import say

from .world import ADA, EVE, URL, TelegramWorld

pytestmark = pytest.mark.attack("forged presses")

UNKNOWN = "I do not know that code, or it was used."


async def invited(world: TelegramWorld, news: str) -> str:
    """Return the command that lets another chat decide."""
    code = re.search(r"/review [a-z0-9]{8}", await world.ask(news, "/review on"))
    assert code
    return code[0]


@pytest.fixture
async def news(world: TelegramWorld) -> str:
    """A group of ada's that follows a page."""
    chat = world.open_chat("supergroup", "News")
    await world.settled()
    assert "Following" in await world.ask(chat, f"/subscribe {URL}")
    return chat


async def desks(world: TelegramWorld) -> list[int | None]:
    """Return where it is decided what each subscription brings."""
    async with world.database.read() as connection:
        return list((await connection.execute(text("SELECT review_chat_id FROM subscription"))).scalars())


async def test_a_code_is_worth_nothing_after_a_day(world: TelegramWorld, news: str) -> None:
    desk, code = world.open_chat("supergroup", "Editors"), await invited(world, news)
    world.advance(24 * 3600)
    assert UNKNOWN in await world.ask(desk, code)
    assert await desks(world) == [None]
    assert "comes here first" in await world.ask(desk, await invited(world, news))


async def test_a_code_serves_once_and_only_the_newest_one(world: TelegramWorld, news: str) -> None:
    desk, other = world.open_chat("supergroup", "Editors"), world.open_chat("supergroup", "Others")
    older, code = await invited(world, news), await invited(world, news)
    assert UNKNOWN in await world.ask(desk, older)
    assert "comes here first" in await world.ask(desk, code)
    before = await desks(world)
    for place in (other, desk):
        assert UNKNOWN in await world.ask(place, code)
    assert await desks(world) == before


async def test_a_member_makes_no_chat_decide_with_a_code_they_have_read(world: TelegramWorld, news: str) -> None:
    desk, code = world.open_chat("supergroup", "Editors"), await invited(world, news)
    for place in (desk, news):
        assert "Only the admins" in await world.ask(place, code, EVE)
    assert await desks(world) == [None]
    assert "comes here first" in await world.ask(desk, code)


async def test_codes_are_not_found_by_many_who_try_in_many_chats_at_once(
    world: TelegramWorld, news: str, record_property: Callable[[str, object], None]
) -> None:
    """Each in ten chats of their own: after so many tries in a minute not even the right one is looked at."""
    world.limits = replace(world.limits, per_minute=20, per_user_minute=30)
    await world.start()
    code = await invited(world, news)
    people = [f"guesser {number}" for number in range(5)]
    chats = {
        who: [world.telegram.create_chat("supergroup", who, [who], ["all"])[0] for _ in range(10)] for who in people
    }
    await world.settled()
    tried = 0
    for who, places in chats.items():
        for number in range(30):
            chat = world.telegram.world.find(places[number % len(places)])
            say(
                world.telegram.world,
                chat,
                0,
                who,
                f"/review aaaa{number:04}".replace("0", "b").replace("1", "c").replace("5", "d"),
            )
            tried += 1
        for place in places:
            say(world.telegram.world, world.telegram.world.find(place), 0, who, code)
        await world.settled()
    record_property("attacks", tried)
    assert await desks(world) == [None]
    assert "comes here first" in await world.ask(world.open_chat("supergroup", "Editors"), code, ADA)
