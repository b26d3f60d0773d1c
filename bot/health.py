"""Health and metrics over HTTP, for whoever watches over the program: a supervisor, a load balancer, Prometheus.

/healthz  the process lives · /readyz  its parts do their work (503, and a line for each that does not) · /metrics
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from prometheus_client.exposition import choose_encoder
from sqlalchemy.exc import DBAPIError

from .errors import DatabaseError
from .metrics import Metrics
from .model import Platform
from .ports import Clock
from .pulse import ailing
from .serving import served
from .store.alerts import counts
from .store.backlog import backlogs
from .store.engine import Database
from .store.halting import paused_since

log = structlog.get_logger(__name__)

# A database that takes longer for the smallest question cannot keep a sender's lease.
_ANSWERS_WITHIN = timedelta(seconds=3)
# What is owed is counted at most so often, however many ask.
_COUNTED_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen."""

    host: str
    port: int


class Health:
    """Serves health and metrics. `platforms` are those that have a bot."""

    def __init__(
        self, database: Database, metrics: Metrics, listen: Listen, *, platforms: Sequence[Platform], clock: Clock
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._listen = listen
        self._platforms = tuple(platforms)
        self._clock = clock
        self._counted_at: datetime | None = None

    async def run(self, stopping: asyncio.Event) -> None:
        """Listen until told to stop. Raises SettingsError where the port is not to be had."""
        listen = self._listen
        async with served(self.application(), listen.host, listen.port, setting="health.listen") as port:
            log.info("health.listening", host=listen.host, port=port)
            await stopping.wait()

    def application(self) -> web.Application:
        """Return what is served."""
        application = web.Application(client_max_size=1024)
        application.router.add_get("/healthz", self._lives)
        application.router.add_get("/readyz", self._is_ready)
        application.router.add_get("/metrics", self._tells)
        return application

    async def _lives(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _is_ready(self, _: web.Request) -> web.Response:
        ill = ailing(self._metrics.pulse, self._platforms, self._clock.now())
        if (silent := await self._silent_database()) is not None:
            ill.insert(0, silent)
        return web.Response(text="\n".join(ill or ["ready"]) + "\n", status=503 if ill else 200)

    async def _silent_database(self) -> str | None:
        """Return why the database does not answer; None if it does."""
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN.total_seconds()), self._database.read() as connection:
                await paused_since(connection)
        except TimeoutError:
            return f"database: did not answer within {_ANSWERS_WITHIN.total_seconds():g} s"
        except (DatabaseError, DBAPIError) as error:
            return f"database: {str(error).splitlines()[0]}"
        return None

    async def _tells(self, request: web.Request) -> web.Response:
        await self._count()
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        body = await asyncio.to_thread(encode, self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def _count(self) -> None:
        """Count what is owed; where the database does not answer, what was counted last stays."""
        now = self._clock.now()
        if self._counted_at is not None and now - self._counted_at < _COUNTED_FOR:
            return
        self._counted_at = now
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN.total_seconds()), self._database.read() as connection:
                self._metrics.stands(await backlogs(connection, now), await counts(connection), now)
        except (TimeoutError, DatabaseError, DBAPIError) as error:
            log.warning("health.not_counted", why=str(error).splitlines()[0] if str(error) else "it took too long")
