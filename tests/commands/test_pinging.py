"""/ping: shown, set, changed, ended; refused where somebody may not call the role."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.ports import Button, Role

from ..rows import PAGE
from .world import World

NEWS = Role("123456789012345678", "News", for_user=True, for_bot=True)


@pytest.fixture
async def storm(world: World) -> World:
    """A world whose group follows a page."""
    await world.say(f"/subscribe {PAGE}")
    return world


async def ping(world: World, typed: str = "", role: Role | None = None, **more: Any) -> str:
    words = [*typed.split()[:1], role.id, *typed.split()[1:]] if role else typed.split()
    return await world.say(" ".join(["/ping", *words]), server="1", role=role, **more)


async def test_a_role_is_called_for_breaking_entries_unless_something_else_is_said(storm: World) -> None:
    assert "1. Storm: Calls nobody" in await ping(storm)
    assert "1. Storm: Calls @News for new entries that fit: is:breaking" in await ping(storm, role=NEWS)
    assert "1. Storm: Calls @News for new entries that fit: is:breaking" in await ping(storm, is_admin=False)
    assert "Calls @News for new entries that fit: outage" in await ping(storm, "1 outage")
    assert "Calls @News for every new entry" in await ping(storm, "1 everything", NEWS)
    assert "nobody is called by: Storm" in await ping(storm, "off")
    assert "Calls nobody" in await ping(storm)


async def test_what_was_chosen_is_ended_by_a_button_and_stands_in_the_settings(storm: World) -> None:
    said = await storm.answer(f"/ping {NEWS.id} outage", server="1", role=NEWS)
    assert said.buttons == ((Button("Off", "ping 1 off"),),)
    assert "once in five minutes" in said.text.text
    assert "Calls @News for new entries that fit: outage" in await storm.say("/settings")


@pytest.mark.parametrize(
    ("role", "why"),
    [
        (replace(NEWS, for_user=False), "You may not call @News: that takes the right “Mention @everyone"),
        (replace(NEWS, for_bot=False), "I may not call @News: give me the right “Mention @everyone"),
        (replace(NEWS, everybody=True), "Everybody at once is never called"),
    ],
)
async def test_a_role_that_must_not_be_called_is_refused_with_the_reason(storm: World, role: Role, why: str) -> None:
    assert (await ping(storm, role=role)).startswith(why)
    assert "Calls nobody" in await ping(storm)


async def test_words_without_a_role_and_wrong_words_are_refused(storm: World) -> None:
    assert "Choose the role, too" in await ping(storm, "outage")
    assert "is:nothing" in await ping(storm, "1 is:nothing", NEWS)
    assert "Only the admins" in await ping(storm, role=NEWS, is_admin=False)


async def test_where_there_are_no_roles_the_command_says_so_in_a_sentence(storm: World) -> None:
    assert (await storm.say("/ping outage")).startswith("Only Discord servers have roles to call")
