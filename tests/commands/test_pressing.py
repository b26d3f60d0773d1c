"""What can be pressed under answers: the same commands that can be typed."""

from __future__ import annotations

import pytest

from bot.ports import Answer

from ..rows import PAGE
from .world import World, a_page

OTHER = "https://news.example/live/two"


def _buttons(answer: Answer) -> dict[str, str]:
    return {button.label: button.command for row in answer.buttons for button in row}


@pytest.fixture
async def following(world: World) -> World:
    """A group that follows two pages."""
    world.pages[OTHER] = a_page(OTHER, "Vote")
    for url in (PAGE, OTHER):
        await world.say(f"/subscribe {url}")
    return world


async def test_every_page_in_the_list_can_be_stopped_and_left_with_one_press(following: World) -> None:
    said = await following.answer("/list")
    assert _buttons(said) == {
        "Pause 1": "pause 1",
        "Unsubscribe 1": "unsubscribe 1",
        "Pause 2": "pause 2",
        "Unsubscribe 2": "unsubscribe 2",
    }


async def test_the_only_page_needs_no_number_on_its_buttons(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    assert list(_buttons(await world.answer("/list"))) == ["Pause", "Unsubscribe"]


async def test_a_page_that_is_paused_can_go_on(following: World) -> None:
    paused = await following.answer("/pause 2", pressed=True)
    assert _buttons(paused) == {
        "Resume": "resume 2",
        "Resume with a digest": "resume 2 digest",
        "Skip what is missed": "resume 2 skip",
        "List": "list",
    }
    assert _buttons(await following.answer("/list"))["Resume 2"] == "resume 2"


async def test_the_way_back_from_a_pause_reaches_as_far_as_the_pause(following: World) -> None:
    assert _buttons(await following.answer("/pause"))["Resume"] == "resume"
    assert _buttons(await following.answer("/pause everywhere"))["Resume"] == "resume everywhere"


async def test_leaving_a_page_can_be_taken_back(following: World) -> None:
    left = await following.answer("/unsubscribe 1", pressed=True)
    assert _buttons(left) == {"Follow again": f"subscribe {PAGE}", "List": "list"}


async def test_rights_are_checked_at_every_press_and_the_refusal_is_for_who_pressed(following: World) -> None:
    refused = await following.answer("/pause 1", pressed=True, is_admin=False)
    assert refused.aside
    assert "admin" in refused.text.text
    assert "Paused" not in await following.say("/list")


@pytest.mark.parametrize(
    ("command", "said"),
    [("/pause 9", "nothing under number 9"), ("/vanished 1", "from another version of this bot")],
)
async def test_a_stale_press_is_answered_with_a_sentence(following: World, command: str, said: str) -> None:
    answer = await following.answer(command, pressed=True)
    assert answer.aside
    assert said in answer.text.text
