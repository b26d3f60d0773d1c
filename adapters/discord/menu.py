"""The slash commands as Discord keeps them, and whether they must be sent again.

Discord allows 200 registrations a day and a person's menu flickers with each, so they are sent when they differ only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from discord.http import Route

from bot.languages import CHOICE, COMMAND, OPTION, translated
from bot.ports import CommandSpec, Option, OptionKind

from .cut import shortened

_CHAT_INPUT = 1
_TYPES: dict[OptionKind, int] = {"text": 3, "integer": 4, "boolean": 5, "channel": 7, "role": 8}
_READ = [0, 5, 10, 11, 12, 15]  # text, announcements, threads of three kinds, forums: where a bot can relay
_OF_OPTION = ("type", "name", "description", "min_value", "max_value", "min_length", "max_length")
_LOCALES = {"es": ("es-ES", "es-419"), "fr": ("fr",), "de": ("de",), "uk": ("uk",)}
"""Our languages, English aside, as Discord's clients call them."""
_NAME = re.compile(r"[-_'\w]{1,32}")
_LONGEST = 100
_MANAGE_GUILD = "32"
_CONTEXTS = [0, 1]  # servers and private chats with the bot
_INSTALLS = [0]  # in a server: an app that a person installed may not stay and post


def payload(spec: CommandSpec) -> dict[str, Any]:
    """Return the command as Discord wants to be told of it; what is required goes first, as it demands.

    In other languages it has other names; what comes back from Discord names it in English all the same.
    """
    return {
        "type": _CHAT_INPUT,
        "name": spec.name,
        "name_localizations": _named(spec.name, COMMAND),
        "description": spec.description,
        "description_localizations": _described(spec.description),
        "options": [_option(option) for option in sorted(spec.options, key=lambda option: not option.required)],
        "default_member_permissions": _MANAGE_GUILD if spec.changes else None,
        "contexts": _CONTEXTS,
        "integration_types": _INSTALLS,
    }


def listed(application: int) -> Route:
    """Return where Discord tells the commands that it knows, in all their languages."""
    path = "/applications/{application_id}/commands?with_localizations=true"
    return Route("GET", path, application_id=application)


def same(registered: Iterable[Mapping[str, Any]], wanted: Iterable[Mapping[str, Any]]) -> bool:
    """Whether Discord already knows exactly these commands, whatever it adds of its own."""
    return _by_name(registered) == _by_name(wanted)


def _option(option: Option) -> dict[str, Any]:
    return {
        "type": _TYPES[option.kind],
        "name": option.name,
        "name_localizations": _named(option.name, OPTION),
        "description": option.description,
        "description_localizations": _described(option.description),
        "required": option.required,
        "choices": [_choice(choice) for choice in option.choices],
        **({"autocomplete": True} if option.suggested else {}),
        **_bounds(option),
    }


def _choice(choice: str) -> dict[str, Any]:
    return {"name": choice, "name_localizations": _in_all(choice, CHOICE), "value": choice}


def _named(name: str, context: str) -> dict[str, str]:
    """Return a name in the languages in which it has one that Discord takes."""
    return {at: told for at, told in _in_all(name, context).items() if _NAME.fullmatch(told) and told == told.lower()}


def _described(description: str) -> dict[str, str]:
    """Return a description in all languages, cut where it is too long for Discord."""
    return {locale: shortened(told, _LONGEST) for locale, told in _in_all(description).items()}


def _in_all(text: str, context: str = "") -> dict[str, str]:
    """Return what is not as in English, by Discord's locales."""
    told = {locale: translated(text, language, context) for language, locales in _LOCALES.items() for locale in locales}
    return {locale: word for locale, word in told.items() if word != text}


def _bounds(option: Option) -> dict[str, Any]:
    """Return what Discord's client lets people type: a number's bounds, a text's length, channels that can be read."""
    if option.kind == "channel":
        return {"channel_types": _READ}
    what = "value" if option.kind == "integer" else "length"
    bounds = {f"min_{what}": option.least, f"max_{what}": option.most}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _by_name(commands: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {command["name"]: _essence(command) for command in commands}


def _essence(command: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes a difference, as Discord keeps it: what is empty or false is left out."""
    return {
        "name": command["name"],
        "type": command.get("type", _CHAT_INPUT),
        "description": command["description"],
        **_languages(command),
        "options": [_essence_of_option(option) for option in command.get("options") or ()],
        "rights": str(command.get("default_member_permissions") or ""),
        "contexts": sorted(command.get("contexts") or _CONTEXTS),
        "installs": sorted(command.get("integration_types") or _INSTALLS),
    }


def _essence_of_option(option: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: option[name] for name in _OF_OPTION if option.get(name) not in (None, [], {})}
    choices = [
        {**{name: choice[name] for name in ("name", "value")}, **_languages(choice)}
        for choice in option.get("choices") or ()
    ]
    kinds = sorted(option.get("channel_types") or ())
    flags = {name: bool(option.get(name)) for name in ("required", "autocomplete")}
    return {**told, **_languages(option), **flags, "choices": choices, "channel_types": kinds}


def _languages(thing: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("name_localizations", "description_localizations")
    return {field: dict(thing[field]) for field in fields if thing.get(field)}
