"""The Telegram stand-in with our bot on it, seen from its people's side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.telegram.adapter import TelegramAdapter
from bot.model import Address
from sandbox.platform import Fault, Shown
from sandbox.server import Sandbox

from .contract import COMMANDS

TOKEN = "424242:a-secret-of-the-tests"
ADMIN, MEMBER = "ada", "eve"


@dataclass
class TelegramStage:
    """A chat is a forum's topic unless told otherwise: the place where most can go wrong."""

    sandbox: Sandbox
    adapter: TelegramAdapter

    def open_chat(self, kind: str = "forum", rights: tuple[str, ...] = ("all",)) -> Address:
        chat, thread = self.sandbox.telegram.create_chat(kind, "Harbour", [ADMIN], list(rights))
        return Address("telegram", self.adapter.bot, chat, thread)

    def shown(self, address: Address) -> list[Shown]:
        for view in self.sandbox.telegram.chats():
            if (view.chat, view.thread) == (address.chat, address.thread):
                return list(view.messages)
        return []

    def texts(self, address: Address) -> list[str]:
        return [message.text for message in self.shown(address)]

    def pinned(self, address: Address) -> list[str]:
        return [message.text for message in self.shown(address) if message.pinned]

    async def ask(self, address: Address, text: str, *, admin: bool) -> list[str]:
        return await self.sandbox.telegram.command(address.chat, address.thread, ADMIN if admin else MEMBER, text)

    def fault(self, kind: str, address: Address | None = None, **more: Any) -> None:
        own = {name: more.pop(name) for name in ("retry_after", "seconds", "times", "method") if name in more}
        self.sandbox.telegram.fault(Fault(kind, address.chat if address else None, more=more, **own))

    def delete(self, address: Address, message_id: str) -> None:
        self.fault("delete_message", address, message=message_id)

    async def vanish(self) -> None:
        await self.sandbox.close()

    def requests(self, method: str) -> list[dict[str, Any]]:
        """Return what the bot asked by this method."""
        return [call.request for call in self.sandbox.calls.select("telegram", method)]


def an_adapter(api_url: str, **changes: Any) -> TelegramAdapter:
    """Return an adapter that is not connected yet."""
    usual: dict[str, Any] = {"commands": COMMANDS, "now": lambda: datetime.now(UTC), "answer_within": 5.0}
    return TelegramAdapter(**({"token": TOKEN, "api_url": api_url} | usual | changes))


@asynccontextmanager
async def on_stage(sandbox: Sandbox, **changes: Any) -> AsyncIterator[TelegramStage]:
    """Connect the bot; at the end, all that it asked must have kept to the specification."""
    adapter = an_adapter(sandbox.telegram_url, **changes)
    await adapter.connect()
    try:
        yield TelegramStage(sandbox, adapter)
    finally:
        await adapter.close()
    wrong = [(call.method, call.problems) for call in sandbox.calls.wrong]
    assert wrong == [], wrong
