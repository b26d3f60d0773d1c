"""Updates as Telegram brings them: a request for each, answered with 200 only after the update was recorded.

What is answered otherwise, or not at all, Telegram brings again, for a day; updates of one chat come one after the
other (tdlib/telegram-bot-api, WebhookActor.cpp). The secret is new in every process, so that nothing secret is kept;
setting the webhook anew with it makes Telegram bring at once what it held back.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Bot, Update, WebhookInfo

from bot.errors import AdapterError
from bot.ports import Later, Refused
from bot.serving import served

from .api import BAD_WEBHOOK, UNREADABLE, asked
from .outage import growing
from .updates import WANTED

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
LARGEST = 512 * 1024
"""Bytes that an update may have; real ones stay under a tenth of it."""
_CONNECTIONS = 8  # recording waits for the one writer of the database: more at once would only wait there
_LOOKS_EVERY = 60.0

Take = Callable[[Update], Coroutine[Any, Any, bool]]
"""Records an update; False where it cannot be done now, so that Telegram must bring it again."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Where Telegram reaches us (`url`), and where we listen for what comes from there."""

    url: str
    host: str
    port: int


class Webhook:
    """Serves what Telegram brings, and keeps Telegram bringing it. `pause` waits so many seconds."""

    def __init__(
        self,
        bot: Bot,
        where: Reachable,
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]],
        secret: str = "",
    ) -> None:
        self._bot = bot
        self._where = where
        self._now = now
        self._pause = pause
        self._secret = secret or secrets.token_urlsafe(32)

    async def listen(self, take: Take) -> None:
        """Hand over updates until cancelled.

        Raises SettingsError where the port is not to be had, AdapterError where Telegram does not take the address or
        the token, and, in a group, whatever `take` raises.
        """
        async with asyncio.TaskGroup() as taking:
            receiver = _Receiver(self._bot, self._secret, take, taking)
            where = (self._where.host, self._where.port)
            async with served(receiver.application(), *where, setting="telegram.webhook_listen") as port:
                log.info("telegram.webhook_listening", host=self._where.host, port=port)
                await self._set()
                await self._keep()

    async def _set(self) -> None:
        pauses = growing(1.0)
        while (told := await asked("edit", self._register())) is not True:
            if isinstance(told, Refused):
                raise AdapterError(f"{BAD_WEBHOOK}: {told.reason.removeprefix('Telegram refuses it: ')}.")
            wait = next(pauses)
            await self._pause(max(wait, told.after.total_seconds()) if isinstance(told, Later) else wait)
        # The path may be somebody's secret.
        log.info("telegram.webhook_set", host=urlsplit(self._where.url).hostname)

    def _register(self) -> Awaitable[bool]:
        return self._bot.set_webhook(
            self._where.url, secret_token=self._secret, allowed_updates=WANTED, max_connections=_CONNECTIONS
        )

    async def _keep(self) -> None:
        """Look now and then whether Telegram still brings updates here, and tell the operator what it says of that."""
        told_until = self._now()
        while True:
            await self._pause(_LOOKS_EVERY)
            known = await asked("read", self._bot.get_webhook_info())
            if not isinstance(known, WebhookInfo):
                continue
            if known.url != self._where.url:
                log.warning(
                    "telegram.webhook_replaced",
                    meaning="Another program uses the token: end it, or give this one a token of its own.",
                )
                await self._set()
            elif known.last_error_date and known.last_error_date > told_until:
                told_until = known.last_error_date
                log.warning(
                    "telegram.webhook_failing", why=known.last_error_message, waiting=known.pending_update_count
                )


class _Receiver:
    """Answers the requests."""

    def __init__(self, bot: Bot, secret: str, take: Take, taking: asyncio.TaskGroup) -> None:
        self._bot = bot
        self._secret = secret.encode()
        self._take = take
        self._taking = taking

    def application(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST)
        application.router.add_post("/{path:.*}", self._brought)
        return application

    async def _brought(self, request: web.Request) -> web.Response:
        told = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(told, self._secret):
            raise web.HTTPUnauthorized
        update = self._read(await request.read())
        if update is None:
            return web.Response()
        # A task of its own: it goes on where Telegram hangs up, and where it fails all of the listening ends.
        task = self._taking.create_task(self._take(update))
        await asyncio.wait([task])
        recorded = not task.cancelled() and task.exception() is None and task.result()
        return web.Response(status=200 if recorded else 503)

    def _read(self, body: bytes) -> Update | None:
        """Return an update; None for one that the library cannot read, which would not become readable by coming again.

        Raises HTTPBadRequest for what is no update at all.
        """
        try:
            told = json.loads(body)
            number = int(told["update_id"])
        except UNREADABLE:
            raise web.HTTPBadRequest from None
        try:
            return Update.de_json(told, self._bot)
        except UNREADABLE as error:
            log.warning("telegram.update_malformed", update=number, error=type(error).__name__)
            return None
