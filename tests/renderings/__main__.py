"""`python -m tests.renderings`: writes anew what docs/ show of chats."""

from __future__ import annotations

import asyncio

from . import languages, telegram
from .document import DOCS, with_renderings


async def main() -> None:
    """Draw for each platform, and for each language."""
    for name, draw in ((telegram.PAGE, telegram.draw), (languages.PAGE, languages.draw)):
        page = DOCS / name
        page.write_text(with_renderings(page.read_text(encoding="utf-8"), await draw()), encoding="utf-8")


asyncio.run(main())
