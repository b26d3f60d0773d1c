"""Waiting that can be ended: by an event, by being told to stop, by time."""

from __future__ import annotations

import asyncio
from datetime import timedelta


async def stopped_within(stopping: asyncio.Event, wait: timedelta) -> bool:
    """Wait so long, or until told to stop; whether we were."""
    try:
        async with asyncio.timeout(wait.total_seconds()):
            return await stopping.wait()
    except TimeoutError:
        return False


async def first_of(*events: asyncio.Event, within: timedelta) -> None:
    """Wait for the first of these events, but no longer than `within`."""
    waiters = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiters, timeout=within.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
