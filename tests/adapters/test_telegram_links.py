"""Links that bring the bot to where it is to post, pressed as people press them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.ports import Answer, Command, Incoming, Link, Membership
from bot.richtext import RichText
from sandbox.server import Sandbox

from .contract import listening, soon
from .telegram_stage import ADMIN, MEMBER, TelegramStage, on_stage


@pytest.fixture
async def stage(sandbox: Sandbox) -> AsyncIterator[TelegramStage]:
    async with on_stage(sandbox) as opened:
        yield opened


async def test_links_stand_under_an_answer(stage: TelegramStage) -> None:
    address = stage.open_chat("private")
    ways = stage.adapter.ways

    async def answer(incoming: Incoming) -> None:
        assert isinstance(incoming, Command)
        links = (Link("Add to a group", ways.group), Link("Add to a channel", ways.channel))
        await stage.adapter.reply(incoming, Answer(RichText("Hello"), links=links))

    async with listening(stage.adapter, answer):
        assert await soon(stage.ask(address, "/list", admin=True)) == ["Hello"]
    (request,) = stage.requests("sendMessage")
    assert request["reply_markup"]["inline_keyboard"] == [
        [{"text": "Add to a group", "url": "https://t.me/relay424242_bot?startgroup=added&admin=pin_messages"}],
        [
            {
                "text": "Add to a channel",
                "url": "https://t.me/relay424242_bot?startchannel&admin=post_messages+edit_messages+delete_messages",
            }
        ],
    ]


async def test_the_link_for_groups_adds_the_bot_with_the_right_to_pin_and_starts_it_there(
    stage: TelegramStage,
) -> None:
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    address = stage.open_chat("supergroup")
    stage.fault("403", address, reason="left")
    async with listening(stage.adapter, came.put):
        assert [_standing(await soon(came.get())) for _ in range(2)] == [True, False]
        stage.sandbox.telegram.follow(ADMIN, stage.adapter.ways.group, address.chat)
        back, start = await soon(came.get()), await soon(came.get())
    assert _standing(back)
    assert isinstance(start, Command)
    assert (start.address, start.name, start.arguments) == (address, "start", "added")
    assert "can_pin_messages" in stage.sandbox.telegram.world.find(address.chat).rights


async def test_the_link_for_channels_adds_the_bot_with_all_that_it_needs(stage: TelegramStage) -> None:
    came: asyncio.Queue[Incoming] = asyncio.Queue()
    address = stage.open_chat("channel", rights=())
    async with listening(stage.adapter, came.put):
        stage.sandbox.telegram.follow(ADMIN, stage.adapter.ways.channel, address.chat)
        assert [_standing(await soon(came.get())) for _ in range(2)] == [False, True]
    rights = stage.sandbox.telegram.world.find(address.chat).rights
    assert rights == {"can_post_messages", "can_edit_messages", "can_delete_messages"}


async def test_only_who_runs_a_channel_adds_the_bot_to_it(stage: TelegramStage) -> None:
    with pytest.raises(ValueError, match="only who runs the chat"):
        stage.sandbox.telegram.follow(MEMBER, stage.adapter.ways.channel, stage.open_chat("channel").chat)


def _standing(incoming: Incoming) -> bool:
    """Whether the bot may write, as it was just told."""
    assert isinstance(incoming, Membership)
    return incoming.present
