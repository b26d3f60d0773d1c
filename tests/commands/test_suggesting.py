"""What an argument may be, shown while it is typed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands import SPECS, CommandLimits
from bot.commands.suggesting import LOOKS
from bot.ports import Typing

from ..rows import PAGE, a_baseline, an_entry
from .test_everywhere import DISCORD, NO_LEADER
from .world import BORIS, Chat, World, a_command, a_page

OTHER = "https://news.example/live/two"


@pytest.fixture
async def two(world: World) -> World:
    """A world whose group follows two pages; the second is filtered."""
    world.pages[OTHER] = a_page(OTHER, "Vote")
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {OTHER} kyiv -sport")
    return world


async def shown(world: World, line: str, option: str, typed: str = "", **where: Any) -> list[tuple[str, str]]:
    found = await world.commands.suggest(Typing(a_command(line, **where), option, typed))
    return [(each.label, each.value) for each in found]


def test_what_is_marked_in_the_menu_is_what_something_is_found_for() -> None:
    options = [(spec.name, option) for spec in SPECS for option in spec.options]
    marked = {(name, option.name) for name, option in options if option.suggested}
    looked = {(name, option.name) for name, option in options if LOOKS.keys() & {option.name, f"{name} {option.name}"}}
    assert marked == looked
    assert {key.rpartition(" ")[2] for key in LOOKS} == {option for _, option in marked}


async def test_subscriptions_are_shown_by_number_and_narrowed_by_what_is_typed(two: World) -> None:
    assert await shown(two, "/filter", "which") == [("1. Storm", "1"), ("2. Vote", "2"), ("all pages", "all")]
    assert await shown(two, "/filter", "which", "vo") == [("2. Vote", "2")]
    await two.say("/pause 2")
    assert ("2. Vote · paused", "2") in await shown(two, "/resume", "which")


async def test_everywhere_is_offered_to_those_who_may(two: World) -> None:
    assert "everywhere" in [value for _, value in await shown(two, "/pause", "which")]
    assert "everywhere" not in [value for _, value in await shown(two, "/pause", "which", is_admin=False)]


async def test_filters_in_use_come_first(two: World) -> None:
    assert (await shown(two, "/filter", "words"))[0] == ("kyiv -sport", "kyiv -sport")


async def test_entries_are_offered_by_their_links(two: World) -> None:
    async with two.database.write() as connection:
        source_id = await a_baseline(connection, status="live")
        await an_entry(connection, source_id, "Ferry sails", minute=3)
    ((label, value),) = await shown(two, "/why", "link", "ferry")
    assert label.endswith("Ferry sails")
    assert value == f"{PAGE}#Ferry sails"


async def test_zones_are_found_by_city_with_their_time_of_now(two: World) -> None:
    assert ("Europe/Kyiv, 14:00", "Europe/Kyiv") in await shown(two, "/timezone", "zone", "kyi")
    assert await shown(two, "/timezone", "zone", "york") == [("America/New York, 07:00", "America/New_York")]
    assert len(await shown(two, "/timezone", "zone")) > 5


async def test_what_other_channels_follow_is_offered_to_those_who_manage_them(world: World) -> None:
    world.chats.append(Chat("discord"))
    world.restart()
    await world.say(f"/subscribe {PAGE}", chat="10", chat_title="#10", **DISCORD)
    assert await shown(world, "/subscribe", "url", chat="11", **DISCORD) == [("Storm", PAGE)]
    assert await shown(world, "/subscribe", "url", chat="10", **DISCORD) == []
    assert await shown(world, "/subscribe", "url", chat="11", **NO_LEADER) == []


async def test_strangers_are_shown_nothing(two: World) -> None:
    two.limits = CommandLimits(access_open=False)
    two.restart()
    assert await shown(two, "/filter", "which", user=BORIS) == []


async def test_nothing_is_found_for_what_is_not_known(two: World) -> None:
    assert await shown(two, "/dance", "which") == []
    assert await shown(two, "/claim", "code") == []


async def test_fixed_words_are_narrowed_too_and_fit_the_menu(two: World) -> None:
    assert await shown(two, "/schedule", "times", "every") == [("every 30m", "every 30m"), ("every 1h", "every 1h")]
    for spec in SPECS:
        for option in spec.options:
            found = await shown(two, f"/{spec.name}", option.name)
            assert len(found) <= 25
            assert all(0 < len(value) <= 100 for _, value in found)
