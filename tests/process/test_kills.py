"""The process is killed at random moments and started again: every chat still ends up equal to the page.

On Discord nothing is ever there twice. On Telegram, which knows no nonce, a repeat may be there only where a kill fell
between the platform's acceptance and our record of it: then the kill lies between the two messages.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from itertools import pairwise

import pytest

from sandbox.platform import Fault, Shown
from sandbox.server import Sandbox

from .newsroom import Newsroom
from .program import Place, Program, make, until

pytestmark = pytest.mark.process

KILLS = 50
SEED = 20260314


async def test_fifty_kills_lose_nothing_and_repeat_only_what_was_not_recorded(
    sandbox: Sandbox, program: Program
) -> None:
    dice = random.Random(SEED)
    newsroom = Newsroom(sandbox.page, dice)
    private, group = make(sandbox, "telegram", "private"), make(sandbox, "telegram", "supergroup")
    channel, thread = make(sandbox, "discord", "text"), make(sandbox, "discord", "thread")
    # The limits are tested elsewhere; here they would only make the same story last an hour.
    sandbox.telegram.fault(Fault("unlimited"))
    await program.start()
    places = (private, group, channel, thread)
    await asyncio.gather(*(place.type(f"/subscribe {sandbox.page_url}") for place in places))
    for _ in range(KILLS):
        newsroom.act()
        for _ in range(dice.randrange(4)):
            await calls(sandbox, 1)
        await program.kill()
        await program.start()
    await until(sandbox, lambda: all(last_words(place, newsroom) for place in places), within=120)
    for place in (channel, thread):
        assert sorted(place.posts()) == sorted(newsroom.posts())
    for place in (private, group):
        assert not unexplained(place, program)
    await program.stop()
    repeats = sum(len(place.posts()) - len(newsroom.posts()) for place in (private, group))
    print(f"{KILLS} kills, {newsroom.number} posts, {len(sandbox.calls)} calls; repeats on Telegram: {repeats}")  # noqa: T201  # with -s


async def calls(sandbox: Sandbox, count: int) -> None:
    """Let so many calls happen, or none for a while: a process that is still starting makes none."""
    for _ in range(count):
        try:
            async with asyncio.timeout(4):
                await sandbox.calls.more()
        except TimeoutError:
            return


def last_words(place: Place, newsroom: Newsroom) -> bool:
    """Whether a chat shows every post as it reads now, and nothing that was withdrawn, repeats aside."""
    shown = place.posts()
    return set(newsroom.posts()) <= set(shown) and {name(post) for post in shown} == {
        name(post) for post in newsroom.posts()
    }


def name(post: str) -> str:
    """ "Post 1" of "Post 1: calm"."""
    return post.partition(":")[0]


def unexplained(place: Place, program: Program) -> list[Shown]:
    """The repeats that no kill explains: none fell between the message before and this one."""
    copies: dict[str, list[Shown]] = defaultdict(list)
    for message in place.messages():
        for post in {name(each) for each in place.posts() if each in message.text}:
            copies[post].append(message)
    found = []
    for messages in copies.values():
        for before, after in pairwise(messages):
            if not any(before.sent_at.timestamp() <= at <= after.sent_at.timestamp() for at in program.killed_at):
                found.append(after)
    return found
