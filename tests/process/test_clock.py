"""A machine whose clock is put back while the program runs, and between two runs."""

from __future__ import annotations

import random

import pytest

from sandbox.server import Sandbox
from tests.faults.process import Piped
from tests.faults.wall_clock import library

from .newsroom import Newsroom
from .program import make, until

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not library(), reason="needs libfaketime (Debian: faketime)"),
]


async def test_news_arrives_while_the_machines_clock_is_put_back_by_an_hour(sandbox: Sandbox, piped: Piped) -> None:
    newsroom, place = Newsroom(sandbox.page, random.Random(1)), make(sandbox, "telegram", "private")
    await piped.start()
    await place.type(f"/subscribe {sandbox.page_url}")
    newsroom.publish()
    await until(sandbox, lambda: place.posts() == newsroom.posts())
    piped.wall.show(-3600)
    newsroom.publish()
    await until(sandbox, lambda: place.posts() == newsroom.posts())


async def test_news_arrives_after_a_start_on_a_machine_whose_clock_was_put_back_by_an_hour(
    sandbox: Sandbox, piped: Piped
) -> None:
    newsroom, place = Newsroom(sandbox.page, random.Random(1)), make(sandbox, "telegram", "private")
    await piped.start()
    await place.type(f"/subscribe {sandbox.page_url}")
    newsroom.publish()
    await until(sandbox, lambda: place.posts() == newsroom.posts())
    await piped.kill()
    piped.wall.show(-3600)
    await piped.start()
    newsroom.publish()
    await until(sandbox, lambda: place.posts() == newsroom.posts())
