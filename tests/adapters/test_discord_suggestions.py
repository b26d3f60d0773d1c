"""What people are shown while they type a slash command, through the real client against the stand-in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from bot.commands import SPECS
from bot.errors import DatabaseError
from bot.ports import Incoming, Suggest, Suggestion, Typing
from sandbox.server import Sandbox, specs_from

from .discord_stage import ADMIN, DiscordStage, on_stage


class Asked:
    """What the adapter asked, and what it is told."""

    def __init__(self) -> None:
        self.typings: list[Typing] = []
        self.found: Sequence[Suggestion] = (Suggestion("1. Storm", "1"), Suggestion("2. Vote", "2"))

    async def __call__(self, typing: Typing) -> Sequence[Suggestion]:
        self.typings.append(typing)
        return self.found


@pytest.fixture
async def stage() -> AsyncIterator[DiscordStage]:
    async with Sandbox(specs=specs_from(os.environ)) as sandbox, on_stage(sandbox, commands=SPECS) as made:
        yield made


async def inbox(_incoming: Incoming) -> None: ...


@asynccontextmanager
async def typing_to(stage: DiscordStage, suggest: Suggest) -> AsyncIterator[str]:
    """Let the bot listen; yields a channel."""
    stage.adapter.suggest_with(suggest)
    task = asyncio.create_task(stage.adapter.listen(inbox))
    yield stage.open_chat("text").chat
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_may_be_typed_is_shown_and_known_to_be_about_that_channel(stage: DiscordStage) -> None:
    asked = Asked()
    async with typing_to(stage, asked) as chat:
        other, _ = stage.sandbox.discord.create_chat("text", "Ferry", [], ["all"], chat)
        shown = await stage.sandbox.discord.suggestions(chat, "", ADMIN, "/filter words:kyiv channel:#ferry which:sto")
    assert shown == [("1. Storm", "1"), ("2. Vote", "2")]
    (typing,) = asked.typings
    assert (typing.option, typing.typed, typing.command.name) == ("which", "sto", "filter")
    assert (typing.command.address.chat, typing.command.arguments, typing.command.is_admin) == (other, "kyiv", True)


async def test_numbers_are_suggested_as_numbers_and_what_discord_takes_not_is_left_out(
    stage: DiscordStage,
) -> None:
    asked = Asked()
    asked.found = [Suggestion("five", "5"), Suggestion("many", "many"), Suggestion("", "3")]
    async with typing_to(stage, asked) as chat:
        assert await stage.sandbox.discord.suggestions(chat, "", ADMIN, "/latest") == [("five", 5)]
        asked.found = [Suggestion("x" * 120, str(number)) for number in range(40)] + [Suggestion("long", "y" * 101)]
        shown = await stage.sandbox.discord.suggestions(chat, "", ADMIN, "/filter which:")
    assert len(shown) == 25
    assert {len(name) for name, _ in shown} == {100}


async def test_a_core_that_does_not_answer_means_no_suggestions_in_time(stage: DiscordStage) -> None:
    ended = asyncio.Event()

    async def hanging(_typing: Typing) -> Sequence[Suggestion]:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return ()

    callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    async with typing_to(stage, hanging) as chat:
        assert await stage.sandbox.discord.suggestions(chat, "", ADMIN, "/pause which:") == []
        await ended.wait()
        while not stage.requests(callback):  # on a busy machine it comes later than the person waits
            await stage.sandbox.calls.more()
        (answer,) = stage.requests(callback)
    assert answer["body"] == {"type": 8, "data": {"choices": []}}


async def test_a_database_that_fails_means_no_suggestions(stage: DiscordStage) -> None:
    async def failing(_typing: Typing) -> Sequence[Suggestion]:
        raise DatabaseError("The disk is full.")

    async with typing_to(stage, failing) as chat:
        assert await stage.sandbox.discord.suggestions(chat, "", ADMIN, "/pause which:") == []


async def test_an_option_without_suggestions_is_not_asked_for(stage: DiscordStage) -> None:
    async with typing_to(stage, Asked()) as chat:
        with pytest.raises(ValueError, match="suggests nothing for missed"):
            await stage.sandbox.discord.suggestions(chat, "", ADMIN, "/resume missed:di")
