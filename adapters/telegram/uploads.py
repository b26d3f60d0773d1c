"""Pictures that Telegram's own servers cannot fetch: fetched by us and uploaded, where the operator allows it.

Telegram keeps for days that an address gave it nothing; what was uploaded it keeps for good, under an id that any of
the bot's messages may show.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from telegram import Message

from bot.ports import Outcome, Pictures, Refused

from .api import NOT_TAKEN, Act, asked, told
from .picture_size import size_of

log = structlog.get_logger(__name__)

LARGEST = 10 * 1024 * 1024
"""Bytes of an uploaded photo; with it go the limits of `_fits` (the specification's words on sendPhoto)."""
_LARGEST_TOGETHER = 4 * LARGEST  # ours; a request may have 50 MB
_LARGEST_SIDES, _LARGEST_RATIO = 10_000, 20
_PATIENCE = 30.0  # seconds for all pictures of a message together
_REMEMBERED = 1000

Picture = str | bytes
"""A picture as a call hands it over: an address, the id of one that Telegram has, or the file itself."""
Call = Callable[[Sequence[Picture]], Awaitable[Any]]


class Uploads:
    """Makes calls that show pictures. Without `pictures` nothing is ever fetched or uploaded."""

    def __init__(self, pictures: Pictures | None) -> None:
        self._pictures = pictures
        self._ids: OrderedDict[str, str] = OrderedDict()

    async def done(self, act: Act, urls: Sequence[str], call: Call) -> Outcome:
        """Return the Outcome of a call that shows these pictures, made once more with files where addresses fail."""
        answered = await asked(act, call([self._ids.get(url, url) for url in urls]))
        if self._pictures is None or not (isinstance(answered, Refused) and answered.reason in NOT_TAKEN):
            return told(answered)
        files = await self._fetched(self._pictures, urls)
        if not files:
            return told(answered)
        answered = await asked(act, call([files.get(url, url) for url in urls]))
        self._remember(urls, answered)
        log.info("telegram.pictures_uploaded", count=len(files), outcome=type(told(answered)).__name__)
        return told(answered)

    async def _fetched(self, pictures: Pictures, urls: Sequence[str]) -> dict[str, bytes]:
        """Return the files that can be had and that Telegram takes."""
        files: dict[str, bytes] = {}
        room = _LARGEST_TOGETHER
        try:
            async with asyncio.timeout(_PATIENCE):
                for url in dict.fromkeys(urls):
                    content = await pictures.picture(url, min(LARGEST, room))
                    if content is not None and _fits(content):
                        files[url] = content
                        room -= len(content)
        except TimeoutError:
            log.info("telegram.pictures_too_slow", had=len(files), of=len(urls))
        return files

    def _remember(self, urls: Sequence[str], answered: Any) -> None:
        """Keep the ids under which Telegram has them now, and none that it has forgotten."""
        messages = (answered,) if isinstance(answered, Message) else answered
        for url in urls:
            self._ids.pop(url, None)
        if isinstance(messages, tuple):
            self._ids |= {url: each.photo[-1].file_id for url, each in zip(urls, messages, strict=False) if each.photo}
        while len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)


def _fits(content: bytes) -> bool:
    size = size_of(content)
    return size is not None and sum(size) <= _LARGEST_SIDES and max(size) <= _LARGEST_RATIO * min(size)
