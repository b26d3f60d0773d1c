"""Everything goes wrong at once, at the dice: platforms, page server, process. When it stops, every chat is equal."""

from __future__ import annotations

import asyncio
import random

import pytest

from sandbox.platform import Fault
from sandbox.server import Sandbox

from .newsroom import Newsroom
from .program import Place, Program, make, until
from .test_kills import calls, last_words

pytestmark = pytest.mark.process

BOTH = ("429", "429_global", "500_before", "500_after", "reset_before", "reset_after", "bad_json", "hang")
GATEWAY = ("invalid_session", "reconnect", "close", "malformed_event")


@pytest.mark.parametrize("seed", [1, 5])
async def test_when_the_trouble_is_over_every_chat_shows_what_the_page_says(
    sandbox: Sandbox, program: Program, seed: int
) -> None:
    dice = random.Random(seed)
    newsroom = Newsroom(sandbox.page, dice)
    private, channel = make(sandbox, "telegram", "private"), make(sandbox, "discord", "text")
    sandbox.telegram.fault(Fault("unlimited"))
    await program.start()
    await asyncio.gather(*(place.type(f"/subscribe {sandbox.page_url}") for place in (private, channel)))
    for _ in range(12):
        newsroom.act()
        trouble(sandbox, dice.choice((private, channel)), dice)
        await calls(sandbox, dice.randrange(1, 4))
        if dice.random() < 0.15:
            await program.kill()
            await program.start()
    sandbox.page.restore()
    await until(sandbox, lambda: all(last_words(place, newsroom) for place in (private, channel)), within=150)
    assert sorted(channel.posts()) == sorted(newsroom.posts())
    assert "loop.died" not in program.log


def trouble(sandbox: Sandbox, place: Place, dice: random.Random) -> None:
    """Let one call in a chat go wrong, and perhaps what the page's server does (a 429 there would cost a minute)."""
    kinds = BOTH if place.platform == "telegram" else BOTH + GATEWAY
    place.fault(dice.choice(kinds), retry_after=dice.choice((0.5, 1, 2)), seconds=dice.choice((0.5, 2)))
    sandbox.page.restore()
    page = dice.choice(("well", "well", "status", "cut", "stale"))
    if page == "status":
        sandbox.page.status(dice.choice((403, 404, 500, 503)), times=dice.randrange(1, 3))
    elif page == "cut":
        sandbox.page.cut()
    elif page == "stale":
        sandbox.page.stale()
