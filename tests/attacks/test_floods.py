"""Floods: whoever sends very much, or has very much looked at, keeps nobody else waiting and fills no memory."""

from __future__ import annotations

import asyncio
import random
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, closing
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.telegram.rights import MOST_ASKED
from sandbox.server import HOST, Sandbox
from sandbox.telegram.people import say
from tests.process.newsroom import Newsroom
from tests.process.program import ADMIN, Place, Program, make, until

from .test_people import EVE, PATIENT
from .test_presses import ready

pytestmark = [pytest.mark.process, pytest.mark.attack("floods")]

_SOON = 4  # seconds within which what one page says reaches a chat, while others do what they can


def shows(place: Place, posts: int) -> bool:
    return len(place.posts()) == posts


@asynccontextmanager
async def hanging(sandbox: Sandbox, names: tuple[str, ...]) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Serve pages of these names on a host of its own, and tell its address; once the event is set no answer ends."""
    shut = asyncio.Event()
    ended = asyncio.Event()

    @web.middleware
    async def hang(request: web.Request, handler: Handler) -> web.StreamResponse:
        if shut.is_set():
            await ended.wait()
        return await handler(request)

    for name in names:
        sandbox.pages.open(name)
    app = web.Application(middlewares=[hang])
    app.add_routes(sandbox.pages.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield f"http://localhost:{runner.addresses[0][1]}", shut
    finally:
        ended.set()
        await runner.cleanup()


async def test_pages_that_never_end_keep_no_other_hosts_page_from_being_looked_at(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """They answer well until somebody has had a chat follow them all."""
    program.settings |= PATIENT | {"FETCH__TIMEOUT": "5"}
    names = tuple(f"slow{number}" for number in range(24))
    theirs, ours = make(sandbox, "discord", "text"), make(sandbox, "telegram", "supergroup")
    async with hanging(sandbox, names) as (address, shut):
        await program.start()
        assert "Following" in await ours.type(f"/subscribe {sandbox.page_url}")
        for name in names:
            assert "Following" in await theirs.type(f"/subscribe {address}{sandbox.pages.open(name).path}")
        newsroom = Newsroom(sandbox.page, random.Random(1))
        newsroom.publish()
        await until(sandbox, lambda: len(ours.posts()) == 1)
        shut.set()
        for number in range(2, 6):
            newsroom.publish()
            await until(sandbox, partial(shows, ours, number), within=_SOON)
        tried(len(names))


# ── Discord ──────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def meanwhile(doings: Iterable[Coroutine[Any, Any, object]]) -> AsyncIterator[None]:
    """Let people do all of this at once; whoever still waits for an answer in the end gives up."""
    tasks = [asyncio.create_task(each) for each in doings]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_many_members_in_many_channels_of_a_server_keep_no_other_server_waiting(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    await ready(program, "discord")
    flooded, elsewhere = make(sandbox, "discord", "text"), make(sandbox, "discord", "text")
    beside = [Place(sandbox, "discord", *sandbox.discord.create_chat("text", f"more {n}", [], ["all"], flooded.chat))
              for n in range(4)]  # fmt: skip
    for place in (flooded, elsewhere):
        assert "Following" in await place.type(f"/subscribe {sandbox.page_url}")
    lines = ("/list", "/pause", "/latest", "/filter 1 -storm", "/help")
    flood = [
        place.type(line, f"member {number}") for number in range(12) for place in (flooded, *beside) for line in lines
    ]
    tried(len(flood))
    async with meanwhile(flood):
        assert "Paused" in await elsewhere.type("/pause")
        assert "1." in await elsewhere.type("/list", "somebody")
        Newsroom(sandbox.page, random.Random(1)).publish()
        await until(sandbox, lambda: len(flooded.posts()) == 1, within=_SOON)
        assert "1." in await flooded.type("/list")
    assert '"level": "error"' not in program.log


async def test_very_many_who_are_shown_suggestions_at_once_keep_nobody_elses_from_coming_in_time(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Discord shows none that come after three seconds; each key that is pressed asks for them."""
    await ready(program, "discord")
    flooded, elsewhere = make(sandbox, "discord", "text"), make(sandbox, "discord", "text")
    for place in (flooded, elsewhere):
        assert "Following" in await place.type(f"/subscribe {sandbox.page_url}")
    typed = ("/pause which:", "/filter 1 words:", "/timezone zone:Ka", "/subscribe url:h", "/why link:x")
    flood = [
        sandbox.discord.suggestions(flooded.chat, "", f"member {number}", line)
        for number in range(40)
        for line in typed
    ]
    tried(len(flood))
    async with meanwhile(flood):
        assert await sandbox.discord.suggestions(elsewhere.chat, "", ADMIN, "/pause which:")
        assert "1." in await elsewhere.type("/list")
        Newsroom(sandbox.page, random.Random(1)).publish()
        await until(sandbox, lambda: len(flooded.posts()) == 1, within=_SOON)


# ── Telegram ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_thousand_messages_of_one_stranger_keep_nobody_waiting_and_are_not_kept(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Commands, addresses, nothing that makes sense, as long as Telegram lets them be."""
    group = make(sandbox, "telegram", "supergroup")
    alone = Place(sandbox, "telegram", *sandbox.telegram.create_chat("private", EVE, [EVE], ["all"]))
    await ready(program, "telegram")
    assert "Following" in await group.type(f"/subscribe {sandbox.page_url}")
    world = sandbox.telegram.world
    lines = ("/list", "/subscribe https://h.example/{}", "/x{} " + "x" * 4000, "https://h.example/{}", "{}", "/in {} x")
    flood = 1000
    for number in range(flood):
        say(world, world.find(alone.chat), 0, EVE, lines[number % len(lines)].format(number))
    tried(flood)
    Newsroom(sandbox.page, random.Random(1)).publish()
    await until(sandbox, lambda: len(group.posts()) == 1, within=_SOON)
    assert "Filter" in await group.type("/filter 1 Post")
    assert len(alone.view().messages) <= 40
    done = "SELECT max(length(content)) FROM command WHERE done_at IS NOT NULL"
    with closing(sqlite3.connect(f"file:{program.folder / 'data' / 'liverelay.db'}?mode=ro", uri=True)) as opened:
        assert opened.execute(done).fetchone() == (None,)


async def test_who_runs_a_group_of_their_own_does_not_have_telegram_asked_without_end(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Whether they run it is asked at each command, one after the other, while everybody else's wait."""
    group, toy = make(sandbox, "telegram", "supergroup"), make(sandbox, "telegram", "supergroup")
    world, flood = sandbox.telegram.world, 200
    chat = world.find(toy.chat)
    chat.admins.append(world.person(EVE))
    await ready(program, "telegram")
    assert "Following" in await group.type(f"/subscribe {sandbox.page_url}")
    for number in range(flood):
        say(world, chat, 0, EVE, f"/pause for {number}m")
    tried(flood)
    assert "Filter" in await group.type("/filter 1 Post")
    asked = [call for call in sandbox.calls.select("telegram", "getChatMember") if call.chat == toy.chat]
    assert len(asked) <= MOST_ASKED


async def test_many_strangers_who_write_at_once_keep_nobody_waiting(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Each hears once that the bot is private."""
    program.settings["ACCESS__OPEN"] = "false"
    group = make(sandbox, "telegram", "supergroup")
    await ready(program, "telegram")
    printed = re.search(r"/claim (\w+)", program.log)
    assert printed
    owner = Place(sandbox, "telegram", *sandbox.telegram.create_chat("private", "Ada", [ADMIN], ["all"]))
    await owner.type(f"/claim {printed[1]}")
    assert "Following" in await group.type(f"/subscribe {sandbox.page_url}")
    world, flood = sandbox.telegram.world, 100
    for number in range(flood):
        named = f"stranger {number}"
        chat, _ = world.create("private", named, [named], ["all"])
        for line in ("/start", "/manage -1001"):
            say(world, chat, 0, named, line)
    tried(flood)
    Newsroom(sandbox.page, random.Random(1)).publish()
    await until(sandbox, lambda: len(group.posts()) == 1, within=_SOON)
    assert "Filter" in await group.type("/filter 1 Post")


async def test_who_adds_and_removes_the_bot_without_end_keeps_nobody_waiting(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    group, toy = make(sandbox, "telegram", "supergroup"), make(sandbox, "telegram", "supergroup")
    await ready(program, "telegram")
    assert "Following" in await group.type(f"/subscribe {sandbox.page_url}")
    world, flood = sandbox.telegram.world, 80
    chat, eve = world.find(toy.chat), world.person(EVE)
    for _ in range(flood):
        world.throw_out(chat, "kicked")
        world.let_in(chat, ["all"], eve)
    tried(flood)
    Newsroom(sandbox.page, random.Random(1)).publish()
    await until(sandbox, lambda: len(group.posts()) == 1, within=_SOON)
    assert "Filter" in await group.type("/filter 1 Post")
    assert "follows nothing" in await toy.type("/list", EVE)
    assert len(toy.view().messages) <= 3
