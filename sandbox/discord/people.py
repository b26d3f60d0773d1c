"""What people do: they give slash commands, and wait for an answer."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from . import views
from .guilds import FORUM, LOADING, Account, Channel, Message
from .interactions import Interaction
from .sessions import Session
from .shown import text_of
from .spelling import Speller, Spelt, called
from .state import Discord

PATIENCE = 30.0
SETTLED = 0.3
"""Seconds without a further answer after which the answer is complete."""


async def ask(discord: Discord, channel: Channel, user: str, text: str) -> list[str]:
    """Give the slash command that `text` spells and return what bots answer, or nothing after 30 s.

    `Speller.spell` says how words go to options. The answer is complete when nothing was added for 0.3 s. A command
    that the bot keeps for some (its default member permissions) can be given by everybody here: a server's admins may
    allow that, so the bot must look itself.
    Raises ValueError where the command is not registered, or its options do not fit.
    """
    if channel.type == FORUM:
        raise ValueError("nobody can write in a forum itself: name one of its threads")
    deadline = asyncio.get_running_loop().time() + PATIENCE
    changed = asyncio.Event()
    name, _, line = text.strip().removeprefix("/").partition(" ")
    begun: list[Interaction] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout_at(deadline):
            await somebody(discord, channel)
            person = discord.world.person(user)
            for session, command in having(discord, channel, name, person):
                data = _data(command, Speller(discord.world, channel.guild, person).spell(command, line))
                number = discord.world.ids.next()
                begun.append(discord.interactions.open(number, session.bot, channel, person, changed.set))
                session.put("INTERACTION_CREATE", payload(discord, begun[-1], data))
            await answers(begun, changed)
    return [text for interaction in begun for text in replies(interaction)]


async def somebody(discord: Discord, channel: Channel) -> None:
    """Wait until a bot is there to hear the command."""
    while not any(discord.world.connected(channel.guild)):
        await discord.world.arrival()


async def answers(begun: list[Interaction], changed: asyncio.Event) -> None:
    """Wait until all are answered and nothing is added for a moment."""
    while not all(map(_is_answered, begun)):
        changed.clear()
        await changed.wait()
    while True:
        changed.clear()
        try:
            await asyncio.wait_for(changed.wait(), SETTLED)
        except TimeoutError:
            return


def _is_answered(interaction: Interaction) -> bool:
    return interaction.form is not None or any(_is_readable(message) for message in interaction.messages.values())


def _is_readable(message: Message) -> bool:
    return not message.flags & LOADING


def replies(interaction: Interaction) -> list[str]:
    """Return what the bot answered."""
    return [text_of(message) for message in interaction.messages.values() if _is_readable(message)]


def having(discord: Discord, channel: Channel, name: str, person: Account) -> list[tuple[Session, dict[str, Any]]]:
    """Return the sessions of bots that registered the command, one for each bot; a guild's own goes first.

    A command goes by its name, and by that in the person's language. Raises ValueError where none has it.
    """
    found: dict[int, tuple[Session, dict[str, Any]]] = {}
    for session in discord.world.connected(channel.guild):
        for scope in (channel.guild.id, 0):
            for command in session.bot.commands.get(scope, []):
                if name in called(command, person) and command["type"] == 1:
                    found.setdefault(session.bot.id, (session, command))
    if not found:
        raise ValueError(f"no bot in that server has registered the command /{name}")
    return list(found.values())


def _data(command: dict[str, Any], spelt: Spelt) -> dict[str, Any]:
    data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if spelt.options:
        data["options"] = spelt.options
    if spelt.resolved:
        data["resolved"] = spelt.resolved
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data


def payload(discord: Discord, interaction: Interaction, data: dict[str, Any]) -> dict[str, Any]:
    """Return an interaction as the gateway tells it."""
    world, channel, guild = discord.world, interaction.channel, interaction.channel.guild
    person, bot = interaction.user, interaction.bot
    leads = person in guild.admins
    may = world.may(person, channel)
    member = views.member(person, [guild.admin_role] if leads else [], guild.made_at)
    return {
        "id": str(interaction.id),
        "application_id": str(bot.id),
        "type": interaction.type,
        "token": interaction.token,
        "version": 1,
        "data": data,
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "locale": person.locale,
        "channel_id": str(channel.id),
        "channel": views.partial_channel(channel, may, world.members(guild)),
        "member": {**member, "permissions": str(may)},
        "app_permissions": str(world.rights_in(bot, channel)),
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
        "attachment_size_limit": 10_485_760,
    }
