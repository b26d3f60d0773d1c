"""Discord's published specification as a second pair of eyes on requests and on the stand-in's own answers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import discord
import pytest

from sandbox.discord.routes import ROUTES
from sandbox.discord.spec import Spec
from sandbox.server import Sandbox

from .conftest import Api, Relay

pytestmark = [pytest.mark.specs, pytest.mark.usefixtures("specs_dir")]

SEND = "/channels/{channel_id}/messages"
COMMANDS = "/applications/{application_id}/commands"


@pytest.fixture(scope="module")
def spec(specs_dir: Path) -> Spec:
    return Spec.load(specs_dir)


@pytest.mark.parametrize(("method", "route"), [(method, route) for method, route, _ in ROUTES])
def test_every_route_is_a_published_one(spec: Spec, method: str, route: str) -> None:
    assert not any("has no" in problem for problem in spec.request_problems(method, route, None))


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("POST", SEND, {"embeds": [{}] * 11}),
        ("POST", SEND, {"content": ["x"]}),
        ("POST", SEND, {"content": "x", "nonce": "n" * 26}),
        ("POST", SEND, {"content": "x", "allowed_mentions": {"parse": ["all"]}}),
        ("POST", SEND, {"components": [{"type": 1, "components": [{"type": 2, "style": 1}] * 6}]}),
        ("PUT", COMMANDS, [{"name": "x" * 33}]),
        ("PUT", COMMANDS, [{"name": "x", "options": [{"type": 99, "name": "x", "description": "x"}]}]),
        ("PUT", COMMANDS, [{"name": "x", "default_member_permissions": "manage"}]),
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", {"type": 99}),
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", None),
        ("POST", "/nowhere", {}),
    ],
)
def test_a_request_that_breaks_the_specification_is_caught(spec: Spec, method: str, route: str, body: Any) -> None:
    assert spec.request_problems(method, route, body)


def test_numbers_for_ids_and_words_for_permissions_are_no_problem(spec: Spec) -> None:
    reply = {"content": "x", "message_reference": {"channel_id": 1, "message_id": 2}}
    assert spec.request_problems("POST", SEND, reply) == []
    command = {"name": "x", "description": "x", "default_member_permissions": "32"}
    assert spec.request_problems("PUT", COMMANDS, [command]) == []


def test_an_answer_that_breaks_the_specification_is_caught(spec: Spec) -> None:
    assert spec.answer_problems("GET", "/users/@me", 200, {"id": "1"})
    assert spec.answer_problems("GET", "/users/@me", 201, {})


async def test_what_only_the_specification_forbids_is_refused_and_recorded(
    sandbox: Sandbox, text: str, api: Api
) -> None:
    body = {"content": "x", "allowed_mentions": {"parse": ["all"]}}
    assert (await api("POST", f"/channels/{text}/messages", body)).code == 50035
    assert [call.valid for call in sandbox.calls] == [False]


async def test_all_that_discord_py_and_the_stand_in_say_keeps_to_the_specification(
    sandbox: Sandbox, thread: tuple[str, str], relay: Relay, api: Api
) -> None:
    channel, guild = relay.place(thread[0]), relay.place(thread[0]).guild
    embed = discord.Embed(title="t", description="d", url="https://e.org", colour=0xFF0000)
    embed.set_author(name="a", url="https://e.org/a").set_footer(text="f").set_image(url="https://e.org/i.png")
    message = await channel.send("x", embed=embed.add_field(name="n", value="v"), silent=True, nonce="n")
    await message.reply("y", file=discord.File(io.BytesIO(b"abc"), "a.txt"))
    await message.edit(content="z", suppress=True)
    await message.pin()
    await (await message.create_thread(name="t")).send("in it")
    await relay.place(thread[1]).edit(archived=True)
    forum, post = sandbox.discord.create_chat("forum", "Boats", ["ada"], ["all"])
    await relay.event_of("guild_join")
    await relay.place(forum).create_thread(name="Second", content="It begins")
    for line in ("/say hello", "/later", "/whisper"):
        assert await sandbox.discord.command(forum, post, "ada", line)
    for path in (
        *(f"/channels/{thread[0]}{rest}" for rest in ("", "/messages", "/pins", "/messages/pins")),
        *(f"/guilds/{guild.id}{rest}" for rest in ("", "/channels", "/threads/active")),
        *("/users/@me", "/users/@me/guilds", "/applications/@me", "/gateway", "/gateway/bot"),
        *(f"/channels/{thread[1]}", f"/channels/{forum}"),
    ):
        assert (await api("GET", path)).status == 200
    await message.delete()
    assert {call.method: call.problems for call in sandbox.calls if not call.valid} == {}
