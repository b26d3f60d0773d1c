"""WebSub (w3.org/TR/websub): hubs that announce feeds ask us to look at once, instead of when the next poll is due.

renew ─ asks the hub ─▶ it asks back (GET, answered with its challenge) ─▶ it announces (POST) ─▶ the source is polled

What a hub sends is never read: it only wakes the poll. The key is new in every process, so that nothing secret is kept;
after a start every hub is asked again, and callbacks of an earlier process are answered with 410, which ends them.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog
from aiohttp import web

from .errors import FetchError
from .ports import Clock
from .serving import served
from .store import hubs
from .store.engine import Database
from .store.hubs import Hub
from .waiting import stopped_within

log = structlog.get_logger(__name__)

PATH = "/websub/"
RENEWS_EVERY = timedelta(minutes=1)
ASKED_LEASE = timedelta(days=10)
LEASES = timedelta(minutes=5), timedelta(days=30)
"""The shortest and the longest lease that is believed."""
LARGEST = 5 * 1024 * 1024
_SIGNATURES = ("X-Hub-Signature-256", "X-Hub-Signature")
_SECONDS = re.compile(r"[0-9]{1,9}")


class Poster(Protocol):
    """Posts a form over the guarded network. Raises FetchError."""

    async def post(self, url: str, form: dict[str, str]) -> int:
        """Return the status of the answer."""


@dataclass(frozen=True, slots=True)
class WebSubSettings:
    """Where hubs reach us (`public_url`, without a slash at its end), and where we listen for what comes from there."""

    public_url: str
    host: str
    port: int


class WebSub:
    """Asks hubs, and serves what they send. `woken` is told that a source may be due; `apart`: see `hubs.wake`."""

    def __init__(
        self,
        database: Database,
        poster: Poster,
        settings: WebSubSettings,
        *,
        clock: Clock,
        apart: timedelta,
        woken: Callable[[], None],
        key: bytes | None = None,
    ) -> None:
        self._database = database
        self._poster = poster
        self._settings = settings
        self._clock = clock
        self._apart = apart
        self._woken = woken
        self._key = key or secrets.token_bytes(32)
        self._since = clock.now()

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def renew(self) -> None:
        """Ask every hub whose lease is about to end, or that does not know this process."""
        async with self._database.read() as connection:
            wanted = await hubs.to_ask(connection, self._clock.now(), self._since)
        for each in wanted:
            # Written down before: a hub may ask back before it answers, and one that fails is left alone for a while.
            async with self._database.write() as connection:
                await hubs.asked(connection, each.source_id, self._clock.now())
            await self._ask(each)

    async def _ask(self, each: Hub) -> None:
        form = {
            "hub.mode": "subscribe",
            "hub.topic": each.topic,
            "hub.callback": self._settings.public_url.rstrip("/") + self._path(each),
            "hub.secret": self._secret(each),
            "hub.lease_seconds": str(int(ASKED_LEASE.total_seconds())),
        }
        try:
            status = await self._poster.post(each.url, form)
        except FetchError as error:
            log.warning("websub.not_asked", hub=each.url, topic=each.topic, why=str(error))
            return
        if status // 100 == 2:
            log.info("websub.asked", hub=each.url, topic=each.topic)
        else:
            log.warning("websub.refused", hub=each.url, topic=each.topic, status=status)

    def _path(self, each: Hub) -> str:
        return f"{PATH}{each.source_id}/{self._derived('path', each)}"

    def _secret(self, each: Hub) -> str:
        return self._derived("secret", each)

    def _derived(self, what: str, each: Hub) -> str:
        told = f"{what}\n{each.source_id}\n{each.url}\n{each.topic}"
        return hmac.new(self._key, told.encode(), hashlib.sha256).hexdigest()

    # ── listening ────────────────────────────────────────────────────────────────────────────────────────────────

    def application(self) -> web.Application:
        """Return what is served to hubs."""
        application = web.Application(client_max_size=LARGEST)
        application.router.add_get(PATH + "{source}/{token}", self._verify)
        application.router.add_post(PATH + "{source}/{token}", self._announced)
        return application

    async def run(self, stopping: asyncio.Event) -> None:
        """Listen, and keep the leases, until told to stop. Raises SettingsError where the port is not to be had."""
        where = (self._settings.host, self._settings.port)
        async with served(self.application(), *where, setting="websub.port") as port:
            log.info("websub.listening", host=self._settings.host, port=port)
            while not stopping.is_set():
                await self.renew()
                await stopped_within(stopping, RENEWS_EVERY)

    async def _hub_of(self, request: web.Request) -> Hub:
        """Return whose callback this is; an unknown one is gone (410), which a hub takes for the end of it."""
        told = request.match_info["source"]
        if not re.fullmatch(r"[0-9]{1,18}", told):
            raise web.HTTPGone
        async with self._database.read() as connection:
            found = await hubs.find(connection, int(told))
        if found is None or not hmac.compare_digest(
            request.match_info["token"].encode(), self._derived("path", found).encode()
        ):
            raise web.HTTPGone
        return found

    async def _verify(self, request: web.Request) -> web.Response:
        """Confirm what we asked for, and nothing else."""
        found, query = await self._hub_of(request), request.query
        if query.get("hub.mode") == "denied":
            log.warning("websub.denied", hub=found.url, topic=found.topic, why=query.get("hub.reason", "")[:200])
            await self._agree(found, None)
            return web.Response()
        if query.get("hub.mode") != "subscribe" or query.get("hub.topic") != found.topic:
            raise web.HTTPNotFound
        await self._agree(found, _lease(query.get("hub.lease_seconds", "")))
        log.info("websub.agreed", hub=found.url, topic=found.topic)
        return web.Response(text=query.get("hub.challenge", ""))

    async def _agree(self, found: Hub, lease: timedelta | None) -> None:
        until = None if lease is None else self._clock.now() + lease
        async with self._database.write() as connection:
            await hubs.agreed(connection, found.source_id, until)

    async def _announced(self, request: web.Request) -> web.Response:
        """Let the source be polled if the hub signed this; what is wrongly signed is acknowledged and ignored."""
        found = await self._hub_of(request)
        if not self._is_signed(request, await request.read(), found):
            log.warning("websub.wrong_signature", hub=found.url, topic=found.topic)
            return web.Response(status=202)
        async with self._database.write() as connection:
            await hubs.wake(connection, found.source_id, self._clock.now(), self._apart)
        self._woken()
        return web.Response(status=202)

    def _is_signed(self, request: web.Request, body: bytes, found: Hub) -> bool:
        expected = "sha256=" + hmac.new(self._secret(found).encode(), body, hashlib.sha256).hexdigest()
        told = next((request.headers[name] for name in _SIGNATURES if name in request.headers), "")
        return hmac.compare_digest(told.encode("utf-8", "replace"), expected.encode())


def _lease(told: str) -> timedelta:
    """Return for how long a hub will push, within what is believed."""
    shortest, longest = LEASES
    return max(shortest, min(timedelta(seconds=int(told)), longest)) if _SECONDS.fullmatch(told) else ASKED_LEASE
