"""One channel managed from another: the option `channel`, and buttons under such answers, through the real client."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.commands import SPECS
from bot.model import Address
from bot.ports import Answer, Button, Command, Incoming
from bot.richtext import RichText
from sandbox.server import Sandbox, specs_from

from .discord_stage import ADMIN, MEMBER, DiscordStage, on_stage

TEXT = RichText("the list")


class Server:
    """A server with two channels; commands are given in the first. `answer` is what the bot says to all of them."""

    def __init__(self, stage: DiscordStage) -> None:
        self.stage = stage
        self.discord = stage.sandbox.discord
        self.home = stage.open_chat("text").chat
        self.came: list[Command] = []
        self.answer = Answer(TEXT, ((Button("Pause 3", "pause 3"),),), asks="filter 3")

    async def __call__(self, incoming: Incoming) -> None:
        if isinstance(incoming, Command):
            self.came.append(incoming)
            await self.stage.adapter.reply(incoming, self.answer)

    def beside(self, kind: str = "text", title: str = "Ferry", rights: tuple[str, ...] = ("all",)) -> Address:
        chat, thread = self.discord.create_chat(kind, title, [], list(rights), self.home)
        return Address("discord", self.stage.adapter.bot, chat, thread)

    async def give(self, line: str, user: str = ADMIN) -> list[str]:
        return await self.discord.command(self.home, "", user, line)

    async def press(self, label: str, user: str = ADMIN) -> list[str]:
        return await self.discord.press(self.home, "", user, label)


@pytest.fixture
async def stage() -> AsyncIterator[DiscordStage]:
    async with Sandbox(specs=specs_from(os.environ)) as sandbox, on_stage(sandbox, commands=SPECS) as made:
        yield made


@asynccontextmanager
async def listening(server: Server) -> AsyncIterator[None]:
    task = asyncio.create_task(server.stage.adapter.listen(server))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def server(stage: DiscordStage) -> AsyncIterator[Server]:
    made = Server(stage)
    async with listening(made):
        yield made


async def test_a_command_is_about_the_channel_that_it_names_and_answered_where_it_was_given(server: Server) -> None:
    ferry = server.beside()
    said = await server.give("/pause which:2 time:for 2h channel:#ferry")
    assert said == ["#ferry\nthe list\nPause 3\nType it…"]
    came = server.came[-1]
    assert (came.address, came.chat_title, came.arguments) == (ferry, "#ferry", "2 for 2h")
    assert (came.is_admin, came.missing_rights) == (True, ())
    assert came.given_in
    assert came.given_in.chat == server.home
    assert server.stage.shown(ferry) == []


async def test_naming_the_channel_in_which_one_is_changes_nothing(server: Server) -> None:
    assert await server.give("/list channel:#harbour") == ["the list\nPause 3\nType it…"]
    assert (server.came[-1].address.chat, server.came[-1].given_in) == (server.home, None)


async def test_a_thread_and_a_forum_can_be_named(server: Server) -> None:
    thread, forum = server.beside("thread", "Pier"), server.beside("forum", "Boats")
    named = server.discord.world.find(thread.chat, thread.thread)
    await server.give(f"/list channel:<#{named.id}>")
    assert server.came[-1].address == thread
    await server.give("/list channel:#boats")
    assert (server.came[-1].address.chat, server.came[-1].chat_kind) == (forum.chat, "forum")


@pytest.mark.parametrize(
    ("kind", "rights", "missing"),
    [
        ("text", ("VIEW_CHANNEL", "SEND_MESSAGES"), ("Embed Links",)),
        ("text", (), ("View Channel", "Send Messages", "Embed Links")),
        ("forum", ("VIEW_CHANNEL", "EMBED_LINKS", "SEND_MESSAGES_IN_THREADS"), ("Create Posts", "Embed Links")),
        ("thread", ("VIEW_CHANNEL", "EMBED_LINKS", "SEND_MESSAGES"), ("Send Messages in Threads",)),
    ],
)
async def test_what_the_bot_lacks_is_looked_up_in_the_channel_that_is_named(
    server: Server, kind: str, rights: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    there = server.beside(kind, "Ferry", rights)
    await server.give(f"/list channel:{there.chat if kind == 'forum' else there.thread or there.chat}")
    assert server.came[-1].missing_rights == missing


async def test_who_may_not_manage_the_server_is_no_admin_of_another_channel(server: Server) -> None:
    server.beside()
    await server.give("/list channel:#ferry", MEMBER)
    assert not server.came[-1].is_admin


async def test_buttons_keep_to_their_channel_after_a_restart(stage: DiscordStage) -> None:
    server = Server(stage)
    async with listening(server):
        ferry = server.beside()
        await server.give("/list channel:#ferry")
    async with listening(server):
        assert await server.press("Pause 3") == ["#ferry\nthe list\nPause 3\nType it…"]
        came = server.came[-1]
        assert (came.name, came.arguments, came.address, came.is_admin) == ("pause", "3", ferry, True)
        assert await server.press("Type it…") == []
        await server.discord.submit(server.home, "", ADMIN, "kyiv")
        came = server.came[-1]
        assert (came.name, came.arguments, came.address, came.is_admin) == ("filter", "3 kyiv", ferry, True)


async def test_rights_are_looked_up_again_at_each_press(server: Server) -> None:
    ferry = server.beside()
    await server.give("/list channel:#ferry")
    world = server.discord.world
    world.change_rights(world.find(ferry.chat).guild, ["VIEW_CHANNEL"], world.find(ferry.chat))
    world.find(ferry.chat).guild.admins.clear()
    await server.press("Pause 3")
    assert (server.came[-1].is_admin, server.came[-1].missing_rights) == (False, ("Send Messages", "Embed Links"))


@pytest.mark.parametrize("gone", ["hidden", "deleted"])
async def test_a_button_about_a_channel_that_is_gone_says_so_and_does_nothing(server: Server, gone: str) -> None:
    ferry = server.beside()
    await server.give("/list channel:#ferry")
    world = server.discord.world
    if gone == "deleted":
        world.delete_channel(world.find(ferry.chat))
    else:
        world.hide(world.find(ferry.chat), [ADMIN])
    said = await server.press("Pause 3")
    assert said[-1] == "That channel is not there any more, or you cannot see it."
    assert [came.name for came in server.came] == ["list"]


async def test_a_thread_that_fell_asleep_is_still_found_by_a_button(stage: DiscordStage) -> None:
    server = Server(stage)
    pier = server.beside("thread", "Pier")
    world = server.discord.world
    async with listening(server):
        await server.give(f"/list channel:{pier.thread}")
    world.archive(world.find(pier.chat, pier.thread), archived=True, locked=False)
    async with listening(server):
        await server.press("Pause 3")
        assert (server.came[-1].address, server.came[-1].is_admin) == (pier, True)


async def test_thirty_channels_are_managed_from_one(server: Server) -> None:
    there = [server.beside(title=f"Story {number}").chat for number in range(30)]
    for chat in there:
        await server.give(f"/pause channel:{chat}")
    assert [came.address.chat for came in server.came] == there


async def test_a_command_in_another_language_comes_in_under_its_own_name(server: Server) -> None:
    server.discord.world.person(ADMIN).locale = "de"
    await server.give("/liste")
    assert server.came[-1].name == "list"
    ferry = server.beside()
    await server.give("/liste kanal:#ferry")
    assert (server.came[-1].name, server.came[-1].address, server.came[-1].arguments) == ("list", ferry, "")


async def test_subscribe_without_anything_opens_a_form_about_the_same_channel(server: Server) -> None:
    ferry = server.beside()
    assert await server.give("/subscribe channel:#ferry") == []
    (opened,) = server.stage.requests("POST /interactions/{interaction_id}/{interaction_token}/callback")
    assert opened["body"]["type"] == 9  # at once, without a deferral before it
    said = await server.discord.submit(server.home, "", ADMIN, "https://news.example/live kyiv")
    assert said == ["#ferry\nthe list\nPause 3\nType it…"]
    came = server.came[-1]
    assert (came.name, came.arguments, came.address) == ("subscribe", "https://news.example/live kyiv", ferry)
    assert (came.is_admin, came.pressed) == (True, False)


async def test_discord_is_answered_in_time_however_long_the_database_takes(stage: DiscordStage) -> None:
    server, recorded = Server(stage), asyncio.Event()

    async def hanging(incoming: Incoming) -> None:
        if isinstance(incoming, Command):
            recorded.set()
            await asyncio.Event().wait()

    listening_to = asyncio.create_task(stage.adapter.listen(hanging))
    given = asyncio.create_task(server.give("/list"))
    async with asyncio.timeout(10):
        await recorded.wait()
    (called,) = stage.requests("POST /interactions/{interaction_id}/{interaction_token}/callback")
    assert called["body"] == {"type": 5, "data": {"flags": 64}}
    for task in (given, listening_to):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_refusals_are_in_the_language_of_the_app(server: Server) -> None:
    ferry = server.beside()
    await server.give("/list channel:#ferry")
    server.discord.world.person(ADMIN).locale = "de"
    server.discord.world.delete_channel(server.discord.world.find(ferry.chat))
    assert (await server.press("Pause 3"))[-1] != "That channel is not there any more, or you cannot see it."
