"""The time that one fetch may take, however many requests it needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from ..errors import FetchError
from ..languages import stored

PATIENCE = 3
"""How many times its own time limit a fetch may spend, in all, on waiting for its turn."""


class Budget:
    """The time that is left to a fetch: for its requests, and apart from these for waiting until it may make them.

    So a fetch ends within four times its time limit, whatever servers do and however many other pages they have.
    """

    def __init__(self, allowed: timedelta) -> None:
        self._left = allowed.total_seconds()
        self._patience = self._left * PATIENCE

    @asynccontextmanager
    async def spend(self) -> AsyncIterator[None]:
        """Count the time inside; raises TimeoutError when it is used up."""
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            async with asyncio.timeout(max(self._left, 0)):
                yield
        finally:
            self._left -= clock() - started

    @asynccontextmanager
    async def hold(self, turn: asyncio.Lock, host: str) -> AsyncIterator[None]:
        """Hold a host's lock; raises FetchError where it is not free while there is patience left."""
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            async with asyncio.timeout(max(self._patience, 0)):
                await turn.acquire()
        except TimeoutError:
            slow = stored("{host} is slow, and too many of its pages are waiting to be read.")
            raise FetchError(slow.format(host=host)) from None
        finally:
            self._patience -= clock() - started
        try:
            yield
        finally:
            turn.release()
