"""500 messages over 60 Discord channels with Discord's real limits on, against what those limits allow.

    LIVERELAY_SPECS=… python -m benchmarks.discord_pace

Not part of `make bench`: it lasts ten seconds whatever is measured. The bot logs in to REST and gateway in the same
second as the flood begins, as it does after a restart, so that its own calls compete with the messages.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.discord.adapter import DiscordAdapter
from bot.clock import SystemClock
from bot.commands import SPECS
from bot.dispatcher import Dispatcher, Sending
from bot.model import Entry
from bot.ports import Incoming
from bot.richtext import RichText
from bot.store import content, senders
from bot.store.schema import chat, delivery, entry, lane
from sandbox.platform import Call
from sandbox.server import Sandbox, specs_from

from .recording import followed

CHANNELS, MESSAGES = 60, 500
TOKEN = "a-token-of-the-benchmark"
SENDS = "POST /channels/{channel_id}/messages"
AIM, PATIENCE = 0.95, 120.0


async def measure() -> Sequence[Call]:
    """Send everything and return what Discord was asked, in order."""
    clock = SystemClock()
    async with Sandbox(specs=specs_from(os.environ)) as sandbox:
        channels = [sandbox.discord.create_chat("text", f"Harbour {n}", [], ["all"])[0] for n in range(CHANNELS)]
        adapter = DiscordAdapter(
            TOKEN,
            api_url=sandbox.discord_url,
            gateway_url=sandbox.gateway_url,
            commands=SPECS,
            now=clock.now,
            guild_ready_timeout=0.0,
        )
        await adapter.connect()
        with tempfile.TemporaryDirectory() as folder:
            async with followed(Path(folder) / "bench.db", CHANNELS) as database:
                async with database.write() as connection:
                    await _settle_in(connection, adapter.bot, channels)
                    await _owe(connection, clock.now())
                    epoch = await senders.take(
                        connection,
                        TOKEN,
                        platform="discord",
                        owner="bench",
                        now=clock.now(),
                        lease=timedelta(minutes=5),
                        alone=True,
                    )
                assert epoch is not None
                wake = asyncio.Event()
                dispatcher = Dispatcher(
                    database, adapter, TOKEN, clock=clock, epoch=epoch, sending=Sending(), wake=wake
                )
                await _run(sandbox, adapter, dispatcher)
        await adapter.close()
        return [call for call in sandbox.calls if call.platform == "discord"]


async def _run(sandbox: Sandbox, adapter: DiscordAdapter, dispatcher: Dispatcher) -> None:
    """Listen and send until all messages stand."""
    stopping = asyncio.Event()
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as loops:
        listening = loops.create_task(adapter.listen(_nothing))
        loops.create_task(dispatcher.run(stopping))
        while len(sandbox.calls.select("discord", SENDS)) < MESSAGES:  # noqa: ASYNC110  # the log tells nobody
            await asyncio.sleep(0.05)
        stopping.set()
        listening.cancel()


async def _nothing(_incoming: Incoming) -> None:
    """Nobody asks anything."""


async def _settle_in(connection: AsyncConnection, bot: str, channels: Sequence[str]) -> None:
    for number, where in enumerate(channels, 1):
        there = {"platform": "discord", "bot": bot, "chat": where}
        await connection.execute(update(lane).where(lane.c.id == number).values(**there))
        await connection.execute(update(chat).where(chat.c.id == number).values(**there))


async def _owe(connection: AsyncConnection, now: datetime) -> None:
    """Entries for every channel, eight or nine each."""
    rounds = math.ceil(MESSAGES / CHANNELS)
    told = Entry("e", headline="A headline of some length", body=RichText("A paragraph of words. " * 8))
    kept = content.to_json(told)
    usual = {"source_id": 1, "kind": "entry", "revision": 1, "digest": "", "content": kept, "seen_at": now}
    rows = [{"id": n, "key": f"e{n}", "sequence": n, "rank": n, **usual} for n in range(1, rounds + 1)]
    await connection.execute(insert(entry), rows)
    owed = [
        {
            "subscription_id": number % CHANNELS + 1,
            "entry_id": number // CHANNELS + 1,
            "chat_id": number % CHANNELS + 1,
            "lane_id": number % CHANNELS + 1,
            "rank": number // CHANNELS + 1,
            "wanted": 1,
            "wanted_at": now,
            "due_at": now,
        }
        for number in range(MESSAGES)
    ]
    await connection.execute(insert(delivery), owed)
    await connection.execute(update(lane).values(next_at=now))


def main() -> int:
    """Print the figures; 1 if the aim is missed."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    calls = asyncio.run(measure())
    counted = [call for call in calls if "/webhooks/" not in call.method and "/interactions/" not in call.method]
    taken = (calls[-1].at - calls[0].at).total_seconds()
    # Fifty at once in every second: the last of n calls may begin after this many whole seconds.
    allowed = math.ceil(len(counted) / 50) - 1
    refused = Counter(call.status for call in calls)[429]
    invalid = sum(not call.valid for call in calls)
    print(f"{len(counted)} calls, {MESSAGES} of them messages to {CHANNELS} channels, in {taken:.2f} s")
    print(f"the limits allow that in {allowed} s: {allowed / taken:.1%} of what they allow")
    print(f"429: {refused}; calls that break the specification: {invalid}")
    return int(allowed / taken < AIM or bool(refused or invalid))


if __name__ == "__main__":
    sys.exit(main())
