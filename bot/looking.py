"""Getting one page for `read` and `preview`: from a file, or from the network as the poller would."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from .clock import SystemClock
from .errors import UsageError
from .model import Page, Snapshot
from .settings import Settings
from .sources.fetch import HttpFetcher
from .sources.read import read


def look(page: str, url: str, at: datetime, settings: Settings) -> Snapshot:
    """Return what a reader makes of a file or an address.

    Raises UsageError, SourceError.
    """
    if page.startswith(("http://", "https://")):
        return asyncio.run(_fetched(page, settings))
    try:
        body = Path(page).read_bytes()
    except OSError as error:
        raise UsageError(f"{page} cannot be read: {(error.strerror or 'it is no file').lower()}.") from error
    return read(Page(body, url, at))


async def _fetched(url: str, settings: Settings) -> Snapshot:
    fetcher = HttpFetcher(settings.fetch.bounds, SystemClock())
    try:
        fetched = await fetcher.fetch(url)
    finally:
        await fetcher.close()
    assert fetched.page is not None, "a request without validators brings a page"
    return read(fetched.page)
