"""Registering slash commands, and what Discord holds them to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from .asking import the_guild
from .check_components import Problem
from .refusal import malformed, refuse
from .state import Answer, Asked, Discord

MOST, MOST_OPTIONS, MOST_CHOICES, TOTAL = 100, 25, 25, 8000
_NAME = re.compile(r"^[-_'\w]{1,32}$")
MOST_NEW, _DAY = 200, timedelta(days=1)
_CHAT_INPUT, _SUBCOMMANDS = 1, (1, 2)


def listed(discord: Discord, asked: Asked) -> Answer:
    """GET /applications/{application_id}/commands, global or of a guild."""
    return 200, asked.sender.commands.get(_scope(discord, asked), [])


def replace(discord: Discord, asked: Asked) -> Answer:
    """PUT /applications/{application_id}/commands: these and no others."""
    scope, bot = _scope(discord, asked), asked.sender
    wanted = asked.body
    if not isinstance(wanted, list) or not all(isinstance(command, dict) for command in wanted):
        raise malformed([((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")])
    if problems := list(_problems(wanted)):
        raise malformed(problems)
    known = {(command["name"], command["type"]): command for command in bot.commands.get(scope, [])}
    _count_new(
        discord, asked, scope, [one for one in wanted if (one["name"], one.get("type") or _CHAT_INPUT) not in known]
    )
    bot.commands[scope] = [_registered(discord, asked, command, known, scope) for command in wanted]
    discord.world.arrived()
    return 200, bot.commands[scope]


def _count_new(discord: Discord, asked: Asked, scope: int, new: list[dict[str, Any]]) -> None:
    """Discord takes 200 new commands a day, and as many for each server; what it knows can be sent again at will."""
    now = discord.world.now()
    made = [moment for moment in asked.sender.created.get(scope, []) if now - moment < _DAY]
    if len(made) + len(new) > MOST_NEW:
        raise refuse(400, 30034)
    asked.sender.created[scope] = made + [now] * len(new)


def permissions(discord: Discord, asked: Asked) -> Answer:
    """GET …/commands/{command_id}/permissions: what the server's admins set for a command, or for all of them."""
    guild = the_guild(discord, asked)
    _scope(discord, asked)
    number = asked.path["command_id"]
    given = asked.sender.allowed.get((guild.id, int(number) if number.isdecimal() else 0))
    if given is None:
        raise refuse(404, 10066)
    ids = {"id": number, "application_id": str(asked.sender.id), "guild_id": str(guild.id)}
    return 200, {**ids, "permissions": given}


def _scope(discord: Discord, asked: Asked) -> int:
    if asked.path["application_id"] != str(asked.sender.id):
        raise refuse(403, 20012)
    return the_guild(discord, asked).id if "guild_id" in asked.path else 0


def _registered(
    discord: Discord, asked: Asked, wanted: Mapping[str, Any], known: Mapping[tuple[str, int], Any], scope: int
) -> dict[str, Any]:
    kind = wanted.get("type") or _CHAT_INPUT
    before = known.get((wanted["name"], kind))
    number = before["id"] if before else str(discord.world.ids.next())
    rights = wanted.get("default_member_permissions")
    body: dict[str, Any] = {
        "id": number,
        "application_id": str(asked.sender.id),
        "version": str(discord.world.ids.next()),
        "type": kind,
        "name": wanted["name"],
        "name_localizations": wanted.get("name_localizations"),
        "description": wanted.get("description") or "",
        "description_localizations": wanted.get("description_localizations"),
        "default_member_permissions": None if rights is None else str(rights),
        "dm_permission": wanted.get("dm_permission") is not False,
        "contexts": wanted.get("contexts"),
        "integration_types": wanted.get("integration_types") or [0],
        "nsfw": bool(wanted.get("nsfw")),
    }
    if options := wanted.get("options"):
        body["options"] = [_without_nothing(option) for option in options]
    return body | ({"guild_id": str(scope)} if scope else {})


def _without_nothing(option: Mapping[str, Any]) -> dict[str, Any]:
    """Discord leaves out what is empty or false."""
    told = {name: value for name, value in option.items() if value not in (None, False, [])}
    if "options" in told:
        told["options"] = [_without_nothing(one) for one in told["options"]]
    return told


def _problems(commands: list[dict[str, Any]]) -> Iterator[Problem]:
    chat = [command for command in commands if (command.get("type") or _CHAT_INPUT) == _CHAT_INPUT]
    if len(chat) > MOST:
        yield (), "APPLICATION_COMMANDS_LIMIT_REACHED", f"Maximum number of application commands reached ({MOST})."
    seen: set[tuple[str, int]] = set()
    for number, command in enumerate(commands):
        yield from _command(command, number)
        key = (str(command.get("name")), command.get("type") or _CHAT_INPUT)
        if key in seen:
            yield (number, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
        seen.add(key)


def _command(command: Mapping[str, Any], number: int) -> Iterator[Problem]:
    if (command.get("type") or _CHAT_INPUT) != _CHAT_INPUT:
        if not 1 <= len(str(command.get("name") or "")) <= 32:
            yield (number, "name"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length."
        return
    yield from _named(command, (number,))
    yield from _options(command, (number,))
    if _size(command) > TOTAL:
        yield (number,), "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({TOTAL})"
    rights = command.get("default_member_permissions")
    if rights is not None and not str(rights).isdecimal():
        yield (number, "default_member_permissions"), "NUMBER_TYPE_COERCE", f'Value "{rights}" is not int.'


def _named(thing: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Problem]:
    name, description = thing.get("name"), thing.get("description")
    if not isinstance(name, str) or not _NAME.match(name) or name != name.lower():
        yield (*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= 100:
        yield (*path, "description"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."


def _options(thing: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Problem]:
    options = thing.get("options") or []
    if len(options) > MOST_OPTIONS:
        yield (*path, "options"), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_OPTIONS} or fewer in length."
    names, optional = set(), False
    for number, option in enumerate(options):
        place = (*path, "options", number)
        yield from _named(option, place)
        yield from _options(option, place)
        if option.get("name") in names:
            yield (*place, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists"
        if option.get("required") and optional:
            sentence = "Required options must be placed before non-required options"
            yield place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", sentence
        if len(option.get("choices") or []) > MOST_CHOICES:
            yield (*place, "choices"), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_CHOICES} or fewer in length."
        names.add(option.get("name"))
        optional = optional or (option.get("type") not in _SUBCOMMANDS and not option.get("required"))


def _size(thing: Mapping[str, Any]) -> int:
    """The characters of names, descriptions and choices' values, of all options together."""
    size = len(str(thing.get("name") or "")) + len(str(thing.get("description") or ""))
    size += sum(len(str(one.get("name"))) + len(str(one.get("value"))) for one in thing.get("choices") or [])
    return size + sum(_size(option) for option in thing.get("options") or [])
