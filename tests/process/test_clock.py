"""A machine whose clock is put back while the program runs, and between two runs."""

from __future__ import annotations

import random

import pytest

from sandbox.server import Sandbox
from tests.faults.process import Piped
from tests.faults.wall_clock import library

from .newsroom import Newsroom
from .program import Place, make, until

pytestmark = [
    pytest.mark.clock,
    pytest.mark.skipif(not library(), reason="needs libfaketime (Debian: faketime)"),
]

# Far less than the hour by which the clock is wrong, and enough for a machine that is busy with other things.
PATIENCE = 120.0


@pytest.fixture
def newsroom(sandbox: Sandbox) -> Newsroom:
    return Newsroom(sandbox.page, random.Random(1))


@pytest.fixture
async def place(sandbox: Sandbox, piped: Piped, newsroom: Newsroom) -> Place:
    """A chat that follows the page, with a first post."""
    made = make(sandbox, "telegram", "private")
    await piped.start()
    await made.type(f"/subscribe {sandbox.page_url}")
    await _arrives(sandbox, made, newsroom)
    return made


async def _arrives(sandbox: Sandbox, place: Place, newsroom: Newsroom) -> None:
    name = newsroom.publish()
    await until(sandbox, lambda: any(post.startswith(f"{name}:") for post in place.posts()), PATIENCE)


async def test_news_arrives_while_the_machines_clock_is_put_back_by_an_hour(
    sandbox: Sandbox, piped: Piped, place: Place, newsroom: Newsroom
) -> None:
    piped.wall.show(-3600)
    await until(sandbox, lambda: "clock.put_back" in piped.log, PATIENCE)
    for _ in range(3):
        await _arrives(sandbox, place, newsroom)


async def test_news_arrives_after_a_start_on_a_machine_whose_clock_was_put_back_by_an_hour(
    sandbox: Sandbox, piped: Piped, place: Place, newsroom: Newsroom
) -> None:
    await piped.kill()
    piped.wall.show(-3600)
    await piped.start()
    for _ in range(3):
        await _arrives(sandbox, place, newsroom)
    assert "clock.behind" in piped.log
