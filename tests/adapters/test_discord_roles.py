"""A role that is picked with a command: who may call its people, as Discord tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.commands import SPECS
from bot.ports import Answer, Command, Done, Incoming, Role
from bot.richtext import RichText
from sandbox.server import Sandbox

from .contract import listening
from .discord_stage import DiscordStage, on_stage

RIGHTS = ("VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS")


@pytest.fixture
async def stage(sandbox: Sandbox) -> AsyncIterator[DiscordStage]:
    async with on_stage(sandbox, commands=SPECS) as ready:
        yield ready


class Hearing:
    """Answers every command with what was typed, and keeps it."""

    def __init__(self, stage: DiscordStage) -> None:
        self.commands: asyncio.Queue[Command] = asyncio.Queue()
        self._stage = stage

    async def __call__(self, incoming: Incoming) -> None:
        if isinstance(incoming, Command):
            self.commands.put_nowait(incoming)
            assert await self._stage.adapter.reply(incoming, Answer(RichText(incoming.arguments))) == Done()


async def picked(
    stage: DiscordStage, *, mentionable: bool, rights: tuple[str, ...], everybody: bool = False
) -> Command:
    address = stage.open_chat("text", rights)
    stage.fault("role", address, name="News", mentionable=mentionable)
    role = str(stage.sandbox.discord.world.find(address.chat).guild.id) if everybody else "@News"
    hearing = Hearing(stage)
    async with listening(stage.adapter, hearing):
        await stage.ask(address, f"/ping role:{role} words:is:breaking", admin=True)
    return hearing.commands.get_nowait()


@pytest.mark.parametrize(
    ("mentionable", "rights", "user", "bot"),
    [(True, RIGHTS, True, True), (False, RIGHTS, False, False), (False, ("all",), False, True)],
)
async def test_who_may_call_a_role_comes_with_the_command(
    stage: DiscordStage, mentionable: bool, rights: tuple[str, ...], user: bool, bot: bool
) -> None:
    command = await picked(stage, mentionable=mentionable, rights=rights)
    assert command.role is not None
    assert command.role == Role(command.role.id, "News", user, bot)
    assert (bool(command.server), command.arguments) == (True, f"{command.role.id} is:breaking")


async def test_everybody_is_known_as_such(stage: DiscordStage) -> None:
    command = await picked(stage, mentionable=False, rights=RIGHTS, everybody=True)
    assert command.role is not None
    assert command.role.everybody
