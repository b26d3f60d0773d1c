"""The limits: sends and edits share them, refused calls do not count, and a 429 says when to come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from sandbox.platform import Fault
from sandbox.server import Sandbox
from sandbox.telegram.limits import Limits
from sandbox.telegram.refusal import Refusal

from .conftest import Clock


def _until_refused(limits: Limits, chat: int, *, private: bool) -> tuple[int, int]:
    """Return how many calls passed, and the seconds that the refusal told to wait."""
    for passed in range(100):
        try:
            limits.count(1, chat, private=private)
        except Refusal as refusal:
            return passed, refusal.parameters["retry_after"]
    raise AssertionError("never refused")


def test_a_private_chat_takes_a_burst_of_three_and_then_one_a_second(clock: Clock) -> None:
    limits = Limits(clock)
    assert _until_refused(limits, 7, private=True) == (3, 1)
    clock.advance(seconds=2)
    assert _until_refused(limits, 7, private=True) == (2, 1)


def test_a_group_takes_twenty_in_any_minute(clock: Clock) -> None:
    limits = Limits(clock)
    for _ in range(20):
        limits.count(1, -7, private=False)
        clock.advance(seconds=1)
    assert _until_refused(limits, -7, private=False) == (0, 40)
    clock.advance(seconds=40)
    assert _until_refused(limits, -7, private=False) == (1, 1)


def test_a_bot_takes_thirty_a_second_over_all_its_chats(clock: Clock) -> None:
    limits = Limits(clock)
    for chat in range(30):
        limits.count(1, chat, private=True)
    with pytest.raises(Refusal):
        limits.count(1, 99, private=True)
    limits.count(2, 99, private=True)
    clock.advance(seconds=1)
    limits.count(1, 99, private=True)


def test_every_photo_of_an_album_counts(clock: Clock) -> None:
    limits = Limits(clock)
    limits.count(1, -7, private=False, cost=10)
    limits.count(1, -7, private=False, cost=10)
    assert _until_refused(limits, -7, private=False) == (0, 60)


async def test_edits_count_even_where_they_change_nothing(sandbox: Sandbox, bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "0")
    for number in range(1, 20):
        await bot.edit_message_text(str(number), group, sent.message_id)
    with pytest.raises(RetryAfter) as refused:
        await bot.edit_message_text("20", group, sent.message_id)
    assert refused.value.retry_after == timedelta(seconds=60)
    assert sandbox.telegram.chats()[0].messages[0].text == "19"


async def test_a_429_holds_its_chat_until_it_is_over_and_no_other(
    sandbox: Sandbox, bot: Bot, group: str, channel: str, clock: Clock
) -> None:
    sandbox.telegram.fault(Fault("429", chat=group, retry_after=5))
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(group, "x")
    await bot.send_message(channel, "x")
    clock.advance(seconds=5)
    await bot.send_message(group, "x")


async def test_a_global_429_holds_every_chat(sandbox: Sandbox, bot: Bot, group: str, channel: str) -> None:
    sandbox.telegram.fault(Fault("429_global", retry_after=5))
    for chat in (group, channel):
        with pytest.raises(RetryAfter):
            await bot.send_message(chat, "x")


async def test_a_benchmark_can_lift_the_limits(sandbox: Sandbox, bot: Bot, private: str) -> None:
    sandbox.telegram.fault(Fault("unlimited"))
    for _ in range(10):
        await bot.send_message(private, "x")
