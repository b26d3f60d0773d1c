"""The library's client for one bot: how it is made, how it logs in, how it is closed."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import Bot, User

from bot.errors import AdapterError, AdapterUnreachable
from bot.ports import Failed, Later, Unsure

from .answered import Calls
from .api import asked
from .polling import Polls

log = structlog.get_logger(__name__)

_CONNECTIONS = 64  # a few more than the dispatcher has calls in flight
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Client:
    """One bot's calls, and beside them its questions for updates. It does not print: the library's repr is the token.

    The library's own `initialize` is never called, because it tells the token where that fails.
    """

    bot: Bot
    polls: Polls
    calls: Calls

    def __repr__(self) -> str:
        return "Client(…)"

    async def log_in(self) -> User:
        """Return who the bot is. Raises AdapterError with a sentence for the operator."""
        me = await asked("read", self.bot.get_me())
        if isinstance(me, User):
            return me
        if isinstance(me, Later | Failed | Unsure):
            raise AdapterUnreachable(f"Telegram cannot be asked now: {getattr(me, 'reason', 'too many requests')}.")
        raise AdapterError(f"Telegram did not let the bot in: {getattr(me, 'reason', 'it gave no reason')}.")

    async def leave_webhook(self) -> None:
        """Where a webhook is set, getUpdates is refused; what waits for the bot stays."""
        known = await asked("read", self.bot.get_webhook_info())
        if getattr(known, "url", ""):
            told = await asked("edit", self.bot.delete_webhook(drop_pending_updates=False))
            log.warning("telegram.webhook_removed", done=told is True)

    async def close(self) -> None:
        """Close the connections; safe to call twice."""
        await self.calls.shutdown()
        await self.polls.shutdown()


def open_client(token: str, api_url: str, *, answer_within: float) -> Client:
    """Return a client for the bot of a token that is not empty; it connects when it is used."""
    _quiet()
    # On loopback stands a server of the operator's own, which no proxy of the environment can reach.
    httpx_kwargs = {"trust_env": urlsplit(api_url).hostname not in _LOOPBACK}
    limits: dict[str, Any] = {"connect_timeout": 5.0, "pool_timeout": 5.0, "httpx_kwargs": httpx_kwargs}
    calls = Calls(_CONNECTIONS, read_timeout=answer_within, write_timeout=10.0, **limits)
    polls = Polls(1, read_timeout=10.0, **limits)
    bot = Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=calls,
        get_updates_request=polls,
    )
    return Client(bot, polls, calls)


def _quiet() -> None:
    """Keep the libraries from logging the token, and have waits told as timedelta, without a warning about it.

    httpx logs every address at INFO, python-telegram-bot its own at DEBUG; both addresses hold the token.
    """
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    os.environ["PTB_TIMEDELTA"] = "true"
