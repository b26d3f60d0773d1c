"""Deliveries per second without the platform's limits, against a bare loop of python-telegram-bot's own send."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Bot
from telegram.request import HTTPXRequest

from adapters.telegram.adapter import TelegramAdapter
from bot.clock import SystemClock
from bot.commands import SPECS
from bot.dispatcher import Dispatcher, Sending
from bot.model import Entry
from bot.ports import Rates
from bot.richtext import RichText
from bot.store import content, senders
from bot.store.schema import chat, delivery, entry, lane
from sandbox.platform import Fault
from sandbox.server import Sandbox

from .recording import followed
from .yardstick import Figure

CHATS, MESSAGES = 40, 400
TOKEN = "123456789:AAEhBP0av28fSGGU9lcqQx0eJ5mHhJ1dZbw"


async def sending() -> Figure:
    """Measure both against the sandbox, in this process, ten messages to each of forty private chats."""
    async with Sandbox() as sandbox:
        sandbox.telegram.fault(Fault("unlimited"))
        chats = [sandbox.telegram.create_chat("private", f"Reader {n}", [], ["all"])[0] for n in range(CHATS)]
        ours = await _ours(sandbox, chats)
        yardstick = await _bare(sandbox, chats)
    return Figure(
        "deliveries, unpaced",
        MESSAGES / ours,
        "bare python-telegram-bot",
        MESSAGES / yardstick,
        "per second",
        more_is_better=True,
    )


async def _ours(sandbox: Sandbox, chats: list[str]) -> float:
    clock = SystemClock()
    adapter = TelegramAdapter(TOKEN, api_url=sandbox.telegram_url, commands=SPECS, now=clock.now)
    await adapter.connect()
    adapter.can = replace(adapter.can, rates=Rates())
    with tempfile.TemporaryDirectory() as folder:
        async with followed(Path(folder) / "bench.db", CHATS) as database:
            async with database.write() as connection:
                for number, where in enumerate(chats, 1):
                    await connection.execute(
                        update(lane).where(lane.c.id == number).values(bot=adapter.bot, chat=where)
                    )
                    here = update(chat).where(chat.c.id == number)
                    await connection.execute(here.values(bot=adapter.bot, chat=where, kind="private"))
                await _owe(connection, clock)
                now = clock.now()
                epoch = await senders.take(
                    connection,
                    TOKEN,
                    platform="telegram",
                    owner="bench",
                    now=now,
                    lease=timedelta(minutes=5),
                    alone=True,
                )
                assert epoch is not None
            dispatcher = Dispatcher(
                database, adapter, TOKEN, clock=clock, epoch=epoch, sending=Sending(), wake=asyncio.Event()
            )
            begun = time.perf_counter()
            while await dispatcher.drain():
                pass
            taken = time.perf_counter() - begun
    await adapter.close()
    return taken


async def _owe(connection: AsyncConnection, clock: SystemClock) -> None:
    """Ten entries for each of forty chats, recorded and planned, not sent."""
    now = clock.now()
    told = Entry("e", headline="A headline of some length", body=RichText("A paragraph of words. " * 8))
    rows = [
        {
            "id": n,
            "source_id": 1,
            "key": f"e{n}",
            "kind": "entry",
            "sequence": n,
            "rank": n,
            "revision": 1,
            "digest": "",
            "content": content.to_json(told),
            "seen_at": now,
        }
        for n in range(1, MESSAGES // CHATS + 1)
    ]
    await connection.execute(insert(entry), rows)
    owed = [
        {
            "subscription_id": where,
            "entry_id": row["id"],
            "chat_id": where,
            "lane_id": where,
            "rank": row["id"],
            "wanted": 1,
            "wanted_at": now,
            "due_at": now,
        }
        for row in rows
        for where in range(1, CHATS + 1)
    ]
    await connection.execute(insert(delivery), owed)
    await connection.execute(update(lane).values(next_at=now))


async def _bare(sandbox: Sandbox, chats: list[str]) -> float:
    """The same number of messages of the same length, as many at once as there are chats."""
    request = HTTPXRequest(connection_pool_size=CHATS)
    bot = Bot(TOKEN, base_url=f"{sandbox.telegram_url}/bot", request=request)
    text = "A headline of some length\n\n" + "A paragraph of words. " * 8

    async def serve(where: str) -> None:
        for _ in range(MESSAGES // CHATS):
            await bot.send_message(int(where), text)

    async with bot:
        begun = time.perf_counter()
        await asyncio.gather(*(serve(where) for where in chats))
        return time.perf_counter() - begun
