"""Photos as Telegram takes them: by upload, by URL that its servers fetch, by the id of one that it has.

A URL is fetched only from loopback; elsewhere in the world it is believed, except where nothing can be (a private
address, a reserved name). What a URL gave once is what it gives for days, a failure included (PLATFORMS 4.1).
"""

from __future__ import annotations

from itertools import count
from urllib.parse import urlsplit

import aiohttp

from .chats import Picture
from .decode import Asked
from .hosts import is_loopback, is_nowhere
from .measure import measure
from .refusal import Refusal, bad

BY_URL, BY_UPLOAD = 5 * 1024 * 1024, 10 * 1024 * 1024
LARGEST_SIDES, LARGEST_RATIO = 10_000, 20
BELIEVED = (1280, 720)


class Photos:
    """The photos that this Telegram has, by file id, and what became of every URL."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._by_id: dict[str, Picture] = {}
        self._by_url: dict[str, Picture | Refusal] = {}
        self._session: aiohttp.ClientSession | None = None

    def reset(self) -> None:
        """Forget all photos."""
        self._by_id.clear()
        self._by_url.clear()

    async def close(self) -> None:
        """Close the connections to loopback servers."""
        if self._session:
            await self._session.close()
            self._session = None

    def known(self, file_id: str) -> Picture:
        """Return the photo of a file id. Raises Refusal."""
        if file_id not in self._by_id:
            raise bad("wrong file identifier/HTTP URL specified")
        return self._by_id[file_id]

    async def take(self, named: str, asked: Asked) -> Picture:
        """Return the photo that a parameter names. Raises Refusal."""
        if named.startswith("attach://"):
            return self._uploaded(named.removeprefix("attach://"), asked)
        if "://" not in named:
            return self.known(named)
        if named not in self._by_url:
            self._by_url[named] = await self._fetched_or_refused(named)
        found = self._by_url[named]
        if isinstance(found, Refusal):
            raise Refusal(found.status, found.description)
        return found

    def _uploaded(self, part: str, asked: Asked) -> Picture:
        upload = asked.files.get(part)
        if upload is None:
            raise bad(f"file part {part} is missing")
        if len(upload.content) > BY_UPLOAD:
            raise bad("file is too big")
        return self._picture(upload.content, upload.name, "IMAGE_PROCESS_FAILED")

    async def _fetched_or_refused(self, url: str) -> Picture | Refusal:
        try:
            return await self._by_address(url)
        except Refusal as refusal:
            return refusal

    async def _by_address(self, url: str) -> Picture:
        address = urlsplit(url)
        host = address.hostname or ""
        if address.scheme not in ("http", "https") or not host or any(char.isspace() for char in url):
            raise bad("wrong HTTP URL specified")
        if is_loopback(host):
            return self._picture(await self._fetch(url), url, "wrong type of the web page content")
        if is_nowhere(host):
            raise bad("failed to get HTTP URL content")
        return self._keep(Picture(*self._ids(), *BELIEVED, url))

    async def _fetch(self, url: str) -> bytes:
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        try:
            async with self._session.get(url) as answer:
                content = await answer.content.read(BY_URL + 1) if answer.status == 200 else b""
                while 0 < len(content) <= BY_URL and (more := await answer.content.read(BY_URL)):
                    content += more
        except (TimeoutError, aiohttp.ClientError) as problem:
            raise bad("failed to get HTTP URL content") from problem
        if not content or len(content) > BY_URL:
            raise bad("failed to get HTTP URL content")
        return content

    def _picture(self, content: bytes, source: str, not_an_image: str) -> Picture:
        size = measure(content)
        if size is None:
            raise bad(not_an_image)
        width, height = size
        if width + height > LARGEST_SIDES or max(width, height) > LARGEST_RATIO * min(width, height):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return self._keep(Picture(*self._ids(), width, height, source, content))

    def _keep(self, picture: Picture) -> Picture:
        self._by_id[picture.file_id] = picture
        return picture

    def _ids(self) -> tuple[str, str]:
        number = next(self._numbers)
        return f"AgACAgQAAxkBAAIBSandboxPhoto{number:08d}", f"AQADSandbox{number:08d}"
