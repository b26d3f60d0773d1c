"""Who may change a group: administrators, the anonymous ones included, whether they type, reply or press."""

from __future__ import annotations

import pytest

from .world import ADA, EVE, URL, TelegramWorld

ANONYMOUS = "anonymous"


@pytest.fixture
async def group(world: TelegramWorld) -> str:
    """A group of ada's."""
    chat = world.open_chat("supergroup", "Harbour")
    await world.settled()
    return chat


async def test_an_anonymous_administrator_types_replies_and_presses_as_the_others_do(
    world: TelegramWorld, group: str
) -> None:
    question = await world.ask(group, "/subscribe", ANONYMOUS)
    assert question.startswith("Which page shall I follow here?")
    said = await world.telegram.reply(group, world.shown(group)[-1].id, ANONYMOUS, URL)
    assert said[0].startswith("Following Lighthouse")
    await world.ask(group, "/list", ANONYMOUS)
    assert (await world.press(group, "Pause", ADA)).startswith("Paused")


async def test_a_member_changes_nothing_in_any_of_these_ways(world: TelegramWorld, group: str) -> None:
    await world.ask(group, f"/subscribe {URL}")
    assert (await world.ask(group, "/pause", EVE)).startswith("Only the admins of this chat can use /pause.")
    await world.ask(group, "/list")
    assert (await world.press(group, "Pause", EVE)).startswith("Only the admins of this chat can use /pause.")
    await world.ask(group, "/subscribe")
    said = await world.telegram.reply(group, world.shown(group)[-1].id, EVE, URL)
    assert said[0].startswith("Only the admins of this chat can use /subscribe.")
    assert "Paused" not in await world.ask(group, "/list")
