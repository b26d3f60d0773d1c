"""Listening to Telegram: updates in order, through every outage, each recorded before it is confirmed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from telegram import Bot as Client
from telegram import Update, User
from telegram.error import InvalidToken, TelegramError

from bot.ports import Command, CommandSpec, Inbox, Incoming

from .api import UNREADABLE
from .outage import Outage
from .polling import Polling, Polls
from .rights import Rights
from .updates import incoming_of, must_ask
from .webhook import Webhook

log = structlog.get_logger(__name__)

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
        self._outage = Outage()
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

    async def serve(self, webhook: Webhook, inbox: Inbox) -> None:
        """Hand over what the webhook is brought, until cancelled. Raises what `Webhook.listen` does."""
        await webhook.listen(partial(self._take_brought, inbox))

    async def _take_brought(self, inbox: Inbox, update: Update) -> bool:
        """Hand over one update; False where the sender's rights cannot be asked now: it will be brought again."""
        try:
            incoming = await self._understood(update)
        except TelegramError as error:
            self._outage.pause_after(error)
            return False
        self._outage.over()
        if incoming:
            await inbox(incoming)
        self._tries = 0
        return True

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
        if isinstance(incoming, Command) and update.channel_post:
            return await self._by_its_author(incoming, update.channel_post.author_signature or "")
        return incoming

    async def _by_its_author(self, command: Command, signature: str) -> Command:
        """A command posted in a channel is answered in private, where it can be told who gave it."""
        author = await self._rights.author(command.address.chat, signature)
        if author is None:
            return command
        return replace(command, user=author, given_in=replace(command.address, chat=author.id))

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
