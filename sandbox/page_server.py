"""Serves live pages and their pictures as a good publisher does: validators, small max-age, honest troubles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import format_datetime

from aiohttp import web

from .clock import Now
from .page import Edition, LivePage
from .page_html import render
from .pictures import picture

CACHE = "public, max-age=1"


class Pages:
    """Every live page of the sandbox, by name; a page begins to be when it is first named in a control call."""

    def __init__(self, now: Now, root: Callable[[], str]) -> None:
        self._now = now
        self._root = root
        self._pages: dict[str, LivePage] = {}

    def open(self, name: str) -> LivePage:
        """Return the page of that name, new if need be."""
        return self._pages.setdefault(name, LivePage(name, self._now))

    def reset(self) -> None:
        """Empty every page; those that tests hold stay the same objects."""
        for page in self._pages.values():
            page.reset()

    def routes(self) -> Iterator[web.RouteDef]:
        """Return the routes of the pages, of their pictures, and robots.txt."""
        yield web.get("/robots.txt", self._robots)
        yield web.get("/page/images/{name}", self._picture)
        yield web.get("/page/{name}", self._page)

    async def _robots(self, _request: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nAllow: /\n")

    async def _picture(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if not name.endswith(".png"):
            raise web.HTTPNotFound
        return web.Response(body=picture(name), content_type="image/png", headers={"Cache-Control": "max-age=60"})

    async def _page(self, request: web.Request) -> web.Response:
        page = self._pages.get(request.match_info["name"])
        if page is None:
            raise web.HTTPNotFound
        if refusal := _refusal(page):
            return refusal
        edition = page.served
        number = request.query.get("page", "1")
        html = self._html(page, edition, int(number)) if number.isdecimal() else None
        if html is None:
            raise web.HTTPNotFound
        return _answer(request, page, edition, html.encode())

    def _html(self, page: LivePage, edition: Edition, number: int) -> str | None:
        root = self._root()
        return render(edition, address=root + page.path, root=root, number=number, now=self._now())


def _refusal(page: LivePage) -> web.Response | None:
    trouble = page.trouble
    if trouble.status_times <= 0:
        return None
    trouble.status_times -= 1
    headers = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after else None
    return web.Response(status=trouble.status, text="The presses are down.", headers=headers)


def _answer(request: web.Request, page: LivePage, edition: Edition, body: bytes) -> web.Response:
    etag = hashlib.sha256(body).hexdigest()[:32]
    headers = {
        "ETag": f'"{etag}"',
        "Last-Modified": format_datetime(edition.modified_at, usegmt=True),
        "Cache-Control": CACHE,
        "Vary": "Accept-Encoding",
    }
    if _unchanged(request, etag, edition.modified_at):
        return web.Response(status=304, headers=headers)
    if page.trouble.cut_times > 0:
        page.trouble.cut_times -= 1
        body, headers = body[: _middle_of_a_post(body)], {"Cache-Control": "no-store"}
    answer = web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.enable_compression(web.ContentCoding.gzip)
    return answer


def _unchanged(request: web.Request, etag: str, modified_at: datetime) -> bool:
    """If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
    if tags := request.if_none_match:
        return any(tag.value in (etag, "*") for tag in tags)
    since = request.if_modified_since
    return since is not None and modified_at <= since


def _middle_of_a_post(body: bytes) -> int:
    start = body.find(b"<article", len(body) // 3)
    return start + 200 if start >= 0 else len(body) // 2
