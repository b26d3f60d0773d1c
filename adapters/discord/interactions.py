"""What people do, as it comes over the gateway: a slash command, a press or a form, made into a Command. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.model import User
from bot.ports import Command, CommandSpec, OptionKind, Role

from .components import pressed, submitted
from .targets import Place

Specs = Mapping[str, CommandSpec]
"""The commands by name, as they were declared."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed or pressed; `channel` is the id of the channel it is about, "" for the one it was given in."""

    name: str
    arguments: str
    channel: str = ""


def said(interaction: discord.Interaction[Any], specs: Specs) -> Said:
    """Return it. Raises ValueError, LookupError, TypeError or AttributeError where Discord sent nonsense."""
    told: Any = interaction.data or {}
    if interaction.type in _TYPED:
        name = str(told["name"]).lower()
        options = told.get("options") or []
        return Said(name, _arguments(options, specs.get(name)), _channel(options))
    carried = (pressed if interaction.type is discord.InteractionType.component else submitted)(told)
    if not carried:
        raise ValueError("a component that is not ours")
    name, _, arguments = carried.line.partition(" ")
    return Said(name, arguments, carried.channel)


_TYPED = (discord.InteractionType.application_command, discord.InteractionType.autocomplete)


@dataclass(frozen=True, slots=True)
class Focus:
    """The option that is being typed, and what stands in it so far."""

    option: str
    typed: str
    kind: OptionKind


def focused(interaction: discord.Interaction[Any]) -> Focus:
    """Return it. Raises ValueError, LookupError, TypeError or AttributeError where Discord sent nonsense."""
    told: Any = interaction.data or {}
    (option,) = (each for each in told["options"] if each.get("focused"))
    return Focus(str(option["name"]), str(option["value"]).strip(), "integer" if option["type"] == _INTEGER else "text")


def command_of(interaction: discord.Interaction[Any], told: Said, about: Place, given_in: Place) -> Command:
    """Return the Command about a place; it is answered where it was given."""
    return Command(
        id=str(interaction.id),
        address=about.address,
        chat_kind=about.chat_kind,
        chat_title=f"#{about.name}" if about.name else interaction.user.display_name,
        user=User(str(interaction.user.id), interaction.user.display_name),
        is_admin=about.can_be_changed,
        name=told.name,
        arguments=told.arguments,
        reply_to=f"{interaction.application_id}/{interaction.token}",
        language=_locale(interaction),
        missing_rights=about.missing_rights,
        rights_notes=about.rights_notes,
        pressed=interaction.type is discord.InteractionType.component,
        server=str(interaction.guild_id or ""),
        leads_server=interaction.permissions.manage_guild or interaction.permissions.administrator,
        given_in=None if about.address == given_in.address else given_in.address,
        role=_role(interaction, about),
    )


def _role(interaction: discord.Interaction[Any], about: Place) -> Role | None:
    """Return the role that was picked in an option, and who may call its people there."""
    told: Any = interaction.data or {}
    picked = next(iter((told.get("resolved") or {}).get("roles", {}).values()), None)
    if picked is None:
        return None
    open_to_all = bool(picked["mentionable"])
    return Role(
        id=str(picked["id"]),
        name=str(picked["name"]).removeprefix("@"),
        for_user=open_to_all or about.may.mention_everyone or about.may.administrator,
        for_bot=open_to_all or about.bot_may.mention_everyone or about.bot_may.administrator,
        everybody=str(picked["id"]) == str(interaction.guild_id),
    )


def _locale(interaction: discord.Interaction[Any]) -> str:
    """Return the language of the server; a server that is no Community cannot choose one, and is told as en-US."""
    of_server = interaction.guild_locale
    theirs = of_server is None or of_server is discord.Locale.american_english
    return str(interaction.locale if theirs else of_server)


def _arguments(options: list[dict[str, Any]], spec: CommandSpec | None) -> str:
    """Return what was typed as one line, in declared order, without the channel and what is still being typed."""
    typed = [option for option in options if option.get("type") != _CHANNEL and not option.get("focused")]
    given = {str(option["name"]): _word(option) for option in typed}
    declared = [option.name for option in (spec.options if spec else ()) if option.name in given]
    return " ".join(given[name] for name in (*declared, *(given.keys() - set(declared)))).strip()


_CHANNEL = discord.AppCommandOptionType.channel.value
_INTEGER = discord.AppCommandOptionType.integer.value


def _channel(options: list[dict[str, Any]]) -> str:
    return next((str(int(option["value"])) for option in options if option.get("type") == _CHANNEL), "")


def _word(option: dict[str, Any]) -> str:
    """Return an option's value as it would be typed."""
    value = option["value"]
    if isinstance(value, bool):
        return "on" if value else "off"
    return " ".join(str(value).split())
