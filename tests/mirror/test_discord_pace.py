"""The pace on Discord, with its real limits on and time in the tests' hands."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.ports import Incoming, Membership
from tests.adapters.contract import listening, soon

from .discord_world import DiscordWorld

# One database is enough: what is asked here is when calls are made, not what is written down.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STEP = 0.05


async def followed(discord: DiscordWorld, channels: int) -> list[str]:
    """Let so many channels follow the page, up to date with it."""
    where = [discord.open_channel() for _ in range(channels)]
    for each in where:
        await discord.follow(each)
    await discord.poll()
    return where


async def told(discord: DiscordWorld, messages: int, after: int = 0) -> None:
    for number in range(after, after + messages):
        discord.page.publish(f"{number:03}", at=number)
    await discord.poll()


async def test_what_the_limits_allow_is_used_and_no_call_is_refused(discord: DiscordWorld) -> None:
    """500 messages to 60 channels, 50 a second in all and five in five seconds in each: that takes nine seconds."""
    first = await followed(discord, channels=20)
    await told(discord, messages=1)
    where = [*first, *await followed(discord, channels=40)]
    await told(discord, messages=8, after=1)
    discord.advance(1)
    taken = await discord.drained(await discord.dispatcher(), within=30, step=STEP)
    assert len(discord.asked("POST /channels/{channel_id}/messages")) == 500
    assert taken <= 9.0 / 0.95
    assert Counter(discord.statuses())[429] == 0
    headlines = [f"Headline {number:03}" for number in range(9)]
    for each in where:
        assert discord.headlines(each) == headlines[each not in first :]


class Deaf:
    """An inbox whose core forgets what it is told; `open` are the channels into which the bot may write."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self._changed = asyncio.Event()

    async def __call__(self, incoming: Incoming) -> None:
        assert isinstance(incoming, Membership)
        if incoming.present:
            self.open.update(incoming.chats)
        else:
            self.open.difference_update(incoming.chats)
        self._changed.set()

    async def shows(self, channels: list[str]) -> None:
        """Return once exactly these are open."""
        while self.open != set(channels):
            self._changed.clear()
            await self._changed.wait()


async def test_channels_that_threw_the_bot_out_cost_fewer_than_a_hundred_refusals_in_ten_minutes(
    discord: DiscordWorld,
) -> None:
    """However many there are; and the channels that did not are served at once."""
    gone, kept = await followed(discord, 150), await followed(discord, 5)
    inbox = Deaf()
    async with listening(discord.platform, inbox):
        await soon(inbox.shows([*gone, *kept]))
        for each in gone:
            discord.fault("403", each)
        await soon(inbox.shows(kept))
    await told(discord, 1)
    dispatcher = await discord.dispatcher()
    for _ in range(60):
        await dispatcher.drain()
        discord.advance(1)
    refused = Counter(discord.statuses())
    assert 40 < refused[403] < 100
    assert refused[429] == 0
    assert [discord.headlines(each) for each in kept] == [["Headline 000"]] * 5
    discord.advance(600)
    for _ in range(60):
        await dispatcher.drain()
        discord.advance(1)
    assert Counter(discord.statuses())[403] < 2 * 100
