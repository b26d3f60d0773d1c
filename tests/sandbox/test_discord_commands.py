"""Slash commands on the Discord stand-in: registered, given, answered in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from discord.http import Route

from sandbox.server import Sandbox

from .conftest import TOKEN, Api, Clock, Control, Relay


def command(name: str = "say", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "A command", **more}


def option(name: str, **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "An option", **more}


class Wire:
    """A bare gateway client: what it is told, and an interaction to answer by hand."""

    def __init__(self, sandbox: Sandbox, socket: Any, application: str) -> None:
        self.sandbox, self.socket, self.application = sandbox, socket, application

    async def told(self, name: str) -> Any:
        async with asyncio.timeout(5):
            while (frame := await self.socket.receive_json())["t"] != name:
                pass
        return frame["d"]


@pytest.fixture
async def wire(sandbox: Sandbox, http: Any, api: Api) -> AsyncIterator[Wire]:
    me = (await api("GET", "/users/@me")).body["id"]
    await api("PUT", f"/applications/{me}/commands", [command()])
    async with http.ws_connect(f"{sandbox.gateway_url}?v=10&encoding=json") as socket:
        await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1, "properties": {}}})
        wire = Wire(sandbox, socket, me)
        await wire.told("READY")
        yield wire


@asynccontextmanager
async def given(
    wire: Wire, chat: str, text: str = "/say"
) -> AsyncIterator[tuple[dict[str, Any], asyncio.Task[list[str]]]]:
    """Give a command; yields the interaction as the bot sees it, and the answer to come."""
    answer = asyncio.create_task(wire.sandbox.discord.command(chat, "", "ada", text))
    try:
        yield await wire.told("INTERACTION_CREATE"), answer
    finally:
        answer.cancel()


def callback(asked: dict[str, Any]) -> str:
    return f"/interactions/{asked['id']}/{asked['token']}/callback"


def original(asked: dict[str, Any]) -> str:
    return f"/webhooks/{asked['application_id']}/{asked['token']}/messages/@original"


def follow_up(asked: dict[str, Any]) -> str:
    return f"/webhooks/{asked['application_id']}/{asked['token']}"


async def test_words_go_to_the_options_in_their_order_and_the_rest_to_the_last(
    sandbox: Sandbox, text: str, relay: Relay
) -> None:
    assert await sandbox.discord.command(text, "", "ada", "/say one two three") == ["one two three"]
    assert await sandbox.discord.command(text, "", "ada", "say  one") == ["one"]
    assert await sandbox.discord.command(text, "", "ada", "/ping 4 true") == ["5 True"]


async def test_a_deferred_answer_and_its_follow_ups_come_back_and_nobody_else_sees_them(
    sandbox: Sandbox, thread: tuple[str, str], relay: Relay
) -> None:
    assert await sandbox.discord.command(*thread, "ada", "/later") == ["first", "second"]
    assert [view.messages for view in sandbox.discord.chats()] == [()]


async def test_an_open_answer_stands_in_the_channel(sandbox: Sandbox, text: str, relay: Relay) -> None:
    await sandbox.discord.command(text, "", "ada", "/say hello")
    assert [message.text for message in sandbox.discord.chats()[0].messages] == ["hello"]


async def test_admins_may_manage_the_server_and_others_may_not(sandbox: Sandbox, text: str, relay: Relay) -> None:
    assert await sandbox.discord.command(text, "", "ada", "/whisper") == ["ada True True"]
    assert await sandbox.discord.command(text, "", "eve", "/whisper") == ["eve False True"]


async def test_a_command_waits_for_a_bot_that_is_about_to_connect(
    sandbox: Sandbox, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asyncio.create_task(sandbox.discord.command(text, "", "ada", "/whisper"))
    monkeypatch.setattr(Route, "BASE", sandbox.discord_url)
    async with Relay() as client:
        running = asyncio.create_task(client.start(TOKEN))
        assert await answer == ["ada True True"]
    await running


async def test_a_command_that_does_not_fit_is_refused_in_a_sentence(text: str, relay: Relay, control: Control) -> None:
    async def said(line: str) -> str:
        answer = await control("commands", platform="discord", chat=text, user="ada", text=line)
        return str(answer["error"])

    assert "has registered the command /unknown" in await said("/unknown x")
    assert "/say needs the option what" in await said("/say")
    assert "/later takes no options" in await said("/later now")
    assert "times cannot be many" in await said("/ping many true")


async def test_the_first_answer_is_due_in_three_seconds(wire: Wire, text: str, api: Api, clock: Clock) -> None:
    async with given(wire, text) as (asked, _):
        clock.advance(seconds=3.5)
        late = await api("POST", callback(asked), {"type": 4, "data": {"content": "x"}})
    assert (late.status, late.code) == (404, 10062)


async def test_an_interaction_is_acknowledged_once(wire: Wire, text: str, api: Api) -> None:
    async with given(wire, text) as (asked, answer):
        assert (await api("POST", callback(asked), {"type": 4, "data": {"content": "x"}}, token="")).status == 204
        again = await api("POST", callback(asked), {"type": 5}, token="")
        assert (again.status, again.code) == (400, 40060)
        assert await answer == ["x"]


async def test_the_callback_tells_of_its_message_if_asked(wire: Wire, text: str, api: Api) -> None:
    async with given(wire, text) as (asked, _):
        told = await api("POST", f"{callback(asked)}?with_response=true", {"type": 5, "data": {"flags": 64}})
    assert told.status == 200
    assert told.body["interaction"]["response_message_loading"] is True
    assert told.body["resource"]["message"]["flags"] & 64


async def test_a_token_lives_for_fifteen_minutes(wire: Wire, text: str, api: Api, clock: Clock) -> None:
    async with given(wire, text) as (asked, answer):
        await api("POST", callback(asked), {"type": 5})
        clock.advance(minutes=14)
        assert (await api("PATCH", original(asked), {"content": "in time"})).status == 200
        assert await answer == ["in time"]
        clock.advance(minutes=2)
        late = await api("POST", follow_up(asked), {"content": "late"})
    assert (late.status, late.code) == (401, 50027)


async def test_the_original_answer_can_be_read_and_removed(wire: Wire, text: str, api: Api) -> None:
    async with given(wire, text) as (asked, _):
        assert (await api("PATCH", original(asked), {"content": "too early"})).code == 10015
        await api("POST", callback(asked), {"type": 4, "data": {"content": "x"}})
        assert (await api("GET", original(asked))).body["content"] == "x"
        assert (await api("DELETE", original(asked))).status == 204
        assert (await api("GET", original(asked))).code == 10008


async def test_the_first_follow_up_takes_the_place_of_a_deferred_answer(wire: Wire, text: str, api: Api) -> None:
    async with given(wire, text) as (asked, answer):
        await api("POST", callback(asked), {"type": 5, "data": {"flags": 64}})
        told = await api("POST", follow_up(asked), {"content": "x"})
        assert told.body["flags"] == 64
        assert (await api("GET", original(asked))).body["id"] == told.body["id"]
        assert await answer == ["x"]


async def test_answers_are_held_to_the_limits_of_messages(wire: Wire, text: str, api: Api) -> None:
    async with given(wire, text) as (asked, _):
        assert (await api("POST", callback(asked), {"type": 4, "data": {"content": "x" * 2001}})).code == 50035
        assert (await api("POST", callback(asked), {"type": 4, "data": {"content": ""}})).code == 50006
        assert (await api("POST", callback(asked), {"type": 4, "data": {"content": "x"}})).status == 204
        assert (await api("PATCH", original(asked), {"content": "x" * 2001})).code == 50035


async def test_a_strangers_interaction_is_unknown(api: Api) -> None:
    assert (await api("POST", "/interactions/1/token/callback", {"type": 5})).code == 10062
    assert (await api("PATCH", "/webhooks/1/token/messages/@original", {"content": "x"})).code == 10015


async def test_commands_are_replaced_as_a_whole_and_keep_their_ids(wire: Wire, api: Api) -> None:
    path = f"/applications/{wire.application}/commands"
    first = (await api("GET", path)).body
    second = (await api("PUT", path, [command("new"), command(options=[option("what", required=True)])])).body
    assert [one["name"] for one in second] == ["new", "say"]
    assert second[1]["id"] == first[0]["id"]
    assert (await api("GET", f"{path}?with_localizations=true")).body == second


async def test_a_servers_own_commands_are_given_there_only(wire: Wire, sandbox: Sandbox, text: str, api: Api) -> None:
    guild = (await api("GET", f"/channels/{text}")).body["guild_id"]
    await api("PUT", f"/applications/{wire.application}/guilds/{guild}/commands", [command("local")])
    other, _ = sandbox.discord.create_chat("text", "Other", [], ["all"])
    async with given(wire, text, "/local") as (asked, _):
        assert asked["data"]["guild_id"] == guild
    with pytest.raises(ValueError, match="registered"):
        await sandbox.discord.command(other, "", "ada", "/local")


@pytest.mark.parametrize(
    "commands",
    [
        [command("Say")],
        [command("say it")],
        [command("say!")],
        [command("x" * 33)],
        [command(description="")],
        [{"name": "say"}],
        [command(description="x" * 101)],
        [command(), command()],
        [command(f"say{number}") for number in range(101)],
        [command(options=[option("a"), option("b", required=True)])],
        [command(options=[option("a"), option("a")])],
        [command(options=[option("A")])],
        [command(options=[option(f"o{number}") for number in range(26)])],
        [command(options=[option("a", choices=[{"name": str(number), "value": "x"} for number in range(26)])])],
        [command(options=[option("a", choices=[{"name": "n", "value": "x" * 80}] * 25)] * 5)],
        [command(default_member_permissions="manage")],
        "say",
    ],
)
async def test_commands_that_discord_would_not_take_are_refused(wire: Wire, api: Api, commands: Any) -> None:
    refused = await api("PUT", f"/applications/{wire.application}/commands", commands)
    assert (refused.status, refused.code) == (400, 50035)
    assert [one["name"] for one in (await api("GET", f"/applications/{wire.application}/commands")).body] == ["say"]


async def test_commands_of_another_application_cannot_be_changed(wire: Wire, api: Api) -> None:
    assert (await api("PUT", f"/applications/{wire.application}/commands", [], token="another")).code == 20012


async def test_what_admins_set_for_a_command_can_be_read(
    wire: Wire, sandbox: Sandbox, text: str, api: Api, control: Control
) -> None:
    guild = (await api("GET", f"/channels/{text}")).body["guild_id"]
    (known,) = (await api("GET", f"/applications/{wire.application}/commands")).body
    path = f"/applications/{wire.application}/guilds/{guild}/commands/{known['id']}/permissions"
    assert (await api("GET", path)).code == 10066
    await control("faults", kind="allow_command", platform="discord", chat=text, command="say")
    assert (await api("GET", path)).body["permissions"] == [{"id": guild, "type": 1, "permission": True}]


async def test_two_hundred_new_commands_a_day_are_enough(wire: Wire, api: Api, clock: Clock) -> None:
    path = f"/applications/{wire.application}/commands"
    known = [command(f"a{number}") for number in range(99)]
    for _ in range(3):
        assert (await api("PUT", path, known)).status == 200
    assert (await api("PUT", path, [command(f"b{number}") for number in range(100)])).status == 200
    refused = await api("PUT", path, [command("one-more")])
    assert (refused.status, refused.code) == (400, 30034)
    clock.advance(days=1)
    assert (await api("PUT", path, [command("one-more")])).status == 200


def button(label: str, custom_id: str) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": label, "custom_id": custom_id}


@pytest.mark.parametrize("ids", [["same", "same"], ["x" * 101], ["1", "2", "3", "4", "5", "6"]])
async def test_components_that_discord_would_not_take_are_refused(text: str, api: Api, ids: list[str]) -> None:
    row = {"type": 1, "components": [button("Go", custom_id) for custom_id in ids]}
    refused = await api("POST", f"/channels/{text}/messages", {"content": "x", "components": [row]})
    assert (refused.status, refused.code) == (400, 50035)


@pytest.mark.parametrize("title", ["", "x" * 46])
async def test_a_form_with_a_wrong_title_is_refused(wire: Wire, text: str, api: Api, title: str) -> None:
    box = {"type": 4, "custom_id": "typed", "style": 1}
    form = {"custom_id": "f", "title": title, "components": [{"type": 18, "label": "What", "component": box}]}
    async with given(wire, text) as (asked, _):
        refused = await api("POST", callback(asked), {"type": 9, "data": form})
    assert (refused.status, refused.code) == (400, 50035)


async def test_a_command_is_not_answered_with_the_change_of_a_message(wire: Wire, text: str, api: Api) -> None:
    async with given(wire, text) as (asked, _):
        assert (await api("POST", callback(asked), {"type": 6})).code == 50035
