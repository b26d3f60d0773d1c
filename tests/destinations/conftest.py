"""People on the Telegram stand-in, and the program that answers them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine import Database
from tests.databases import *  # noqa: F403  # fixtures are found by being here

from .world import TelegramWorld, telegram_world


@pytest.fixture  # type: ignore[no-redef]  # in place of the one for every database
def database_url(tmp_path: Path) -> str:
    """A SQLite file: the store's own tests run on PostgreSQL, too."""
    return f"sqlite+aiosqlite:///{tmp_path / 'liverelay.db'}"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[TelegramWorld]:
    """A page, and Telegram."""
    async with telegram_world(database) as opened:
        yield opened
