"""The clockwork: a handful of system jobs on APScheduler. What is polled when stands in the database, not here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from .clock import machine_time

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[object]]

# How often it is looked whether the clock was put back, and by how much it must be to matter.
_LOOK, _NOTICED = 1.0, timedelta(seconds=1)


class Scheduler:
    """Runs jobs at intervals, never one job twice at once. `failed` is told of an exception that leaves a job.

    `wall` is the machine's clock, by which APScheduler waits.
    """

    def __init__(self, failed: Callable[[BaseException], None], wall: Callable[[], datetime] = machine_time) -> None:
        self._failed = failed
        self._wall = wall
        self._seen = wall()
        self._look: asyncio.TimerHandle | None = None
        self._running: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        # Late is better than never, and many missed runs are one (APScheduler's defaults drop a run late by 1 s).
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def every(self, interval: timedelta, name: str, job: Job) -> None:
        """Run a job now and then at every interval; a run that takes longer delays the next."""
        self._scheduler.add_job(
            self._run,
            "interval",
            args=(name, job),
            seconds=interval.total_seconds(),
            id=name,
            next_run_time=machine_time(),
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()
        self._heed()

    async def stop(self) -> None:
        """Start nothing more and wait for what runs (APScheduler's own shutdown would cancel it)."""
        if self._look:
            self._look.cancel()
        self._scheduler.pause()
        await self._idle.wait()
        self._scheduler.shutdown(wait=False)

    def _heed(self) -> None:
        """Begin anew where the clock was put back: by what was planned before, no job would run for all that time."""
        now = self._wall()
        if now < self._seen - _NOTICED:
            log.warning("clock.put_back", seconds=round((self._seen - now).total_seconds()))
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=now)
        self._seen = now
        self._look = asyncio.get_running_loop().call_later(_LOOK, self._heed)

    async def _run(self, name: str, job: Job) -> None:
        self._running.add(name)
        self._idle.clear()
        try:
            await job()
        except BaseException as error:
            self._failed(error)
            raise
        finally:
            self._running.discard(name)
            if not self._running:
                self._idle.set()
