"""Commands while something else keeps the database: Discord waits three seconds and takes no answer after that."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.commands import SPECS, CommandLimits, Commands
from bot.exploring import Explored
from bot.ports import Incoming, Membership
from bot.store.engine import Database
from sandbox.server import Sandbox, specs_from
from tests.adapters.contract import listening, soon
from tests.adapters.discord_stage import DiscordStage, on_stage
from tests.mirror.world import ManualClock

DEFERRED = 5


class Desk:
    """The real core behind the real client; `reached` is set when a command is about to be written down."""

    def __init__(self, database: Database, stage: DiscordStage) -> None:
        self.reached = asyncio.Event()
        self.commands = Commands(
            database,
            adapters=[stage.adapter],
            clock=ManualClock(),
            probe=self._probe,
            limits=CommandLimits(access_open=True),
            wake_poller=lambda: None,
            wake_dispatcher=lambda: None,
        )

    async def _probe(self, url: str) -> Explored:
        raise AssertionError(f"nobody asked for {url}")

    async def __call__(self, incoming: Incoming) -> None:
        if not isinstance(incoming, Membership):
            self.reached.set()
            await self.commands.record(incoming)


def acknowledged(stage: DiscordStage) -> list[int]:
    calls = stage.requests("POST /interactions/{interaction_id}/{interaction_token}/callback")
    return [call["body"]["type"] for call in calls]


async def test_a_command_is_acknowledged_while_the_database_is_locked_and_answered_when_it_is_free(
    database: Database, tmp_path: Path
) -> None:
    async with Sandbox(specs=specs_from(os.environ)) as sandbox, on_stage(sandbox, commands=SPECS) as stage:
        desk = Desk(database, stage)
        where = stage.open_chat("text")
        async with listening(stage.adapter, desk):
            with closing(sqlite3.connect(tmp_path / "liverelay.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                asked = asyncio.ensure_future(stage.ask(where, "/help", admin=True))
                await soon(desk.reached.wait())
                assert acknowledged(stage) == [DEFERRED]
                assert not desk.commands.arrived.is_set()
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    sqlite3.connect(tmp_path / "liverelay.db", timeout=0).execute("BEGIN IMMEDIATE")
                other.execute("COMMIT")
            await soon(desk.commands.arrived.wait())
            assert await desk.commands.work_once()
            (answer,) = await soon(asked)
    assert "/subscribe" in answer
