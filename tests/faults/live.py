"""One seed, played with `liverelay run` as a real process against the sandbox, everything around it faulty.

Time is not virtual here; what takes minutes in the field is shortened by settings: pages are looked at every 0.3 s, a
lease lasts 2 s (20 s by default), so that a stop of up to 3 s stands for one of 30 s.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import resource
import signal
import sqlite3
import sys
import time
from collections import Counter
from pathlib import Path

from sandbox.platform import Fault
from tests.process.program import Place, Program, make

from .newsstand import TROUBLES, Newsstand
from .paper import Paper

STEPS = 8
EQUAL_WITHIN = 150.0
PLATFORMS = (
    "429", "429_global", "500_before", "500_after", "reset_before", "reset_after", "bad_json", "hang", "hang_after",
    "403",
)  # fmt: skip
GATEWAY = ("invalid_session", "reconnect", "close", "malformed_event", "zombie")
PROCESS = ("SIGKILL", "SIGKILL", "SIGTERM", "SIGSTOP", "disk full", "locked")
# After each of these a call may have been accepted in each chat of Telegram without our hearing of it.
LOSING = (
    "SIGKILL", "SIGTERM", "SIGSTOP", "disk full", "locked", "ended by itself", "telegram 500_after",
    "telegram reset_after", "telegram bad_json", "telegram hang", "telegram hang_after",
)  # fmt: skip
# They live in every story; what is taken away for good has a chat of its own, and the others must not notice.
LASTING = ("migrate", "topic_deleted", "delete_channel")


class Piped(Program):
    """A program whose log goes through a pipe: a full disk does not silence it."""

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


class LiveStory:
    """What happens under one seed; `told` is the history, `counts` the faults, `equal_after` the seconds at the end."""

    def __init__(self, seed: int, sandbox: Newsstand, folder: Path) -> None:
        self.dice = random.Random(seed)
        self.sandbox = sandbox
        self.folder = folder
        (folder / "data").mkdir()
        self.program = Piped(sandbox, folder, {"SEND__LEASE": "2"})
        self.paper = Paper(sandbox.page, self.dice)
        self.told: list[str] = []
        self.counts: Counter[str] = Counter()
        self.repeats = self.unheard = 0
        self.equal_after = 0.0
        self.begun = time.monotonic()
        private, group = make(sandbox, "telegram", "private"), make(sandbox, "telegram", "supergroup")
        channel, thread = make(sandbox, "discord", "text"), make(sandbox, "discord", "thread")
        self.places = (private, group, channel, thread)
        self.lasting = self.dice.choice(LASTING)
        kind = {"migrate": ("telegram", "group"), "topic_deleted": ("telegram", "forum")}
        self.victim = make(sandbox, *kind.get(self.lasting, ("discord", "text")))

    def note(self, line: str) -> None:
        """Remember a line of the history."""
        self.told.append(f"{time.monotonic() - self.begun:7.2f} {line}")

    async def play(self) -> list[str]:
        """Play to the end and return what is wrong then."""
        self.sandbox.page.retitle("Harbour live")
        for place in self.places:
            place.stand_in.fault(Fault("unlimited"))
        await self.program.start()
        await self._listening()
        await asyncio.gather(*(self._follow(place) for place in (*self.places, self.victim)))
        taken_away = self.dice.randrange(STEPS)
        for step in range(STEPS):
            whole = self._page()
            for _ in range(self.dice.randrange(1, 4)):
                self.note("newsroom: " + self.paper.act(whole=whole))
            if step == taken_away:
                self._take_away()
            self._platform()
            await asyncio.sleep(self.dice.random() * 0.7)
            await self._process()
        return await self._end()

    async def _follow(self, place: Place) -> None:
        """Subscribe; a greeting may come before the answer."""
        if "Following" not in await place.type(f"/subscribe {self.sandbox.page_url}"):
            async with asyncio.timeout(60):
                while not any("Following" in message.text for message in place.view().messages):
                    await self.sandbox.calls.more()

    async def _listening(self) -> None:
        """Wait until the bot is connected: on a busy machine that takes longer than a command waits for its answer."""
        async with asyncio.timeout(60):
            while {call.platform for call in self.sandbox.calls} != {"telegram", "discord"}:
                await self.sandbox.calls.more()

    # ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────

    def _page(self) -> bool:
        """Let the page server fail for some requests, or serve an older copy; return whether all of it is served."""
        self.sandbox.page.restore()
        troubles = self.dice.choices(("well", "stale", *TROUBLES), k=2)
        for trouble in set(troubles) - {"well", "stale"}:
            self._count(f"page {trouble}")
            self.sandbox.troubles.extend([trouble] * self.dice.choice((1, 1, 3)))
        if "stale" in troubles:
            self._count("page older copy")
            self.sandbox.page.stale(self.dice.choice((1, 2)))
        return not set(troubles) & {"half", "stale"}

    def _platform(self) -> None:
        place = self.dice.choice(self.places)
        kinds = PLATFORMS if place.platform == "telegram" else PLATFORMS + GATEWAY
        kind = self.dice.choice(kinds)
        self._count(f"{place.platform} {kind}")
        times, wait, hang = self.dice.choice((1, 1, 2)), self.dice.choice((0.5, 1.0)), self.dice.choice((0.5, 2.0))
        place.fault(kind, times=times, retry_after=wait, seconds=hang)
        if kind == "403":
            asyncio.get_running_loop().call_later(1.0, place.fault, "restore")

    def _take_away(self) -> None:
        self._count(self.lasting)
        more = {"thread": self.victim.thread} if self.lasting == "topic_deleted" else {}
        self.victim.fault(self.lasting, more=more)

    async def _process(self) -> None:
        process = self.program.process
        assert process is not None
        if not await self._supervise() and self.dice.random() < 0.5:
            what = self.dice.choice(PROCESS)
            self._count(what)
            await {
                "SIGKILL": self._kill, "SIGTERM": self._terminate, "SIGSTOP": self._stop,
                "disk full": self._fill, "locked": self._lock,
            }[what](process)  # fmt: skip

    async def _supervise(self) -> bool:
        """Start the process again where it has ended by itself, as whatever supervises it would."""
        process = self.program.process
        assert process is not None
        if process.returncode is None:
            return False
        self._count("ended by itself")
        await self.program.start()
        return True

    async def _kill(self, _process: asyncio.subprocess.Process) -> None:
        await self.program.kill()
        await self.program.start()

    async def _terminate(self, _process: asyncio.subprocess.Process) -> None:
        await self.program.stop()
        await self.program.start()

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(self.dice.choice((0.5, 3.0)))
        process.send_signal(signal.SIGCONT)

    async def _fill(self, process: asyncio.subprocess.Process) -> None:
        """No file can be written to, as on a full disk: the process may write none longer than no bytes at all."""
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        await asyncio.sleep(self.dice.choice((0.5, 2.0)))
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    async def _lock(self, _process: asyncio.subprocess.Process) -> None:
        other = sqlite3.connect(self.folder / "data" / "liverelay.db", isolation_level=None, timeout=5)
        try:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(self.dice.choice((0.5, 3.0)))
        except sqlite3.OperationalError:
            self.note("the lock was not to be had")
        finally:
            other.close()

    def _count(self, what: str) -> None:
        self.counts[what] += 1
        self.note(what)

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _end(self) -> list[str]:
        self.note("the trouble ends")
        self.sandbox.page.restore()
        self.sandbox.troubles.clear()
        for place in self.places:
            place.fault("restore")
            place.fault("calm")
        ended = time.monotonic()
        while self._wrong() and time.monotonic() - ended < EQUAL_WITHIN:
            await self._supervise()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await self.sandbox.calls.more()
        self.equal_after = time.monotonic() - ended
        await self.program.stop()
        heard = self._heard()
        self.repeats = sum(self.paper.copies(place.view().messages) for place in self.places[:2])
        self.unheard = sum(len(self._unheard(place, heard)) for place in self.places[:2])
        return self._wrong() + self._too_many_unheard()

    def _wrong(self) -> list[str]:
        heard = self._heard()
        return [f"{place.platform} {place.view().kind}: {what}" for place in self.places
                for what in self._judge(place, heard)]  # fmt: skip

    def _judge(self, place: Place, heard: set[str]) -> list[str]:
        shown = place.view().messages
        if place.platform == "telegram":
            # A copy of which nobody heard is left alone, also if its post is withdrawn: it has no name we know.
            unheard = self._unheard(place, heard)
            shown = tuple(message for message in shown if message.id not in unheard)
        return self.paper.judge(shown, pins=place.view().kind != "private")

    def _unheard(self, place: Place, heard: set[str]) -> set[str]:
        """The ids of the messages whose acceptance the program never heard of."""
        return {message.id for message in place.messages() if f"{place.chat} {message.id}" not in heard}

    def _heard(self) -> set[str]:
        with contextlib.closing(sqlite3.connect(self.folder / "data" / "liverelay.db", timeout=5)) as database:
            return {f"{chat} {id_}" for chat, id_ in database.execute("SELECT chat, message_id FROM part")}

    def _too_many_unheard(self) -> list[str]:
        """Only what kept an answer from us may leave such a copy: one for each of these, in each chat."""
        losing = sum(self.counts[kind] for kind in LOSING) * 2
        return [f"{self.unheard} copies without a name, {losing} answers may have been lost"] * (self.unheard > losing)


async def play_live(seed: int, folder: Path) -> tuple[LiveStory, list[str]]:
    """Play a seed with a process and a sandbox of its own."""
    mine = folder / f"live{seed}"
    mine.mkdir()
    sandbox = Newsstand()
    async with sandbox:
        story = LiveStory(seed, sandbox, mine)
        try:
            wrong = await story.play()
        finally:
            if story.program.process is not None and story.program.process.returncode is None:
                await story.program.kill()
    if wrong:
        story.told += ["the end of the log:", *story.program.log.splitlines()[-15:]]
    return story, wrong
