"""The clockwork: a handful of system jobs on APScheduler. What is polled when stands in the database, not here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[object]]


class Scheduler:
    """Runs jobs at intervals, never one job twice at once. `failed` is told of an exception that leaves a job."""

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
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
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Start nothing more and wait for what runs (APScheduler's own shutdown would cancel it)."""
        self._scheduler.pause()
        await self._idle.wait()
        self._scheduler.shutdown(wait=False)

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
