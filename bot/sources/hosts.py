"""One request at a time per host, and silence where a host asked for it; for all sources together."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from ..errors import FetchError
from ..ports import Clock

MOST_HOSTS = 1000


class Host:
    """A host's turn, and until when it wants to be left alone."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.waiting = 0
        self.silent_until: datetime | None = None


class Hosts:
    """The hosts that were asked last; those nobody needs are forgotten beyond `MOST_HOSTS`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: OrderedDict[str, Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, name: str, patience: timedelta) -> AsyncIterator[None]:
        """Hold a host for one request. Raises FetchError where it wants silence, or its turn does not come in time."""
        host = self._of(name)
        host.waiting += 1
        try:
            self._respect_silence(name, host)
            await self._wait(name, host, patience)
        finally:
            host.waiting -= 1
        try:
            self._respect_silence(name, host)
            yield
        finally:
            host.turn.release()

    def silence(self, name: str, wait: timedelta) -> None:
        """Leave a host alone for so long."""
        host = self._of(name)
        host.silent_until = max(self._clock.now() + wait, host.silent_until or self._clock.now())

    async def _wait(self, name: str, host: Host, patience: timedelta) -> None:
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await host.turn.acquire()
        except TimeoutError:
            raise FetchError(f"{name} is slow, and too many of its pages are waiting to be read.") from None

    def _respect_silence(self, name: str, host: Host) -> None:
        left = (host.silent_until or self._clock.now()) - self._clock.now()
        if left > timedelta():
            raise FetchError(f"{name} asked to be left alone for a while.", retry_after=left)

    def _of(self, name: str) -> Host:
        host = self._hosts.setdefault(name, Host())
        self._hosts.move_to_end(name)
        if len(self._hosts) > MOST_HOSTS:
            self._forget(keep=host)
        return host

    def _forget(self, keep: Host) -> None:
        """Forget the host that was asked longest ago and is neither in use nor silent."""
        now = self._clock.now()
        for name, host in self._hosts.items():
            silent = host.silent_until is not None and host.silent_until > now
            if host is not keep and not host.waiting and not host.turn.locked() and not silent:
                del self._hosts[name]
                return
