"""Rate limits of the Discord stand-in, with the headers and bodies that clients go by."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.discord.limits import INVALID, Limits
from sandbox.server import Sandbox

from .conftest import Api, Clock, Control


async def fill(api: Api, chat: str, times: int = 5) -> list[Any]:
    return [await api("POST", f"/channels/{chat}/messages", {"content": str(number)}) for number in range(times)]


async def test_a_channel_takes_five_messages_in_five_seconds(text: str, api: Api, clock: Clock) -> None:
    sent = await fill(api, text)
    assert [reply.headers["X-RateLimit-Remaining"] for reply in sent] == ["4", "3", "2", "1", "0"]
    clock.advance(seconds=2)
    (refused,) = await fill(api, text, 1)
    assert refused.status == 429
    assert refused.body["retry_after"] == pytest.approx(3.0)
    assert refused.body["global"] is False
    assert refused.headers["Via"]
    assert refused.headers["Retry-After"] == "3"
    assert refused.headers["X-RateLimit-Scope"] == "user"
    clock.advance(seconds=3)
    assert (await fill(api, text, 1))[0].status == 200


async def test_every_channel_route_and_bot_has_its_own_bucket(sandbox: Sandbox, text: str, api: Api) -> None:
    sent = await fill(api, text)
    other, _ = sandbox.discord.create_chat("text", "Other", [], ["all"])
    path = f"/channels/{text}/messages/{sent[0].body['id']}"
    assert (await fill(api, other, 1))[0].status == 200
    assert (await api("PATCH", path, {"content": "y"})).status == 200
    assert (await api("DELETE", path)).status == 204
    assert (await api("POST", f"/channels/{text}/messages", {"content": "x"}, token="other")).status == 200


async def test_the_headers_tell_the_bucket(text: str, api: Api) -> None:
    (sent,) = await fill(api, text, 1)
    read = await api("GET", f"/channels/{text}/messages")
    assert (sent.headers["X-RateLimit-Limit"], sent.headers["X-RateLimit-Reset-After"]) == ("5", "5.000")
    assert sent.headers["X-RateLimit-Bucket"] != read.headers["X-RateLimit-Bucket"]
    assert sent.headers["Content-Type"] == "application/json"


async def test_a_bot_makes_fifty_requests_in_a_second(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    chats = [sandbox.discord.create_chat("text", f"Chat {number}", [], ["all"])[0] for number in range(11)]
    statuses = [reply.status for chat in chats[:10] for reply in await fill(api, chat)]
    assert statuses == [200] * 50
    (refused,) = await fill(api, chats[10], 1)
    assert (refused.status, refused.body["global"], refused.headers["X-RateLimit-Scope"]) == (429, True, "global")
    assert (await api("PATCH", "/webhooks/1/x/messages/@original", {"content": "exempt"})).status == 404
    clock.advance(seconds=1)
    assert (await fill(api, chats[10], 1))[0].status == 200


async def test_messages_older_than_an_hour_are_edited_seldom(text: str, api: Api, clock: Clock) -> None:
    (sent,) = await fill(api, text, 1)
    path = f"/channels/{text}/messages/{sent.body['id']}"
    clock.advance(minutes=61)
    assert [(await api("PATCH", path, {"content": str(number)})).status for number in range(3)] == [200] * 3
    refused = await api("PATCH", path, {"content": "again"})
    assert (refused.status, refused.code) == (429, 30046)
    assert refused.body["retry_after"] == pytest.approx(6.0)
    clock.advance(seconds=6)
    assert (await api("PATCH", path, {"content": "again"})).status == 200


async def test_a_published_message_is_edited_thrice_an_hour(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    news, _ = sandbox.discord.create_chat("announcement", "News", [], ["all"])
    (sent,) = await fill(api, news, 1)
    path = f"/channels/{news}/messages/{sent.body['id']}"
    await api("POST", f"{path}/crosspost")
    assert [(await api("PATCH", path, {"content": str(number)})).status for number in range(3)] == [200] * 3
    refused = await api("PATCH", path, {"content": "again"})
    assert (refused.status, refused.code, refused.body["retry_after"]) == (429, 20028, pytest.approx(3600))
    assert (refused.headers["X-RateLimit-Scope"], refused.headers["Retry-After"]) == ("shared", "1")
    clock.advance(hours=1)
    assert (await api("PATCH", path, {"content": "again"})).status == 200


def test_too_many_invalid_requests_shut_the_bot_out_for_a_while(clock: Clock) -> None:
    limits = Limits(clock)
    for _ in range(INVALID - 1):
        limits.note_invalid(403, "")
    limits.note_invalid(404, "")
    limits.note_invalid(429, "shared")
    assert not limits.is_banned()
    limits.note_invalid(429, "user")
    assert limits.is_banned()
    clock.advance(minutes=10)
    assert not limits.is_banned()


async def test_limits_can_be_lifted_for_benchmarks(text: str, api: Api, control: Control) -> None:
    await control("faults", kind="unlimited", platform="discord")
    assert [reply.status for reply in await fill(api, text, 60)] == [200] * 60


async def test_a_refusal_of_this_bucket_or_of_the_bot_lasts_as_long_as_it_says(
    sandbox: Sandbox, text: str, api: Api, control: Control, clock: Clock
) -> None:
    other, _ = sandbox.discord.create_chat("text", "Other", [], ["all"])
    await control("faults", kind="429", platform="discord", chat=text, method="send", retry_after=7)
    (refused,) = await fill(api, text, 1)
    assert (refused.status, refused.body["retry_after"], refused.body["global"]) == (429, 7.0, False)
    assert (await fill(api, text, 1))[0].status == 429
    assert (await fill(api, other, 1))[0].status == 200
    clock.advance(seconds=7)
    await control("faults", kind="429_global", platform="discord", retry_after=2)
    assert (await fill(api, text, 1))[0].body["global"] is True
    assert (await fill(api, other, 1))[0].body["global"] is True
    clock.advance(seconds=2)
    assert (await fill(api, other, 1))[0].status == 200
