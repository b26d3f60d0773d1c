"""Some seeds of the fault harness in every run; `make faults` plays as many as fit into half an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from .story import play

SEEDS = 18


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_when_the_trouble_ends_the_chat_shows_what_the_newsroom_says(seed: int, tmp_path: Path) -> None:
    story, wrong = await play(seed, tmp_path)
    assert not wrong, "\n".join([*wrong, *story.told])
