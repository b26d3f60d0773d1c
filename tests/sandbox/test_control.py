"""The control API, to the letter: ids are strings, and what cannot be used is refused with a sentence."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from sandbox.server import Sandbox

from .conftest import Control, telegram_bot


async def _get(sandbox: Sandbox, http: aiohttp.ClientSession, path: str) -> Any:
    async with http.get(f"{sandbox.url}/control/{path}") as answer:
        assert answer.status == 200
        return await answer.json()


async def test_a_chat_is_made_and_shown_with_what_stands_in_it(
    sandbox: Sandbox, http: aiohttp.ClientSession, control: Control, bot: Bot
) -> None:
    made = await control("chats", platform="telegram", kind="forum", title="Boats", admins=["ada"], rights=["all"])
    assert all(isinstance(made[name], str) and made[name] for name in ("chat", "thread"))
    topic = int(made["thread"])
    sent = await bot.send_message(
        made["chat"], "<b>Fog</b>", "HTML", message_thread_id=topic, disable_notification=True
    )
    gone = await bot.send_message(made["chat"], "oops", message_thread_id=topic)
    await bot.delete_message(made["chat"], gone.message_id)
    (view,) = await _get(sandbox, http, "chats")
    assert view == {
        "platform": "telegram",
        **made,
        "kind": "forum",
        "title": "Boats",
        "messages": [
            {
                "id": str(sent.message_id),
                "text": "Fog",
                "media": [],
                "edited": False,
                "pinned": False,
                "silent": True,
                "pinged": [],
                "sent_at": "2026-05-01T09:30:00+00:00",
            }
        ],
        "deleted": [{"id": str(gone.message_id), "text": "oops"}],
    }


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("chats", {"platform": "icq", "kind": "group"}),
        ("chats", {"platform": "telegram"}),
        ("chats", {"platform": "telegram", "kind": "circle"}),
        ("chats", {"platform": "telegram", "kind": "group", "admins": "ada"}),
        ("commands", {"platform": "telegram", "chat": "1", "user": "ada", "text": "/start"}),
        ("commands", {"platform": "telegram", "chat": "1", "user": "ada"}),
        ("page", {"act": "shout"}),
        ("page", {}),
        ("faults", {"kind": "earthquake", "platform": "telegram"}),
        ("faults", {"kind": "429", "platform": "telegram", "times": "two"}),
    ],
)
async def test_what_cannot_be_used_is_refused_with_a_sentence(
    sandbox: Sandbox, http: aiohttp.ClientSession, what: str, body: dict[str, Any]
) -> None:
    async with http.post(f"{sandbox.url}/control/{what}", json=body) as answer:
        assert answer.status == 400
        assert len((await answer.json())["error"].split()) > 2


@pytest.mark.parametrize("body", [b"{", b"[]", b""])
async def test_a_body_that_is_no_object_is_refused(sandbox: Sandbox, http: aiohttp.ClientSession, body: bytes) -> None:
    async with http.post(f"{sandbox.url}/control/page", data=body) as answer:
        assert answer.status == 400
        assert "JSON" in (await answer.json())["error"]


async def test_the_page_is_driven_and_further_pages_come_when_named(
    sandbox: Sandbox, http: aiohttp.ClientSession, control: Control
) -> None:
    key = (await control("page", act="publish", headline="Fog"))["key"]
    assert await control("page", act="edit", key=key, headline="Thick fog") == {}
    assert sandbox.page.current.posts[0].headline == "Thick fog"
    async with http.get(f"{sandbox.url}/page/second") as answer:
        assert answer.status == 404
    await control("page", page="second", act="publish", headline="Elsewhere")
    async with http.get(f"{sandbox.url}/page/second") as answer:
        assert "Elsewhere" in await answer.text()
    await control("page", act="prepare")
    assert len(sandbox.page.current.posts) == 8


async def test_every_call_is_listed_with_its_time_its_answer_and_its_validity(
    sandbox: Sandbox, http: aiohttp.ClientSession, control: Control, bot: Bot, group: str
) -> None:
    await bot.get_me()
    await bot.send_message(group, "x")
    await control("faults", kind="500_before", platform="telegram", chat=group, method="sendMessage", times=1)
    with pytest.raises(Exception, match="Internal Server Error"):
        await bot.send_message(group, "y")
    sent, failed = await _get(sandbox, http, "calls?platform=telegram&method=sendMessage")
    assert (sent["chat"], sent["status"], sent["valid"], sent["problems"]) == (group, 200, True, [])
    assert sent["answer"]["result"]["text"] == "x"
    assert sent["time"] == "2026-05-01T09:30:00+00:00"
    assert failed["status"] == 500
    assert "sandbox-secret" not in str(await _get(sandbox, http, "calls"))


async def test_a_reset_empties_page_chats_and_calls(
    sandbox: Sandbox, http: aiohttp.ClientSession, control: Control, group: str
) -> None:
    await control("page", act="publish", headline="Fog")
    await control("reset")
    assert await _get(sandbox, http, "chats") == []
    assert await _get(sandbox, http, "calls") == []
    assert sandbox.page.current.posts == ()


async def test_a_client_that_is_killed_in_the_middle_of_its_request_is_no_error_of_the_sandbox(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", sandbox.port)
    writer.write(b"POST /telegram/bot1:a/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n")
    writer.write(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nchat_id=1")
    await writer.drain()
    async with telegram_bot(sandbox, "1:a") as bot:
        writer.transport.abort()
        await bot.get_me()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
