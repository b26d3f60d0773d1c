"""getUpdates, one batch after another: an update is confirmed by the next question only, after it was recorded."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from .api import UNREADABLE
from .updates import WANTED

log = structlog.get_logger(__name__)

_MOST = 100
_PATIENCE = 30  # seconds for which Telegram holds a question that has no answer yet
_REMEMBERED = 1000


class Polls(HTTPXRequest):
    """The connection for getUpdates. `ids` are those of the last batch, also where the library cannot read it."""

    ids: tuple[int, ...] = ()

    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """Ask, and look at what came before the library does."""
        self.ids = ()
        status, body = await super().do_request(*args, **more)
        self.ids = _ids(body)
        return status, body


class Polling:
    """The queue of updates as this process sees it.

    A batch that the library cannot read is asked for again one by one, and what is malformed is passed over.
    """

    def __init__(self, bot: Bot, polls: Polls) -> None:
        self._bot = bot
        self._polls = polls
        self._offset: int | None = None
        self._limit = _MOST
        self._done: deque[int] = deque(
            maxlen=_REMEMBERED
        )  # ids, not the highest: Telegram starts anew after a quiet week

    async def next(self) -> list[Update]:
        """Wait for what is new. Raises telegram.error.TelegramError."""
        try:
            updates = await self._bot.get_updates(
                self._offset, limit=self._limit, timeout=_PATIENCE, allowed_updates=WANTED
            )
        except UNREADABLE as error:
            self._pass_over(error)
            return []
        return [update for update in updates if update.update_id not in self._done]

    def confirm(self, update_id: int) -> None:
        """Remember that this update is recorded; the next question tells Telegram so."""
        self._done.append(update_id)
        self._offset = update_id + 1

    def _pass_over(self, error: Exception) -> None:
        if not self._polls.ids:
            raise TelegramError("The answer holds no updates") from error
        if len(self._polls.ids) > 1:
            self._limit = 1
            return
        self._limit = _MOST
        for update_id in self._polls.ids:
            log.warning("telegram.update_malformed", update=update_id, error=type(error).__name__)
            self.confirm(update_id)


def _ids(body: bytes) -> tuple[int, ...]:
    try:
        return tuple(int(update["update_id"]) for update in json.loads(body)["result"])
    except UNREADABLE:
        return ()
