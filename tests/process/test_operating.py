"""The operator's commands, typed while a real process runs on the same database."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest

from bot.cli import main
from sandbox.server import Sandbox

from .newsroom import Newsroom
from .program import Program, make, until

pytestmark = pytest.mark.process


async def test_an_operator_looks_and_acts_beside_the_running_program(
    sandbox: Sandbox,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    newsroom = Newsroom(sandbox.page, random.Random(1))
    place = make(sandbox, "telegram", "private")
    for name, value in program.environment().items():
        if name.startswith("LIVERELAY_"):
            monkeypatch.setenv(name, value)

    async def typed(*arguments: str) -> str:
        code = await asyncio.to_thread(main, arguments)
        said = capsys.readouterr()
        assert code == 0, said.out + said.err
        return said.out

    await program.start()
    await place.type(f"/subscribe {sandbox.page_url}")
    for _ in range(2):
        newsroom.publish()
        await until(sandbox, lambda: place.posts() == newsroom.posts())
    (listed,) = map(json.loads, (await typed("sources", "--json")).splitlines())
    assert listed["subscriptions"] == 1
    assert place.chat in await typed("chats")
    assert f"── telegram:{place.chat}" in await typed("explain", listed["url"])
    assert "fail" not in await typed("doctor")
    chosen = tmp_path / "all.json"
    await typed("export", str(chosen))
    assert await typed("import", str(chosen), "--check") == "It would bring in nothing new.\n"
    await typed("pause")
    newsroom.publish()
    await sandbox.calls.more()
    assert len(place.posts()) == 2
    await typed("resume")
    await until(sandbox, lambda: place.posts() == newsroom.posts())
    assert '"level": "error"' not in program.log
