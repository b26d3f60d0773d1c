"""Recording one new entry for 10,000 unfiltered subscriptions, against one bare INSERT … SELECT of as many rows."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from bot.cadence import Limits
from bot.model import Entry, Page, Snapshot
from bot.poller import Poller
from bot.ports import Fetched, Validators
from bot.richtext import RichText
from bot.sources.discovery import discover
from bot.store import sources
from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.schema import chat, lane, source, subscription

from .yardstick import Figure

SUBSCRIPTIONS = 10_000
URL = "https://news.example/live"


class _Page:
    """A page that has one entry more at every look."""

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def fetch(self, url: str, known: Validators = Validators()) -> Fetched:  # noqa: B008  # frozen
        return Fetched(Page(b"", url, self.time), known, self.time)

    def read(self, _page: Page) -> Snapshot:
        return Snapshot(URL, "bench", "Bench", "live", entries=self.entries, whole=True)

    def publish(self) -> None:
        self.time += timedelta(minutes=1)
        number = len(self.entries)
        new = Entry(f"e{number}", headline=f"Entry {number}", body=RichText("Words."), published_at=self.time)
        self.entries = (new, *(replace(entry, position=entry.position + 1) for entry in self.entries))


@asynccontextmanager
async def followed(path: Path, subscriptions: int) -> AsyncIterator[Database]:
    """A database in which so many chats follow one page that they have caught up with."""
    async with Database(f"sqlite:///{path}") as database:
        await upgrade(database)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        async with database.write() as connection:
            await connection.execute(insert(source).values(id=1, url=URL, next_poll_at=now, baseline_at=now))
            numbers = range(1, subscriptions + 1)
            where = {"platform": "telegram", "bot": "1"}
            await connection.execute(insert(lane), [{"id": n, "chat": str(-n), **where} for n in numbers])
            rows = [{"id": n, "chat": str(-n), "lane_id": n, **where} for n in numbers]
            await connection.execute(insert(chat), rows)
            wish = {"source_id": 1, "number": 1, "since": 0, "caught_up_at": now, "created_at": now}
            await connection.execute(insert(subscription), [{"id": n, "chat_id": n, **wish} for n in numbers])
        yield database


async def recording() -> Figure:
    """Measure a whole poll that brings one new entry, from comparing to the commit."""
    with tempfile.TemporaryDirectory() as folder:
        page = _Page()
        async with followed(Path(folder) / "ours.db", SUBSCRIPTIONS) as database:
            poller = Poller(
                database,
                page,
                page.read,
                discover,
                clock=page,
                owner="bench",
                limits=Limits(),
                chance=lambda: 0.0,
                planned=lambda: None,
                alarm=lambda _: None,
            )
            ours = [await _one(database, poller, page) for _ in range(5)]
        yardstick = await _bare(Path(folder) / "bare.db")
    return Figure("record one entry, 10,000 subscriptions", min(ours), "sqlite3 INSERT … SELECT", yardstick, "ms")


async def _one(database: Database, poller: Poller, page: _Page) -> float:
    page.publish()
    async with database.write() as connection:
        await connection.execute(update(source).values(next_poll_at=page.time, lease_until=None))
        (state,) = await sources.claim_due(connection, "bench", page.time, timedelta(minutes=5))
    begun = time.perf_counter()
    await poller.poll(state)
    return (time.perf_counter() - begun) * 1000


async def _bare(path: Path) -> float:
    """The same rows into the same table, as durably, by one statement of the standard library's sqlite3."""
    async with followed(path, SUBSCRIPTIONS):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return min(_insert(connection, number) for number in range(1, 6))


def _insert(connection: sqlite3.Connection, number: int) -> float:
    connection.execute(
        "INSERT INTO entry (id, source_id, key, kind, sequence, rank, revision, digest, seen_at)"
        " VALUES (?, 1, ?, 'entry', ?, 1, 1, '', 1)",
        (number, f"e{number}", number),
    )
    begun = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO delivery"
        " (subscription_id, entry_id, chat_id, lane_id, rank, wanted, wanted_at, due_at, pin_wanted)"
        " SELECT id, ?, chat_id, chat_id, 1, 1, 1, 1, 0 FROM subscription WHERE source_id = 1 AND filter = ''",
        (number,),
    )
    connection.execute("COMMIT")
    return (time.perf_counter() - begun) * 1000
