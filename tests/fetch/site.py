"""A web server on loopback that answers as a test tells it to, under any host name, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.errors import FetchError
from bot.sources.fetch import FetchSettings, HttpFetcher

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class HandClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self._now = datetime(2024, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


class Site:
    """What the server answers, by path (404 elsewhere, robots.txt included), and the requests it got."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[web.Request] = []
        self._answers: dict[str, Handler] = {}

    def on(self, path: str, handler: Handler) -> None:
        self._answers[path] = handler

    def says(
        self, path: str, body: bytes = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        async def answer(_request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=body, headers=headers)

        self.on(path, answer)

    def url(self, path: str, host: str = "site.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[web.Request]:
        """Return the requests for one path."""
        return [request for request in self.requests if request.path == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        handler = self._answers.get(request.path)
        return await handler(request) if handler else web.Response(status=404)


@asynccontextmanager
async def serving(site: Site) -> AsyncIterator[Site]:
    """Serve a site on a free port of loopback."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.port = runner.addresses[0][1]
    try:
        yield site
    finally:
        await runner.cleanup()


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[int]:
    """Serve connections byte by byte, as no proper server would; yields the port. Robots get a plain 404 first."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            if b" /robots.txt " in asked:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await talk(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def on_loopback(_host: str, _port: int) -> list[str]:
    """Resolve every name to this machine."""
    return ["127.0.0.1"]


@asynccontextmanager
async def fetching(clock: HandClock, **settings: object) -> AsyncIterator[HttpFetcher]:
    """Give a fetcher that finds every host on loopback."""
    chosen = FetchSettings(**{"allow_private": True, **settings})  # type: ignore[arg-type]  # a builder for tests
    fetcher = HttpFetcher(chosen, clock, resolve=on_loopback)
    try:
        yield fetcher
    finally:
        await fetcher.close()


async def refusal(fetcher: HttpFetcher, url: str) -> FetchError:
    """Return the error that fetching a page ends in, having checked that it is one sentence."""
    try:
        await fetcher.fetch(url)
    except FetchError as error:
        said = str(error)
        assert said.endswith(".")
        assert "\n" not in said
        return error
    raise AssertionError(f"{url} was fetched")
