"""Webhooks, as the platform keeps them: what it takes, what it brings, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot
from telegram.error import BadRequest, Conflict, RetryAfter

from sandbox.server import Sandbox
from sandbox.telegram.people import say

from .conftest import Clock


@dataclass
class Hook:
    """A server that takes updates, with the statuses that a test wants; 200 when it wants none."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    came: list[tuple[dict[str, Any], str | None]] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.came.append((await request.json(), request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        self.more.set()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def until(self, count: int) -> None:
        while len(self.came) < count:
            self.more.clear()
            await self.more.wait()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update, _ in self.came if "message" in update]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    server = TestServer(app)
    await server.start_server(access_log=None)
    made.url = str(server.make_url("/hook"))
    yield made
    await server.close()


def type_in(sandbox: Sandbox, chat: str, *texts: str) -> None:
    world = sandbox.telegram.world
    for text in texts:
        say(world, world.find(chat), 0, "ada", text)


async def test_updates_are_brought_in_order_with_the_secret(
    sandbox: Sandbox, bot: Bot, private: str, hook: Hook
) -> None:
    await bot.get_me()
    await bot.set_webhook(hook.url, secret_token="s3cret", allowed_updates=["message"])
    type_in(sandbox, private, "/one", "/two")
    await hook.until(2)
    assert hook.texts == ["/one", "/two"]
    assert {secret for _, secret in hook.came} == {"s3cret"}


async def test_what_is_not_taken_is_brought_again_and_the_bot_can_learn_why(
    sandbox: Sandbox, bot: Bot, private: str, hook: Hook
) -> None:
    await bot.get_me()
    hook.statuses = [503]
    await bot.set_webhook(hook.url)
    type_in(sandbox, private, "/one")
    await hook.until(2)
    first, second = (update["update_id"] for update, _ in hook.came)
    assert first == second
    known = await bot.get_webhook_info()
    assert known.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
    assert (known.url, known.max_connections) == (hook.url, 40)


async def test_what_waits_when_a_webhook_goes_is_there_for_polling(
    sandbox: Sandbox, bot: Bot, private: str, hook: Hook
) -> None:
    await bot.get_me()
    hook.statuses = [500] * 10
    await bot.set_webhook(hook.url)
    type_in(sandbox, private, "/one")
    await hook.until(1)
    with pytest.raises(Conflict, match=r"(?i)Can't use getUpdates method while webhook is active; use deleteWebhook"):
        await bot.get_updates(timeout=0)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates(timeout=0) if update.message] == ["/one"]
    assert (await bot.get_webhook_info()).url == ""


async def test_setting_a_webhook_ends_a_poll(bot: Bot, hook: Hook) -> None:
    await bot.get_me()
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await bot.get_me()
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match=r"(?i)terminated by setWebhook request"):
        await poll


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://relay.example/hook", "An HTTPS URL must be provided for webhook"),
        ("https://relay.example:9000/", "only on ports 80, 88, 443 or 8443"),
        ("https://10.0.0.1/", "IP address 10.0.0.1 is reserved"),
        ("https://relay.invalid/", "Failed to resolve host"),
        ("https://relay example/", "Invalid webhook URL specified"),
        ("ftp://relay.example/", "Invalid webhook URL specified"),
    ],
)
async def test_addresses_that_the_platform_does_not_take(bot: Bot, url: str, problem: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){problem}"):
        await bot.set_webhook(url)
    assert (await bot.get_webhook_info()).url == ""


async def test_a_secret_has_few_signs_to_choose_from(bot: Bot, clock: Clock) -> None:
    for secret, problem in (("no spaces", "unallowed characters"), ("x" * 257, "too long|secret_token")):
        with pytest.raises(BadRequest, match=f"(?i){problem}"):
            await bot.set_webhook("https://relay.example/", secret_token=secret)
        clock.advance(seconds=2)


async def test_a_webhook_is_set_once_a_second_at_most(bot: Bot) -> None:
    await bot.set_webhook("https://relay.example/")
    with pytest.raises(RetryAfter):
        await bot.set_webhook("https://relay.example/")


async def test_a_long_list_of_chats_does_not_wait_for_one_that_is_stuck(
    sandbox: Sandbox, bot: Bot, private: str, group: str, hook: Hook
) -> None:
    (joined,) = await bot.get_updates(timeout=0)
    await bot.get_updates(timeout=0, offset=joined.update_id + 1)
    hook.statuses = [500, 500]
    await bot.set_webhook(hook.url, allowed_updates=["message"], max_connections=2)
    type_in(sandbox, private, "/stuck", "/after")
    await hook.until(2)
    type_in(sandbox, group, "/elsewhere")
    await hook.until(3)
    assert hook.texts == ["/stuck", "/stuck", "/elsewhere"]
