"""A slash command as it comes over the gateway, made into a Command. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.model import Address, User
from bot.ports import Command

Orders = Mapping[str, tuple[str, ...]]
"""The names of every command's options, as they were declared."""


def command_of(interaction: discord.Interaction[Any], bot: str, orders: Orders) -> Command:
    """Return the Command. Raises ValueError, KeyError, TypeError or AttributeError where Discord sent nonsense."""
    told: Any = interaction.data or {}
    name = str(told["name"]).lower()
    private = interaction.guild_id is None
    return Command(
        id=str(interaction.id),
        address=_address(interaction, bot),
        chat_kind="private" if private else "group",
        chat_title=_title(interaction),
        user=User(str(interaction.user.id), interaction.user.display_name),
        is_admin=private or interaction.permissions.manage_guild or interaction.permissions.administrator,
        name=name,
        arguments=_arguments(told.get("options") or [], orders.get(name, ())),
        reply_to=f"{interaction.application_id}/{interaction.token}",
        language=interaction.locale.value,
        missing_rights=() if private else missing_rights(interaction),
    )


def missing_rights(interaction: discord.Interaction[Any]) -> tuple[str, ...]:
    """Return what the bot would need in that channel and has not, as Discord's settings name it."""
    rights = interaction.app_permissions
    if rights.administrator:
        return ()
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = rights.send_messages_in_threads if in_thread else rights.send_messages
    needed = {
        "View Channel": rights.view_channel,
        "Send Messages in Threads" if in_thread else "Send Messages": may_send,
        "Embed Links": rights.embed_links,
    }
    return tuple(name for name, held in needed.items() if not held)


def _address(interaction: discord.Interaction[Any], bot: str) -> Address:
    channel = interaction.channel
    if channel is None:
        raise ValueError("an interaction without a channel")
    if isinstance(channel, discord.Thread):
        return Address("discord", bot, str(channel.parent_id), str(channel.id))
    return Address("discord", bot, str(channel.id))


def _title(interaction: discord.Interaction[Any]) -> str:
    name = getattr(interaction.channel, "name", None)
    return f"#{name}" if name else interaction.user.display_name


def _arguments(options: list[dict[str, Any]], order: tuple[str, ...]) -> str:
    given = {str(option["name"]): " ".join(str(option["value"]).split()) for option in options}
    declared = [name for name in order if name in given]
    return " ".join(given[name] for name in (*declared, *(given.keys() - set(declared)))).strip()
