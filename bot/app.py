"""Everything in one process: the loops, who supervises them, and how they end.

scheduler ─ tick ─▶ poller ─▶ outbox ─▶ a sender per bot ─▶ platform
platform ─ command ─▶ inbox ─▶ commands ─▶ reply
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from .alarms import Alarms
from .commands import WORKERS, Commands, notify, tidy
from .dispatcher import Sending
from .errors import AdapterError, AdapterUnreachable, DatabaseError, LeaseLost, LiveRelayError, SettingsError
from .poller import Poller
from .ports import Adapter, Alert, Clock, Fetcher, Suggests
from .scheduler import Scheduler
from .sender import Sender
from .settings import Settings
from .sources.read import read
from .store import deciding, housekeeping, pausing, schedules, sources
from .store.engine import Database
from .store.migrate import refuse_newer
from .waiting import first_of, stopped_within
from .watch import Unwatched, Watch
from .websub import WebSub

if TYPE_CHECKING:
    from .health import Health

log = structlog.get_logger(__name__)

# After SIGTERM what is in flight may take this long; systemd and others kill after 10 s or more.
GRACE = timedelta(seconds=8)
# A loop that dies is started again after 1, 2, 4 … seconds, at most this long.
LONGEST_PAUSE = timedelta(seconds=60)

Loop = Callable[[asyncio.Event], Awaitable[None]]


@dataclass(slots=True)
class Bot:
    """One bot: its adapter, the token that names its lease, and what wakes its sender."""

    adapter: Adapter
    token: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Bell:
    """Tells the loops that there is something to do, so that nobody waits for the next tick."""

    def __init__(self, bots: Sequence[Bot]) -> None:
        self.bots = bots
        self.poller = asyncio.Event()

    def ring_poller(self) -> None:
        """A source may be due."""
        self.poller.set()

    def ring_senders(self) -> None:
        """Something may be owed, in any bot's chats."""
        for bot in self.bots:
            bot.wake.set()


class App:
    """The running program. `stopping` ends it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        bell: Bell,
        fetcher: Fetcher,
        commands: Commands,
        *,
        clock: Clock,
        websub: WebSub | None = None,
        health: Health | None = None,
        watch: Watch | None = None,
        alarms: Alarms | None = None,
    ) -> None:
        self.stopping = asyncio.Event()
        self._settings = settings
        self._database = database
        self._bell = bell
        self._commands = commands
        self._websub = websub
        self._health = health
        self._watch = watch or Unwatched()
        self._alarms = alarms
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._clock = clock
        self._failure: LiveRelayError | None = None
        self._poller = Poller(
            database,
            fetcher,
            read,
            settings.discover,
            clock=self._clock,
            owner=self._owner,
            limits=settings.poll.limits,
            chance=lambda: random.uniform(-1, 1),  # noqa: S311  # jitter, not a secret
            planned=bell.ring_senders,
            alarm=_alarm,
            watch=self._watch,
        )

    async def run(self) -> None:
        """Run every loop until told to stop, or until something fails that only an operator can mend."""
        scheduler = self._scheduled()
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                loops = [group.create_task(self._supervise(name, loop), name=name) for name, loop in self._loops()]
                group.create_task(self._end(loops))
        finally:
            await scheduler.stop()
        if self._failure is not None:
            raise self._failure

    def _loops(self) -> list[tuple[str, Loop]]:
        loops: list[tuple[str, Loop]] = [("poller", self._poll), ("bell", self._answer_bell)]
        loops += [("websub", self._websub.run)] if self._websub else []
        loops += [("health", self._health.run)] if self._health else []
        loops += [(f"commands {number}", self._command) for number in range(WORKERS)]
        loops += [(bot.adapter.platform, partial(self._serve, bot)) for bot in self._bell.bots]
        return loops

    async def _serve(self, bot: Bot, stopping: asyncio.Event) -> None:
        """Log a bot in, listen to its platform, and send for it."""
        if not bot.adapter.bot:
            await bot.adapter.connect()
            log.info("bot.connected", platform=bot.adapter.platform, bot=bot.adapter.bot)
        self._watch.connected(bot.adapter.platform, so=True)
        if self._alarms:
            self._alarms.connected(bot.adapter.platform, bot.adapter.bot)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._sender(bot).run(stopping))
                both.create_task(self._listen(bot, stopping))
        finally:
            self._watch.connected(bot.adapter.platform, so=False)

    def _sender(self, bot: Bot) -> Sender:
        return Sender(
            self._database,
            bot.adapter,
            bot.token,
            clock=self._clock,
            owner=self._owner,
            lease=timedelta(seconds=self._settings.send.lease),
            sending=Sending(self._settings.send.unsure, self._settings.message.summary_length),
            wake=bot.wake,
            watch=self._watch,
        )

    async def _poll(self, stopping: asyncio.Event) -> None:
        async with self._database.write() as connection:
            await sources.free_leases(connection, None if self._database.exclusive else self._owner)
        await self._poller.run(stopping)

    async def _answer_bell(self, stopping: asyncio.Event) -> None:
        """Look for due sources as soon as somebody says that there may be one."""
        while not stopping.is_set():
            await first_of(self._bell.poller, stopping, within=timedelta(minutes=1))
            self._bell.poller.clear()
            await self._poller.tick()

    async def _command(self, stopping: asyncio.Event) -> None:
        """Do what people ask, one command after the other; what is recorded and not done waits for the next start."""
        while not stopping.is_set():
            self._commands.arrived.clear()
            if not await self._commands.work_once():
                await first_of(self._commands.arrived, stopping, within=timedelta(seconds=1))

    async def _listen(self, bot: Bot, stopping: asyncio.Event) -> None:
        """Listen until told to stop: what was not confirmed to the platform by then, it will tell again."""
        if isinstance(bot.adapter, Suggests):
            bot.adapter.suggest_with(self._commands.suggest)
        async with asyncio.TaskGroup() as both:
            listening = both.create_task(bot.adapter.listen(self._commands.record))
            both.create_task(_cancel_when(stopping, listening))

    def _scheduled(self) -> Scheduler:
        """The system jobs."""
        scheduler = Scheduler(self._job_failed)
        tick = min(timedelta(seconds=1), self._settings.poll.limits.min_interval / 4)
        scheduler.every(tick, "poll", self._poller.tick)
        scheduler.every(timedelta(seconds=2), "pauses", self._end_pauses)
        scheduler.every(timedelta(seconds=2), "hours", self._keep_hours)
        scheduler.every(timedelta(seconds=5), "leftovers", self._tidy)
        scheduler.every(timedelta(seconds=10), "troubles", self._notify)
        scheduler.every(timedelta(minutes=10), "reviews", self._end_reviews)
        scheduler.every(timedelta(minutes=1), "lanes", self._wake_forgotten)
        scheduler.every(timedelta(minutes=1), "version", self._refuse_newer)
        if self._alarms:
            scheduler.every(timedelta(minutes=1), "alerts", self._alarms.look)
        scheduler.every(timedelta(minutes=10), "held", self._try_held)
        scheduler.every(timedelta(hours=1), "retention", self._forget_old)
        return scheduler

    async def _end_pauses(self) -> None:
        async with self._database.write() as connection:
            resumed = await pausing.end_pauses(connection, self._clock.now())
        if resumed:
            self._bell.ring_senders()

    async def _end_reviews(self) -> None:
        async with self._database.write() as connection:
            expired = await deciding.expire(connection, self._clock.now())
        if expired:
            self._bell.ring_senders()

    async def _keep_hours(self) -> None:
        """End the quiet hours that are over, then make the digests whose time has come."""
        async with self._database.write() as connection:
            ended = await schedules.end_quiet(connection, self._clock.now())
            made = await schedules.gather_due(connection, self._clock.now())
        if ended or made:
            self._bell.ring_senders()

    async def _notify(self) -> None:
        await notify(self._database, [bot.adapter for bot in self._bell.bots], self._clock)

    async def _tidy(self) -> None:
        await tidy(self._database, [bot.adapter for bot in self._bell.bots], self._clock)

    async def _wake_forgotten(self) -> None:
        async with self._database.write() as connection:
            await housekeeping.wake_forgotten(connection, self._clock.now())

    async def _try_held(self) -> None:
        async with self._database.write() as connection:
            tried = await housekeeping.try_held(connection, self._clock.now())
        if tried:
            self._bell.ring_senders()

    async def _refuse_newer(self) -> None:
        async with self._database.read() as connection:
            refuse_newer(await housekeeping.revision(connection), self._database.name)

    async def _forget_old(self) -> None:
        keep = timedelta(days=self._settings.retention.days)
        async with self._database.write() as connection:
            await housekeeping.forget_old(connection, self._clock.now(), keep)
        await self._database.checkpoint()

    def _job_failed(self, error: BaseException) -> None:
        if isinstance(error, LiveRelayError):
            self._fail(error)
        elif isinstance(error, Exception):
            log.error("job.failed", exc_info=error)

    def _fail(self, error: LiveRelayError) -> None:
        self._failure = self._failure or error
        self.stopping.set()

    async def _supervise(self, name: str, loop: Loop) -> None:
        """Keep a loop alive: what an operator must mend ends the program, anything else is logged and tried again."""
        pause = timedelta(seconds=1)
        while not self.stopping.is_set():
            try:
                await loop(self.stopping)
            except Exception as error:  # noqa: BLE001  # the supervisor: the one place where this is right
                fatal = _fatal(error)
                if fatal is not None:
                    await self._last_words(name, fatal)
                    self._fail(fatal)
                    return
                _tell(name, error, pause)
                await stopped_within(self.stopping, pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _last_words(self, name: str, fatal: LiveRelayError) -> None:
        """Let the operator hear on another platform that this one does not let the bot in, before everything stops."""
        platforms = [bot.adapter.platform for bot in self._bell.bots]
        mine = next((platform for platform in platforms if platform == name), None)
        if not isinstance(fatal, AdapterError) or self._alarms is None or mine is None:
            return
        others = [platform for platform in platforms if platform != mine]
        try:
            await self._alarms.tell_rejected(mine, str(fatal), others, self.stopping)
        except LiveRelayError as error:
            log.warning("alert.not_told", why=str(error))

    async def _end(self, loops: Sequence[asyncio.Task[None]]) -> None:
        """Let what is in flight finish for a while after the stop; what does not is found again at the next start."""
        await self.stopping.wait()
        log.info("app.stopping")
        _, unfinished = await asyncio.wait(loops, timeout=GRACE.total_seconds())
        for loop in unfinished:
            log.warning("app.cut_short", loop=loop.get_name())
            loop.cancel()


def _alarm(alert: Alert) -> None:
    """Tell the operator by a line that stands out in the log."""
    tell = log.info if alert.event == "source.recovered" else log.error
    tell(alert.event, source=alert.page, why=alert.why, since=alert.since.isoformat(timespec="seconds"))


def _tell(name: str, error: Exception, pause: timedelta) -> None:
    """Say that a loop starts again: in a sentence where the reason is known, else with a traceback."""
    expected = _first(error, AdapterUnreachable, LeaseLost)
    if expected is not None:
        log.warning("loop.again", loop=name, why=str(expected), again_in=pause.total_seconds())
    else:
        log.error("loop.died", loop=name, again_in=pause.total_seconds(), exc_info=error)


async def _cancel_when(stopping: asyncio.Event, task: asyncio.Task[None]) -> None:
    await stopping.wait()
    task.cancel()


def _fatal(error: BaseException) -> LiveRelayError | None:
    """Return what only an operator can mend; None if there is nothing of that."""
    found = _first(error, DatabaseError, AdapterError, SettingsError)
    return None if isinstance(found, AdapterUnreachable) else found


def _first(error: BaseException, *kinds: type[LiveRelayError]) -> LiveRelayError | None:
    """Return the first error of these kinds, wherever it is in a group of errors."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, (_first(each, *kinds) for each in error.exceptions)), None)
    return error if isinstance(error, kinds) else None
