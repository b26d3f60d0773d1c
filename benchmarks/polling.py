"""Polling a page that has not changed, against a bare httpx conditional GET of the same server."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import httpx
from aiohttp import web
from sqlalchemy import update

from bot.cadence import Limits
from bot.clock import SystemClock
from bot.poller import Poller
from bot.sources.discovery import discover
from bot.sources.fetch import HttpFetcher
from bot.sources.read import read
from bot.sources.web import FetchSettings
from bot.store import sources
from bot.store.engine import Database
from bot.store.schema import source

from .reading import twenty_posts
from .recording import followed
from .yardstick import Figure, fastest_async

_ETAG = '"one"'


async def polling() -> Figure:
    """Measure a whole unchanged poll: claim, request, 304, record."""
    app = web.Application()
    app.add_routes([web.get("/live", _live), web.get("/robots.txt", _robots)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/live"
    try:
        ours = await _ours(url)
        async with httpx.AsyncClient() as client:
            headers = {"If-None-Match": _ETAG}
            yardstick = await fastest_async(lambda: client.get(url, headers=headers), times=200)
    finally:
        await runner.cleanup()
    return Figure("poll an unchanged page", ours, "httpx conditional GET", yardstick, "ms")


async def _ours(url: str) -> float:
    clock, fetcher = SystemClock(), HttpFetcher(FetchSettings(allow_private=True), SystemClock())
    with tempfile.TemporaryDirectory() as folder:
        async with followed(Path(folder) / "bench.db", 1) as database:
            poller = Poller(
                database,
                fetcher,
                read,
                discover,
                clock=clock,
                owner="bench",
                limits=Limits(),
                chance=lambda: 0.0,
                planned=lambda: None,
                alarm=lambda _: None,
            )
            async with database.write() as connection:
                await connection.execute(update(source).values(url=url))
            await _poll(database, poller, clock)
            shortest = await fastest_async(lambda: _poll(database, poller, clock), times=200)
        await fetcher.close()
    return shortest


async def _poll(database: Database, poller: Poller, clock: SystemClock) -> None:
    long_after = clock.now() + timedelta(days=1)
    async with database.write() as connection:
        (state,) = await sources.claim_due(connection, "bench", long_after, timedelta())
    await poller.poll(state)


async def _live(request: web.Request) -> web.Response:
    if request.headers.get("If-None-Match") == _ETAG:
        return web.Response(status=304, headers={"ETag": _ETAG})
    return web.Response(body=twenty_posts(), content_type="text/html", headers={"ETag": _ETAG})


async def _robots(_request: web.Request) -> web.Response:
    return web.Response(status=404)
