"""Measuring: the fastest of several runs, ours beside a yardstick in the same process, told as a ratio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `unit` names both; where `more_is_better`, the ratio is yardstick to ours turned round."""

    what: str
    ours: float
    yardstick_name: str
    yardstick: float
    unit: str
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """How many times worse than the yardstick we are (below 1: better)."""
        return self.yardstick / self.ours if self.more_is_better else self.ours / self.yardstick


def fastest(run: Callable[[], object], times: int = 7) -> float:
    """Return the shortest of several runs, in milliseconds of the processor, whatever else the machine is doing."""
    return min(_timed(run) for _ in range(times))


def _timed(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return (time.process_time() - begun) * 1000


async def fastest_async(run: Callable[[], Awaitable[object]], times: int = 7) -> float:
    """Return the shortest of several runs, in milliseconds."""
    shortest = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        await run()
        shortest = min(shortest, (time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0)
    return shortest
