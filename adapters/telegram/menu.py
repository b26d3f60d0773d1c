"""The menus of commands: one for each kind of chat in each language, sent where Telegram has another one only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

from bot.ports import CommandSpec

from .api import asked

log = structlog.get_logger(__name__)

# Telegram shows whoever has no menu in their own language the one without a language (setMyCommands).
_ANY_LANGUAGE = ""
_LONGEST_DESCRIPTION = 256  # characters, by Telegram's documentation of BotCommand


@dataclass(frozen=True, slots=True)
class Menu:
    """What people of one language ("" for all others) are shown in one kind of chat; channels show no menu."""

    scope: BotCommandScope
    language: str
    commands: tuple[BotCommand, ...]


def menus(commands: Sequence[CommandSpec], translated: Mapping[str, Sequence[CommandSpec]]) -> Iterator[Menu]:
    """Return every menu; `translated` has the same commands by two-letter language code.

    In a group everybody is shown what everybody may use, its admins all that has a meaning there. The menu without a
    kind of chat is shown nowhere that we know of: it holds what can do no harm.
    """
    for language, specs in {_ANY_LANGUAGE: commands, **translated}.items():
        of_groups = [spec for spec in specs if not spec.private]
        for_everybody = [spec for spec in of_groups if not spec.changes]
        yield _menu(BotCommandScopeDefault(), language, for_everybody)
        yield _menu(BotCommandScopeAllPrivateChats(), language, specs)
        yield _menu(BotCommandScopeAllGroupChats(), language, for_everybody)
        yield _menu(BotCommandScopeAllChatAdministrators(), language, of_groups)


def _menu(scope: BotCommandScope, language: str, specs: Sequence[CommandSpec]) -> Menu:
    commands = (BotCommand(spec.name, spec.description[:_LONGEST_DESCRIPTION]) for spec in specs)
    return Menu(scope, language, tuple(commands))


async def register(bot: Bot, commands: Sequence[CommandSpec], translated: Mapping[str, Sequence[CommandSpec]]) -> None:
    """Bring the menus up to date; where that fails the old ones stay."""
    if commands:
        sent = await asyncio.gather(*(_register(bot, menu) for menu in menus(commands, translated)))
        if any(sent):
            log.info("telegram.commands_registered", menus=sum(sent))


async def _register(bot: Bot, menu: Menu) -> bool:
    """Whether a menu had to be sent, and was."""
    which: dict[str, Any] = {"scope": menu.scope, "language_code": menu.language or None}
    if await asked("read", bot.get_my_commands(**which)) == menu.commands:
        return False
    told = await asked("edit", bot.set_my_commands(menu.commands, **which))
    if told is not True:
        log.warning(
            "telegram.commands_not_registered",
            scope=menu.scope.type,
            language=menu.language,
            outcome=type(told).__name__,
        )
    return told is True
