"""/quiet and /schedule: shown, set, taken away, by number or for all, in the chat's time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column, select

from bot.ports import Button
from bot.store.schema import chat, subscription

from ..rows import PAGE, a_baseline, after, an_entry
from .world import World, a_page

OTHER = "https://news.example/live/two"


@pytest.fixture
async def two(world: World) -> World:
    """A world whose group follows two pages, and one in a topic; it is noon in London, where the group is."""
    world.pages[OTHER] = a_page(OTHER, "Vote")
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {OTHER}")
    await world.say(f"/subscribe {OTHER}", thread="5")
    await world.say("/timezone London")
    return world


async def _stored(world: World, column: Column[Any]) -> list[Any]:
    async with world.database.read() as connection:
        return sorted((await connection.execute(select(column))).scalars().all(), key=str)


async def test_quiet_hours_are_set_shown_and_taken_away(two: World) -> None:
    bare = await two.answer("/quiet", is_admin=False)
    assert bare.text.text == "There are no quiet hours here. Set them like this: /quiet 23:00-07:00"
    assert bare.buttons[0][0] == Button("23:00-07:00", "quiet 23:00-07:00")
    said = await two.answer("/quiet 11pm to 7")
    assert said.text.text == (
        "Quiet from 23:00 to 07:00, Europe/London time.\n"
        "New entries wait, breaking ones, too; corrections and withdrawals go on. What was missed comes at 07:00."
    )
    assert said.buttons == ((Button("Let breaking through", "quiet 23:00-07:00 breaking"), Button("Off", "quiet off")),)
    assert "Breaking entries still arrive" in await two.say("/quiet 23:00-07:00 breaking")
    assert (await two.say("/quiet", is_admin=False)).startswith("Quiet from 23:00 to 07:00")
    assert "no quiet hours here" in await two.say("/quiet off")


async def test_quiet_hours_are_those_of_one_chat_or_of_all_its_topics(two: World) -> None:
    await two.say("/quiet 23-7")
    assert await _stored(two, chat.c.quiet) == ["", "23:00-07:00"]
    await two.say("/quiet everywhere 22-6")
    assert await _stored(two, chat.c.quiet) == ["22:00-06:00", "22:00-06:00"]
    await two.say("/quiet everywhere off", thread="5")
    assert await _stored(two, chat.c.quiet) == ["", ""]


async def test_what_are_no_quiet_hours_changes_nothing(two: World) -> None:
    assert "are no quiet hours. Say them like 23:00-07:00" in await two.say("/quiet at night")
    assert await _stored(two, chat.c.quiet) == ["", ""]


async def test_the_list_says_that_it_is_quiet(two: World) -> None:
    await two.say("/quiet 11:00-13:00")
    assert "Quiet until 13:00 GMT" in await two.say("/list")
    two.clock.advance(hours=2)
    assert "Quiet until" not in await two.say("/list")


async def test_a_schedule_is_set_by_number_address_or_for_all(two: World) -> None:
    assert "/schedule 1 every 30m" in await two.say("/schedule every 30m")
    assert (await two.say("/schedule 2 every 30m")).startswith("2. Vote: every 30m; next digest 12:30\n")
    await two.say(f"/schedule {PAGE} at 8am, 18:00")
    assert (await two.say("/schedule", is_admin=False)).startswith(
        "1. Storm: at 08:00,18:00; next digest 18:00\n2. Vote: every 30m; next digest 12:30\n"
    )
    await two.say("/schedule all live")
    assert await _stored(two, subscription.c.schedule) == ["", "", ""]


async def test_the_only_page_needs_no_number_and_its_schedules_are_offered(two: World) -> None:
    said = await two.answer("/schedule 18:00", thread="5")
    assert said.text.text.startswith("1. Vote: at 18:00; next digest 18:00\n")
    commands = [button.command for row in said.buttons for button in row]
    assert "schedule 1 live" in commands
    assert "schedule 1 every 30m" in commands
    for command in commands:
        assert "1. Vote: " in await two.say(f"/{command}", thread="5")


async def test_breaking_live_and_the_rest_later(two: World) -> None:
    said = await two.say("/schedule 1 breaking live, rest at 18:00")
    assert said.startswith("1. Storm: breaking live, rest at 18:00; next digest 18:00")


async def test_the_list_tells_when_what_waits_will_come(two: World) -> None:
    await two.say("/schedule 1 at 18:00")
    async with two.database.write() as connection:
        source_id = await a_baseline(connection)
        await an_entry(connection, source_id, "Fire", minute=1)
    said = await two.say("/list")
    assert "Comes at 18:00; next digest 18:00\n1 entry waiting to be sent" in said


async def test_another_time_zone_moves_schedules_and_quiet_hours(two: World) -> None:
    await two.say("/schedule 1 at 18:00")
    await two.say("/quiet 23:00-07:00")
    await two.say("/timezone Kathmandu")
    assert after(15) in await _stored(two, subscription.c.next_digest_at)
    assert after(315) in await _stored(two, chat.c.quiet_from)


async def test_what_is_no_schedule_changes_nothing(two: World) -> None:
    assert "is no schedule. Say live, every 30m" in await two.say("/schedule 1 sometimes")
    assert "A digest comes every 5m to every 24h." in await two.say("/schedule 1 every 1m")
    assert await _stored(two, subscription.c.schedule) == ["", "", ""]


async def test_only_admins_choose_when(two: World) -> None:
    for typed in ("/quiet 23-7", "/quiet off", "/schedule 1 live", "/schedule every 2h"):
        assert "Only the admins" in await two.say(typed, is_admin=False)
