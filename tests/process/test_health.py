"""Health and metrics of a real process."""

from __future__ import annotations

import json
import random

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from sandbox.server import Sandbox

from .newsroom import Newsroom
from .program import Program, make, until

pytestmark = pytest.mark.process


async def test_a_process_that_mirrors_is_ready_and_tells_what_it_did(sandbox: Sandbox, program: Program) -> None:
    newsroom = Newsroom(sandbox.page, random.Random(1))
    program.settings["HEALTH__LISTEN"] = "127.0.0.1:0"
    place = make(sandbox, "telegram", "private")
    await program.start()
    await place.type(f"/subscribe {sandbox.page_url}")
    # A chat has one act in flight: what stands there under the last post has been answered and written down.
    for _ in range(2):
        newsroom.publish()
        await until(sandbox, lambda: place.posts() == newsroom.posts())
    where = f"http://127.0.0.1:{_port(program)}"
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{where}/readyz") as answer:
            assert (answer.status, await answer.text()) == (200, "ready\n")
        async with client.get(f"{where}/metrics") as answer:
            told = text_string_to_metric_families(await answer.text())
            (acts,) = [each for each in told if each.name == "liverelay_acts"]
    sent = {"platform": "telegram", "act": "send", "outcome": "done"}
    assert [each.value >= 1 for each in acts.samples if each.labels == sent and each.name.endswith("_total")] == [True]


def _port(program: Program) -> int:
    lines = [json.loads(line) for line in program.log.splitlines() if line.startswith("{")]
    return next(int(line["port"]) for line in lines if line["event"] == "health.listening")
