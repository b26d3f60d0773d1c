"""Some seeds of the fault harness in every run; `make faults` plays as many as fit into half an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from .story import play

SEEDS = 18


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the seeds' databases lie."""
    return tmp_path_factory.mktemp("stories")


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_when_the_trouble_ends_the_chat_shows_what_the_newsroom_says(seed: int, folder: Path) -> None:
    story, wrong = await play(seed, folder)
    assert not wrong, "\n".join([*wrong, *story.told])
