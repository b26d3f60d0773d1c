"""No delivery without an owner or a way out, one act in flight per lane, order kept: whatever happens, in any order."""

from __future__ import annotations

import asyncio

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.store.engine import Database
from bot.store.migrate import upgrade

from .machine import Outbox

SIZE = settings(max_examples=20, stateful_step_count=40, suppress_health_check=list(HealthCheck))


def test_whatever_happens_the_outbox_keeps_its_word(database_url: str) -> None:
    async def migrate() -> None:
        async with Database(database_url) as opened:
            await upgrade(opened)

    asyncio.run(migrate())
    machine = type("Outbox", (Outbox,), {"url": database_url})
    run_state_machine_as_test(machine, settings=SIZE)
