"""The mirror's tests run on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.store.engine import Database
from tests.databases import *  # noqa: F403  # fixtures are found by being here

from .discord_world import DiscordWorld, discord_world
from .world import World


@pytest.fixture
def world(database: Database) -> World:
    """A page, chats of a platform that repeats what it is told twice (as Telegram), and a clock."""
    return World(database)


@pytest.fixture
def make_world(database: Database) -> Callable[..., World]:
    """Make a world whose platform can do other things."""

    def make(**can: Any) -> World:
        return World(database, **can)

    return make


@pytest.fixture
async def discord(database: Database) -> AsyncIterator[DiscordWorld]:
    """A page and the Discord stand-in, with the real adapter between them."""
    async with discord_world(database) as world:
        yield world
