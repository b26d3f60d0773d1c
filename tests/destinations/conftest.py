"""People on the Telegram stand-in, and the program that answers them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine import Database
from bot.store.migrate import upgrade

from .world import TelegramWorld, telegram_world


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite file: the store's own tests run on PostgreSQL, too."""
    async with Database(f"sqlite+aiosqlite:///{tmp_path / 'liverelay.db'}") as opened:
        await upgrade(opened)
        yield opened


@pytest.fixture
async def world(database: Database) -> AsyncIterator[TelegramWorld]:
    """A page, and Telegram."""
    async with telegram_world(database) as opened:
        yield opened
