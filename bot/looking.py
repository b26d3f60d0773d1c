"""Getting one page for `read` and `preview`: from a file, or from the network as `/subscribe` would."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from .clock import SystemClock
from .errors import UsageError
from .exploring import Explored, Explorer, in_time, lies_here
from .model import Page
from .settings import Settings
from .sources.discovery import discover
from .sources.fetch import HttpFetcher
from .sources.read import read


def look(page: str, url: str, at: datetime, settings: Settings) -> Explored:
    """Return what a reader makes of a file or an address, and how else it could be read.

    Raises UsageError, SourceError.
    """
    if page.startswith(("http://", "https://")):
        return asyncio.run(_asked(page, settings))
    try:
        body = Path(page).read_bytes()
    except OSError as error:
        raise UsageError(f"{page} cannot be read: {(error.strerror or 'it is no file').lower()}.") from error
    return asyncio.run(_here(Page(body, url, at)))


async def _asked(url: str, settings: Settings) -> Explored:
    fetcher = HttpFetcher(settings.fetching, SystemClock())
    try:
        return await Explorer(fetcher, read, settings.discover).explore(url)
    finally:
        await fetcher.close()


async def _here(page: Page) -> Explored:
    return lies_here(page, await in_time(read, page), await in_time(discover, page))
