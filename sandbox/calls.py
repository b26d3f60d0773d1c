"""The record of every call that the stand-ins answered, bounded so that a long run cannot fill the memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator

from .platform import Call

KEPT = 20_000
_KEPT_WRONG = 100


class CallLog:
    """The newest calls, oldest first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._calls: deque[Call] = deque(maxlen=kept)
        self.wrong: deque[Call] = deque(maxlen=_KEPT_WRONG)
        """Those that broke the specification, however many were right since, and also when the others are forgotten."""
        self._more = asyncio.Event()

    def add(self, call: Call) -> None:
        """Remember a call; the oldest is forgotten when there are too many."""
        self._calls.append(call)
        if not call.valid:
            self.wrong.append(call)
        self._more.set()

    async def more(self) -> None:
        """Wait for the next call."""
        self._more.clear()
        await self._more.wait()

    def select(self, platform: str = "", method: str = "") -> list[Call]:
        """Return the calls of that platform and method; "" fits all."""
        return [
            call
            for call in self._calls
            if (not platform or call.platform == platform) and (not method or call.method == method)
        ]

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)
