"""Memory of the connected process, and how it grows when 100,000 deliveries are owed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import chat, delivery, entry, lane, subscription
from sandbox.server import Sandbox

from .recording import followed
from .yardstick import Figure

OWED, CHATS = 100_000, 10_000


async def memory() -> list[Figure]:
    """Measure the resident set of `liverelay run`, connected to both platforms, in MiB."""
    idle = await _resident(owed=False)
    full = await _resident(owed=True)
    return [
        Figure("memory, connected", idle, "the aim", 150, "MiB"),
        Figure("memory, 100,000 deliveries owed", full, "connected", idle, "MiB"),
    ]


async def _resident(*, owed: bool) -> float:
    async with Sandbox() as sandbox:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.db"
            if owed:
                await _fill(path)
            async with _program(sandbox, path) as process:
                # Connected means: it has asked Telegram for updates and been at work for some polls of the outbox.
                while len(sandbox.calls.select("telegram", "getUpdates")) < 1:
                    await sandbox.calls.more()
                await asyncio.sleep(5)
                return _rss(process.pid)


def _rss(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@asynccontextmanager
async def _program(sandbox: Sandbox, path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    settings = {
        "DATABASE__URL": f"sqlite:///{path}",
        "TELEGRAM__TOKEN": "1:bench",
        "TELEGRAM__API_URL": sandbox.telegram_url,
        "DISCORD__TOKEN": "bench",
        "DISCORD__API_URL": sandbox.discord_url,
        "DISCORD__GATEWAY_URL": sandbox.gateway_url,
        "FETCH__ALLOW_PRIVATE": "true",
        "ACCESS__OPEN": "true",
        "LOG__LEVEL": "error",
    }
    environment = os.environ | {f"LIVERELAY_{name}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _fill(path: Path) -> None:
    """Ten deliveries owed to each of 10,000 chats of the bot, all due; the sender works on them while we measure."""
    async with followed(path, CHATS) as database, database.write() as connection:
        now = datetime.now(UTC)
        await connection.execute(update(lane).values(next_at=now))
        await connection.execute(update(chat).values(kind="group"))
        rows = [_entry(number, now) for number in range(1, OWED // CHATS + 1)]
        await connection.execute(insert(entry), rows)
        await _owe(connection)


def _entry(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "source_id": 1,
        "key": f"e{number}",
        "kind": "entry",
        "sequence": number,
        "rank": number,
        "revision": 1,
        "digest": "",
        "content": {"headline": f"Entry {number}"},
        "seen_at": now,
    }


async def _owe(connection: AsyncConnection) -> None:
    wished = select(subscription.c.id, entry.c.id, chat.c.id, chat.c.lane_id, entry.c.rank).join_from(
        subscription, chat
    )
    every = wished.join(entry, entry.c.source_id == subscription.c.source_id)
    chosen = every.add_columns(entry.c.revision, entry.c.seen_at, entry.c.seen_at)
    names = ("subscription_id", "entry_id", "chat_id", "lane_id", "rank", "wanted", "wanted_at", "due_at")
    await connection.execute(insert(delivery).from_select(names, chosen))
