"""What befalls the process, and when: killed or stopped, its disk full, its database locked, its clock wrong."""

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
from functools import cached_property
from pathlib import Path

from sandbox.clock import utc_now
from tests.process.program import Program

from .wall_clock import WallClock, library

TROUBLES = ("SIGKILL", "SIGKILL", "SIGTERM", "SIGSTOP", "disk full", "locked", "clock jumps")
MINUTES = (-60, -10, -1, 1, 10, 60)
# An answer goes over loopback and into one transaction, which waits for the poller's at most: some milliseconds, and
# on a machine that other builds keep busy some hundreds.
RECORDED_WITHIN = timedelta(seconds=1)
# Of so much of the time a process was ready and no processor was free for it: it may be too late for its own lease.
STARVED, LOOK = 0.5, 0.5


class Piped(Program):
    """A program whose log goes through a pipe: a full disk does not silence it."""

    ended_at: datetime
    may_jump = True
    """Whether its clock can be put wrong: by way of libfaketime a process needs more of a processor."""

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **(self.wall.environment() if self.may_jump else {})}

    @cached_property
    def wall(self) -> WallClock:
        """The clock that its processes see."""
        return WallClock(self.folder)

    async def start(self, *arguments: str) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", *arguments, env=self.environment(),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self.reading = asyncio.create_task(self._read(self.process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        with (self.folder / "log").open("ab", buffering=0) as log:
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
        if what == "clock jumps":
            self._jump()
            return
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

    def touched(self, since: datetime, until: datetime) -> bool:
        """Whether what came between these moments may not have been recorded."""
        return any(begun - RECORDED_WITHIN <= until and since <= ended for begun, ended in self._spans)

    async def watch(self) -> None:
        """Note when the machine is so busy that the process is as good as stopped, until cancelled."""
        before, seen, starved = utc_now(), (0, 0.0), False
        while True:
            await asyncio.sleep(LOOK)
            pid = self.program.process.pid if self.program.process else 0
            now, waited = utc_now(), _waited(pid)
            longer = waited - (seen[1] if seen[0] == pid else 0)
            was, starved = starved, longer > STARVED * (now - before).total_seconds()
            if starved and not was:
                self._count("no processor free")
            if starved:
                self._spans.append((min(before, now - timedelta(seconds=longer)), now))
            before, seen = now, (pid, waited)

    def _jump(self) -> None:
        """Put the clock wrong until the next jump or the end; that excuses nothing."""
        minutes = self._dice.choice(MINUTES)
        if self.program.may_jump and library():
            self._count(f"clock {minutes:+d} min")
            self.program.wall.show(minutes * 60)

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


def _waited(pid: int) -> float:
    """Return for how many seconds a process waited for a processor so far; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
