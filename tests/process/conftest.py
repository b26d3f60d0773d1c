"""A running sandbox and a program that has not been started yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.databases import postgres_url  # noqa: F401  # a fixture
from tests.faults.process import Piped

from .program import Program


@pytest.fixture
async def program(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Program]:
    """An installation; whatever of it still runs is stopped in the end."""
    made = Program(sandbox, tmp_path)
    yield made
    await made.end()


@pytest.fixture
async def piped(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Piped]:
    """An installation whose disk and clock can be wrong; whatever of it still runs is stopped in the end."""
    made = Piped(sandbox, tmp_path)
    yield made
    await made.end()
