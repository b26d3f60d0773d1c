"""The slash commands as Discord keeps them, and whether they must be sent again.

Discord allows 200 registrations a day and a person's menu flickers with each, so they are sent when they differ only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.ports import CommandSpec, Option

_CHAT_INPUT = 1
_STRING = 3
_MANAGE_GUILD = "32"
_CONTEXTS = [0, 1]  # servers and private chats with the bot
_INSTALLS = [0]  # in a server: an app that a person installed may not stay and post


def payload(spec: CommandSpec) -> dict[str, Any]:
    """Return the command as Discord wants to be told of it; what is required goes first, as it demands."""
    return {
        "type": _CHAT_INPUT,
        "name": spec.name,
        "description": spec.description,
        "options": [_option(option) for option in sorted(spec.options, key=lambda option: not option.required)],
        "default_member_permissions": _MANAGE_GUILD if spec.changes else None,
        "contexts": _CONTEXTS,
        "integration_types": _INSTALLS,
    }


def same(registered: Iterable[Mapping[str, Any]], wanted: Iterable[Mapping[str, Any]]) -> bool:
    """Whether Discord already knows exactly these commands, whatever it adds of its own."""
    return sorted(map(_essence, registered)) == sorted(map(_essence, wanted))


def _option(option: Option) -> dict[str, Any]:
    return {
        "type": _STRING,
        "name": option.name,
        "description": option.description,
        "required": option.required,
        "choices": [{"name": choice, "value": choice} for choice in option.choices],
    }


def _essence(command: Mapping[str, Any]) -> tuple[Any, ...]:
    options = tuple(map(_essence_of_option, command.get("options") or ()))
    return (
        command["name"],
        command.get("type", _CHAT_INPUT),
        command["description"],
        options,
        str(command.get("default_member_permissions") or ""),
        tuple(sorted(command.get("contexts") or _CONTEXTS)),
        tuple(sorted(command.get("integration_types") or _INSTALLS)),
    )


def _essence_of_option(option: Mapping[str, Any]) -> tuple[Any, ...]:
    choices = tuple((choice["name"], choice["value"]) for choice in option.get("choices") or ())
    return option["type"], option["name"], option["description"], bool(option.get("required")), choices
