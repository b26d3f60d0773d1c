"""Which channel a command is about: the one it was given in, or another of its server that it names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.model import Address, ChatKind

from .rights import THREADS, kind_of, missing, notes

Read = Callable[[str], Awaitable[Any]]
"""Asks Discord for a channel; anything but a mapping means that it cannot be had."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, and what may be done there: `may` by whoever gave the command, `bot_may` by the bot."""

    address: Address
    kind: discord.ChannelType
    name: str
    may: discord.Permissions
    bot_may: discord.Permissions

    @property
    def chat_kind(self) -> ChatKind:
        """What it is to the core."""
        return "private" if self.kind is discord.ChannelType.private else kind_of(self.kind)

    @property
    def can_be_changed(self) -> bool:
        """Whether whoever gave the command manages the server."""
        return self.chat_kind == "private" or self.may.administrator or self.may.manage_guild

    @property
    def missing_rights(self) -> tuple[str, ...]:
        """What the bot lacks to relay there."""
        return () if self.chat_kind == "private" else missing(self.bot_may, self.kind)

    @property
    def rights_notes(self) -> tuple[str, ...]:
        """What will not work there."""
        return () if self.chat_kind == "private" else notes(self.bot_may, self.kind)


def here(interaction: discord.Interaction[Any], bot: str) -> Place:
    """Return where the command was given. Raises ValueError where Discord did not say."""
    channel = interaction.channel
    if channel is None:
        raise ValueError("an interaction without a channel")
    above, thread = str(channel.id), ""
    if isinstance(channel, discord.Thread):
        above, thread = str(channel.parent_id), str(channel.id)
    private = interaction.guild_id is None
    return Place(
        Address("discord", bot, above, thread),
        # one whose kind cannot be told is taken for a text channel, which has the most needs
        discord.ChannelType.private if private else getattr(channel, "type", discord.ChannelType.text),
        getattr(channel, "name", None) or "",
        interaction.permissions,
        interaction.app_permissions,
    )


def is_ours(interaction: discord.Interaction[Any]) -> bool:
    """Whether the bot can post later where this was given: in a server that it is in, or in a private chat with it.

    Discord offers the commands nowhere else. An app that a person installed for themselves may answer in other servers
    and in chats of several people, and do no more there.
    """
    if interaction.guild_id is not None:
        return interaction.client.get_guild(interaction.guild_id) is not None
    kind = getattr(interaction.channel, "type", None)
    return kind is discord.ChannelType.private and not interaction.context.private_channel


async def named(interaction: discord.Interaction[Any], bot: str, number: str, read: Read) -> Place | None:
    """Return another channel of the same server, as the interaction resolved it, the gateway shows it, or Discord says.

    None where it is not there, is one of another server, or is hidden from whoever gave the command.
    """
    guild = interaction.guild
    if guild is None:
        return None
    known = guild.get_channel_or_thread(int(number))
    told = _resolved(interaction, number)
    if known is None and not _is_in(guild, told):
        told = await read(number)
        if not _is_in(guild, told):
            return None
    place = _place(interaction, Address("discord", bot, number), known, told or {})
    return place if place.may.view_channel or place.may.administrator else None


def _is_in(guild: discord.Guild, told: Any) -> bool:
    return isinstance(told, dict) and str(told.get("guild_id")) == str(guild.id)


def _resolved(interaction: discord.Interaction[Any], number: str) -> dict[str, Any] | None:
    told: Any = interaction.data or {}
    found = ((told.get("resolved") or {}).get("channels") or {}).get(number)
    return found if isinstance(found, dict) else None


def _place(
    interaction: discord.Interaction[Any],
    address: Address,
    known: discord.abc.GuildChannel | discord.Thread | None,
    told: Mapping[str, Any],
) -> Place:
    guild, user = interaction.guild, interaction.user
    assert guild is not None
    parent = str(known.parent_id if isinstance(known, discord.Thread) else told.get("parent_id") or "")
    kind = known.type if known else discord.enums.try_enum(discord.ChannelType, int(told["type"]))
    in_thread = kind in THREADS
    above = guild.get_channel(int(parent)) if in_thread else known
    assert not isinstance(above, discord.Thread)
    return Place(
        replace(address, chat=parent, thread=address.chat) if in_thread else address,
        kind,
        str(known.name if known else told.get("name") or ""),
        discord.Permissions(int(told["permissions"])) if "permissions" in told else _rights(above, user),
        discord.Permissions.all() if guild.unavailable else _rights(above, guild.me),
    )


def _rights(channel: discord.abc.GuildChannel | None, whose: Any) -> discord.Permissions:
    """Return somebody's rights in a channel; none in one that the gateway does not show."""
    if channel is None or not isinstance(whose, discord.Member):
        return discord.Permissions.none()
    return channel.permissions_for(whose)
