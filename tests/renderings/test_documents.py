"""The documents show what chats show today."""

from __future__ import annotations

from . import languages, telegram
from .document import DOCS, with_renderings

AGAIN = "write it again: .venv/bin/python -m tests.renderings"


async def test_the_document_shows_what_telegram_chats_show_today() -> None:
    page = (DOCS / telegram.PAGE).read_text(encoding="utf-8")
    assert page == with_renderings(page, await telegram.draw()), AGAIN


async def test_the_document_shows_what_is_said_today_in_each_language() -> None:
    page = (DOCS / languages.PAGE).read_text(encoding="utf-8")
    assert page == with_renderings(page, await languages.draw()), AGAIN
