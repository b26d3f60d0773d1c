"""One request at a time per host, and silence where a host asked for it; for all sources together."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from ..errors import FetchError
from ..languages import stored
from ..ports import Clock
from .budget import Budget

MOST_HOSTS = 1000


class Host:
    """A host's turn, how many hold it or wait for it, and until when the host wants to be left alone."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.users = 0
        self.silent_until: datetime | None = None


class Hosts:
    """The hosts that were asked last; those nobody needs are forgotten beyond `MOST_HOSTS`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: OrderedDict[str, Host] = OrderedDict()

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, name: str, budget: Budget) -> AsyncIterator[None]:
        """Hold a host for one request. Raises FetchError where it wants silence, or its turn does not come in time."""
        host = self._of(name)
        self._respect_silence(name, host)
        host.users += 1
        try:
            async with budget.hold(host.turn, name):
                self._respect_silence(name, host)
                yield
        finally:
            host.users -= 1

    def silence(self, name: str, wait: timedelta) -> None:
        """Leave a host alone for so long."""
        host = self._of(name)
        host.silent_until = max(self._clock.now() + wait, host.silent_until or self._clock.now())

    def _respect_silence(self, name: str, host: Host) -> None:
        left = (host.silent_until or self._clock.now()) - self._clock.now()
        if left > timedelta():
            raise FetchError(stored("{host} asked to be left alone for a while.").format(host=name), retry_after=left)

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
            if host is not keep and not host.users and not silent:
                del self._hosts[name]
                return
