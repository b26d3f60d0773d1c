"""What these tests share: a database, on SQLite and on PostgreSQL, and a world around the commands."""

from __future__ import annotations

import pytest

from bot.commands import CommandLimits
from bot.store.engine import Database
from tests.databases import *  # noqa: F403  # fixtures are found by being here

from .world import World


@pytest.fixture
def world(database: Database) -> World:
    """A world where everybody may use the bot."""
    return World(database)


@pytest.fixture
def closed(database: Database) -> World:
    """A world where strangers may not."""
    return World(database, CommandLimits())
