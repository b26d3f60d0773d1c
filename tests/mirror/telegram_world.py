"""The real core and store, and the real Telegram adapter and client, between a scripted page and the Telegram stand-in.

Time is the tests' own on all sides: the page, the core, the adapter and Telegram have one clock.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.telegram.adapter import TelegramAdapter
from bot.model import ChatKind
from bot.store.engine import Database
from sandbox.platform import Fault
from sandbox.server import Sandbox, specs_from

from .world import ManualClock, World

TOKEN = "123456789:AAEhBP0av28fSGGU9lcqQx0eJ5mHhJ1dZbw"


class TelegramWorld(World):
    """A page, and chats that follow it."""

    platform: TelegramAdapter

    def __init__(self, database: Database, sandbox: Sandbox, adapter: TelegramAdapter, clock: ManualClock) -> None:
        super().__init__(database, clock=clock)
        self.sandbox = sandbox
        self.platform = adapter

    async def open_chat(self, kind: ChatKind) -> str:
        """Make a chat that follows the page from now on, and return its id."""
        (where, _) = self.sandbox.telegram.create_chat(
            kind, f"Harbour {len(self.sandbox.telegram.chats())}", [], ["all"]
        )
        await self.follow(where, kind=kind)
        return where

    def fault(self, kind: str, chat: str = "", *, retry_after: float = 0.0) -> None:
        """Make something go wrong there, once."""
        self.sandbox.telegram.fault(Fault(kind, chat or None, retry_after=retry_after))

    def headlines(self, where: str) -> list[str]:
        """Return the first lines of what the bot said in a chat."""
        (view,) = (one for one in self.sandbox.telegram.chats() if one.chat == where)
        return [shown.text.split("\n")[0] for shown in view.messages]

    def statuses(self) -> list[int]:
        """Return what Telegram answered, call by call."""
        return [call.status for call in self.sandbox.calls.select("telegram")]


@asynccontextmanager
async def telegram_world(database: Database) -> AsyncIterator[TelegramWorld]:
    """Connect the bot; at the end, all that it asked and was answered must have kept to the specification."""
    clock = ManualClock()
    async with Sandbox(specs=specs_from(os.environ), now=clock.now) as sandbox:
        adapter = TelegramAdapter(TOKEN, api_url=sandbox.telegram_url, commands=(), now=clock.now)
        await adapter.connect()
        try:
            yield TelegramWorld(database, sandbox, adapter, clock)
        finally:
            await adapter.close()
        assert [(call.method, call.problems) for call in sandbox.calls.wrong] == []
