"""What counts as the answer to a command that somebody typed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from telegram import Bot
from telegram.error import NetworkError

from sandbox.platform import Fault
from sandbox.server import Sandbox
from tests.faults.typing import Typists
from tests.process.program import TELEGRAM_TOKEN, Place, make
from tests.sandbox.conftest import telegram_bot


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with telegram_bot(sandbox, TELEGRAM_TOKEN) as ready:
        yield ready


@pytest.fixture
def place(sandbox: Sandbox) -> Place:
    return make(sandbox, "telegram", "private")


def _calm(_since: datetime, _until: datetime) -> bool:
    return False


def _troubled(_since: datetime, _until: datetime) -> bool:
    return True


async def _say(bot: Bot, place: Place, word: str) -> None:
    await bot.send_message(place.chat, f"There is no /{word}.")


async def test_a_command_is_answered_once(sandbox: Sandbox, bot: Bot, place: Place) -> None:
    typists = Typists(sandbox.calls, _calm)
    word = typists.type(place)
    assert typists.judge() == [f"telegram private: {word} was never answered"]
    await _say(bot, place, word)
    assert not typists.judge()
    await _say(bot, place, word)
    assert typists.judge() == [f"telegram private: {word} was answered 2 times"]
    await typists.go()


async def test_on_telegram_no_trouble_of_the_process_excuses_a_command_that_is_never_answered(
    sandbox: Sandbox, place: Place
) -> None:
    typists = Typists(sandbox.calls, _troubled)
    word = typists.type(place)
    assert typists.judge() == [f"telegram private: {word} was never answered"]
    await typists.go()


async def test_an_answer_that_failed_on_its_way_need_not_be_said_again(
    sandbox: Sandbox, bot: Bot, place: Place
) -> None:
    typists = Typists(sandbox.calls, _calm)
    word = typists.type(place)
    sandbox.telegram.fault(Fault("500_before", chat=place.chat))
    with pytest.raises(NetworkError):
        await _say(bot, place, word)
    assert not typists.judge()
    await typists.go()


async def test_an_answer_is_said_again_where_its_acceptance_may_be_lost(
    sandbox: Sandbox, bot: Bot, place: Place
) -> None:
    typists = Typists(sandbox.calls, _troubled)
    word = typists.type(place)
    await _say(bot, place, word)
    await _say(bot, place, word)
    assert not typists.judge()
    await typists.go()


async def test_nothing_that_waits_need_be_answered_where_the_bot_is_thrown_out(sandbox: Sandbox, place: Place) -> None:
    typists = Typists(sandbox.calls, _calm)
    typists.type(place)
    sandbox.telegram.fault(Fault("403", chat=place.chat))
    typists.shut_out(place)
    assert not typists.judge()
    await typists.go()
