"""The Discord stand-in with our bot on it, seen from its people's side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.discord.adapter import DiscordAdapter
from bot.model import Address
from sandbox.platform import Fault, Shown
from sandbox.server import Sandbox

from .contract import COMMANDS

TOKEN = "a-secret-of-the-tests"
ADMIN, MEMBER = "ada", "eve"


@dataclass
class DiscordStage:
    """A chat is a thread unless told otherwise: the place where most can go wrong."""

    sandbox: Sandbox
    adapter: DiscordAdapter

    def open_chat(self, kind: str = "thread", rights: tuple[str, ...] = ("all",)) -> Address:
        chat, thread = self.sandbox.discord.create_chat(kind, "Harbour", [ADMIN], list(rights))
        return Address("discord", self.adapter.bot, chat, thread)

    def shown(self, address: Address) -> list[Shown]:
        for view in self.sandbox.discord.chats():
            if (view.chat, view.thread) == (address.chat, address.thread):
                return list(view.messages)
        return []

    def texts(self, address: Address) -> list[str]:
        return [message.text for message in self.shown(address)]

    def pinned(self, address: Address) -> list[str]:
        return [message.text for message in self.shown(address) if message.pinned]

    async def ask(self, address: Address, text: str, *, admin: bool) -> list[str]:
        return list(await self.sandbox.discord.command(address.chat, address.thread, ADMIN if admin else MEMBER, text))

    def fault(self, kind: str, address: Address | None = None, **more: Any) -> None:
        own = {name: more.pop(name) for name in ("retry_after", "seconds", "times", "method") if name in more}
        chat = (address.thread or address.chat) if address else None
        self.sandbox.discord.fault(Fault(kind, chat, more=more, **own))

    def delete(self, address: Address, message_id: str) -> None:
        self.fault("delete_message", address, message=message_id)

    async def vanish(self) -> None:
        await self.sandbox.close()

    def requests(self, method: str) -> list[dict[str, Any]]:
        """Return what the bot asked by this method and route."""
        return [call.request for call in self.sandbox.calls.select("discord", method)]


def an_adapter(sandbox: Sandbox, **changes: Any) -> DiscordAdapter:
    """Return an adapter that is not connected yet."""
    usual: dict[str, Any] = {
        "token": TOKEN,
        "api_url": sandbox.discord_url,
        "gateway_url": sandbox.gateway_url,
        "commands": COMMANDS,
        "now": lambda: datetime.now(UTC),
        "answer_within": 30.0,
        "guild_ready_timeout": 0.0,
        "pause": lambda _seconds: asyncio.sleep(0),
    }
    return DiscordAdapter(**(usual | changes))


@asynccontextmanager
async def on_stage(sandbox: Sandbox, **changes: Any) -> AsyncIterator[DiscordStage]:
    """Connect the bot; at the end, all that it asked must have kept to the specification."""
    adapter = an_adapter(sandbox, **changes)
    await adapter.connect()
    yield DiscordStage(sandbox, adapter)
    await adapter.close()
    wrong = [(call.method, call.problems) for call in sandbox.calls.wrong]
    assert wrong == [], wrong
