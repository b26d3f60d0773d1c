"""Deciding on Discord: the buttons under an entry in the one channel, and what comes into the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.commands import SPECS, CommandLimits, Commands
from bot.exploring import Explored
from bot.store import chats, reviewing
from bot.store.engine import Database
from tests.adapters.contract import listening, soon
from tests.adapters.discord_stage import ADMIN, MEMBER

from .discord_world import DiscordWorld, discord_world

# One database is enough: what is asked here is what people press and see.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Desk:
    """The channel `desk` decides what `news` gets."""

    def __init__(self, discord: DiscordWorld, news: str, desk: str) -> None:
        self.discord = discord
        self.news = news
        self.desk = desk
        self.commands = Commands(
            discord.database,
            adapters=[discord.platform],
            clock=discord.clock,
            probe=self._probe,
            limits=CommandLimits(access_open=True),
            wake_poller=lambda: None,
            wake_dispatcher=lambda: None,
        )

    async def _probe(self, url: str) -> Explored:
        raise AssertionError(f"nobody asked for {url}")

    async def told(self, key: str) -> None:
        self.discord.page.publish(key, at=len(self.discord.page.entries) + 1)
        await self.discord.live(1)

    async def press(self, label: str, user: str = ADMIN) -> list[str]:
        """Press under the newest message of the desk, and return what the person reads then."""
        newest = self.discord.messages(self.desk)[-1].id
        said = await soon(self.discord.sandbox.discord.press(self.desk, "", user, label, newest))
        await self.discord.live(1)
        return list(said)

    async def work(self) -> None:
        """Do what comes in, as the program does."""
        while True:
            self.commands.arrived.clear()
            if not await self.commands.work_once():
                await self.commands.arrived.wait()


@pytest.fixture
async def discord(database: Database) -> AsyncIterator[DiscordWorld]:
    async with discord_world(database, commands=SPECS) as opened:
        yield opened


@pytest.fixture
async def desk(discord: DiscordWorld) -> AsyncIterator[Desk]:
    news, editors = discord.open_channel(), discord.open_channel()
    wish = await discord.follow(news)
    await discord.poll()
    async with discord.database.write() as connection:
        there = await chats.find_or_make(connection, discord.address(editors), kind="group", title="editors")
        await reviewing.set_review(connection, wish, there.id, ADMIN, discord.clock.now())
    made = Desk(discord, news, editors)
    async with listening(discord.platform, made.commands.record):
        working = asyncio.ensure_future(made.work())
        yield made
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def test_a_press_publishes_and_the_message_says_who_did(desk: Desk) -> None:
    await desk.told("a")
    assert desk.discord.headlines(desk.news) == []
    (said,) = await desk.press("Publish")
    assert said.startswith("Published in")
    assert desk.discord.headlines(desk.news) == ["Headline a"]
    assert f"by {ADMIN}" in desk.discord.messages(desk.desk)[-1].text


async def test_whoever_does_not_manage_the_channel_decides_nothing(desk: Desk) -> None:
    await desk.told("a")
    (said,) = await desk.press("Publish", MEMBER)
    assert said.startswith("Only the admins")
    assert desk.discord.headlines(desk.news) == []
