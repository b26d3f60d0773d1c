"""These tests run on a real database, with the mirror's page and chats around it."""

from __future__ import annotations

import pytest

from bot.store.engine import Database
from tests.databases import *  # noqa: F403  # fixtures are found by being here
from tests.mirror.world import World


@pytest.fixture
def world(database: Database) -> World:
    """A page, chats that follow it, and a clock."""
    return World(database)
