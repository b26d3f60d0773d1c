"""Every command on both platforms, through the real clients: what is answered, and what it does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.commands import SPECS

from .table import CONVERSATIONS, Conversation
from .talking import TOLD, Chat, places, talk_once, written


@pytest.fixture(scope="module")
def chats(tmp_path_factory: pytest.TempPathFactory) -> list[Chat]:
    """All conversations, held at once."""
    folder: Path = tmp_path_factory.mktemp("conversations")
    return asyncio.run(talk_once(folder))


def test_every_command_has_a_conversation() -> None:
    """A command without one: CONTRIBUTING.md, "Common changes", says how to add it."""
    assert {talk.command for talk in CONVERSATIONS} == {spec.name for spec in SPECS}


@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: talk.command)
def test_a_command_is_answered_on_each_platform_in_the_words_that_are_written_down(
    chats: list[Chat], talk: Conversation
) -> None:
    told = (TOLD / f"{talk.command}.md").read_text(encoding="utf-8")
    assert written(chat for chat in chats if chat.talk is talk) == told


@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: talk.command)
def test_a_command_does_on_each_platform_what_it_says(chats: list[Chat], talk: Conversation) -> None:
    held = {(chat.platform, chat.kind): chat.shown for chat in chats if chat.talk is talk}
    assert held == dict.fromkeys(places(talk), talk.shows)
