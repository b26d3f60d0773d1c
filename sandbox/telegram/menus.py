"""A bot's menus of commands, one for each scope and language, and which of them a person is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .access import Servers
from .chats import Bot, Chat, Person
from .decode import Asked
from .refusal import Refusal, bad

MOST_COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


async def set_my_commands(servers: Servers, asked: Asked) -> Any:
    """Replace the bot's menu of commands for a scope and language."""
    commands = asked.values["commands"]
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    asked.bot.commands[_menu(servers, asked)] = commands
    return True


async def get_my_commands(servers: Servers, asked: Asked) -> Any:
    """Tell the menu of a scope and language."""
    return asked.bot.commands.get(_menu(servers, asked), [])


async def delete_my_commands(servers: Servers, asked: Asked) -> Any:
    """Take away the menu of a scope and language."""
    asked.bot.commands.pop(_menu(servers, asked), None)
    return True


def _check_command(command: Any) -> None:
    if not isinstance(command, dict):
        raise bad("can't parse BotCommand: expected an object")
    if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
        raise bad("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def _menu(servers: Servers, asked: Asked) -> str:
    """Return the key of a scope and language. Raises Refusal."""
    scope = asked.values.get("scope") or {"type": "default"}
    language = asked.words("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    for field in _SCOPES[kind]:
        if field not in scope:
            raise bad(f"can't parse BotCommandScope: can't find field {field}")
    if "chat_id" in _SCOPES[kind]:
        _check_scope_chat(servers, asked, scope["chat_id"])
    return _key(scope, language)


def _check_scope_chat(servers: Servers, asked: Asked, number: Any) -> None:
    chat = servers.world.chats.get(int(number)) if str(number).lstrip("-").isdecimal() else None
    if chat is None or asked.bot.id in chat.absent:
        raise bad("chat not found")
    if chat.is_channel:
        raise Refusal(400, "Bad Request: can't change commands in channel chats")


def shown_to(bot: Bot, chat: Chat, person: Person, language: str) -> list[str]:
    """Return what a person reads in the menu of a chat: the narrowest that there is, by the documentation's order.

    That order is in "Determining list of commands" below BotCommandScope. Channels show no menu.
    """
    for scope in _scopes_of(chat, person):
        for told in (language, ""):
            if commands := bot.commands.get(_key(scope, told)):
                return [f"/{command['command']}: {command['description']}" for command in commands]
    return []


def _scopes_of(chat: Chat, person: Person) -> Iterator[dict[str, Any]]:
    if chat.is_channel:
        return
    if not chat.is_private:
        yield {"type": "chat_member", "chat_id": chat.id, "user_id": person.id}
        if person in chat.admins:
            yield {"type": "chat_administrators", "chat_id": chat.id}
    yield {"type": "chat", "chat_id": chat.id}
    if not chat.is_private and person in chat.admins:
        yield {"type": "all_chat_administrators"}
    yield {"type": "all_private_chats" if chat.is_private else "all_group_chats"}
    yield {"type": "default"}


def _key(scope: dict[str, Any], language: str) -> str:
    return json.dumps([scope, language], sort_keys=True)
