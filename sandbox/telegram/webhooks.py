"""Webhooks: what waits for a bot is brought to it, one update of a chat after the other, until each is taken.

As the Bot API server does it (WebhookActor.cpp): any answer from 200 to 299 takes an update; another, or none, has it
brought again at once, then after 2, 4, 8 … seconds. Only loopback is ever asked; any port and plain HTTP are taken
there, as a server in local mode takes them. Other addresses are checked as the cloud's server checks them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

import aiohttp

from ..clock import Now
from .chats import Bot
from .hosts import is_loopback, is_nowhere, is_reserved
from .refusal import bad

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PORTS = (443, 80, 88, 8443)
PATIENCE, LONGEST_DELAY = 60.0, 60.0


@dataclass(slots=True)
class Webhook:
    """Where a bot wants its updates brought, and what went wrong there last."""

    url: str
    secret: str = ""
    max_connections: int = 40
    certificate: bool = False
    failed_at: datetime | None = None
    failure: str = ""


class Deliverer:
    """Brings one bot's updates to its webhook; `close` stops it, and what was not taken waits on."""

    def __init__(self, bot: Bot, webhook: Webhook, now: Now) -> None:
        self.webhook = webhook
        self._bot = bot
        self._now = now
        self._busy: set[str] = set()
        self._asked = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
        loopback = is_loopback(urlsplit(webhook.url).hostname or "")
        workers = range(webhook.max_connections if loopback else 0)
        self._workers = [asyncio.get_running_loop().create_task(self._work()) for _ in workers]

    async def close(self) -> None:
        """Stop; an update that is on its way may have arrived all the same."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._asked.close()

    async def _work(self) -> None:
        while True:
            update, chat = await self._next()
            try:
                await self._bring(update)
            finally:
                self._busy.discard(chat)
                self._bot.updates.stir()

    async def _next(self) -> tuple[dict[str, Any], str]:
        """Wait for the first update of a chat of which none is on its way."""
        while True:
            for update in self._bot.updates.waiting():
                if (chat := chat_of(update)) not in self._busy:
                    self._busy.add(chat)
                    return update, chat
            await self._bot.updates.stirred()

    async def _bring(self, update: dict[str, Any]) -> None:
        """Bring an update until it is taken, or nobody wants it any more."""
        delay = 0.0
        while update in self._bot.updates.waiting():
            if await self._is_taken(update):
                self._bot.updates.forget(update["update_id"])
                return
            await asyncio.sleep(delay)
            delay = min(max(delay * 2, 2.0), LONGEST_DELAY)

    async def _is_taken(self, update: dict[str, Any]) -> bool:
        headers = {SECRET_HEADER: self.webhook.secret} if self.webhook.secret else {}
        try:
            async with self._asked.post(self.webhook.url, json=update, headers=headers) as answer:
                if 200 <= answer.status <= 299:
                    return True
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        except (TimeoutError, aiohttp.ClientConnectorError):
            self._failed("Can't connect to the webhook")
        except aiohttp.ClientError:
            self._failed("Webhook connection closed")
        return False

    def _failed(self, why: str) -> None:
        self.webhook.failed_at, self.webhook.failure = self._now(), why


class Webhooks:
    """Who brings updates to which bot."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._deliverers: dict[int, Deliverer] = {}

    def of(self, bot: Bot) -> Webhook | None:
        """Return the bot's webhook."""
        deliverer = self._deliverers.get(bot.id)
        return deliverer.webhook if deliverer else None

    async def set(self, bot: Bot, webhook: Webhook) -> None:
        """Bring the bot's updates there from now on."""
        await self.remove(bot)
        self._deliverers[bot.id] = Deliverer(bot, webhook, self._now)

    async def remove(self, bot: Bot) -> None:
        """Bring no more; what waits is there for getUpdates."""
        if deliverer := self._deliverers.pop(bot.id, None):
            await deliverer.close()

    async def close(self) -> None:
        """End all of it."""
        for deliverer in self._deliverers.values():
            await deliverer.close()
        self._deliverers.clear()


def chat_of(update: dict[str, Any]) -> str:
    """Return the chat whose updates come one after the other; without one, the person."""
    (body,) = (value for name, value in update.items() if name != "update_id")
    where = body.get("chat") or body.get("message", {}).get("chat") or body.get("from") or {}
    return str(where.get("id", update["update_id"]))


def check_url(url: str) -> None:
    """Raises Refusal where the server would not bring anything there."""
    address = _parsed(url)
    host = address.hostname or ""
    if is_loopback(host):
        return
    if address.scheme == "http":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (address.port or 443) not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if is_reserved(host):
        raise bad(f"bad webhook: IP address {host} is reserved")
    if is_nowhere(host):
        raise bad("bad webhook: Failed to resolve host: Name or service not known")


def _parsed(url: str) -> SplitResult:
    try:
        address = urlsplit(url if "://" in url else f"https://{url}")
        usable = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        usable = False
    if not usable or any(char.isspace() for char in url):
        raise bad("invalid webhook URL specified")
    return address
