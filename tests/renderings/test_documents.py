"""The documents show what chats show today."""

from __future__ import annotations

from types import ModuleType

import pytest

from scripts import draw_renderings

from . import cards, discord, languages, telegram
from .document import DOCS, with_renderings

AGAIN = "write it again: .venv/bin/python -m tests.renderings"


@pytest.mark.parametrize("drawn", [telegram, discord, languages], ids=lambda module: module.PAGE)
async def test_the_document_shows_what_chats_show_today(drawn: ModuleType) -> None:
    page = (DOCS / drawn.PAGE).read_text(encoding="utf-8")
    assert page == with_renderings(page, await drawn.draw()), AGAIN


async def test_the_pictures_show_what_is_compared_today() -> None:
    compared = await discord.compared()
    for name, room in cards.PICTURES.items():
        assert (DOCS / name).read_text(encoding="utf-8") == cards.draw(compared, room), AGAIN


async def test_the_drawing_shows_what_telegram_chats_show_today() -> None:
    drawn = await draw_renderings.draw()
    assert draw_renderings.TARGET.read_text(encoding="utf-8") == drawn, (
        "draw it again: .venv/bin/python -m scripts.draw_renderings"
    )
