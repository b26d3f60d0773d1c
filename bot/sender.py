"""Sending for one bot token while this process holds its lease: take → recover → dispatch, and renew meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from .dispatcher import Dispatcher, Sending
from .errors import LeaseLost
from .ports import Adapter, Clock
from .store import senders
from .store.engine import Database
from .waiting import stopped_within
from .watch import Unwatched, Watch

log = structlog.get_logger(__name__)

# A call that an earlier sender made may still arrive this long after its lease ended.
LANDING = timedelta(seconds=5)
# How often a standby asks whether the lease is free.
ASKING = timedelta(seconds=1)


class Sender:
    """The one sender of a token. Only one process at a time sends for it; the others stand by."""

    def __init__(
        self,
        database: Database,
        adapter: Adapter,
        token: str,
        *,
        clock: Clock,
        owner: str,
        lease: timedelta,
        sending: Sending,
        wake: asyncio.Event,
        watch: Watch | None = None,
    ) -> None:
        self._database = database
        self._adapter = adapter
        self._token = token
        self._clock = clock
        self._owner = owner
        self._lease = lease
        self._sending = sending
        self._wake = wake
        self._watch = watch or Unwatched()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until told to stop. Raises LeaseLost when another process took over."""
        epoch = await self._take(stopping)
        if epoch is None:
            return
        async with self._database.write() as connection:
            platform, bot = self._adapter.platform, self._adapter.bot
            freed = await senders.recover(connection, platform, bot, epoch, self._clock.now())
        log.info("sender.started", platform=platform, bot=bot, epoch=epoch, unfinished=freed)
        dispatcher = Dispatcher(
            self._database,
            self._adapter,
            self._token,
            clock=self._clock,
            epoch=epoch,
            sending=self._sending,
            wake=self._wake,
            watch=self._watch,
        )
        self._watch.sends(platform, so=True)
        try:
            async with asyncio.TaskGroup() as both:
                renewing = both.create_task(self._renew(epoch))
                try:
                    await dispatcher.run(stopping)
                finally:
                    renewing.cancel()
        finally:
            self._watch.sends(platform, so=False)
        async with self._database.write() as connection:
            await senders.release(connection, self._token, epoch, self._clock.now())

    async def _take(self, stopping: asyncio.Event) -> int | None:
        """Return the new epoch once the lease is ours; None if we are to stop before."""
        waited = False
        while not stopping.is_set():
            async with self._database.write() as connection:
                epoch = await senders.take(
                    connection,
                    self._token,
                    platform=self._adapter.platform,
                    owner=self._owner,
                    now=self._clock.now(),
                    lease=self._lease,
                    alone=self._database.exclusive,
                )
            if epoch is not None:
                if waited and await stopped_within(stopping, LANDING):
                    return None
                return epoch
            if not waited:
                log.info("sender.standing_by", platform=self._adapter.platform)
            waited = True
            await stopped_within(stopping, ASKING)
        return None

    async def _renew(self, epoch: int) -> None:
        """Keep the lease; when it cannot be kept in time, raise, which cancels every open call before it ends."""
        deadline = asyncio.timeout(self._lease.total_seconds() * 0.75)
        try:
            async with deadline:
                while True:
                    await asyncio.sleep(self._lease.total_seconds() / 4)
                    async with self._database.write() as connection:
                        ours = await senders.renew(connection, self._token, epoch, self._clock.now(), self._lease)
                    if not ours:
                        raise LeaseLost(f"Another process sends for this {self._adapter.platform} bot now.")
                    deadline.reschedule(asyncio.get_running_loop().time() + self._lease.total_seconds() * 0.75)
        except TimeoutError as error:
            raise LeaseLost("The database did not answer in time to keep the sender's lease.") from error
