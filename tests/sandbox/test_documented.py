"""What the sandbox can do is written down, under the names that the code uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandbox.control import PLAYS
from sandbox.discord import faults as discord
from sandbox.page import ACTS
from sandbox.server import Sandbox
from sandbox.telegram import faults as telegram

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"


def _named() -> set[str]:
    """Every word that begins a row of a table."""
    cells = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


FAULTS = {kind for told in (telegram, discord) for kind in (told.CALM, *told.BEFORE, *told.AFTER, *told.AT_ONCE)}


@pytest.mark.parametrize("name", sorted({*ACTS, *PLAYS, *FAULTS}))
def test_every_act_and_fault_is_documented(name: str) -> None:
    assert name in _named()


def test_every_control_call_is_documented(sandbox: Sandbox) -> None:
    calls = {f"{route.method} {route.path}" for route in sandbox.control.routes()}
    assert calls <= _named()
