"""Everything goes wrong at once, at the dice, around a real process: two seeds of many that `make faults` plays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.live import play_live

pytestmark = pytest.mark.process


@pytest.mark.parametrize("seed", [2, 5])
async def test_when_the_trouble_is_over_every_chat_shows_what_the_page_says(seed: int, tmp_path: Path) -> None:
    story, wrong = await play_live(seed, tmp_path)
    assert not wrong, "\n".join([*wrong, *story.told])
