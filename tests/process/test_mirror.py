"""The whole program, as a process, against the sandbox: what every chat shows equals what the page says."""

from __future__ import annotations

import asyncio
import random

import pytest

from sandbox.server import Sandbox

from .newsroom import Newsroom
from .program import DISCORD_TOKEN, TELEGRAM_TOKEN, Program, make, until

pytestmark = pytest.mark.process


async def test_two_telegram_and_two_discord_chats_mirror_two_pages(sandbox: Sandbox, program: Program) -> None:
    own = Newsroom(sandbox.pages.open("own"), random.Random(1))
    own_url = sandbox.url + own.page.path
    topic, channel = make(sandbox, "telegram", "forum"), make(sandbox, "telegram", "channel")
    plain, filtered = make(sandbox, "discord", "text"), make(sandbox, "discord", "thread")
    await program.start()
    answers = await asyncio.gather(
        topic.type(f"/subscribe {own_url}"),
        channel.type(f"/subscribe {sandbox.page_url}"),
        plain.type(f"/subscribe {own_url}"),
        filtered.type(f"/subscribe {own_url} -storm"),
    )
    assert all("Following" in answer for answer in answers), answers
    assert "paused" in (await topic.type("/pause")).lower()
    for _ in range(6):
        own.publish()
    own.page.edit(next(iter(own.keys)), headline="Post 1: storm")
    other = Newsroom(sandbox.page, random.Random(2))
    for _ in range(4):
        other.publish()
    await until(sandbox, lambda: plain.posts() == own.posts() and channel.posts() == other.posts())
    assert topic.posts() == []
    await topic.type("/resume")
    own.page.withdraw(list(own.keys)[2])
    own.page.summary(["Point 1"])
    own.page.end()
    await until(
        sandbox,
        lambda: (
            topic.posts() == plain.posts() == own.posts()
            and any("Point 1" in message.text for message in plain.messages())
            and any("ended" in message.text for message in topic.messages())
        ),
    )
    # What was edited out of a filter stays and follows its edits; what never passed it never came.
    first = own.posts()[0]
    assert set(filtered.posts()) - {first} == {post for post in own.posts() if "storm" not in post} - {first}
    assert [call for call in sandbox.calls if not call.valid] == []


async def test_sigterm_stops_within_ten_seconds_and_loses_nothing_in_flight(sandbox: Sandbox, program: Program) -> None:
    newsroom = Newsroom(sandbox.page, random.Random(3))
    group, channel = make(sandbox, "telegram", "supergroup"), make(sandbox, "discord", "text")
    await program.start()
    await asyncio.gather(*(place.type(f"/subscribe {sandbox.page_url}") for place in (group, channel)))
    for _ in range(8):
        newsroom.publish()
    await until(sandbox, lambda: len(channel.posts()) > 2)
    code, seconds = await program.stop()
    assert code == 0
    assert seconds < 10
    await program.start()
    await until(sandbox, lambda: group.posts() == channel.posts() == newsroom.posts(), within=60)


async def test_no_token_is_in_the_log_whatever_goes_wrong(sandbox: Sandbox, program: Program) -> None:
    program.settings["LOG__LEVEL"] = "debug"
    group, channel = make(sandbox, "telegram", "supergroup"), make(sandbox, "discord", "text")
    newsroom = Newsroom(sandbox.page, random.Random(4))
    await program.start()
    await asyncio.gather(*(place.type(f"/subscribe {sandbox.page_url}") for place in (group, channel)))
    for kind in ("500_before", "reset_after", "bad_json", "429"):
        for place in (group, channel):
            place.fault(kind)
        newsroom.publish()
    await until(sandbox, lambda: set(group.posts()) == set(channel.posts()) == set(newsroom.posts()), within=60)
    await program.stop()
    assert TELEGRAM_TOKEN not in program.log
    assert TELEGRAM_TOKEN.partition(":")[2] not in program.log
    assert DISCORD_TOKEN not in program.log


@pytest.mark.postgres
async def test_on_postgresql_a_killed_process_is_succeeded_when_its_lease_ends(
    sandbox: Sandbox, program: Program, postgres_url: str
) -> None:
    program.settings |= {"DATABASE__URL": postgres_url, "SEND__LEASE": "2"}
    newsroom = Newsroom(sandbox.page, random.Random(8))
    channel = make(sandbox, "discord", "text")
    await program.start()
    await channel.type(f"/subscribe {sandbox.page_url}")
    for _ in range(3):
        newsroom.publish()
    await until(sandbox, lambda: channel.posts() == newsroom.posts())
    newsroom.publish()
    await sandbox.calls.more()
    await program.kill()
    newsroom.publish()
    await program.start()
    await until(sandbox, lambda: channel.posts() == newsroom.posts())
    assert (await program.stop())[0] == 0
