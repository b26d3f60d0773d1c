"""`make soak`: a busy day on virtual time, 200 sources and 2,000 chats; prints what became of memory and disk.

Real store, poller, dispatcher and pace (Telegram's limits); page and platform are scripted and forget what is old.
HOURS (8), SOURCES (200) and CHATS (2000) choose; MINUTES (30) of real time end it early, and it says so.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import func, insert, select

from bot.dispatcher import Dispatcher
from bot.message import Message
from bot.model import Address, Entry, Offers, Page, Snapshot
from bot.ports import Fetched, Outcome, Rates, Validators, Window
from bot.richtext import RichText
from bot.store import chats, housekeeping, sources
from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.schema import delivery, entry, source, subscription
from tests.mirror.world import ManualClock, ScriptedChats, ScriptedPage, World

_DEFAULTS = (("HOURS", 8), ("SOURCES", 200), ("CHATS", 2000), ("MINUTES", 30))
HOURS, SOURCES, CHATS, MINUTES = (float(os.environ.get(name, default)) for name, default in _DEFAULTS)
TELEGRAM = Rates(bot=Window(28, 1.0), shared=(Window(1, 1.0), Window(20, 60.0)))
# The pace allows so much in a second, so time goes on second by second; sources are looked at every fifth.
STEP, STEPS = 1.0, 5
# Texts are kept for so long here, so that a day shows what the default of weeks does.
KEPT = timedelta(hours=2)
LOOK_EVERY = timedelta(minutes=15)
PUBLISHED_EVERY = timedelta(minutes=6)  # a live page of a busy day brings ten posts an hour
# Newsrooms correct one of the newest five; a chat that remembered more would only fill this process's own memory.
ON_A_PAGE, IN_A_CHAT = 20, 10


class Newspapers:
    """Pages by address; each shows its newest entries."""

    def __init__(self, clock: ManualClock, dice: random.Random) -> None:
        self.clock, self.dice = clock, dice
        self.pages = {f"https://news.example/live/{number}": ScriptedPage(clock) for number in range(int(SOURCES))}
        self.count = 0

    def act(self, seconds: float) -> None:
        """Let every newsroom do what it does in so many seconds."""
        for url, page in self.pages.items():
            if self.dice.random() < seconds / PUBLISHED_EVERY.total_seconds():
                self._publish(url, page)
                page.unchanged = False
            if page.entries and self.dice.random() < seconds / PUBLISHED_EVERY.total_seconds() / 3:
                page.edit(self.dice.choice(page.entries[:5]).key, body=RichText(f"Corrected at {self.clock.now()}."))
                page.unchanged = False

    def _publish(self, url: str, page: ScriptedPage) -> None:
        self.count += 1
        told = Entry(f"e{self.count}", headline=f"Headline {self.count}", body=RichText("What happened. " * 20),
                     published_at=self.clock.now(), url=f"{url}#{self.count}")  # fmt: skip
        page.entries = [told, *page.entries[: ON_A_PAGE - 1]]

    async def fetch(self, url: str, known: Validators | None = None) -> Fetched:
        page = self.pages[url]
        page.asked.clear()
        try:
            return await page.fetch(url, known)
        finally:
            page.unchanged = True

    def read(self, page: Page) -> Snapshot:
        return self.pages[page.url].read(page)

    def discover(self, page: Page) -> Offers:
        return Offers()


class ForgetfulChats(ScriptedChats):
    """Chats that show their newest messages only."""

    sent = 0

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:
        self.sent += 1
        outcome = await super().send(address, message, part, nonce)
        del self.chats[address.chat][:-IN_A_CHAT]
        self.calls.clear()
        return outcome


@dataclass(frozen=True)
class Look:
    """What was to be seen at one moment: bytes of memory and file, rows, and for how long something was owed."""

    hour: float
    memory: int
    file: int
    entries: int
    texts: int
    oldest: float


@dataclass
class Soak:
    """The day."""

    database: Database
    path: Path
    looks: list[Look] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = World(self.database)
        self.clock = self.world.clock
        self.papers = Newspapers(self.clock, random.Random(1))
        self.world.page = self.papers  # type: ignore[assignment]  # what a poller asks of it is the same
        self.world.platform = self.platform = ForgetfulChats(self.clock, rates=TELEGRAM)

    async def run(self) -> bool:
        """Live through the day; True if all of it was."""
        await self._begin()
        dispatcher = await self.world.dispatcher()
        begun, real = self.clock.now(), time.monotonic()
        looked = begun
        while self.clock.now() - begun < timedelta(hours=HOURS):
            if time.monotonic() - real > MINUTES * 60:
                return False
            self.papers.act(STEPS * STEP)
            await self._poll()
            for _ in range(STEPS):
                self.world.advance(STEP)
                await dispatcher.drain()
            if self.clock.now() - looked >= LOOK_EVERY:
                looked = self.clock.now()
                await self._look((looked - begun).total_seconds() / 3600)
        await self._settle(dispatcher)
        return True

    async def _begin(self) -> None:
        now, dice = self.clock.now(), random.Random(2)
        async with self.database.write() as connection:
            rows = [{"url": url, "next_poll_at": now, "interval": 60} for url in self.papers.pages]
            await connection.execute(insert(source), rows)
            ids = (await connection.execute(select(source.c.id).order_by(source.c.id))).scalars().all()
            for number in range(int(CHATS)):
                there = await chats.find_or_make(connection, self.world.address(str(number)), kind="group", title="")
                wish = insert(subscription).values(source_id=dice.choice(ids), chat_id=there.id, number=1, since=0,
                                                   caught_up_at=now, filter="", style={}, created_at=now)  # fmt: skip
                await connection.execute(wish)

    async def _poll(self) -> None:
        poller = self.world.poller()
        async with self.database.write() as connection:
            due = await sources.claim_due(connection, "test", self.clock.now(), timedelta(minutes=5))
        for state in due:
            await poller.poll(state)

    async def _settle(self, dispatcher: Dispatcher) -> None:
        """Nothing more is published; what is owed is said."""
        for _ in range(300):
            self.world.advance(STEP)
            await self._poll()
            await dispatcher.drain()

    async def _look(self, hour: float) -> None:
        async with self.database.write() as connection:
            await housekeeping.forget_old(connection, self.clock.now(), KEPT)
        await self.database.checkpoint()
        async with self.database.read() as connection:
            counted = select(func.count(), func.count(entry.c.content)).select_from(entry)
            entries, texts = (await connection.execute(counted)).one()
            first = select(func.min(delivery.c.wanted_at)).where(delivery.c.state == "due", delivery.c.act.is_(None))
            oldest = (await connection.execute(first)).scalar_one()
        waits = (self.clock.now() - oldest).total_seconds() if oldest else 0.0
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        memory = pages * os.sysconf("SC_PAGESIZE")
        self.looks.append(Look(hour, memory, self.path.stat().st_size, entries, texts, waits))
        say(_line(self.looks[-1]))

    def wrong(self) -> list[str]:
        """What is not as it should be: memory that grows, texts that stay, a chat that waits."""
        if len(self.looks) < 4:
            return ["it was too short to tell anything"]
        half = len(self.looks) // 2
        early, late = (max(look.memory for look in some) for some in (self.looks[1 : half + 1], self.looks[half + 1 :]))
        wrong = [f"memory grew from {early >> 20} to {late >> 20} MB"] if late > early * 1.1 + (4 << 20) else []
        expected = SOURCES * (KEPT + LOOK_EVERY * 2) / PUBLISHED_EVERY
        wrong += [f"{look.texts} texts at hour {look.hour}" for look in self.looks if look.texts > expected * 1.2]
        return wrong + [f"something waited for {look.oldest:.0f} s at hour {look.hour}" for look in self.looks
                        if look.oldest > 60]  # fmt: skip


def _line(look: Look) -> str:
    return (
        f"{look.hour:5.2f} h: memory {look.memory / 2**20:6.1f} MB, file {look.file / 2**20:6.1f} MB, "
        f"{look.entries} entries, {look.texts} with text, longest owed {look.oldest:.0f} s"
    )


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def main() -> int:
    """Live through the day and return 1 if something was wrong."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        path, begun = Path(folder) / "soak.db", time.monotonic()
        async with Database(f"sqlite:///{path}") as database:
            await upgrade(database)
            soak = Soak(database, path)
            whole = await soak.run()
            wrong = soak.wrong()
            owed = await soak.world.owed() if whole else 0
    hours = HOURS if whole else soak.looks[-1].hour if soak.looks else 0.0
    say(
        f"{hours:g} of {HOURS:g} hours, {SOURCES:g} sources, {CHATS:g} chats in {time.monotonic() - begun:.0f} s: "
        f"{soak.papers.count} posts, {soak.platform.sent} messages, {owed} still owed; wrong: {wrong or 'nothing'}"
    )
    return bool(wrong or owed)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
