"""Pictures for platforms that do not take their addresses: had as politely and as guarded as pages."""

from __future__ import annotations

import structlog

from ..errors import FetchError
from .fetch import HttpFetcher

log = structlog.get_logger(__name__)


class WebPictures:
    """`bot.ports.Pictures` over the network."""

    def __init__(self, fetcher: HttpFetcher) -> None:
        self._fetcher = fetcher

    async def picture(self, url: str, most: int) -> bytes | None:
        """Return a picture's bytes; None where it cannot be had, or has more than `most` bytes."""
        try:
            fetched = await self._fetcher.fetch(url, most=most)
        except FetchError as error:
            log.info("picture.not_had", url=url, why=str(error))
            return None
        return fetched.page.body if fetched.page else None
