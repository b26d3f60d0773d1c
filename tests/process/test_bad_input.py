"""Bad input, each with its one sentence: to the person who typed it, or to the operator."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.server import Sandbox

from .newsroom import Newsroom
from .program import Program, make, until

pytestmark = pytest.mark.process

ZEROS = bytes(1 << 20)


async def bomb(request: web.Request) -> web.StreamResponse:
    """2 GB of zeros, as 2 MB of gzip."""
    answer = web.StreamResponse(headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})
    await answer.prepare(request)
    packer = zlib.compressobj(wbits=31)
    try:
        for _ in range(2048):
            if packed := packer.compress(ZEROS):
                await answer.write(packed)
        await answer.write(packer.flush())
    except ConnectionError:  # the fetcher has had enough, as it should
        pass
    return answer


async def text(_request: web.Request) -> web.Response:
    """A page that is no live page."""
    return web.Response(text="<html><body><p>Opening hours: nine to five.</p></body></html>", content_type="text/html")


@pytest.fixture
async def site() -> object:
    """A web server with pages that nobody can follow."""
    app = web.Application()
    app.add_routes([web.get("/bomb", bomb), web.get("/hours", text)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_what_cannot_be_followed_is_refused_with_one_sentence(
    sandbox: Sandbox, program: Program, site: str
) -> None:
    chat = make(sandbox, "telegram", "supergroup")
    await program.start()
    answers = {
        page: await chat.type(f"/subscribe {page}")
        for page in (f"{site}/hours", f"{site}/nowhere", f"{site}/bomb", "ftp://example.org/live", "nonsense")
    }
    assert all(answer and "Following" not in answer for answer in answers.values()), answers
    assert all("\n" not in answer.strip() for answer in answers.values()), answers
    assert "nothing" in (await chat.type("/list")).lower()


async def test_a_private_address_is_refused_where_the_operator_did_not_allow_it(
    sandbox: Sandbox, program: Program
) -> None:
    program.settings["FETCH__ALLOW_PRIVATE"] = "false"
    chat = make(sandbox, "telegram", "supergroup")
    await program.start()
    answer = await chat.type(f"/subscribe {sandbox.page_url}")
    assert "Following" not in answer
    assert "127.0.0.1" in answer


async def test_only_admins_change_a_chat_and_strangers_are_turned_away_politely(
    sandbox: Sandbox, program: Program
) -> None:
    chat = make(sandbox, "telegram", "supergroup")
    await program.start()
    assert "admin" in (await chat.type(f"/subscribe {sandbox.page_url}", user="7")).lower()
    await program.stop()
    program.settings["ACCESS__OPEN"] = "false"
    await program.start()
    assert "/claim" in await chat.type(f"/subscribe {sandbox.page_url}")
    mine = make(sandbox, "telegram", "private")
    code = program.log.rpartition("/claim ")[2].split()[0]
    assert "yours" in await mine.type(f"/claim {code}", user=mine.chat)
    assert "private" in await chat.type("/list", user="8")


async def test_a_page_cut_in_the_middle_takes_nothing_away(sandbox: Sandbox, program: Program) -> None:
    newsroom = Newsroom(sandbox.page, random.Random(5))
    channel = make(sandbox, "discord", "text")
    await program.start()
    await channel.type(f"/subscribe {sandbox.page_url}")
    for _ in range(6):
        newsroom.publish()
    await until(sandbox, lambda: channel.posts() == newsroom.posts())
    sandbox.page.cut(times=8)
    newsroom.publish()
    await until(sandbox, lambda: channel.posts() == newsroom.posts())
    assert channel.view().deleted == ()


async def test_a_third_of_the_entries_vanishing_at_once_is_held_and_told(sandbox: Sandbox, program: Program) -> None:
    newsroom = Newsroom(sandbox.page, random.Random(6))
    channel = make(sandbox, "discord", "text")
    await program.start()
    await channel.type(f"/subscribe {sandbox.page_url}")
    for _ in range(12):
        newsroom.publish()
    await until(sandbox, lambda: channel.posts() == newsroom.posts())
    before = channel.posts()
    for key in list(newsroom.keys)[3:8]:
        sandbox.page.withdraw(key)
    newsroom.publish()
    await until(sandbox, lambda: len(channel.posts()) == 13)
    newsroom.publish()
    await until(sandbox, lambda: len(channel.posts()) == 14)
    assert channel.posts()[:12] == before
    assert "vanished at once" in program.log


async def test_a_chat_that_threw_the_bot_out_loses_nothing_and_goes_on(sandbox: Sandbox, program: Program) -> None:
    newsroom = Newsroom(sandbox.page, random.Random(7))
    group, channel = make(sandbox, "telegram", "supergroup"), make(sandbox, "discord", "text")
    await program.start()
    for place in (group, channel):
        await place.type(f"/subscribe {sandbox.page_url}")
        place.fault("403")
    newsroom.publish()
    witness = make(sandbox, "telegram", "private")
    await witness.type(f"/subscribe {sandbox.page_url}")
    newsroom.publish()
    await until(sandbox, lambda: len(witness.posts()) == 2)
    assert group.posts() == channel.posts() == []
    for place in (group, channel):
        place.fault("restore")
    await until(sandbox, lambda: group.posts() == channel.posts() == newsroom.posts())


async def test_a_database_that_cannot_be_used_is_one_sentence_and_exit_code_one(
    sandbox: Sandbox, program: Program, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is not a database, it is a letter to the operator" * 100)
    program.settings["DATABASE__URL"] = f"sqlite:///{broken}"
    await program.start()
    assert await program.ended() == 1
    assert program.log.strip().splitlines()[-1].startswith("The database")
    assert "Traceback" not in program.log
