"""The gateway of the Discord stand-in, held by discord.py and by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from sandbox.platform import Fault
from sandbox.server import Sandbox

from .conftest import TOKEN, Api, Clock, Control, Relay

Connect = Callable[..., Any]


@pytest.fixture
def connect(sandbox: Sandbox, http: aiohttp.ClientSession) -> Connect:
    """Open a websocket and read its HELLO."""

    @asynccontextmanager
    async def opened(query: str = "v=10&encoding=json") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        async with http.ws_connect(f"{sandbox.gateway_url}?{query}") as socket:
            yield socket

    return opened


async def identify(socket: aiohttp.ClientWebSocketResponse, **more: Any) -> Any:
    """Say HELLO and IDENTIFY; returns READY."""
    assert (await socket.receive_json())["op"] == 10
    await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1, "properties": {}, **more}})
    return await dispatched(socket, "READY")


async def dispatched(socket: aiohttp.ClientWebSocketResponse, name: str) -> Any:
    async with asyncio.timeout(5):
        while (frame := await socket.receive_json())["t"] != name:
            pass
    return frame


async def closing(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """Read on until the server closes, and return its code."""
    async with asyncio.timeout(5):
        while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
            pass
    return socket.close_code


async def test_a_client_learns_of_every_server_and_of_those_that_are_made_later(
    sandbox: Sandbox, thread: tuple[str, str], relay: Relay
) -> None:
    guild = relay.place(thread[0]).guild
    assert [one.id for one in guild.threads] == [int(thread[1])]
    assert guild.me.id == relay.user.id  # type: ignore[union-attr]  # it is logged in
    later, _ = sandbox.discord.create_chat("announcement", "Harbour news", [], ["all"])
    joined = await relay.event_of("guild_join")
    assert [channel.id for channel in joined.channels] == [int(later)]
    assert relay.place(later).is_news()


async def test_rights_are_seen_as_they_were_given(sandbox: Sandbox, relay: Relay) -> None:
    chat, _ = sandbox.discord.create_chat("text", "Quiet", [], ["VIEW_CHANNEL", "SEND_MESSAGES"])
    guild = await relay.event_of("guild_join")
    seen = relay.place(chat).permissions_for(guild.me)
    assert (seen.view_channel, seen.send_messages, seen.embed_links, seen.pin_messages) == (True, True, False, False)
    sandbox.discord.fault(Fault("rights", chat, more={"rights": ["all"]}))
    await relay.event_of("guild_channel_update")
    assert relay.place(chat).permissions_for(guild.me).embed_links


@pytest.mark.parametrize("fault", ["reconnect", "close", "invalid_session"])
async def test_a_broken_connection_is_taken_up_again_and_nothing_is_missed(
    sandbox: Sandbox, text: str, relay: Relay, fault: str
) -> None:
    sandbox.discord.fault(Fault(fault, more={"resumable": True}))
    chat, _ = sandbox.discord.create_chat("text", "Made meanwhile", [], ["all"])
    await relay.event_of("resumed")
    assert relay.place(chat)


async def test_a_void_session_is_begun_anew(connect: Connect, sandbox: Sandbox, text: str) -> None:
    async with connect() as socket:
        ready = await identify(socket)
        sandbox.discord.fault(Fault("invalid_session"))
        await dispatched(socket, "GUILD_CREATE")
        assert (await socket.receive_json()) == {"op": 9, "d": False, "s": None, "t": None}
    async with connect() as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": 1}})
        assert (await socket.receive_json())["op"] == 9


async def test_resuming_replays_what_came_after(connect: Connect, sandbox: Sandbox, text: str) -> None:
    async with connect() as socket:
        ready = await identify(socket)
        await socket.close(code=4000)
    sandbox.discord.create_chat("text", "Meanwhile", [], ["all"])
    async with connect() as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": 1}})
        told = [await socket.receive_json() for _ in range(3)]
        assert [(one["t"], one["s"]) for one in told] == [("GUILD_CREATE", 2), ("GUILD_CREATE", 3), ("RESUMED", 4)]


async def test_a_gateway_that_fell_behind_tells_the_last_events_twice_but_never_ready(
    connect: Connect, sandbox: Sandbox, text: str
) -> None:
    async with connect() as socket:
        ready = await identify(socket)
        sandbox.discord.create_chat("text", "Meanwhile", [], ["all"])
        last = (await dispatched(socket, "GUILD_CREATE"), await dispatched(socket, "GUILD_CREATE"))[-1]["s"]
        sandbox.discord.fault(Fault("replayed", more={"events": 5}))
        await socket.receive()
        assert socket.close_code == 4000
    again = {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": last}
    async with connect() as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": again})
        told = [await socket.receive_json() for _ in range(3)]
        assert [(one["t"], one["s"]) for one in told] == [("GUILD_CREATE", 2), ("GUILD_CREATE", 3), ("RESUMED", 4)]
        await socket.close(code=4000)
    async with connect() as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {**again, "seq": 4}})
        assert (await socket.receive_json())["t"] == "RESUMED"


@pytest.mark.parametrize(("token", "seq", "left"), [("other", 1, 4000), (TOKEN, 99, 4000), (TOKEN, 1, 1000)])
async def test_what_cannot_be_resumed_is_said_to_be_void(
    connect: Connect, text: str, token: str, seq: int, left: int
) -> None:
    async with connect() as socket:
        ready = await identify(socket)
        await socket.close(code=left)
    async with connect() as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": token, "session_id": ready["d"]["session_id"], "seq": seq}})
        assert (await socket.receive_json())["op"] == 9


async def test_heartbeats_are_acknowledged(connect: Connect) -> None:
    async with connect() as socket:
        await identify(socket)
        await socket.send_json({"op": 1, "d": 1})
        assert (await socket.receive_json())["op"] == 11


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("no json", 4002),
        ("[]", 4002),
        ('{"op": 99}', 4003),
        ('{"op": 2, "d": {"token": "", "intents": 1}}', 4004),
        ('{"op": 2, "d": {"token": "t"}}', 4013),
        ('{"op": 2, "d": {"token": "t", "intents": 4294967296}}', 4013),
        ('{"op": 2, "d": {"token": "t", "intents": 32768}}', 4014),
        ('{"op": 2, "d": {"token": "t", "intents": 1, "shard": [1, 1]}}', 4010),
        ('{"op": 2, "d": {"token": "t", "intents": 1, "shard": "x"}}', 4010),
        ('{"op": 1, "d": "' + "x" * 4096 + '"}', 4002),
    ],
)
async def test_a_frame_that_discord_would_not_take_ends_the_connection(connect: Connect, frame: str, code: int) -> None:
    async with connect() as socket:
        await socket.send_str(frame)
        assert await closing(socket) == code


async def test_identifying_twice_and_old_versions_end_the_connection(connect: Connect) -> None:
    async with connect() as socket:
        await identify(socket)
        await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1}})
        assert await closing(socket) == 4005
    async with connect("v=6&encoding=json") as socket:
        assert await closing(socket) == 4012


async def test_events_come_only_for_the_intents_that_were_asked_for(
    connect: Connect, text: str, api: Api, clock: Clock
) -> None:
    async with connect() as plain, connect() as listening:
        await identify(plain)
        clock.advance(seconds=5)
        await identify(listening, intents=1 | 1 << 9)
        await api("POST", f"/channels/{text}/messages", {"content": "x"})
        assert (await dispatched(listening, "MESSAGE_CREATE"))["d"]["content"] == "x"
        await plain.send_json({"op": 1, "d": 1})
        assert [(await plain.receive_json())["op"] for _ in range(2)] == [0, 11]


async def test_a_shard_holds_its_own_servers_only(connect: Connect, sandbox: Sandbox, clock: Clock) -> None:
    for number in range(8):
        sandbox.discord.create_chat("text", f"Chat {number}", [], ["all"])
    seen: list[str] = []
    for shard in (0, 1):
        clock.advance(seconds=5)
        async with connect() as socket:
            ready = await identify(socket, shard=[shard, 2])
            seen += [guild["id"] for guild in ready["d"]["guilds"]]
    assert sorted(seen) == sorted(str(guild) for guild in sandbox.discord.world.guilds)


async def test_a_malformed_event_can_be_sent(sandbox: Sandbox, connect: Connect) -> None:
    async with connect() as socket:
        await identify(socket)
        sandbox.discord.fault(Fault("malformed_event", more={"event": "CHANNEL_CREATE"}))
        assert (await dispatched(socket, "CHANNEL_CREATE"))["d"] == {"id": None, "unexpected": True}


async def test_a_reset_leaves_bots_connected_with_their_commands(
    sandbox: Sandbox, text: str, relay: Relay, control: Control
) -> None:
    await control("reset")
    await relay.event_of("guild_remove")
    chat, _ = sandbox.discord.create_chat("text", "New", ["ada"], ["all"])
    assert await sandbox.discord.command(chat, "", "ada", "/whisper") == ["ada True True"]


async def test_the_sandbox_stops_while_a_client_is_connected(sandbox: Sandbox, connect: Connect) -> None:
    async with connect() as socket:
        await identify(socket)
        await asyncio.gather(sandbox.discord.close(), wait_closed(socket))


async def wait_closed(socket: aiohttp.ClientWebSocketResponse) -> None:
    assert await closing(socket) == 1001


async def test_the_gateway_is_told_by_rest(sandbox: Sandbox, api: Api, connect: Connect) -> None:
    before = (await api("GET", "/gateway/bot")).body
    async with connect() as socket:
        await identify(socket)
    after = (await api("GET", "/gateway/bot")).body
    assert before["url"] == after["url"] == sandbox.gateway_url
    assert before["session_start_limit"]["remaining"] - after["session_start_limit"]["remaining"] == 1
    assert (await api("GET", "/gateway", token="")).body == {"url": sandbox.gateway_url}
