"""A sandbox whose clock tests move by hand, and the unmodified python-telegram-bot as its client."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox.server import Sandbox, specs_from

TOKEN = "424242:sandbox-secret"

Control = Callable[..., Awaitable[Any]]


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


@pytest.fixture
async def bot(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    request = HTTPXRequest(read_timeout=2.0, httpx_kwargs={"trust_env": False})
    polls = HTTPXRequest(read_timeout=2.0, httpx_kwargs={"trust_env": False})
    url = f"{sandbox.telegram_url}/bot"
    async with Bot(TOKEN, base_url=url, request=request, get_updates_request=polls) as ready:
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
