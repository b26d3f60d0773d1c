"""A flood on the clock, with the platform's real limits on, against what those limits allow.

    LIVERELAY_SPECS=… python -m benchmarks.pacing telegram
    LIVERELAY_SPECS=… python -m benchmarks.pacing discord

Telegram: 450 messages to private chats, groups and channels, 18 to each of fifteen and 3 to each of sixty. Discord: 500
over 60 channels. The stand-ins run in a process of their own, as the platforms do. On Discord the bot logs in to REST
and gateway in the same second as the flood begins, as it does after a restart, so that its own calls compete with the
messages. The time is that from the first message to the last. Not part of `make bench`: each lasts at least ten seconds
whatever is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import structlog
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.discord.adapter import DiscordAdapter
from adapters.telegram.adapter import TelegramAdapter
from bot.clock import SystemClock
from bot.commands import SPECS
from bot.dispatcher import Dispatcher, Sending
from bot.model import Entry
from bot.ports import Adapter, Incoming
from bot.richtext import RichText
from bot.store import content, senders
from bot.store.engine import Database
from bot.store.schema import chat, delivery, entry, lane

from .recording import followed

AIM, PATIENCE = 0.95, 120.0
CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Flood:
    """What is owed to chats of which kinds.

    `counted`: the calls that the bot's limit counts. `message`: those of them that say something. `allowed`: seconds
    from the first of so many calls to the last, if no chat is owed more than `most`.
    """

    kinds: tuple[str, ...]
    owed: tuple[int, ...]
    adapter: Callable[[str], Adapter]
    counted: Callable[[str], bool]
    message: Callable[[str], bool]
    allowed: Callable[[int, int], float]


def _telegram(url: str) -> Adapter:
    token = "123456789:AAEhBP0av28fSGGU9lcqQx0eJ5mHhJ1dZbw"  # of the right form, nobody's
    return TelegramAdapter(token, api_url=f"{url}/telegram", commands=SPECS, now=CLOCK.now)


def _discord(url: str) -> Adapter:
    return DiscordAdapter(
        "a-token-of-the-benchmark",
        api_url=f"{url}/discord/api/v10",
        gateway_url=f"{url.replace('http', 'ws', 1)}/discord/gateway",
        commands=SPECS,
        now=CLOCK.now,
        guild_ready_timeout=0.0,
    )


FLOODS = {
    # 28 a second of the 30 that Telegram allows, and one a second in a chat.
    "telegram": Flood(
        ("private", "group", "channel"),
        (18,) * 15 + (3,) * 60,
        _telegram,
        lambda method: method.startswith("send"),
        lambda method: method.startswith("send"),
        lambda calls, most: max(math.ceil(calls / 28) - 1, most - 1),
    ),
    # Fifty at once in every second, whatever they are for; five at once in five seconds in a channel.
    "discord": Flood(
        ("text",),
        (9,) * 20 + (8,) * 40,
        _discord,
        lambda method: "/webhooks/" not in method and "/interactions/" not in method,
        lambda method: method == "POST /channels/{channel_id}/messages",
        lambda calls, most: max(math.ceil(calls / 50) - 1, 5 * (math.ceil(most / 5) - 1)),
    ),
}


@asynccontextmanager
async def _stand_ins() -> AsyncIterator[httpx.AsyncClient]:
    """Run the sandbox in its own process, with a client for its control API."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "sandbox", "0", stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        told = dict(word.split("=", 1) for word in (await process.stdout.readline()).decode().split())
        async with httpx.AsyncClient(base_url=told["control"].removesuffix("/control"), timeout=30) as control:
            yield control
    finally:
        process.terminate()
        await process.wait()


async def measure(flood: Flood, platform: str) -> list[dict[str, Any]]:
    """Send everything and return what the platform was asked, in order."""
    async with _stand_ins() as control:
        chats = []
        for number, kind in zip(range(len(flood.owed)), cycle(flood.kinds), strict=False):
            asked = {"platform": platform, "kind": kind, "title": f"Harbour {number}"}
            chats.append(((await control.post("/control/chats", json=asked)).raise_for_status().json()["chat"], kind))
        adapter = flood.adapter(str(control.base_url).rstrip("/"))
        await adapter.connect()
        with tempfile.TemporaryDirectory() as folder:
            async with followed(Path(folder) / "bench.db", len(chats)) as database:
                async with database.write() as connection:
                    await _settle_in(connection, adapter, chats)
                    await _owe(connection, flood.owed, CLOCK.now())
                await _run(database, adapter, await _epoch(database, platform))
        await adapter.close()
        calls: list[dict[str, Any]] = (await control.get("/control/calls", params={"platform": platform})).json()
        return calls


async def _epoch(database: Database, platform: str) -> int:
    minutes = timedelta(minutes=5)
    async with database.write() as connection:
        epoch = await senders.take(
            connection, "token", platform=platform, owner="bench", now=CLOCK.now(), lease=minutes, alone=True
        )
    assert epoch is not None
    return epoch


async def _run(database: Database, adapter: Adapter, epoch: int) -> None:
    """Listen and send until nothing is owed."""
    stopping = asyncio.Event()
    dispatcher = Dispatcher(
        database, adapter, "token", clock=CLOCK, epoch=epoch, sending=Sending(), wake=asyncio.Event()
    )
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as loops:
        listening = loops.create_task(adapter.listen(_nothing))
        loops.create_task(dispatcher.run(stopping))
        while await _unsettled(database):  # noqa: ASYNC110  # the dispatcher tells nobody that all is done
            await asyncio.sleep(0.25)
        stopping.set()
        listening.cancel()


async def _unsettled(database: Database) -> int:
    async with database.read() as connection:
        left = select(func.count()).where(delivery.c.state != "settled")
        return int((await connection.execute(left)).scalar_one())


async def _nothing(_incoming: Incoming) -> None:
    """Nobody asks anything."""


async def _settle_in(connection: AsyncConnection, adapter: Adapter, chats: Sequence[tuple[str, str]]) -> None:
    for number, (where, kind) in enumerate(chats, 1):
        there = {"platform": adapter.platform, "bot": adapter.bot, "chat": where}
        await connection.execute(update(lane).where(lane.c.id == number).values(**there))
        here = update(chat).where(chat.c.id == number)
        await connection.execute(here.values(kind="group" if kind == "text" else kind, **there))


async def _owe(connection: AsyncConnection, owed: Sequence[int], now: datetime) -> None:
    """Owe each chat so many entries."""
    told = Entry("e", headline="A headline of some length", body=RichText("A paragraph of words. " * 8))
    usual = {"source_id": 1, "kind": "entry", "revision": 1, "digest": "", "content": content.to_json(told)}
    rows = [
        {"id": n, "key": f"e{n}", "sequence": n, "rank": n, "seen_at": now, **usual} for n in range(1, max(owed) + 1)
    ]
    await connection.execute(insert(entry), rows)
    wanted = {"wanted": 1, "wanted_at": now, "due_at": now}
    deliveries = [
        {"subscription_id": where, "chat_id": where, "lane_id": where, "entry_id": n, "rank": n, **wanted}
        for where, most in enumerate(owed, 1)
        for n in range(1, most + 1)
    ]
    await connection.execute(insert(delivery), deliveries)
    await connection.execute(update(lane).values(next_at=now))


def main(platform: str) -> int:
    """Print the figures; 1 if the aim is missed."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    flood = FLOODS[platform]
    calls = asyncio.run(measure(flood, platform))
    counted = [call for call in calls if flood.counted(call["method"])]
    times = [datetime.fromisoformat(call["time"]) for call in counted if flood.message(call["method"])]
    taken = (max(times) - min(times)).total_seconds()
    allowed = flood.allowed(len(counted), max(flood.owed))
    refused = Counter(call["status"] for call in calls)[429]
    invalid = sum(not call["valid"] for call in calls)
    print(f"{platform}: {len(counted)} calls in {taken:.2f} s, {sum(flood.owed)} messages to {len(flood.owed)} chats")
    print(f"the limits allow that in {allowed} s: {allowed / taken:.1%} of what they allow")
    print(f"429: {refused}; calls that break the specification: {invalid}")
    return int(allowed / taken < AIM or bool(refused or invalid))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(max(main(platform) for platform in sys.argv[1:] or FLOODS))
