"""One seed, played with `liverelay run` as a real process against the sandbox, everything around it faulty.

Time is not virtual here; what takes minutes in the field is shortened by settings: pages are looked at every 0.3 s, a
lease lasts 4 s (20 s by default), so that a stop of 5 s stands for one of 30 s. Were it shorter, a busy machine would
look like a process that was stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from pathlib import Path

from sandbox.clock import utc_now
from sandbox.platform import Fault, Shown
from tests.process.program import Place, make

from .history import calls_about
from .newsstand import TROUBLES, Newsstand
from .paper import Paper
from .process import Ordeal, Piped
from .typing import Typists
from .witness import unheard

STEPS = 8
JUMPING = 3  # in every third seed clocks jump
EQUAL_WITHIN = 150.0
PLATFORMS = (
    "429", "429_global", "500_before", "500_after", "reset_before", "reset_after", "bad_json", "hang", "hang_after",
    "403",
)  # fmt: skip
GATEWAY = ("invalid_session", "reconnect", "close", "malformed_event", "zombie")
# They live in every story; what is taken away for good has a chat of its own, and the others must not notice.
LASTING = ("migrate", "topic_deleted", "delete_channel")


class LiveStory:
    """What happens under one seed; `told` is the history, `counts` the faults, `equal_after` the seconds at the end."""

    def __init__(self, seed: int, sandbox: Newsstand, folder: Path) -> None:
        self.dice = random.Random(seed)
        self.sandbox = sandbox
        self.folder = folder
        (folder / "data").mkdir()
        self.program = Piped(sandbox, folder, {"SEND__LEASE": "4"})
        self.program.may_jump = seed % JUMPING == 0
        self.paper = Paper(sandbox.page, self.dice)
        self.told: list[str] = []
        self.counts: Counter[str] = Counter()
        self.ordeal = Ordeal(self.program, self.dice, self._count)
        self.typists = Typists(sandbox.calls, self.ordeal.touched)
        self.out: set[Place] = set()
        self.repeats = self.unheard = 0
        self.equal_after = 0.0
        self.begun = utc_now()
        private, group = make(sandbox, "telegram", "private"), make(sandbox, "telegram", "supergroup")
        channel, thread = make(sandbox, "discord", "text"), make(sandbox, "discord", "thread")
        self.places = (private, group, channel, thread)
        self.lasting = self.dice.choice(LASTING)
        kind = {"migrate": ("telegram", "group"), "topic_deleted": ("telegram", "forum")}
        self.victim = make(sandbox, *kind.get(self.lasting, ("discord", "text")))

    def note(self, line: str) -> None:
        """Remember a line of the history."""
        self.told.append(f"{(utc_now() - self.begun).total_seconds():7.2f} {line}")

    async def play(self) -> list[str]:
        """Play to the end and return what is wrong then."""
        self.sandbox.page.retitle("Harbour live")
        for place in self.places:
            place.stand_in.fault(Fault("unlimited"))
        await self.program.start()
        try:
            await self._listening()
            await asyncio.gather(*(self._follow(place) for place in (*self.places, self.victim)))
        except TimeoutError:
            return ["the program was not ready in time"]
        taken_away = self.dice.randrange(STEPS)
        for step in range(STEPS):
            whole = self._page()
            for _ in range(self.dice.randrange(1, 4)):
                self.note("newsroom: " + self.paper.act(whole=whole))
            if step == taken_away:
                self._take_away()
            self._type()
            self._platform()
            await asyncio.sleep(self.dice.random() * 0.7)
            if not await self.ordeal.supervise() and self.dice.random() < 0.5:
                self._forget_confirmation()
                await self.ordeal.happen()
        return await self._end()

    async def _follow(self, place: Place) -> None:
        """Subscribe; a greeting may come before the answer."""
        if "Following" not in await place.type(f"/subscribe {self.sandbox.page_url}"):
            async with asyncio.timeout(EQUAL_WITHIN):
                while not any("Following" in message.text for message in place.view().messages):
                    await self.sandbox.calls.more()

    async def _listening(self) -> None:
        """Wait until the bot is connected: on a busy machine that takes longer than a command waits for its answer."""
        async with asyncio.timeout(EQUAL_WITHIN):
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
        if "half" in troubles:
            self.paper.cut(set().union(*(self.paper.names(place.view().messages) for place in self.places)))
        # What was meant for earlier requests may still wait for them.
        return "stale" not in troubles and "half" not in self.sandbox.troubles

    def _platform(self) -> None:
        place = self.dice.choice(self.places)
        kinds = PLATFORMS if place.platform == "telegram" else PLATFORMS + GATEWAY
        kind = self.dice.choice(kinds)
        self._count(f"{place.platform} {kind}")
        times, wait, hang = self.dice.choice((1, 1, 2)), self.dice.choice((0.5, 1.0)), self.dice.choice((0.5, 2.0))
        place.fault(kind, times=times, retry_after=wait, seconds=hang)
        if kind == "403":
            self.out.add(place)
            self.typists.shut_out(place)
            asyncio.get_running_loop().call_later(1.0, self._let_in, place)
        elif kind in GATEWAY:
            self.typists.cut_at.append(utc_now())

    def _let_in(self, place: Place) -> None:
        place.fault("restore")
        self.out.discard(place)

    def _type(self) -> None:
        """Let somebody type a command, and let Discord's gateway tell of it again a moment later."""
        places = [place for place in self.places if place not in self.out]
        if not places:
            return
        place = self.dice.choice(places)
        self._count(f"{place.platform} command")
        self.note("somebody asks about " + self.typists.type(place))
        if place.platform == "discord" and self.dice.random() < 0.7:
            self._count("discord replayed")
            asyncio.get_running_loop().call_later(self.dice.random(), place.fault, "replayed")

    def _forget_confirmation(self) -> None:
        """Let what was confirmed last come to the next process again, as if this one had died before confirming it."""
        if self.dice.random() < 0.7:
            self._count("telegram unconfirmed")
            self.places[0].fault("unconfirmed")

    def _take_away(self) -> None:
        self._count(self.lasting)
        more = {"thread": self.victim.thread} if self.lasting == "topic_deleted" else {}
        self.victim.fault(self.lasting, more=more)

    def _count(self, what: str) -> None:
        self.counts[what] += 1
        self.note(what)

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _end(self) -> list[str]:
        self.note("the trouble ends")
        self.sandbox.page.restore()
        self.sandbox.troubles.clear()
        self.program.wall.show(0)
        for place in self.places:
            place.fault("restore")
            place.fault("calm")
        ended = time.monotonic()
        while self._wrong() and time.monotonic() - ended < EQUAL_WITHIN:
            await self.ordeal.supervise()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await self.sandbox.calls.more()
        self.equal_after = time.monotonic() - ended
        await self.typists.go()
        await self.program.stop()
        self.repeats = sum(self.paper.copies(place.view().messages) for place in self.places[:2])
        self.unheard = sum(len(self._excused(place)) for place in self.places)
        self.counts["discord command lost"] += self.typists.lost()
        return self._wrong()

    def _wrong(self) -> list[str]:
        chats = [
            f"{place.platform} {place.view().kind}: {what}" for place in self.places for what in self._judge(place)
        ]
        return chats + self.typists.judge()

    def _judge(self, place: Place) -> list[str]:
        excused = self._excused(place)
        shown = tuple(message for message in place.view().messages if message not in excused)
        return self.paper.judge(shown, pins=place.view().kind != "private")

    def _excused(self, place: Place) -> list[Shown]:
        """What may stand on Telegram without a name that the program knows; on Discord nothing."""
        if place.platform != "telegram":
            return []
        return self.paper.surplus(place.view().messages, unheard(self.sandbox.calls, place.chat, self.ordeal.touched))


async def play_live(seed: int, folder: Path) -> tuple[LiveStory, list[str]]:
    """Play a seed with a process and a sandbox of its own."""
    mine = folder / f"live{seed}"
    mine.mkdir()
    sandbox = Newsstand()
    async with sandbox:
        story = LiveStory(seed, sandbox, mine)
        watching = asyncio.create_task(story.ordeal.watch())
        try:
            wrong = await story.play()
        finally:
            watching.cancel()
            await story.program.end()
    if wrong:
        story.told += ["what the sandbox saw:", *calls_about(wrong, sandbox.calls, story.begun)]
        story.told += ["the end of the log:", *story.program.log.splitlines()[-15:]]
    return story, wrong
