"""Buttons, menus and forms under answers, through the real client against the stand-in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from adapters.discord import components
from bot.model import Address
from bot.ports import Answer, Button, Command, Incoming, Link
from bot.richtext import RichText
from sandbox.server import Sandbox, specs_from

from .contract import a_message, sent
from .discord_stage import ADMIN, MEMBER, DiscordStage, on_stage

PAUSE = Button("Pause 3", "pause 3")


class Desk:
    """Answers commands as a test wishes, and keeps what came in."""

    def __init__(self, stage: DiscordStage) -> None:
        self.stage = stage
        self.came: list[Command] = []
        self.answer: Callable[[Command], Answer] = lambda command: Answer(RichText(f"did {command.name}"))
        self.place: Address = stage.open_chat("text")

    async def __call__(self, incoming: Incoming) -> None:
        if isinstance(incoming, Command):
            self.came.append(incoming)
            await self.stage.adapter.reply(incoming, self.answer(incoming))

    async def give(self, user: str = ADMIN) -> list[str]:
        return await self.stage.sandbox.discord.command(self.place.chat, "", user, "/list")

    async def press(self, label: str, user: str = ADMIN) -> list[str]:
        return await self.stage.sandbox.discord.press(self.place.chat, "", user, label)

    async def submit(self, typed: str, user: str = ADMIN) -> list[str]:
        return await self.stage.sandbox.discord.submit(self.place.chat, "", user, typed)


@pytest.fixture
async def stage() -> AsyncIterator[DiscordStage]:
    async with Sandbox(specs=specs_from(os.environ)) as sandbox, on_stage(sandbox) as made:
        yield made


@pytest.fixture
async def desk(stage: DiscordStage) -> AsyncIterator[Desk]:
    made = Desk(stage)
    task = asyncio.create_task(stage.adapter.listen(made))
    yield made
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def listed(command: Command) -> Answer:
    if command.pressed or command.name != "list":
        return Answer(RichText(f"did {command.name} {command.arguments}"))
    return Answer(RichText("the list"), ((PAUSE,),))


async def test_a_press_is_a_command_and_its_answer_takes_the_place_of_the_list(desk: Desk) -> None:
    desk.answer = listed
    assert await desk.give() == ["the list\nPause 3"]
    assert await desk.press("Pause 3") == ["did pause 3"]
    pressed = desk.came[-1]
    assert (pressed.name, pressed.arguments, pressed.pressed, pressed.is_admin) == ("pause", "3", True, True)
    with pytest.raises(ValueError, match="nothing there"):
        await desk.press("Pause 3")


async def test_the_press_of_somebody_without_rights_comes_in_as_such(desk: Desk, stage: DiscordStage) -> None:
    desk.answer = listed
    stage.fault("allow_command", desk.place)
    await desk.give(MEMBER)
    await desk.press("Pause 3", MEMBER)
    assert not desk.came[-1].is_admin


async def test_what_is_said_aside_leaves_the_list_as_it_is(desk: Desk) -> None:
    desk.answer = lambda command: Answer(RichText("no"), aside=True) if command.pressed else listed(command)
    await desk.give()
    assert await desk.press("Pause 3") == ["the list\nPause 3", "no"]


async def test_more_buttons_than_discord_takes_become_a_menu(desk: Desk) -> None:
    rows = tuple((Button(f"Page {number}", f"pause {number}"),) for number in range(30))
    desk.answer = lambda command: Answer(RichText("many"), rows) if command.name == "list" else listed(command)
    await desk.give()
    assert await desk.press("Page 29") == ["did pause 29"]


async def test_what_an_answer_asks_for_is_typed_into_a_form(desk: Desk) -> None:
    asking = Answer(RichText("Which page?"), asks="subscribe")
    desk.answer = lambda command: asking if command.name == "list" else listed(command)
    await desk.give()
    assert await desk.press("Type it…") == []
    assert await desk.submit("https://news.example/live kyiv") == ["did subscribe https://news.example/live kyiv"]
    assert desk.came[-1].is_admin


@pytest.mark.parametrize(("now", "at_first"), [("kyiv -sport", "kyiv -sport"), ("a long one " * 10, None), ("", None)])
async def test_a_button_for_what_is_typed_opens_a_form_with_what_it_is_now(
    desk: Desk, stage: DiscordStage, now: str, at_first: str | None
) -> None:
    """What does not fit into a button's id is left out: a filter cut short would be taken for the whole."""
    changing = Answer(RichText("Storm"), ((PAUSE, Button("Change…", "filter 3", asks=True, typed=now)),))
    desk.answer = lambda command: changing if command.name == "list" else listed(command)
    await desk.give()
    assert await desk.press("Change…") == []
    (box,) = stage.sandbox.discord.form(ADMIN)
    assert box.get("value") == at_first
    assert await desk.submit("kyiv OR odesa") == ["did filter 3 kyiv OR odesa"]


async def test_a_form_sent_by_somebody_without_rights_comes_in_as_such(desk: Desk) -> None:
    asking = Answer(RichText("Which page?"), asks="subscribe")
    desk.answer = lambda command: asking if command.name == "list" else listed(command)
    await desk.give(MEMBER)
    await desk.press("Type it…", MEMBER)
    await desk.submit("https://news.example/live", MEMBER)
    assert not desk.came[-1].is_admin


def test_two_buttons_that_do_the_same_are_one() -> None:
    (row,) = components.rows(Answer(RichText("x"), ((PAUSE, PAUSE), (PAUSE,))))
    assert len(row["components"]) == 1


def test_a_component_of_another_version_means_nothing() -> None:
    assert not components.pressed({"custom_id": "liverelay:7"})


@pytest.mark.parametrize("told", [{}, {"custom_id": None}, {"custom_id": 7, "values": 5}, {"values": []}])
def test_a_component_without_sense_means_nothing(told: dict[str, object]) -> None:
    assert not components.pressed(told)
    assert not components.asked_for(told)


async def test_a_message_of_the_bots_own_has_buttons_for_all_who_see_it_and_an_edit_takes_them_away(
    desk: Desk, stage: DiscordStage
) -> None:
    await desk.give()
    note = a_message(kind="note", presses=(("Follow it there", "move 3 next"),))
    message = await sent(stage, desk.place, note)
    await stage.sandbox.discord.press(desk.place.chat, "", ADMIN, "Follow it there", message.message_id)
    pressed = desk.came[-1]
    assert (pressed.name, pressed.arguments, pressed.pressed) == ("move", "3 next", True)
    await stage.adapter.edit(desk.place, message, replace(note, headline="It went on", presses=()), 0)
    with pytest.raises(ValueError, match="nothing there"):
        await stage.sandbox.discord.press(desk.place.chat, "", ADMIN, "Follow it there", message.message_id)


def test_links_stand_in_a_row_below_the_buttons() -> None:
    rows = tuple((Button(f"Page {number}", f"pause {number}"),) for number in range(30))
    drawn = components.rows(Answer(RichText("many"), rows, links=(Link("The page", "https://news.example/live"),)))
    assert drawn[-1]["components"] == [{"type": 2, "style": 5, "label": "The page", "url": "https://news.example/live"}]
    assert len(drawn) == 3
