"""Webhook mode, through the unmodified client: Telegram brings updates, and none is lost or taken from a stranger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp.test_utils import unused_port

from adapters.telegram.webhook import LARGEST, Reachable
from bot.errors import AdapterError, SettingsError
from bot.ports import Command, Incoming
from sandbox.server import Sandbox
from sandbox.telegram.people import say
from sandbox.telegram.webhooks import SECRET_HEADER

from .contract import DiskFullError, soon
from .telegram_answers import answering
from .telegram_stage import TelegramStage, an_adapter, on_stage
from .test_telegram_updates import Pauses, a_message, an_update


def reachable(path: str = "/telegram-hook") -> Reachable:
    port = unused_port()
    return Reachable(f"http://127.0.0.1:{port}{path}", "127.0.0.1", port)


class Kept:
    """An inbox that a test can make fail, once."""

    def __init__(self) -> None:
        self.came: list[Incoming] = []
        self.broken = False
        self.more = asyncio.Event()

    async def __call__(self, incoming: Incoming) -> None:
        if self.broken:
            raise DiskFullError
        self.came.append(incoming)
        self.more.set()

    @property
    def commands(self) -> list[str]:
        return [f"{each.name} {each.arguments}".strip() for each in self.came if isinstance(each, Command)]

    async def until(self, count: int) -> None:
        while len(self.commands) < count:
            self.more.clear()
            await self.more.wait()


@pytest.fixture
async def stage(sandbox: Sandbox) -> AsyncIterator[TelegramStage]:
    async with on_stage(sandbox, webhook=reachable(), pause=Pauses(most=1)) as opened:
        yield opened


@asynccontextmanager
async def listening(stage: TelegramStage, inbox: Kept) -> AsyncIterator[str]:
    """Listen, and tell the address once Telegram knows it."""
    task = asyncio.create_task(stage.adapter.listen(inbox))
    try:
        while not (asked := stage.requests("setWebhook")):
            await stage.sandbox.calls.more()
        yield asked[-1]["url"]
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def secret(stage: TelegramStage) -> str:
    return str(stage.requests("setWebhook")[-1]["secret_token"])


async def post(url: str, body: Any, told: str | None = None, **more: Any) -> int:
    headers = {} if told is None else {SECRET_HEADER: told}
    async with aiohttp.ClientSession() as session, session.post(url, json=body, headers=headers, **more) as answer:
        return answer.status


async def test_what_people_type_is_brought_and_recorded(stage: TelegramStage) -> None:
    address, inbox = stage.open_chat("private"), Kept()
    async with listening(stage, inbox):
        world = stage.sandbox.telegram.world
        for text in ("/list", "/pause all"):
            say(world, world.find(address.chat), 0, "ada", text)
        await soon(inbox.until(2))
    assert inbox.commands == ["list", "pause all"]
    (asked,) = stage.requests("setWebhook")
    assert asked["allowed_updates"] == ["message", "channel_post", "my_chat_member", "callback_query"]
    assert (asked["max_connections"], len(asked["secret_token"]) >= 32) == (8, True)
    assert stage.requests("getUpdates") == []


@pytest.mark.attack("webhooks")
@pytest.mark.parametrize("told", [None, "", "wrong", "wr\u00f6ng"])
async def test_a_request_without_the_secret_is_refused_and_never_recorded(
    stage: TelegramStage, told: str | None
) -> None:
    inbox = Kept()
    async with listening(stage, inbox) as url:
        assert await post(url, an_update(1, **a_message()), told) == 401
        assert await post(url, an_update(1, **a_message()), secret(stage)) == 200
    assert [each.id for each in inbox.came] == ["1"]


@pytest.mark.attack("webhooks")
async def test_what_is_no_update_or_far_too_large_is_refused(stage: TelegramStage) -> None:
    inbox = Kept()
    async with listening(stage, inbox) as url:
        bodies: tuple[Any, ...] = ("text", [], {"no": "id"}, None)
        for body in bodies:
            assert await post(url, body, secret(stage)) == 400
        large = an_update(2, **a_message("x" * LARGEST))
        assert await post(url, large, secret(stage)) == 413
    assert inbox.came == []


async def test_an_update_that_nobody_can_read_is_passed_over(stage: TelegramStage) -> None:
    inbox = Kept()
    with structlog.testing.capture_logs() as logged:
        async with listening(stage, inbox) as url:
            assert await post(url, {"update_id": 3, "message": {"message_id": "no"}}, secret(stage)) == 200
    assert [line["update"] for line in logged if line["event"] == "telegram.update_malformed"] == [3]


async def test_an_update_that_could_not_be_recorded_is_brought_again_to_the_next_process(stage: TelegramStage) -> None:
    address, inbox = stage.open_chat("private"), Kept()
    inbox.broken = True
    listen = asyncio.create_task(stage.adapter.listen(inbox))
    while not stage.requests("setWebhook"):
        await stage.sandbox.calls.more()
    world = stage.sandbox.telegram.world
    say(world, world.find(address.chat), 0, "ada", "/list")
    with pytest.raises(ExceptionGroup) as failed:
        await soon(listen)
    assert failed.group_contains(DiskFullError)
    inbox.broken = False
    async with on_stage(stage.sandbox, webhook=reachable()) as again:
        task = asyncio.create_task(again.adapter.listen(inbox))
        await soon(inbox.until(1))
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert inbox.commands == ["list"]


async def test_polling_takes_the_webhook_away_and_gets_what_waited(stage: TelegramStage) -> None:
    address, inbox = stage.open_chat("private"), Kept()
    async with listening(stage, inbox):
        pass
    world = stage.sandbox.telegram.world
    say(world, world.find(address.chat), 0, "ada", "/list")
    async with on_stage(stage.sandbox) as polling:
        task = asyncio.create_task(polling.adapter.listen(inbox))
        await soon(inbox.until(1))
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert inbox.commands == ["list"]
    assert len(stage.requests("deleteWebhook")) == 1


async def test_an_address_that_telegram_does_not_take_is_told_to_the_operator(sandbox: Sandbox) -> None:
    where = Reachable("http://relay.example/", "127.0.0.1", unused_port())
    async with on_stage(sandbox, webhook=where) as stage:
        with pytest.raises(ExceptionGroup) as failed:
            await soon(stage.adapter.listen(Kept()))
    (error,) = failed.value.exceptions
    assert isinstance(error, AdapterError)
    assert str(error) == (
        "Telegram does not take telegram.webhook_url: Bad webhook: an https url must be provided for webhook."
    )


async def test_a_port_that_is_taken_is_told_to_the_operator(stage: TelegramStage, sandbox: Sandbox) -> None:
    where = Reachable("http://127.0.0.1/", "127.0.0.1", sandbox.port)
    async with on_stage(sandbox, webhook=where) as second:
        with pytest.raises(ExceptionGroup) as failed:
            await soon(second.adapter.listen(Kept()))
    assert failed.group_contains(SettingsError, match="telegram.webhook_listen: cannot be listened on")


async def test_a_flood_wait_only_puts_off_setting_the_webhook() -> None:
    pauses = Pauses(most=2)
    async with answering() as telegram:
        telegram.error("setWebhook", 429, "Too Many Requests: retry after 7", retry_after=7)
        telegram.add("setWebhook", True)
        adapter = an_adapter(telegram.url, webhook=reachable(), pause=pauses)
        await adapter.connect()
        task = asyncio.create_task(adapter.listen(Kept()))
        await soon(pauses.enough.wait())
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await adapter.close()
    assert pauses.asked == [7.0, 60.0]


async def test_the_operator_hears_what_telegram_says_of_a_webhook_that_fails_once_for_each_time() -> None:
    pauses, where = Pauses(most=4), reachable()
    info = {"url": where.url, "has_custom_certificate": False, "pending_update_count": 3}
    failing = info | {"last_error_date": 2_000_000_000, "last_error_message": "SSL error"}
    async with answering() as telegram:
        for known in (failing, failing, info | {"url": "https://other.example/"}):
            telegram.add("getWebhookInfo", known)
        telegram.add("setWebhook", True)
        telegram.add("setWebhook", True)
        adapter = an_adapter(telegram.url, webhook=where, pause=pauses)
        await adapter.connect()
        with structlog.testing.capture_logs() as logged:
            task = asyncio.create_task(adapter.listen(Kept()))
            await soon(pauses.enough.wait())
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await adapter.close()
    events = [line["event"] for line in logged]
    assert events.count("telegram.webhook_failing") == 1
    assert events.count("telegram.webhook_replaced") == 1
    assert len(telegram.requests("setWebhook")) == 2


async def test_where_the_senders_rights_cannot_be_asked_now_the_update_is_brought_again(stage: TelegramStage) -> None:
    address, inbox = stage.open_chat("group"), Kept()
    stage.fault("500_before", address, method="getChatMember")
    async with listening(stage, inbox):
        world = stage.sandbox.telegram.world
        say(world, world.find(address.chat), 0, "ada", "/pause")
        await soon(inbox.until(1))
    (command,) = (each for each in inbox.came if isinstance(each, Command))
    assert command.is_admin
