"""Listening to Telegram: updates in order, through every outage, each recorded before it is confirmed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from telegram import Bot as Client
from telegram import Update, User
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.ports import Command, CommandSpec, Inbox, Incoming, Later

from .api import UNREADABLE, outcome
from .polling import Polling, Polls
from .rights import Rights
from .updates import incoming_of, must_ask

log = structlog.get_logger(__name__)

_LONGEST_PAUSE = 60.0
_AFTER_CONFLICT = 15.0
_MOST_TRIES = 3


class Listener:
    """Hands over what comes in. `pause` waits so many seconds between two questions when something is wrong."""

    def __init__(
        self,
        client: Client,
        polls: Polls,
        me: User,
        commands: Sequence[CommandSpec],
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._polling = Polling(client, polls)
        self._rights = Rights(client, now)
        self._me = me
        self._specs = {spec.name: spec for spec in commands}
        self._pause = pause
        self._outage = _Outage()
        self._tries = 0

    async def listen(self, inbox: Inbox) -> None:
        """Hand over updates until cancelled. Raises AdapterError for a wrong token, and whatever `inbox` raises."""
        while True:
            try:
                updates = await self._polling.next()
            except TelegramError as error:
                await self._pause(self._outage.pause_after(error))
                continue
            self._outage.over()
            await self._take(updates, inbox)

    async def _take(self, updates: Sequence[Update], inbox: Inbox) -> None:
        """Hand over a batch in order; where the sender's rights cannot be asked now, the rest is fetched again."""
        for update in updates:
            try:
                incoming = await self._understood(update)
            except TelegramError as error:
                await self._pause(self._outage.pause_after(error))
                return
            if incoming:
                await inbox(incoming)
            self._tries = 0
            self._polling.confirm(update.update_id)

    async def _understood(self, update: Update) -> Incoming | None:
        try:
            incoming = incoming_of(
                update, bot=str(self._me.id), username=self._me.username or "", known=self._specs.keys()
            )
        except UNREADABLE as error:
            log.warning("telegram.update_malformed", update=update.update_id, error=type(error).__name__)
            return None
        if isinstance(incoming, Command) and self._must_ask(update, incoming):
            return replace(incoming, is_admin=await self._is_admin(incoming))
        return incoming

    def _must_ask(self, update: Update, command: Command) -> bool:
        spec = self._specs.get(command.name)
        return bool(spec and spec.changes and must_ask(update))

    async def _is_admin(self, command: Command) -> bool:
        """Telegram may be unable to tell for one chat; that may not keep everybody else's commands waiting."""
        self._tries += 1
        try:
            return await self._rights.is_admin(command.address.chat, command.user.id)
        except TelegramError as error:
            if self._tries < _MOST_TRIES or isinstance(error, InvalidToken):
                raise
            log.warning("telegram.rights_unknown", chat=command.address.chat, error=type(error).__name__)
            return False


class _Outage:
    """Tells the log when it begins and when it ends, and how long to pause meanwhile: 1, 2, 4 … seconds."""

    def __init__(self) -> None:
        self._pauses: Iterator[float] | None = None

    def pause_after(self, error: TelegramError) -> float:
        """Return how many seconds to wait. Raises AdapterError for a wrong token."""
        said = outcome("read", error)
        if self._pauses is None:
            self._begin(error)
        assert self._pauses is not None
        pause = next(self._pauses)
        return max(pause, said.after.total_seconds()) if isinstance(said, Later) else pause

    def over(self) -> None:
        """An answer came."""
        if self._pauses is not None:
            self._pauses = None
            log.info("telegram.listening_again")

    def _begin(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            log.warning(
                "telegram.token_used_twice",
                meaning="Another program asks for this bot's updates: end it, or give this one a token of its own.",
            )
            self._pauses = _growing(_AFTER_CONFLICT)
        else:
            log.warning("telegram.not_listening", error=type(error).__name__)
            self._pauses = _growing(1.0)


def _growing(pause: float) -> Iterator[float]:
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)
