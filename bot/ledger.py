"""Writing settlements down: each before its task ends, and all that wait in one transaction.

A durable commit costs a few milliseconds however much it holds, so answers that come together share one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .planner import Part
from .settling import Settlement
from .store import answers
from .store.engine import Database
from .store.outbox import Claim


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be written of one delivery; `sent` is the part that was accepted last, not yet written down."""

    claim: Claim
    result: Settlement
    sent: Part | None
    at: datetime
    paced_until: datetime


class Ledger:
    """Writes what became of deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing = asyncio.Lock()
        self._waiting: list[tuple[Settled, asyncio.Future[BaseException | None]]] = []

    async def write(self, settled: Settled) -> None:
        """Return when it is on disk. Raises LeaseLost if a newer sender has taken the delivery over."""
        written: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((settled, written))
        async with self._writing:
            # Whoever was writing until now may have written this one, too.
            if not written.done():
                await self._write_all()
        if (error := await written) is not None:
            raise error

    async def _write_all(self) -> None:
        batch, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            await self._write([settled for settled, _ in batch])
        except BaseException as failed:
            error = failed
            raise
        finally:
            for _, written in batch:
                if not written.done():
                    written.set_result(error)

    async def _write(self, batch: Sequence[Settled]) -> None:
        async with self._database.write() as connection:
            await answers.accept(connection, [(each.claim, each.sent) for each in batch if each.sent is not None])
            # Lanes are freed first: a move merges lanes, and must find them as they will be.
            waits = [(each.claim, each.at, max(each.paced_until, each.at + each.result.lane_wait)) for each in batch]
            await answers.free(connection, waits)
            await answers.settle(connection, [(each.claim, each.result, each.at) for each in batch])
