"""/list, /latest, /summary, /timezone and /help."""

from __future__ import annotations

import pytest

from bot.commands import SPECS

from ..rows import PAGE, a_baseline, an_entry
from .world import World, a_page

OTHER = "https://news.example/live/two"


@pytest.fixture
async def storm(world: World) -> World:
    """A world whose group follows a page with a summary and three entries."""
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        source_id = await a_baseline(connection, status="live")
        await an_entry(connection, source_id, "", kind="summary", body="• One\n• Two")
        for minute in (1, 2, 3):
            await an_entry(connection, source_id, f"Entry {minute}", minute=minute)
    world.clock.advance(minutes=5)
    return world


async def test_the_list_says_how_each_page_is_doing_in_the_chats_time(storm: World) -> None:
    await storm.say("/timezone Europe/Kyiv")
    await storm.say("/filter kyiv")
    assert await storm.say("/list") == (
        "1. Storm\n"
        "live, read 14:00, last entry 14:03\n"
        "Filter: kyiv\n"
        "4 entries waiting to be sent\n\n"
        "Times are EET (Europe/Kyiv); /timezone changes that."
    )


async def test_another_day_is_named(storm: World) -> None:
    storm.clock.advance(days=1)
    assert "last entry 12:03, 23 Nov 2026" in await storm.say("/list")


async def test_latest_shows_the_newest_first_with_time_and_link(storm: World) -> None:
    said = (await storm.answer("/latest 2")).text
    assert said.text == "• 12:03  Entry 3\n• 12:02  Entry 2"
    assert [span.url for span in said.spans] == [f"{PAGE}#Entry 3", f"{PAGE}#Entry 2"]


@pytest.mark.parametrize("count", ["0", "11", "many"])
async def test_latest_takes_a_number_up_to_ten(storm: World, count: str) -> None:
    assert "A number from 1 to 10" in await storm.say(f"/latest {count}")


async def test_entries_of_several_pages_name_theirs(storm: World) -> None:
    storm.pages[OTHER] = a_page(OTHER, "Vote")
    await storm.say(f"/subscribe {OTHER}")
    assert "• 12:03  Entry 3 (Storm)" in await storm.say("/latest")
    assert await storm.say("/summary") == "Storm\n• One\n• Two\n\nVote\nThis page has no summary."


@pytest.mark.parametrize("command", ["/list", "/latest", "/summary"])
async def test_a_chat_that_follows_nothing_is_told_how_to_begin(world: World, command: str) -> None:
    assert await world.say(command) == (
        "This chat follows nothing yet. Send /subscribe and the address of a live page."
    )


async def test_a_page_without_entries_yet_says_so(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    assert await world.say("/latest") == "There are no entries yet."


@pytest.mark.parametrize("typed", ["Europe/London", "london", "LONDON"])
async def test_a_time_zone_is_found_by_its_name_or_city(world: World, typed: str) -> None:
    assert await world.say(f"/timezone {typed}") == (
        "Times here are those of London (Europe/London), where it is 12:00 now."
    )


async def test_a_time_zone_is_told_to_everybody_and_changed_by_admins(world: World) -> None:
    assert "UTC" in await world.say("/timezone", is_admin=False)
    assert "Only the admins" in await world.say("/timezone Kyiv", is_admin=False)


async def test_a_time_zone_that_does_not_exist_is_answered_with_near_names(world: World) -> None:
    assert "Did you mean Europe/London" in await world.say("/timezone Lodnon")


async def test_help_lists_every_command(world: World) -> None:
    said = await world.say("/help")
    assert [spec.name for spec in SPECS if f"/{spec.name}" not in said] == []


def test_every_command_about_a_chat_can_name_another_where_channels_are_picked() -> None:
    without = [spec.name for spec in SPECS if not any(option.kind == "channel" for option in spec.options)]
    assert without == ["start", "help", "manage", "claim"]


async def test_help_does_not_show_what_is_picked_and_not_typed(world: World) -> None:
    assert "channel" not in await world.say("/help unsubscribe")


async def test_help_with_a_name_explains_that_command_alone(world: World) -> None:
    said = await world.say("/help /pause")
    assert said.startswith("/pause [which] [time]\nStop new entries at once")
    assert "for 2h, until 18:00" in said
    assert await world.say("/help dance") == "There is no /dance. /help lists what I know."


async def test_start_and_help_in_private_fit_on_a_screen_and_lead_to_groups_and_channels(world: World) -> None:
    for command in ("/start", "/help"):
        said = await world.answer(command, chat="1", chat_kind="private")
        assert [link.label for link in said.links] == ["Add to a group", "Add to a channel"]
        assert sum(1 + len(line) // 60 for line in said.text.text.split("\n")) <= 40
        assert (await world.answer(command)).links == ()


async def test_an_unknown_command_is_answered_in_private_only(world: World) -> None:
    assert "I do not know /dance" in await world.say("/dance", chat_kind="private", chat="1")
    assert await world.say("/dance") == ""
