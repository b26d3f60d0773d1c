"""Files: nobody else on the machine reads them, whatever the process was started with."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator

import pytest

from sandbox.server import Sandbox
from tests.process.program import Program, until

pytestmark = [pytest.mark.process, pytest.mark.attack("files")]


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """A system that lets everybody read and write whatever a program makes without saying who may."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_to_all")
async def test_nobody_else_reads_or_writes_what_a_running_program_keeps(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Its folder, its database with what stands beside it, its lock."""
    await program.start()
    await until(sandbox, lambda: bool(sandbox.calls.select("discord", "GET /gateway/bot")))
    kept = program.folder / "data"
    made = {kept: kept.stat(), **{path: path.stat() for path in kept.rglob("*")}}
    tried(len(made))
    assert len(made) >= 3
    assert {path.name: oct(stat.S_IMODE(told.st_mode)) for path, told in made.items() if told.st_mode & 0o077} == {}
