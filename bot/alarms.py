"""Looks after the program for its operator: finds what is wrong, tells it once, and tells that it is over.

gather signs → decide the troubles → keep them (told through the outbox, like any entry)
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from .alerts import SLOW, Disk, Signs, Trouble, troubles
from .model import Address, Platform
from .ports import Clock
from .store import access, alerts, backlog
from .store.alerts import Told
from .store.engine import Database
from .store.halting import paused_since
from .waiting import stopped_within

log = structlog.get_logger(__name__)

NOBODY = "off"
# When a platform does not let its bot in: so long others may take to be there, and again to say it, before the end.
_LAST_WORDS, _LAST_WORDS_TRIES = timedelta(seconds=5), 25


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """Who hears alerts on a platform (a chat's id; "" for the owner, "off" for nobody), and when there is one.

    `stuck_after`: messages that nothing holds have not got out for so long. `disk_free`: fewer bytes are left.
    """

    receivers: Mapping[Platform, str] = field(default_factory=dict)
    stuck_after: timedelta = timedelta(minutes=10)
    disk_free: int = 500_000_000


class Alarms:
    """`room` tells how many bytes are left where the database lies (None: unknown); `told` wakes the senders."""

    def __init__(
        self,
        database: Database,
        settings: AlarmSettings,
        *,
        clock: Clock,
        room: Callable[[], int | None],
        told: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._room = room
        self._told = told
        self._monotonic = monotonic
        self._slow = 0
        self._bots: dict[Platform, str] = {}
        self._rejected: dict[Platform, str] = {}

    def connected(self, platform: Platform, bot: str) -> None:
        """Note that a bot was let in: its chats can hear."""
        self._bots[platform] = bot
        self._rejected.pop(platform, None)

    async def tell_rejected(
        self, platform: Platform, why: str, others: Collection[Platform], stopping: asyncio.Event
    ) -> None:
        """Tell that a platform does not let its bot in, and wait a little for others to be there and to say it."""
        self._bots.pop(platform, None)
        self._rejected[platform] = why
        await self._until(lambda: self._are_there(others), stopping)
        await self.look()
        await self._until(self._is_said, stopping)

    async def _until(self, so: Callable[[], Awaitable[bool]], stopping: asyncio.Event) -> None:
        for _ in range(_LAST_WORDS_TRIES):
            if await so() or await stopped_within(stopping, _LAST_WORDS / _LAST_WORDS_TRIES):
                return

    async def _are_there(self, others: Collection[Platform]) -> bool:
        return set(others) <= self._bots.keys()

    async def _is_said(self) -> bool:
        async with self._database.read() as connection:
            return not await alerts.waiting(connection, list(self._bots.items()))

    async def look(self) -> None:
        """Find what is wrong and what no longer is, and tell it."""
        await self._feel()
        now = self._clock.now()
        # Counting what is owed may take a while, and holds up nobody here.
        async with self._database.read() as connection:
            signs = await self._signs(connection)
        async with self._database.write() as connection:
            for platform, bot in self._bots.items():
                await alerts.receive(
                    connection, Address(platform, bot, ""), await self._receiver(connection, platform), now
                )
            lasting = await alerts.active(connection)
            found = troubles(signs, {each.trouble.key for each in lasting})
            began, ended = await alerts.keep(connection, [*found, *self._still_out(lasting)], now)
        for trouble in began:
            log.error("alert.began", kind=trouble.kind, what=trouble.headline, why=trouble.body)
        for trouble in ended:
            log.info("alert.ended", kind=trouble.kind, what=trouble.over)
        if began or ended:
            self._told()

    async def _feel(self) -> None:
        """Measure what the smallest transaction takes."""
        begun = self._monotonic()
        async with self._database.write() as connection:
            await paused_since(connection)
        took = timedelta(seconds=self._monotonic() - begun)
        self._slow = self._slow + 1 if took > SLOW else 0

    async def _receiver(self, connection: AsyncConnection, platform: Platform) -> str:
        chosen = self._settings.receivers.get(platform, "")
        if chosen == NOBODY:
            return ""
        return chosen or await access.owner_chat(connection, platform)

    async def _signs(self, connection: AsyncConnection) -> Signs:
        failing, count = await alerts.failing(connection)
        left = self._room()
        return Signs(
            failing=failing,
            all_failing=count,
            stuck=await backlog.stuck(connection, self._clock.now(), self._settings.stuck_after),
            disk=None if left is None else Disk(left, self._settings.disk_free),
            dead=await backlog.dead_letters(connection),
            slow=self._slow,
            rejected=tuple(self._rejected.items()),
        )

    def _still_out(self, lasting: Sequence[Told]) -> list[Trouble]:
        """A platform that did not let its bot in, before a restart perhaps, still does not until it has."""
        heard = {f"token:{platform}" for platform in (*self._bots, *self._rejected)}
        return [each.trouble for each in lasting if each.trouble.kind == "token" and each.trouble.key not in heard]
