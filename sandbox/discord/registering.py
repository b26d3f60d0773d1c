"""Registering slash commands, and what Discord holds them to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .asking import the_guild
from .check_commands import CHAT_INPUT, problems
from .guilds import Bot, Guild
from .refusal import malformed, refuse
from .state import Answer, Asked, Discord

MOST_NEW, _DAY = 200, timedelta(days=1)
_DICTIONARIES = ("name_localizations", "description_localizations")


def listed(discord: Discord, asked: Asked) -> Answer:
    """GET /applications/{application_id}/commands, global or of a guild; `with_localizations` shows all languages."""
    known = asked.sender.commands.get(_scope(discord, asked), [])
    if asked.query.get("with_localizations", "").lower() in ("1", "true"):
        return 200, known
    return 200, [_in_one_language(command) for command in known]


def replace(discord: Discord, asked: Asked) -> Answer:
    """PUT /applications/{application_id}/commands: these and no others."""
    scope, bot = _scope(discord, asked), asked.sender
    wanted = asked.body
    if not isinstance(wanted, list) or not all(isinstance(command, dict) for command in wanted):
        raise malformed([((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")])
    if wrong := list(problems(wanted)):
        raise malformed(wrong)
    known = {(command["name"], command["type"]): command for command in bot.commands.get(scope, [])}
    _count_new(
        discord, asked, scope, [one for one in wanted if (one["name"], one.get("type") or CHAT_INPUT) not in known]
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
    return 200, _ruled(asked.sender, guild.id, int(number), given)


def all_permissions(discord: Discord, asked: Asked) -> Answer:
    """GET …/commands/permissions: what the server's admins set, for each command of which they set anything."""
    guild = the_guild(discord, asked)
    _scope(discord, asked)
    given = asked.sender.allowed.items()
    return 200, [_ruled(asked.sender, guild.id, number, rules) for (of, number), rules in given if of == guild.id]


def set_permissions(discord: Discord, bot: Bot, guild: Guild, number: int, rules: list[dict[str, Any]]) -> None:
    """The server's admins set who may give a command, or (by the bot's own id) all of them; the bot is told."""
    bot.allowed[guild.id, number] = rules
    for session in discord.world.sessions.values():
        if session.bot is bot and session.holds(guild):
            session.put("APPLICATION_COMMAND_PERMISSIONS_UPDATE", _ruled(bot, guild.id, number, rules))


def _ruled(bot: Bot, guild: int, number: int, rules: list[dict[str, Any]]) -> dict[str, Any]:
    ids = {"id": str(number), "application_id": str(bot.id), "guild_id": str(guild)}
    return {**ids, "permissions": rules}


def _scope(discord: Discord, asked: Asked) -> int:
    if asked.path["application_id"] != str(asked.sender.id):
        raise refuse(403, 20012)
    return the_guild(discord, asked).id if "guild_id" in asked.path else 0


def _registered(
    discord: Discord, asked: Asked, wanted: Mapping[str, Any], known: Mapping[tuple[str, int], Any], scope: int
) -> dict[str, Any]:
    kind = wanted.get("type") or CHAT_INPUT
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


def _in_one_language(thing: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in thing.items() if name not in _DICTIONARIES}
    for several in ("options", "choices"):
        if several in told:
            told[several] = [_in_one_language(one) for one in told[several]]
    return told


def _without_nothing(option: Mapping[str, Any]) -> dict[str, Any]:
    """Discord leaves out what is empty or false."""
    told = {name: value for name, value in option.items() if value not in (None, [], {}) and value is not False}
    for several in ("options", "choices"):
        if several in told:
            told[several] = [_without_nothing(one) for one in told[several]]
    return told
