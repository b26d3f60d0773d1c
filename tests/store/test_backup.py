"""A backup is whole, private, and restores to a bot that repeats nothing it had recorded."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.store.backup import back_up, copy
from bot.store.engine import Database
from bot.store.migrate import upgrade
from tests.mirror.world import World


async def test_a_backup_made_while_the_program_runs_restores_to_a_bot_that_repeats_nothing(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'liverelay.db'}", tmp_path / "backup.db"
    async with Database(url) as database:
        await upgrade(database)
        world = World(database)
        await world.follow()
        await world.live()
        world.page.publish("a")
        await world.live(60)
        async with database.write():
            back_up(url, copy)
        world.page.publish("b", at=1)
    async with Database(f"sqlite:///{copy}") as restored:
        assert await upgrade(restored)
        world.database = restored
        await world.restart()
        await world.live(60)
    assert world.shows() == ["Headline a", "Headline b"]


async def test_only_its_owner_may_read_a_backup(tmp_path: Path) -> None:
    url, copy = f"sqlite+aiosqlite:///{tmp_path / 'liverelay.db'}", tmp_path / "backup.db"
    async with Database(url) as database:
        await upgrade(database)
    back_up(url, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_backup_overwrites_nothing_and_says_what_is_wrong(tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("precious")
    with pytest.raises(UsageError, match="There is no database"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    with pytest.raises(UsageError, match="File exists"):
        back_up(f"sqlite:///{there}", there)
    with pytest.raises(UsageError, match="pg_dump"):
        back_up("postgresql://user@host/name", tmp_path / "copy.db")
    assert there.read_text() == "precious"


def test_a_backup_is_its_owners_from_its_first_byte(tmp_path: Path) -> None:
    """What can read it while it is made can read all of it; Python tells of every database that is opened."""
    original, backup, modes = tmp_path / "liverelay.db", tmp_path / "liverelay.db.bak", []
    with closing(sqlite3.connect(original)) as database, database:
        database.execute("CREATE TABLE kept (words)")

    def opened(event: str, arguments: tuple[object, ...]) -> None:
        if event == "sqlite3.connect" and str(arguments[0]) == str(backup):
            modes.append(stat.S_IMODE(backup.stat().st_mode) if backup.exists() else None)

    sys.addaudithook(opened)
    before = os.umask(0)
    try:
        copy(original, backup)
    finally:
        os.umask(before)
    assert modes == [0o600]
