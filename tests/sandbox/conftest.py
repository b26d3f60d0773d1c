"""A sandbox whose clock tests move by hand; the unmodified python-telegram-bot and discord.py are its clients."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest
from discord.http import Route
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox.server import Sandbox, specs_from

TOKEN = "424242:sandbox-secret"

Control = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Reply:
    """What Discord answered."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> int:
        return int(self.body["code"])


Api = Callable[..., Awaitable[Reply]]


Asked = discord.Interaction[Any]


async def _say(asked: Asked, what: str, then: str = "") -> None:
    await asked.response.send_message(f"**{what}** {then}")


async def _later(asked: Asked) -> None:
    await asked.response.defer(ephemeral=True)
    await asked.edit_original_response(content="first")
    await asked.followup.send("second", ephemeral=True)


async def _whisper(asked: Asked) -> None:
    rights = asked.permissions, asked.app_permissions
    told = " ".join(str(held.manage_guild) for held in rights)
    await asked.response.send_message(f"{asked.user.display_name} {told}", ephemeral=True)


async def _ping(asked: Asked, times: int, loud: bool) -> None:
    await asked.response.send_message(f"{times + 1} {loud}")


class Relay(discord.AutoShardedClient):
    """Has a few slash commands, and notes what the gateway says."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True), guild_ready_timeout=0.0)
        self.tree = discord.app_commands.CommandTree(self)
        self.appeared = asyncio.Event()
        self.events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        for name, answer in (("say", _say), ("later", _later), ("whisper", _whisper), ("ping", _ping)):
            self.tree.add_command(discord.app_commands.Command(name=name, description="A command", callback=answer))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        super().dispatch(event, *args, **kwargs)
        self.events.put_nowait((event, args))

    async def on_ready(self) -> None:
        self.appeared.set()

    async def event_of(self, name: str) -> Any:
        """Return what the next such event told, passing over others."""
        async with asyncio.timeout(10):
            while True:
                event, told = await self.events.get()
                if event == name:
                    return told[0] if told else None

    def place(self, number: str) -> Any:
        """Return a channel or a thread."""
        place = self.get_channel(int(number))
        assert place is not None
        return place


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 5, 1, 9, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(specs=specs_from(os.environ), now=clock) as running:
        yield running


@asynccontextmanager
async def telegram_bot(sandbox: Sandbox, token: str) -> AsyncIterator[Bot]:
    """A client of the sandbox's Telegram, patient enough for a busy machine."""
    request, polls = (
        HTTPXRequest(read_timeout=30.0, connect_timeout=30.0, pool_timeout=30.0, httpx_kwargs={"trust_env": False})
        for _ in range(2)
    )
    url = f"{sandbox.telegram_url}/bot"
    async with Bot(token, base_url=url, request=request, get_updates_request=polls) as ready:
        yield ready


@pytest.fixture
async def bot(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    async with telegram_bot(sandbox, TOKEN) as ready:
        yield ready


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def control(sandbox: Sandbox, http: aiohttp.ClientSession) -> Control:
    """Post to the control API: the path's last word and the body's fields."""

    async def post(what: str, **body: Any) -> Any:
        async with http.post(f"{sandbox.url}/control/{what}", json=body) as answer:
            return await answer.json()

    return post


@pytest.fixture
def group(sandbox: Sandbox) -> str:
    return sandbox.telegram.create_chat("supergroup", "Harbour watch", ["ada", "bo"], ["all"])[0]


@pytest.fixture
def channel(sandbox: Sandbox) -> str:
    return sandbox.telegram.create_chat("channel", "Harbour news", ["ada"], ["all"])[0]


@pytest.fixture
def private(sandbox: Sandbox) -> str:
    return sandbox.telegram.create_chat("private", "ada", ["ada"], [])[0]


@pytest.fixture
def forum(sandbox: Sandbox) -> tuple[str, int]:
    chat, thread = sandbox.telegram.create_chat("forum", "Boats", ["ada"], ["all"])
    return chat, int(thread)


@pytest.fixture
def places(channel: str, private: str) -> dict[str, str]:
    """Chats by the word that parametrised tests use for them."""
    return {"channel": channel, "private": private}


# ── Discord ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def api(sandbox: Sandbox, http: aiohttp.ClientSession) -> Api:
    """Call Discord's API by hand, where discord.py would wait or would not ask at all."""

    async def call(method: str, path: str, body: Any = None, token: str = TOKEN) -> Reply:
        headers = {"Authorization": f"Bot {token}"} if token else {}
        async with http.request(method, sandbox.discord_url + path, json=body, headers=headers) as answer:
            told = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return Reply(answer.status, told, answer.headers)

    return call


@pytest.fixture
async def relay(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Relay]:
    """A bot on discord.py as people would write it, ready."""
    monkeypatch.setattr(Route, "BASE", sandbox.discord_url)
    async with Relay() as client:
        running = asyncio.create_task(client.start(TOKEN))
        await client.appeared.wait()
        yield client
    await running


@pytest.fixture
def text(sandbox: Sandbox) -> str:
    return sandbox.discord.create_chat("text", "Harbour watch", ["ada"], ["all"])[0]


@pytest.fixture
def thread(sandbox: Sandbox) -> tuple[str, str]:
    return sandbox.discord.create_chat("thread", "Harbour talk", ["ada"], ["all"])
