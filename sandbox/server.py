"""The sandbox as one HTTP server on loopback: both stand-ins, the live pages and the control API."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from aiohttp import web
from aiohttp.typedefs import Handler

from .calls import CallLog
from .clock import Now, utc_now
from .control import Control, explain
from .discord.stand_in import DiscordStandIn
from .page_server import Pages
from .platform import StandIn
from .script import play, prepare
from .telegram.stand_in import TelegramStandIn

HOST = "127.0.0.1"
LARGEST_UPLOAD = 64 * 1024 * 1024
"""More than either platform takes, so that the stand-ins themselves say when an upload is too big."""


@web.middleware
async def hung_up(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a client that is killed in the middle of its request go: it hears no answer, and nothing is wrong here."""
    try:
        return await handler(request)
    except ConnectionResetError:
        return web.Response(status=400)


class Sandbox:
    """Stand-ins and pages, running while the context is open; port 0 takes a free one.

    With `specs` (the directory of the platforms' published specifications) every request and answer is also checked
    against those; without it the checks written by hand still hold.
    """

    def __init__(self, port: int = 0, specs: Path | None = None, now: Now = utc_now) -> None:
        self.port = port
        self.calls = CallLog()
        self.telegram = TelegramStandIn(self.calls, specs, lambda: self.url, now)
        self.pages = Pages(now, lambda: self.url)
        self.page = self.pages.open("live")
        self.discord = DiscordStandIn(self.calls, specs, lambda: self.url, now)
        self._platforms: dict[str, StandIn] = {"telegram": self.telegram, "discord": self.discord}
        self.control = Control(self._platforms, self.pages, self.calls, play=self.play, reset=self.reset)
        self._plays: dict[str, asyncio.Task[None]] = {}
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def page_url(self) -> str:
        """The address of the sandbox's own live page."""
        return self.url + self.page.path

    @property
    def telegram_url(self) -> str:
        """What `telegram.api_url` must be."""
        return f"{self.url}/telegram"

    @property
    def discord_url(self) -> str:
        """What `discord.api_url` must be."""
        return f"{self.url}/discord/api/v10"

    @property
    def gateway_url(self) -> str:
        """What `discord.gateway_url` must be."""
        return f"ws://{HOST}:{self.port}/discord/gateway"

    async def start(self) -> None:
        """Begin to listen. Raises OSError if the port is taken."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening and end everything that was begun."""
        self._stop_plays()
        for platform in self._platforms.values():
            await platform.close()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def reset(self) -> None:
        """Forget chats, messages, faults, calls and what the pages say."""
        self._stop_plays()
        self.pages.reset()
        for platform in self._platforms.values():
            platform.reset()
        self.calls.clear()

    def play(self, name: str, act: str, pace: float) -> None:
        """Prepare the named page for the script, or (act "play") play the script on it in the background."""
        page = self.pages.open(name)
        if running := self._plays.pop(name, None):
            running.cancel()
        if act == "prepare":
            prepare(page)
        else:
            self._plays[name] = asyncio.get_running_loop().create_task(play(page, pace), name=f"script on {name}")

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_UPLOAD, middlewares=[hung_up, explain])
        app.add_routes(self.pages.routes())
        app.add_routes(self.control.routes())
        for platform in self._platforms.values():
            app.add_routes(platform.routes())
        return app

    def _stop_plays(self) -> None:
        for task in self._plays.values():
            task.cancel()
        self._plays.clear()


def specs_from(environment: Mapping[str, str]) -> Path | None:
    """Return the directory of specifications that LIVERELAY_SPECS names, if it names one."""
    named = environment.get("LIVERELAY_SPECS", "")
    return Path(named) if named else None


async def serve(port: int, specs: Path | None = None) -> None:
    """Run the sandbox until cancelled; prints its addresses in one line. Raises OSError if the port is taken."""
    async with Sandbox(port, specs or specs_from(os.environ)) as sandbox:
        print(  # noqa: T201 - this line is what the command is for
            f"telegram.api_url={sandbox.telegram_url} discord.api_url={sandbox.discord_url} "
            f"discord.gateway_url={sandbox.gateway_url} page={sandbox.page_url} control={sandbox.url}/control",
            flush=True,
        )
        await asyncio.Event().wait()
