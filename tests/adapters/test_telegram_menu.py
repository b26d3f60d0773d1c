"""The menus of commands on Telegram: who is shown what where, and that they are sent where they changed only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.ports import CommandSpec
from sandbox.server import Sandbox

from .telegram_stage import ADMIN, MEMBER, on_stage

SPECS = (
    CommandSpec("list", "Show what this chat follows"),
    CommandSpec("pause", "Stop new entries", changes=True),
    CommandSpec("claim", "Become the owner", private=True),
)
GERMAN = tuple(replace(spec, description=f"Auf Deutsch: {spec.name}") for spec in SPECS)
LIST, PAUSE, CLAIM = (f"/{spec.name}: {spec.description}" for spec in SPECS)


@pytest.mark.parametrize(
    ("kind", "user", "shown"),
    [
        ("private", ADMIN, [LIST, PAUSE, CLAIM]),
        ("supergroup", MEMBER, [LIST]),
        ("supergroup", ADMIN, [LIST, PAUSE]),
        ("channel", ADMIN, []),
    ],
)
async def test_everybody_is_shown_what_they_may_use_there(
    sandbox: Sandbox, kind: str, user: str, shown: list[str]
) -> None:
    async with on_stage(sandbox, commands=SPECS) as stage:
        assert sandbox.telegram.menu(stage.open_chat(kind).chat, user) == shown


async def test_people_are_shown_the_menu_in_their_language_and_else_in_english(sandbox: Sandbox) -> None:
    async with on_stage(sandbox, commands=SPECS, translated={"de": GERMAN}) as stage:
        chat = stage.open_chat("supergroup").chat
        assert sandbox.telegram.menu(chat, MEMBER, "de") == ["/list: Auf Deutsch: list"]
        assert sandbox.telegram.menu(chat, MEMBER, "fr") == [LIST]


async def test_only_the_menus_that_changed_are_sent_again(sandbox: Sandbox) -> None:
    changed = (*SPECS[:2], replace(SPECS[2], description="Own it"))
    sent = []
    for commands in (SPECS, SPECS, changed):
        async with on_stage(sandbox, commands=commands, translated={"de": GERMAN}) as stage:
            sent.append(len(stage.requests("setMyCommands")))
    assert sent == [8, 8, 9]


async def test_a_description_longer_than_telegram_takes_is_cut(sandbox: Sandbox) -> None:
    async with on_stage(sandbox, commands=(CommandSpec("list", "x" * 300),)) as stage:
        chat = stage.open_chat("private").chat
        assert sandbox.telegram.menu(chat, ADMIN) == ["/list: " + "x" * 256]
