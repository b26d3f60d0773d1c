"""A site on loopback, a clock and a fetcher that may go there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sources.fetch import HttpFetcher

from .site import HandClock, Site, fetching, serving


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving(Site()) as served:
        yield served


@pytest.fixture
async def fetcher(clock: HandClock) -> AsyncIterator[HttpFetcher]:
    async with fetching(clock, contact="https://relay.example/about") as fetcher:
        yield fetcher
