"""`python -m tests.renderings`: writes anew what docs/ show of chats."""

from __future__ import annotations

import asyncio

from . import cards, discord, languages, telegram
from .cards import PICTURES
from .document import DOCS, with_renderings


async def main() -> None:
    """Draw for each platform, and for each language."""
    for drawn in (telegram, discord, languages):
        page = DOCS / drawn.PAGE
        page.write_text(with_renderings(page.read_text(encoding="utf-8"), await drawn.draw()), encoding="utf-8")
    compared = await discord.compared()
    for name, room in PICTURES.items():
        (DOCS / name).write_text(cards.draw(compared, room), encoding="utf-8")


asyncio.run(main())
