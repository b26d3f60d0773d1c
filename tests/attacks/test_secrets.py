"""Tokens, keys and passwords: nowhere but in the environment or the file that the operator keeps them in."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.process.newsroom import Newsroom
from tests.process.program import DISCORD_TOKEN, TELEGRAM_TOKEN, Program, make, until

pytestmark = [pytest.mark.process, pytest.mark.attack("secrets")]

SECRETS = (TELEGRAM_TOKEN, TELEGRAM_TOKEN.partition(":")[2], DISCORD_TOKEN)


async def test_no_secret_is_told_by_what_the_program_writes_or_shows(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """With everything logged, platforms that fail in every way, a refused token, and a backup of what was stored."""
    program.settings["LOG__LEVEL"] = "debug"
    group, channel = make(sandbox, "telegram", "supergroup"), make(sandbox, "discord", "text")
    newsroom = Newsroom(sandbox.page, random.Random(5))
    await program.start()
    await asyncio.gather(*(place.type(f"/subscribe {sandbox.page_url}") for place in (group, channel)))
    shown = _seen_by_others(program)
    for kind in ("500_before", "reset_after", "bad_json", "429"):
        for place in (group, channel):
            place.fault(kind)
        newsroom.publish()
    await until(sandbox, lambda: set(group.posts()) == set(channel.posts()) == set(newsroom.posts()), within=60)
    await program.kill()
    program.settings |= {"TELEGRAM__API_URL": sandbox.telegram_url + "/nowhere", "SEND__LEASE": "2"}
    await program.start()
    await program.stop()
    stored = {path.name: path.read_bytes() for path in (program.folder / "data").iterdir() if path.is_file()}
    copy = program.folder / "copy.db"
    with (
        closing(sqlite3.connect(program.folder / "data" / "liverelay.db")) as database,
        closing(sqlite3.connect(copy)) as backup,
    ):
        database.backup(backup)
    told = {"log": program.log.encode(), "arguments": shown, "backup": copy.read_bytes()} | stored
    tried(len(told) * len(SECRETS))
    assert [(where, secret) for where, text in told.items() for secret in SECRETS if secret.encode() in text] == []


def _seen_by_others(program: Program) -> bytes:
    """Return what every user of the machine may read of the process, where the system shows that."""
    assert program.process is not None
    command = Path("/proc") / str(program.process.pid) / "cmdline"
    return command.read_bytes() if sys.platform == "linux" else b""


@pytest.mark.parametrize("argument", ["--token", "--telegram.token"])
async def test_no_argument_takes_a_secret_that_every_user_of_the_machine_could_read(
    program: Program, argument: str
) -> None:
    await program.start(argument, TELEGRAM_TOKEN)
    assert await program.ended() != 0
