"""The pace on Telegram, with its real limits on and time in the tests' hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from bot.model import ChatKind
from bot.store.engine import Database

from .telegram_world import TelegramWorld, telegram_world

# One database is enough: what is asked here is when calls are made, not what is written down.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STEP, STRIDE = 0.05, 0.5  # seconds; strides where nothing hangs on the moment
KINDS: tuple[ChatKind, ...] = ("private", "group", "channel")


@pytest.fixture
async def telegram(database: Database) -> AsyncIterator[TelegramWorld]:
    """A page and the Telegram stand-in, with the real adapter between them."""
    async with telegram_world(database) as world:
        yield world


async def followed(telegram: TelegramWorld, of_each_kind: int) -> list[str]:
    """Let so many chats of each kind follow the page, up to date with it."""
    where = [await telegram.open_chat(kind) for kind in KINDS for _ in range(of_each_kind)]
    await telegram.poll()
    return where


async def told(telegram: TelegramWorld, messages: int, of: str) -> None:
    for number in range(messages):
        telegram.page.publish(f"{of}{number:02}", at=len(telegram.page.entries))
    await telegram.poll()


async def test_what_the_limits_allow_is_used_and_no_call_is_refused(telegram: TelegramWorld) -> None:
    """450 messages: 18 to each of 15 chats, which takes 17 s at one a second, and 3 to each of 60 others meanwhile."""
    long_ones = await followed(telegram, 5)
    await told(telegram, 15, "early ")
    short_ones = await followed(telegram, 20)
    await told(telegram, 3, "late ")
    telegram.advance(1)
    taken = await telegram.drained(await telegram.dispatcher(), within=60, step=STEP)
    assert taken <= 17.0 / 0.95
    assert Counter(telegram.statuses())[429] == 0
    late = [f"Headline late {number:02}" for number in range(3)]
    for each in short_ones:
        assert telegram.headlines(each) == late
    for each in long_ones:
        assert telegram.headlines(each) == [*(f"Headline early {number:02}" for number in range(15)), *late]


async def test_a_chat_told_to_wait_delays_no_other(telegram: TelegramWorld) -> None:
    told_to_wait, *others = await followed(telegram, 4)
    telegram.fault("429", told_to_wait, retry_after=30)
    await told(telegram, 3, "")
    dispatcher = await telegram.dispatcher()
    await telegram.drained(dispatcher, within=5, step=STRIDE)
    assert [len(telegram.headlines(each)) for each in others] == [3] * len(others)
    assert telegram.headlines(told_to_wait) == []
    await telegram.drained(dispatcher, within=40, step=STRIDE)
    assert telegram.headlines(told_to_wait) == [f"Headline {number:02}" for number in range(3)]
    assert Counter(telegram.statuses())[429] == 1


async def test_a_bot_told_to_wait_sends_nothing_anywhere_until_then(telegram: TelegramWorld) -> None:
    everyone = await followed(telegram, 10)
    telegram.fault("429_global", retry_after=20)
    await told(telegram, 2, "")
    dispatcher = await telegram.dispatcher()
    await telegram.drained(dispatcher, within=19, step=STRIDE)
    assert [telegram.headlines(each) for each in everyone] == [[]] * len(everyone)
    refused = Counter(telegram.statuses())[429]
    assert refused <= 28  # what was under way in that moment
    await telegram.drained(dispatcher, within=10, step=STRIDE)
    assert [len(telegram.headlines(each)) for each in everyone] == [2] * len(everyone)
    assert Counter(telegram.statuses())[429] == refused


async def test_corrections_count_as_messages_do(telegram: TelegramWorld) -> None:
    """A group lets 20 through in a minute, edits included: 12 messages and 12 corrections take longer than that."""
    group = await telegram.open_chat("group")
    await telegram.poll()
    await told(telegram, 12, "")
    dispatcher = await telegram.dispatcher()
    taken = await telegram.drained(dispatcher, within=15, step=STRIDE)
    for number in range(12):
        telegram.page.edit(f"{number:02}", headline=f"Corrected {number:02}")
    await telegram.poll()
    taken += await telegram.drained(dispatcher, within=80, step=STRIDE)
    assert telegram.headlines(group) == [f"Corrected {number:02}" for number in range(12)]
    assert 60 <= taken <= 70
    assert Counter(telegram.statuses())[429] == 0
