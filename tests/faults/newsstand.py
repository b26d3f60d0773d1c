"""A sandbox whose page server fails as real ones do, for so many requests as `troubles` says."""

from __future__ import annotations

import asyncio
from collections import deque

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.server import Sandbox

# For one request each: slow, cut between two bytes, an error, an unchanged page, another encoding, half a body that
# claims to be whole, nothing at all.
TROUBLES = ("slow", "reset", "500", "503", "304", "latin", "utf-16", "half", "empty")


class Newsstand(Sandbox):
    """The sandbox; the next requests for a page meet the `troubles`, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles: deque[str] = deque()

    def _app(self) -> web.Application:
        app = super()._app()
        app.middlewares.append(self._trouble())
        return app

    def _trouble(self) -> Middleware:
        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith("/page/live") or not self.troubles:
                return await handler(request)
            return await _meet(self.troubles.popleft(), request, handler)

        return serve


async def _meet(trouble: str, request: web.Request, handler: Handler) -> web.StreamResponse:
    if trouble.isdecimal():
        return web.Response(status=int(trouble))
    if trouble == "slow":
        await asyncio.sleep(1.5)
    answer = await handler(request)
    if trouble == "slow" or not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
        return answer
    if trouble == "reset":
        return await _cut(request, answer.body)
    body, charset = _spoilt(trouble, answer.body)
    return web.Response(body=body, content_type="text/html", charset=charset)


def _spoilt(trouble: str, body: bytes) -> tuple[bytes, str]:
    """Return another body in the place of a page's, and its encoding."""
    match trouble:
        case "latin":
            return body.decode().encode("latin-1", "xmlcharrefreplace"), "iso-8859-1"
        case "utf-16":
            return body.decode().encode("utf-16"), "utf-16"
        case "half":
            return body[: len(body) // 2], "utf-8"
    return b"", "utf-8"


async def _cut(request: web.Request, body: bytes) -> web.StreamResponse:
    """Announce the whole and send half of it."""
    cut = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Length": str(len(body))})
    await cut.prepare(request)
    await cut.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.abort()
    return cut
