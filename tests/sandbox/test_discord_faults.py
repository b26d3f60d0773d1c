"""What can be made to go wrong on the Discord stand-in, and what bots may where."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from sandbox.discord.threads import MOST_ACTIVE
from sandbox.platform import Fault
from sandbox.server import Sandbox

from .conftest import Api, Control, Relay


def contents(sandbox: Sandbox) -> list[str]:
    return [message.text for view in sandbox.discord.chats() for message in view.messages]


@pytest.fixture
def fault(control: Control) -> Control:
    async def make(kind: str, **more: Any) -> Any:
        return await control("faults", kind=kind, platform="discord", **more)

    return make


async def send(api: Api, chat: str, text: str = "x", **more: Any) -> Any:
    return await api("POST", f"/channels/{chat}/messages", {"content": text, **more})


@pytest.mark.parametrize(
    ("kind", "status", "done"), [("500_before", 500, []), ("500_after", 500, ["x"]), ("503", 503, []), ("401", 401, [])]
)
async def test_an_error_comes_before_or_after_the_deed(
    sandbox: Sandbox, text: str, api: Api, fault: Control, *, kind: str, status: int, done: list[str]
) -> None:
    await fault(kind, chat=text)
    assert (await send(api, text)).status == status
    assert contents(sandbox) == done
    assert (await send(api, text, "y")).status == 200


@pytest.mark.parametrize(("kind", "done"), [("reset_before", []), ("reset_after", ["x"])])
async def test_the_connection_is_cut_before_or_after_the_deed(
    sandbox: Sandbox, text: str, api: Api, fault: Control, *, kind: str, done: list[str]
) -> None:
    await fault(kind, method="POST /channels/{channel_id}/messages")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await send(api, text)
    assert contents(sandbox) == done


@pytest.mark.parametrize(("kind", "done"), [("hang", []), ("hang_after", ["x"])])
async def test_an_answer_that_never_comes(
    sandbox: Sandbox, text: str, api: Api, fault: Control, *, kind: str, done: list[str]
) -> None:
    await fault(kind, method="send", seconds=30)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await send(api, text)
    assert contents(sandbox) == done


async def test_an_answer_is_broken_json(sandbox: Sandbox, text: str, api: Api, fault: Control) -> None:
    await fault("bad_json", method="send")
    with pytest.raises(ValueError, match="Expecting"):
        await send(api, text)
    assert contents(sandbox) == ["x"]


async def test_a_fault_strikes_so_many_calls_that_fit(
    sandbox: Sandbox, text: str, thread: tuple[str, str], api: Api, fault: Control
) -> None:
    await fault("500_before", chat=thread[0], method="send", times=2)
    assert (await send(api, text)).status == 200
    assert (await api("GET", f"/channels/{thread[0]}")).status == 200
    assert [(await send(api, thread[1])).status for _ in range(3)] == [500, 500, 200]


async def test_discord_py_repeats_what_failed_after_the_deed_and_the_nonce_keeps_it_single(
    sandbox: Sandbox, text: str, relay: Relay, fault: Control
) -> None:
    await fault("500_after", method="send")
    await relay.place(text).send("once")
    assert contents(sandbox) == ["once"]


async def test_thrown_out_and_taken_back(sandbox: Sandbox, text: str, relay: Relay, api: Api, fault: Control) -> None:
    await fault("403", chat=text)
    await relay.event_of("guild_remove")
    refused = await send(api, text)
    assert (refused.status, refused.code) == (403, 50001)
    assert (await api("GET", "/users/@me/guilds")).body == []
    await fault("restore", chat=text)
    await relay.event_of("guild_join")
    assert (await send(api, text)).status == 200


async def test_a_bot_that_connects_later_is_out_of_a_server_that_threw_bots_out(
    text: str, api: Api, fault: Control
) -> None:
    await fault("403", chat=text)
    assert (await api("GET", f"/channels/{text}", token="newcomer")).code == 50001


async def test_a_bot_can_leave(text: str, api: Api) -> None:
    guild = (await api("GET", f"/channels/{text}")).body["guild_id"]
    assert (await api("DELETE", f"/users/@me/guilds/{guild}")).status == 204
    assert (await send(api, text)).code == 50001


async def test_people_delete_messages_and_channels(
    sandbox: Sandbox, text: str, relay: Relay, api: Api, fault: Control
) -> None:
    sent = await send(api, text)
    await fault("delete_message", chat=text, message=sent.body["id"])
    assert (await api("PATCH", f"/channels/{text}/messages/{sent.body['id']}", {"content": "y"})).code == 10008
    await fault("delete_channel", chat=text)
    await relay.event_of("guild_channel_delete")
    assert (await send(api, text)).code == 10003


async def test_an_archived_thread_opens_with_a_message_but_nothing_in_it_changes(
    thread: tuple[str, str], api: Api, fault: Control
) -> None:
    chat, number = thread
    sent = await send(api, number)
    path = f"/channels/{number}/messages/{sent.body['id']}"
    await fault("archive", chat=chat, thread=number)
    assert (await api("PATCH", path, {"content": "y"})).code == 50083
    assert (await api("PUT", f"/channels/{number}/pins/{sent.body['id']}")).code == 50083
    assert (await send(api, number)).status == 200
    assert (await api("PATCH", path, {"content": "y"})).status == 200


async def test_a_locked_thread_is_closed_to_bots_that_do_not_manage_threads(
    sandbox: Sandbox, api: Api, fault: Control
) -> None:
    rights = ["VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS", "EMBED_LINKS"]
    chat, number = sandbox.discord.create_chat("thread", "Locked", [], rights)
    await fault("archive", chat=chat, thread=number, locked=True)
    refused = await send(api, number)
    assert (refused.status, refused.code) == (403, 160005)


@pytest.mark.parametrize(
    ("rights", "kind", "body", "code"),
    [
        ([], "text", {"content": "x"}, 50001),
        (["SEND_MESSAGES"], "text", {"content": "x"}, 50001),
        (["VIEW_CHANNEL"], "text", {"content": "x"}, 50013),
        (["VIEW_CHANNEL", "SEND_MESSAGES"], "text", {"embeds": [{"title": "x"}]}, 50013),
        (["VIEW_CHANNEL", "SEND_MESSAGES"], "thread", {"content": "x"}, 50013),
        (["VIEW_CHANNEL", "SEND_MESSAGES_IN_THREADS"], "text", {"content": "x"}, 50013),
    ],
)
async def test_a_right_that_is_missing_is_missed(
    sandbox: Sandbox, api: Api, *, rights: list[str], kind: str, body: dict[str, Any], code: int
) -> None:
    chat, thread = sandbox.discord.create_chat(kind, "Strict", [], rights)
    refused = await api("POST", f"/channels/{thread or chat}/messages", body)
    assert (refused.status, refused.code) == (403, code)


async def test_pinning_reading_and_tidying_need_their_rights(sandbox: Sandbox, api: Api, fault: Control) -> None:
    chat, _ = sandbox.discord.create_chat("text", "Strict", [], ["VIEW_CHANNEL", "SEND_MESSAGES"])
    own = (await send(api, chat)).body["id"]
    other = (await api("POST", f"/channels/{chat}/messages", {"content": "x"}, token="other")).body["id"]
    assert (await api("PUT", f"/channels/{chat}/pins/{own}")).code == 50013
    assert (await api("DELETE", f"/channels/{chat}/messages/{other}")).code == 50013
    assert (await api("GET", f"/channels/{chat}/messages")).body == []
    assert (await api("GET", f"/channels/{chat}/messages/{own}")).code == 50001
    await fault("rights", chat=chat, rights=["all"])
    assert (await api("PUT", f"/channels/{chat}/pins/{own}")).status == 204
    assert len((await api("GET", f"/channels/{chat}/messages")).body) == 3
    assert (await api("DELETE", f"/channels/{chat}/messages/{other}")).status == 204


async def test_a_post_with_an_embed_needs_the_right_to_show_it(sandbox: Sandbox, api: Api) -> None:
    forum, _ = sandbox.discord.create_chat("forum", "Boats", [], ["VIEW_CHANNEL", "SEND_MESSAGES"])
    post = {"name": "Ferry", "message": {"embeds": [{"title": "It sails"}]}}
    assert (await api("POST", f"/channels/{forum}/threads", post)).code == 50013
    assert (await api("POST", f"/channels/{forum}/threads", post | {"message": {"content": "It sails"}})).status == 201


async def test_a_server_has_a_thousand_threads_open_at_most(sandbox: Sandbox, text: str, api: Api) -> None:
    channel = sandbox.discord.world.find(text)
    for number in range(MOST_ACTIVE):
        sandbox.discord.world.open_thread(channel, str(number), sandbox.discord.world.owner)
    one_more = {"name": "one more", "type": 11}
    assert (await api("POST", f"/channels/{text}/threads", one_more)).code == 160006


async def test_no_thread_stands_on_a_message_of_a_thread(thread: tuple[str, str], api: Api) -> None:
    sent = await api("POST", f"/channels/{thread[1]}/messages", {"content": "x"})
    path = f"/channels/{thread[1]}/messages/{sent.body['id']}/threads"
    assert (await api("POST", path, {"name": "deeper"})).code == 50024


async def test_a_forum_takes_no_messages_of_its_own(sandbox: Sandbox, api: Api) -> None:
    forum, _ = sandbox.discord.create_chat("forum", "Boats", [], ["all"])
    assert (await send(api, forum)).code == 50008


async def test_what_does_not_exist_is_said_in_a_sentence(text: str, control: Control, fault: Control) -> None:
    async def error(what: str, **body: Any) -> str:
        return str((await control(what, platform="discord", **body))["error"])

    assert "kind must be one of" in await error("chats", kind="private")
    assert "FLY is no Discord permission" in await error("chats", kind="text", rights=["FLY"])
    assert "kind must be one of" in await error("faults", kind="earthquake")
    assert "there is no Discord channel 1" in await error("faults", kind="403", chat="1")
    assert "there is no message 5" in await error("faults", kind="delete_message", chat=text, message="5")
    assert "only a thread" in await error("faults", kind="archive", chat=text)
    assert "there is no Discord thread 7" in await error("commands", chat=text, thread="7", user="ada", text="/x")


async def test_every_call_is_recorded(sandbox: Sandbox, text: str, api: Api) -> None:
    await send(api, text)
    (call,) = sandbox.calls.select("discord")
    assert (call.method, call.chat, call.status) == ("POST /channels/{channel_id}/messages", text, 200)
    assert call.valid
    assert call.request["body"] == {"content": "x"}


async def test_a_fault_can_be_made_without_http(sandbox: Sandbox, text: str, api: Api) -> None:
    sandbox.discord.fault(Fault("500_before", text))
    assert (await send(api, text)).status == 500
