"""What is remembered of hosts stays small."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import FetchError
from bot.sources.budget import Budget
from bot.sources.hosts import MOST_HOSTS, Hosts

from .site import HandClock


async def asked(hosts: Hosts, name: str) -> bool:
    """Whether a host may be asked now."""
    try:
        async with hosts.turn(name, Budget(timedelta(seconds=1))):
            return True
    except FetchError:
        return False


async def test_hosts_in_use_and_silent_ones_are_remembered_however_many_others_come(clock: HandClock) -> None:
    hosts = Hosts(clock)
    hosts.silence("silent.example", timedelta(hours=1))
    async with hosts.turn("used.example", Budget(timedelta(seconds=1))):
        for number in range(2 * MOST_HOSTS):
            assert await asked(hosts, f"{number}.example")
        with pytest.raises(FetchError, match="waiting"):
            async with hosts.turn("used.example", Budget(timedelta())):
                raise AssertionError
    assert not await asked(hosts, "silent.example")
    assert len(hosts) <= MOST_HOSTS


async def test_a_shorter_silence_does_not_end_a_longer_one(clock: HandClock) -> None:
    hosts = Hosts(clock)
    hosts.silence("a.example", timedelta(hours=1))
    hosts.silence("a.example", timedelta(seconds=1))
    clock.advance(timedelta(minutes=59))
    assert not await asked(hosts, "a.example")
    clock.advance(timedelta(minutes=1))
    assert await asked(hosts, "a.example")
