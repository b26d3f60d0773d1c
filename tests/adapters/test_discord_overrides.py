"""Who may give a command, where a server set that itself: slash commands, presses and forms alike."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from adapters.discord.overrides import Asker, verdict
from bot.commands import SPECS
from bot.model import Address
from sandbox.server import Sandbox, specs_from

from .discord_stage import ADMIN, MEMBER, on_stage
from .test_discord_channels import Server

GUILD, CHANNEL, USER, STAFF, GUESTS = 1000, 50, 7, 21, 22
ROLES, PEOPLE, CHANNELS = 1, 2, 3
ME = Asker(USER, frozenset({STAFF, GUESTS}), GUILD, CHANNEL)


def rule(kind: int, number: int, *, allows: bool = True) -> dict[str, Any]:
    return {"id": str(number), "type": kind, "permission": allows}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([], "unsaid"),
        ([rule(ROLES, 99), rule(PEOPLE, 99)], "unsaid"),
        ([rule(ROLES, GUILD)], "allowed"),
        ([rule(ROLES, GUILD, allows=False)], "denied"),
        ([rule(ROLES, GUILD), rule(ROLES, STAFF, allows=False)], "denied"),
        ([rule(ROLES, STAFF), rule(ROLES, GUESTS, allows=False)], "allowed"),
        ([rule(ROLES, STAFF), rule(PEOPLE, USER, allows=False)], "denied"),
        ([rule(ROLES, STAFF, allows=False), rule(PEOPLE, USER)], "allowed"),
        ([rule(PEOPLE, USER), rule(CHANNELS, CHANNEL, allows=False)], "denied"),
        ([rule(PEOPLE, USER), rule(CHANNELS, GUILD - 1, allows=False)], "denied"),
        ([rule(PEOPLE, USER), rule(CHANNELS, GUILD - 1, allows=False), rule(CHANNELS, CHANNEL)], "allowed"),
        ([rule(CHANNELS, CHANNEL)], "unsaid"),
    ],
)
def test_the_rules_of_a_server_are_read_as_discord_reads_them(rules: list[dict[str, Any]], said: str) -> None:
    assert verdict(rules, ME) == said


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Sandbox(specs=specs_from(os.environ)) as sandbox, on_stage(sandbox, commands=SPECS) as stage:
        made = Server(stage)
        task = asyncio.create_task(stage.adapter.listen(made))
        await made.give("/list")  # the commands are registered now, and can have rules
        yield made
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def set_rules(server: Server, command: str, *rules: dict[str, Any]) -> None:
    """Let the server's admins set rules; without any, everybody may."""
    guild = server.discord.world.find(server.home).guild
    given = list(rules) or [rule(ROLES, guild.id)]
    server.stage.fault("allow_command", Address("discord", "", server.home), command=command, rules=given)


async def is_admin(server: Server, line: str, user: str) -> bool:
    await server.give(line, user)
    return server.came[-1].is_admin


async def test_only_a_rule_that_gives_the_command_to_somebody_lets_them_change_something(server: Server) -> None:
    member = server.discord.world.person(MEMBER).id
    assert not await is_admin(server, "/pause", MEMBER)
    set_rules(server, "pause", rule(ROLES, 99), rule(CHANNELS, int(server.home)))
    assert not await is_admin(server, "/pause", MEMBER)
    set_rules(server, "pause", rule(PEOPLE, member))
    assert await is_admin(server, "/pause", MEMBER)


async def test_what_is_set_for_all_commands_gives_nobody_more_than_their_own_rights(server: Server) -> None:
    set_rules(server, "")
    assert not await is_admin(server, "/pause", MEMBER)


async def test_a_press_is_held_to_the_rules_of_its_command_as_they_are_now(server: Server) -> None:
    set_rules(server, "pause")
    await server.give("/list", MEMBER)
    await server.press("Pause 3", MEMBER)
    assert server.came[-1].is_admin
    admin = server.discord.world.person(ADMIN).id
    set_rules(server, "pause", rule(PEOPLE, admin, allows=False))
    await server.give("/list", ADMIN)
    await server.press("Pause 3", ADMIN)
    assert not server.came[-1].is_admin


async def test_a_command_opened_in_one_channel_is_not_open_for_another(server: Server) -> None:
    ferry = server.beside()
    everybody = rule(ROLES, server.discord.world.find(server.home).guild.id)
    set_rules(server, "pause", everybody, rule(CHANNELS, int(ferry.chat), allows=False))
    assert await is_admin(server, "/pause", MEMBER)
    assert not await is_admin(server, f"/pause channel:{ferry.chat}", MEMBER)


async def test_where_the_rules_cannot_be_read_manage_server_decides(server: Server) -> None:
    server.stage.fault("500_before", method="GET /applications/{application_id}/guilds/{guild_id}/commands/permissions")
    assert not await is_admin(server, "/pause", MEMBER)
    assert await is_admin(server, "/pause", ADMIN)
