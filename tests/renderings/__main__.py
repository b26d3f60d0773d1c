"""`python -m tests.renderings`: writes anew what docs/ show of chats."""

from __future__ import annotations

import asyncio

from . import cards, discord, telegram
from .cards import PICTURES
from .document import DOCS, with_renderings


async def main() -> None:
    """Draw for each platform."""
    for platform in (telegram, discord):
        page = DOCS / platform.PAGE
        page.write_text(with_renderings(page.read_text(encoding="utf-8"), await platform.draw()), encoding="utf-8")
    compared = await discord.compared()
    for name, room in PICTURES.items():
        (DOCS / name).write_text(cards.draw(compared, room), encoding="utf-8")


asyncio.run(main())
