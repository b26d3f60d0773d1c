"""/settings: one page of all that is set."""

from __future__ import annotations

from ..rows import PAGE
from .world import World, a_page

OTHER = "https://news.example/live/two"


async def test_all_that_is_set_stands_on_one_page_and_each_can_be_changed(world: World) -> None:
    await world.say(f"/subscribe {PAGE} kyiv")
    await world.say("/timezone Kyiv")
    await world.say("/quiet 23-7")
    await world.say("/schedule at 18:00")
    await world.say("/summary send")
    await world.say("/style headline")
    await world.say("/style keep")
    await world.say("/pause until 18:00")
    said = await world.answer("/settings", is_admin=False)
    assert said.text.text == (
        "Language: English\n"
        "Time zone: Europe/Kyiv, where it is 14:00 now\n"
        "Quiet hours: 23:00-07:00\n"
        "The same story twice: comes from each page\n\n"
        "1. Storm\n"
        "Filter: kyiv\n"
        "Style: headline, the first picture, author, time, label\n"
        "Comes: at 18:00\n"
        "Summary: kept current, not pinned\n"
        "Paused until 18:00 EET"
    )
    commands = [button.command for row in said.buttons for button in row]
    assert commands == [
        "filter 1",
        "style 1",
        "schedule 1",
        "summary 1",
        "quiet",
        "timezone",
        "language",
        "fold",
        "review 1",
    ]
    for command in commands:
        answer = await world.say(f"/{command}", is_admin=False)
        assert answer
        assert "Only the admins" not in answer


async def test_several_pages_are_told_one_after_the_other_and_none_is_no_trouble(world: World) -> None:
    assert (await world.say("/settings")) == (
        "Language: English\n"
        "Time zone: UTC, where it is 12:00 now\n"
        "Quiet hours: none\n"
        "The same story twice: comes from each page"
    )
    world.pages[OTHER] = a_page(OTHER, "Vote")
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {OTHER}")
    said = await world.answer("/settings")
    assert "1. Storm\nFilter: everything" in said.text.text
    assert "2. Vote\nFilter: everything" in said.text.text
    assert said.buttons[0][0].command == "filter"
