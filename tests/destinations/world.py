"""The real commands, core and store, and the real Telegram adapter and client, between people and a scripted page.

Time is the tests' own on all sides; what people do and what the bot says goes through the Telegram stand-in.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.telegram.adapter import TelegramAdapter
from bot.commands import SPECS, CommandLimits, Commands
from bot.errors import SourceError
from bot.exploring import Explored
from bot.model import Snapshot
from bot.store.engine import Database
from sandbox.platform import ChatView, Fault, Shown
from sandbox.server import Sandbox, specs_from
from sandbox.telegram.chats import Post
from sandbox.telegram.people import say

from ..mirror.world import URL, ManualClock, World

ADA, EVE = "ada", "eve"
PATIENCE = 5.0


class TelegramWorld(World):
    """A page, and chats in which ada is the admin."""

    platform: TelegramAdapter

    def __init__(self, database: Database, sandbox: Sandbox, adapter: TelegramAdapter, clock: ManualClock) -> None:
        super().__init__(database, clock=clock)
        self.sandbox = sandbox
        self.telegram = sandbox.telegram
        self.platform = adapter
        self.limits = CommandLimits(access_open=True, per_minute=1000)
        self.claim_code = ""
        self.unreadable: dict[str, SourceError] = {}
        self.commands = self._commands()
        self._running: list[asyncio.Task[None]] = []

    def _commands(self) -> Commands:
        return Commands(
            self.database,
            adapters=[self.platform],
            clock=self.clock,
            probe=self._probe,
            limits=self.limits,
            claim_code=self.claim_code,
            wake_poller=lambda: None,
            wake_dispatcher=lambda: None,
        )

    async def _probe(self, url: str) -> Explored:
        if url in self.unreadable:
            raise self.unreadable[url]
        entries = tuple(self.page.entries)
        return Explored(url, Snapshot(url=url, reader="test", title="Lighthouse", status="live", entries=entries))

    # ── the program ──────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Listen, and do what is asked; started again, as a new process would."""
        await self.stop()
        self.commands = self._commands()
        loops = self.platform.listen(self.commands.record), self._work()
        self._running = [asyncio.ensure_future(loop) for loop in loops]

    async def _work(self) -> None:
        while True:
            self.commands.arrived.clear()
            if not await self.commands.work_once():
                await self.commands.arrived.wait()

    async def stop(self) -> None:
        """End the program where it stands."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running = []

    async def settled(self) -> None:
        """Wait until all that people and Telegram told so far was done: what is asked last is answered last."""
        last = self.telegram.world.find(self.private("the last"))
        answered = asyncio.Event()

        def hear(post: Post) -> None:
            if post.chat is last:
                answered.set()

        self.telegram.world.listeners.append(hear)
        say(self.telegram.world, last, 0, "the last", "/help")
        async with asyncio.timeout(PATIENCE):
            await answered.wait()
        self.telegram.world.listeners.remove(hear)

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────

    def open_chat(
        self, kind: str, title: str = "Harbour", *, rights: tuple[str, ...] = ("all",), bot: bool = True
    ) -> str:
        """Make a chat of ada's; without the bot where that is said."""
        chat, _ = self.telegram.world.create(kind, title, [ADA], list(rights), barred="" if bot else "left")
        return str(chat.id)

    def private(self, user: str = ADA) -> str:
        """Return the private chat of a person."""
        return self.telegram.create_chat("private", user, [user], ["all"])[0]

    async def ask(self, chat: str, text: str, user: str = ADA, thread: str = "") -> str:
        """Type something and return the answer."""
        async with asyncio.timeout(PATIENCE):
            return "\n".join(await self.telegram.command(chat, thread, user, text))

    def type(self, chat: str, text: str, user: str = ADA) -> None:
        """Type something that may get no answer there."""
        say(self.telegram.world, self.telegram.world.find(chat), 0, user, text)

    async def press(self, chat: str, label: str, user: str = ADA) -> str:
        """Press a button and return what there is to read then."""
        async with asyncio.timeout(PATIENCE):
            return await self.telegram.press(chat, user, label)

    def fault(self, kind: str, chat: str, **more: Any) -> None:
        """Make something go wrong there."""
        own = {name: more.pop(name) for name in ("retry_after", "seconds", "times", "method") if name in more}
        self.telegram.fault(Fault(kind, chat, more=more, **own))

    # ── what they see ────────────────────────────────────────────────────────────────────────────────────────────

    def view(self, chat: str, thread: str = "") -> ChatView:
        """Return a chat or topic as people see it."""
        (found,) = (one for one in self.telegram.chats() if (one.chat, one.thread) == (chat, thread))
        return found

    def shown(self, chat: str, thread: str = "") -> list[Shown]:
        """Return what the bot said there."""
        return list(self.view(chat, thread).messages)

    def said(self, chat: str, thread: str = "") -> list[str]:
        """Return the texts of what the bot said there."""
        return [message.text for message in self.shown(chat, thread)]

    def requests(self, method: str) -> list[dict[str, Any]]:
        """Return what the bot asked by this method."""
        return [call.request for call in self.sandbox.calls.select("telegram", method)]


@asynccontextmanager
async def telegram_world(database: Database, **changes: Any) -> AsyncIterator[TelegramWorld]:
    """Connect the bot and start; at the end, all that it asked and was answered must have kept to the specification."""
    clock = ManualClock()
    async with Sandbox(specs=specs_from(os.environ), now=clock.now) as sandbox:
        sandbox.telegram.fault(Fault("unlimited"))
        usual: dict[str, Any] = {"commands": SPECS, "now": clock.now, "answer_within": 5.0}
        adapter = TelegramAdapter("424242:a-secret", api_url=sandbox.telegram_url, **(usual | changes))
        await adapter.connect()
        world = TelegramWorld(database, sandbox, adapter, clock)
        try:
            await world.start()
            yield world
        finally:
            await world.stop()
            await adapter.close()
        assert [(call.method, call.problems) for call in sandbox.calls.wrong] == []


__all__ = ["ADA", "EVE", "URL", "TelegramWorld", "telegram_world"]
