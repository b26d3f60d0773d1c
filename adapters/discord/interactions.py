"""What people do, as it comes over the gateway: a slash command, a press or a form, made into a Command. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.model import Address, User
from bot.ports import Command, Role

from .components import pressed_line, submitted_line
from .rights import kind_of, missing, notes

Orders = Mapping[str, tuple[str, ...]]
"""The names of every command's options, as they were declared."""


def command_of(interaction: discord.Interaction[Any], bot: str, orders: Orders) -> Command:
    """Return the Command. Raises ValueError, KeyError, TypeError or AttributeError where Discord sent nonsense."""
    name, arguments = _said(interaction, orders)
    private = interaction.guild_id is None
    return Command(
        id=str(interaction.id),
        address=_address(interaction, bot),
        chat_kind="private" if private else kind_of(_type(interaction)),
        chat_title=_title(interaction),
        user=User(str(interaction.user.id), interaction.user.display_name),
        is_admin=private or interaction.permissions.manage_guild or interaction.permissions.administrator,
        name=name,
        arguments=arguments,
        reply_to=f"{interaction.application_id}/{interaction.token}",
        language=interaction.locale.value,
        missing_rights=() if private else missing(interaction.app_permissions, _type(interaction)),
        rights_notes=() if private else notes(interaction.app_permissions, _type(interaction)),
        pressed=interaction.type is discord.InteractionType.component,
        has_roles=not private,
        role=_role(interaction),
    )


def _role(interaction: discord.Interaction[Any]) -> Role | None:
    """Return the role that was picked in an option, and who may call its people."""
    told: Any = interaction.data or {}
    picked = next(iter((told.get("resolved") or {}).get("roles", {}).values()), None)
    if picked is None:
        return None
    theirs, ours = interaction.permissions, interaction.app_permissions
    open_to_all = bool(picked["mentionable"])
    return Role(
        id=str(picked["id"]),
        name=str(picked["name"]).removeprefix("@"),
        for_user=open_to_all or theirs.mention_everyone or theirs.administrator,
        for_bot=open_to_all or ours.mention_everyone or ours.administrator,
        everybody=str(picked["id"]) == str(interaction.guild_id),
    )


def _said(interaction: discord.Interaction[Any], orders: Orders) -> tuple[str, str]:
    """Return the name of the command and its arguments."""
    told: Any = interaction.data or {}
    if interaction.type is discord.InteractionType.application_command:
        name = str(told["name"]).lower()
        return name, _arguments(told.get("options") or [], orders.get(name, ()))
    pressed = interaction.type is discord.InteractionType.component
    name, _, arguments = (pressed_line(told) if pressed else submitted_line(told)).partition(" ")
    if not name:
        raise ValueError("a component that is not ours")
    return name, arguments


def _type(interaction: discord.Interaction[Any]) -> discord.ChannelType:
    """Return the kind of the channel; one that cannot be told is taken for a text channel, which has the most needs."""
    return getattr(interaction.channel, "type", discord.ChannelType.text)


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
    given = {str(option["name"]): _word(option) for option in options}
    declared = [name for name in order if name in given]
    return " ".join(given[name] for name in (*declared, *(given.keys() - set(declared)))).strip()


def _word(option: dict[str, Any]) -> str:
    """Return an option's value as it would be typed."""
    value = option["value"]
    if isinstance(value, bool):
        return "on" if value else "off"
    return " ".join(str(value).split())
