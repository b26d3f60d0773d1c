"""The real core and store, and the real Discord adapter and client, between a scripted page and the Discord stand-in.

Time is the tests' own on all sides: the page, the core, the adapter and Discord have one clock.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.discord.adapter import DiscordAdapter
from bot.store.engine import Database
from sandbox.platform import ChatView, Fault, Shown
from sandbox.server import Sandbox, specs_from

from .world import ManualClock, World


class DiscordWorld(World):
    """A page, and servers that follow it."""

    platform: DiscordAdapter

    def __init__(self, database: Database, sandbox: Sandbox, adapter: DiscordAdapter, clock: ManualClock) -> None:
        super().__init__(database, clock=clock)
        self.sandbox = sandbox
        self.platform = adapter

    def open_channel(self, kind: str = "text", rights: tuple[str, ...] = ("all",)) -> str:
        """Make a server with a channel in it and return the channel's id; a forum has a post of people's."""
        return self.sandbox.discord.create_chat(kind, "Harbour", ["ada"], list(rights))[0]

    def fault(self, kind: str, chat: str = "", **more: Any) -> None:
        """Make something go wrong there."""
        own = {name: more.pop(name) for name in ("retry_after", "seconds", "times", "method") if name in more}
        self.sandbox.discord.fault(Fault(kind, chat or None, more=more, **own))

    def view(self, where: str, thread: str = "") -> ChatView:
        """Return a channel or thread as people see it."""
        (found,) = (one for one in self.sandbox.discord.chats() if (one.chat, one.thread) == (where, thread))
        return found

    def threads(self, where: str) -> list[ChatView]:
        """Return the threads in which the bot said something."""
        return [one for one in self.sandbox.discord.chats() if one.chat == where and one.thread and one.messages]

    def messages(self, where: str, thread: str = "") -> list[Shown]:
        """Return what the bot said there."""
        return list(self.view(where, thread).messages)

    def headlines(self, where: str, thread: str = "") -> list[str]:
        """Return the first lines of what the bot said there."""
        return [shown.text.split("\n")[0] for shown in self.messages(where, thread)]

    def asked(self, method: str) -> list[dict[str, Any]]:
        """Return what the bot asked by this method and route."""
        return [call.request for call in self.sandbox.calls.select("discord", method)]

    def statuses(self) -> list[int]:
        """Return what Discord answered, call by call."""
        return [call.status for call in self.sandbox.calls.select("discord")]


@asynccontextmanager
async def discord_world(database: Database, **changes: Any) -> AsyncIterator[DiscordWorld]:
    """Connect the bot; at the end, all that it asked and was answered must have kept to the specification."""
    clock = ManualClock()
    async with Sandbox(specs=specs_from(os.environ), now=clock.now) as sandbox:
        usual: dict[str, Any] = {
            "token": "a-secret-of-the-tests",
            "api_url": sandbox.discord_url,
            "gateway_url": sandbox.gateway_url,
            "commands": (),
            "now": clock.now,
            "monotonic": lambda: clock.now().timestamp(),
            "answer_within": 30.0,
            "guild_ready_timeout": 0.0,
            "pause": lambda _seconds: asyncio.sleep(0),
        }
        adapter = DiscordAdapter(**(usual | changes))
        await adapter.connect()
        try:
            yield DiscordWorld(database, sandbox, adapter, clock)
        finally:
            await adapter.close()
        assert [(call.method, call.problems) for call in sandbox.calls.wrong] == []
