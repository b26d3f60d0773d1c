"""`python -m tests.renderings`: writes anew what docs/ show of chats."""

from __future__ import annotations

import asyncio

from . import telegram
from .document import DOCS, with_renderings


async def main() -> None:
    """Draw for each platform."""
    page = DOCS / telegram.PAGE
    page.write_text(with_renderings(page.read_text(encoding="utf-8"), await telegram.draw()), encoding="utf-8")


asyncio.run(main())
