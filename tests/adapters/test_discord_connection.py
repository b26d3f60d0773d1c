"""The connection to Discord breaks in every way it can: the unmodified client against the stand-in's own rules.

Time is the tests' own: what the adapter waits for moves the clock, on both sides.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import structlog

from bot.ports import Answer, Command, Done, Incoming, Later, Membership, Refused
from bot.richtext import RichText
from sandbox.server import Sandbox, specs_from

from .contract import a_message, listening, sent, soon
from .discord_stage import DiscordStage, on_stage

DAY = 86_400


class Clock:
    """Moves when somebody waits; `waits` are the seconds."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Bot:
    """Answers commands, and keeps which channels it was told to be open or shut."""

    def __init__(self, stage: DiscordStage) -> None:
        self.stage = stage
        self.told: asyncio.Queue[tuple[bool, tuple[str, ...]]] = asyncio.Queue()

    async def __call__(self, incoming: Incoming) -> None:
        if isinstance(incoming, Membership):
            self.told.put_nowait((incoming.present, incoming.chats))
        if isinstance(incoming, Command):
            assert await self.stage.adapter.reply(incoming, Answer(RichText("Nothing yet."))) == Done()

    async def hears(self, *chats: str, present: bool = True) -> None:
        """Return once all of these channels have been told as open, or as shut."""
        missing = set(chats)
        while missing:
            said, those = await soon(self.told.get())
            missing -= set(those) if said is present else set()

    async def works(self) -> None:
        """Return once a new channel is heard of and a command in it is answered."""
        chat = self.stage.open_chat("text").chat
        await self.hears(chat)
        assert await soon(self.stage.sandbox.discord.command(chat, "", "ada", "/list")) == ["Nothing yet."]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def connection(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(specs=specs_from(os.environ), now=clock.now) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(connection: Sandbox, clock: Clock) -> AsyncIterator[Bot]:
    async with on_stage(connection, **timed_by(clock)) as stage:
        yield Bot(stage)


def timed_by(clock: Clock) -> dict[str, Any]:
    return {"now": clock.now, "pause": clock.pause, "monotonic": clock.seconds}


def greetings(bot: Bot) -> list[str]:
    """How sessions were begun and taken up again; what Discord did not take has a mark."""
    told = bot.stage.sandbox.discord.greetings
    return [f"{one.op}{'' if one.taken else '!'}" for one in told]


def spacing(bot: Bot) -> list[float]:
    """The seconds between one beginning of a session and the next."""
    at = [one.at for one in bot.stage.sandbox.discord.greetings if one.op == "IDENTIFY"]
    return [(later - earlier).total_seconds() for earlier, later in pairwise(at)]


@pytest.mark.parametrize(
    ("fault", "more"),
    [("reconnect", {}), ("close", {"code": 4000}), ("close", {"code": 4009}), ("invalid_session", {"resumable": True})],
)
async def test_a_connection_that_breaks_is_taken_up_again_and_nothing_is_missed(
    bot: Bot, fault: str, more: dict[str, Any]
) -> None:
    async with listening(bot.stage.adapter, bot):
        await bot.works()
        bot.stage.fault(fault, **more)
        await bot.works()
    assert greetings(bot)[:2] == ["IDENTIFY", "RESUME"]
    assert "IDENTIFY" not in greetings(bot)[1:]


async def test_a_connection_that_has_died_without_a_word_is_noticed_and_taken_up_again(
    connection: Sandbox, clock: Clock
) -> None:
    async with on_stage(connection, heartbeat_timeout=2.0, **timed_by(clock)) as stage:
        stage.fault("heartbeat", seconds=0.3)
        await notices_death(Bot(stage))


async def notices_death(bot: Bot) -> None:
    async with listening(bot.stage.adapter, bot):
        await bot.works()
        bot.stage.fault("zombie")
        await bot.works()
    assert greetings(bot)[:2] == ["IDENTIFY", "RESUME"]


async def test_a_void_session_is_begun_anew_after_its_five_seconds(bot: Bot) -> None:
    async with listening(bot.stage.adapter, bot):
        await bot.works()
        bot.stage.fault("invalid_session")
        await bot.works()
    assert greetings(bot) == ["IDENTIFY", "IDENTIFY"]
    assert spacing(bot)[0] >= 5


async def test_a_server_that_was_lost_while_a_session_was_void_is_noticed(bot: Bot) -> None:
    lost, kept = bot.stage.open_chat("text"), bot.stage.open_chat("text")
    async with listening(bot.stage.adapter, bot):
        await bot.hears(lost.chat, kept.chat)
        bot.stage.fault("invalid_session")
        bot.stage.fault("403", lost)  # nobody is told of it: there is no session now
        await bot.hears(lost.chat, present=False)
        await bot.works()


async def test_whoever_stops_listening_while_a_session_is_begun_anew_is_let_go(
    connection: Sandbox, clock: Clock
) -> None:
    """discord.py forgets a cancellation that finds it there; the whole program hung on it (real-process seed 12)."""
    waiting, first = asyncio.Event(), True

    async def pause(seconds: float) -> None:
        nonlocal first
        if seconds >= 5 and first:
            first = False
            waiting.set()
            await asyncio.Event().wait()
        await clock.pause(seconds)

    async with on_stage(connection, **(timed_by(clock) | {"pause": pause})) as stage:
        bot = Bot(stage)
        listens = asyncio.create_task(stage.adapter.listen(bot))
        await bot.works()
        stage.fault("invalid_session")
        await soon(waiting.wait())
        listens.cancel()
        await soon(asyncio.wait([listens]))
        assert listens.cancelled()


async def test_a_second_process_that_begins_too_soon_gets_its_session_a_little_later(bot: Bot, clock: Clock) -> None:
    """A restart knows nothing of the session that was begun a second ago; Discord says that it was too soon."""
    async with listening(bot.stage.adapter, bot):
        await bot.works()
    async with on_stage(bot.stage.sandbox, **timed_by(clock)) as again:
        second = Bot(again)
        async with listening(again.adapter, second):
            await second.works()
    assert greetings(bot) == ["IDENTIFY", "IDENTIFY!", "IDENTIFY"]


async def test_when_no_session_is_left_the_bot_waits_for_more_and_says_so(bot: Bot, clock: Clock) -> None:
    bot.stage.fault("starts", left=0, seconds=7200.0)
    with structlog.testing.capture_logs() as events:
        async with listening(bot.stage.adapter, bot):
            await bot.works()
    assert clock.waits[0] == 7200
    assert [event["again_in"] for event in events if event["event"] == "discord.no_session_left"] == [7200]
    assert greetings(bot) == ["IDENTIFY"]


async def test_a_gateway_that_makes_every_session_void_does_not_cost_the_token(bot: Bot, clock: Clock) -> None:
    """A thousand sessions a day are Discord's limit: whoever goes over it loses the token."""
    bot.stage.fault("starts", left=2, seconds=float(DAY))
    async with listening(bot.stage.adapter, bot):
        for _ in range(3):
            await bot.works()
            bot.stage.fault("invalid_session")
        await bot.works()
    assert greetings(bot) == ["IDENTIFY"] * 4
    assert max(spacing(bot)) > DAY - 60


async def test_the_bot_is_told_how_many_shards_to_open_and_begins_them_one_by_one(bot: Bot) -> None:
    chats = [bot.stage.open_chat("text").chat for _ in range(9)]
    bot.stage.fault("starts", shards=3)
    async with listening(bot.stage.adapter, bot):
        await bot.hears(*chats)
        await bot.works()
        bot.stage.fault("reconnect")
        await bot.works()
    begun = [one for one in bot.stage.sandbox.discord.greetings if one.op == "IDENTIFY"]
    assert [one.shard for one in begun] == [0, 1, 2]
    assert all(one.taken for one in begun)
    assert min(spacing(bot)) >= 5


async def test_shards_that_discord_lets_begin_together_do_not_wait_for_each_other(bot: Bot, clock: Clock) -> None:
    bot.stage.fault("starts", shards=4, max_concurrency=4)
    chats = [bot.stage.open_chat("text").chat for _ in range(9)]
    async with listening(bot.stage.adapter, bot):
        await bot.hears(*chats)
    assert greetings(bot) == ["IDENTIFY"] * 4
    assert clock.waits == []


async def test_a_bot_that_has_outgrown_its_shards_opens_more(bot: Bot) -> None:
    async with listening(bot.stage.adapter, bot):
        await bot.works()
        bot.stage.fault("starts", shards=2)
        bot.stage.fault("close", code=4011)
        await bot.works()
    assert [one.shard for one in bot.stage.sandbox.discord.greetings] == [0, 0, 1]


@pytest.mark.parametrize(
    "event", ["GUILD_CREATE", "CHANNEL_UPDATE", "THREAD_UPDATE", "INTERACTION_CREATE", "NEW_EVENT"]
)
async def test_a_malformed_event_ends_nothing(bot: Bot, event: str) -> None:
    async with listening(bot.stage.adapter, bot):
        await bot.works()
        bot.stage.fault("malformed_event", event=event)
        await bot.works()
    assert greetings(bot) == ["IDENTIFY"]


async def test_a_thousand_channels_that_threw_the_bot_out_cost_fewer_than_a_hundred_refusals_in_ten_minutes(
    bot: Bot, clock: Clock
) -> None:
    """Asked again and again, as a dispatcher does that is told Later; and an open channel is served all the while."""
    gone = [bot.stage.open_chat("text") for _ in range(1000)]
    kept = bot.stage.open_chat("text")
    for each in gone:
        bot.stage.fault("403", each)
    for minute in (0, 4, 8):
        await sent(bot.stage, kept, nonce=f"kept {minute}")
        for number, each in enumerate(gone):
            outcome = await bot.stage.adapter.send(each, a_message(), 0, f"{number}")
            assert isinstance(outcome, Later | Refused)
        await clock.pause(239)
    answered = Counter(call.status for call in bot.stage.sandbox.calls)
    assert 40 < answered[403] < 100
    assert answered[429] == 0
