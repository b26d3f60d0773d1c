"""What befalls the process: it is killed, ended, stopped, cannot write to its disk or into its database; and when."""

from __future__ import annotations

import asyncio
import contextlib
import random
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sandbox.clock import utc_now
from tests.process.program import Program

TROUBLES = ("SIGKILL", "SIGKILL", "SIGTERM", "SIGSTOP", "disk full", "locked")
# An answer goes over loopback and into one transaction, which waits for the poller's at most: some milliseconds, and
# on a machine that other builds keep busy some hundreds.
RECORDED_WITHIN = timedelta(seconds=1)


class Piped(Program):
    """A program whose log goes through a pipe: a full disk does not silence it."""

    ended_at: datetime

    async def start(self, *arguments: str) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", *arguments, env=self.environment(),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self.reading = asyncio.create_task(self._read(self.process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        with (self.folder / "log").open("ab") as log:
            while line := await process.stdout.read(65536):
                log.write(line)
        self.ended_at = utc_now()


class Ordeal:
    """What befalls the program, at the dice; `count` is told of each trouble as it begins."""

    def __init__(self, program: Piped, dice: random.Random, count: Callable[[str], None]) -> None:
        self.program = program
        self._dice = dice
        self._count = count
        self._spans: list[tuple[datetime, datetime]] = []

    async def happen(self) -> None:
        """Let something happen, and wait until it is over."""
        process = self.program.process
        assert process is not None
        what = self._dice.choice(TROUBLES)
        self._count(what)
        with self._trouble():
            await {
                "SIGKILL": self._kill, "SIGTERM": self._terminate, "SIGSTOP": self._stop,
                "disk full": self._fill, "locked": self._lock,
            }[what](process)  # fmt: skip

    async def supervise(self) -> bool:
        """Start the process again where it has ended by itself, as whatever supervises it would."""
        process = self.program.process
        assert process is not None
        if process.returncode is None:
            return False
        self._count("ended by itself")
        await self.program.reading
        self._spans.append((self.program.ended_at, self.program.ended_at))
        await self.program.start()
        return True

    def touched(self, at: datetime) -> bool:
        """Whether the answer to a call of that moment may not have been recorded."""
        return any(begun - RECORDED_WITHIN <= at <= ended for begun, ended in self._spans)

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        begun = utc_now()
        try:
            yield
        finally:
            self._spans.append((begun, utc_now()))

    async def _kill(self, _process: asyncio.subprocess.Process) -> None:
        await self.program.kill()
        await self.program.start()

    async def _terminate(self, _process: asyncio.subprocess.Process) -> None:
        await self.program.stop()
        await self.program.start()

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(self._dice.choice((0.5, 5.0)))
        process.send_signal(signal.SIGCONT)

    async def _fill(self, process: asyncio.subprocess.Process) -> None:
        """No file can be written to, as on a full disk: the process may write none longer than no bytes at all."""
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        await asyncio.sleep(self._dice.choice((0.5, 2.0)))
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    async def _lock(self, _process: asyncio.subprocess.Process) -> None:
        other = sqlite3.connect(self.program.folder / "data" / "liverelay.db", isolation_level=None, timeout=5)
        try:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(self._dice.choice((0.5, 5.0)))
        except sqlite3.OperationalError:
            self._count("the lock was not to be had")
        finally:
            other.close()
