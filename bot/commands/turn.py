"""What a command is done with: who asked what, where, when, and in which transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import CommandError, SourceError
from ..exploring import Explored
from ..languages import _
from ..ports import Command, Ways
from ..store import chats
from ..store.chats import Chat
from ..store.listing import Listed, listing


@dataclass(frozen=True, slots=True)
class CommandLimits:
    """What a chat may do. `access_open`: everybody may use the bot. `zone`: the time zone of chats that chose none.

    `summary_length` is how long a summary may be in characters, where the style asks for one.
    """

    subscriptions: int = 50
    filter_length: int = 500
    per_minute: int = 20
    access_open: bool = False
    zone: str = "UTC"
    summary_length: int = 300


@dataclass(frozen=True, slots=True)
class Turn:
    """One command being done. `probed`: what its page brought when it was looked at before, if it had to be.

    `ways` lead to the bot that was asked.
    """

    command: Command
    connection: AsyncConnection
    now: datetime
    limits: CommandLimits
    ways: Ways
    claim_code: str = ""
    probed: Explored | SourceError | None = None

    @property
    def arguments(self) -> str:
        """What was typed after the command."""
        return self.command.arguments.strip()

    def for_admins(self) -> None:
        """Raise CommandError unless who gave the command may change this chat."""
        if not self.command.is_admin:
            raise CommandError(
                f"Only the admins of this chat can use /{self.command.name}. Ask one of them; "
                "/list and /latest are for everyone."
            )

    async def chat(self) -> Chat:
        """Return the chat, made if it was not known."""
        return await chats.find_or_make(
            self.connection,
            self.command.address,
            kind=self.command.chat_kind,
            title=self.command.chat_title,
            server=self.command.server,
            language=self.command.language,
            zone=self.limits.zone,
        )

    async def zone(self) -> ZoneInfo:
        """Return the chat's time zone."""
        known = await chats.find(self.connection, self.command.address)
        return ZoneInfo(known.timezone if known else self.limits.zone)

    async def followed(self) -> list[Listed]:
        """Return what the chat follows, by number."""
        known = await chats.find(self.connection, self.command.address)
        return await listing(self.connection, [known.id]) if known else []

    async def followed_everywhere(self) -> list[Listed]:
        """Return what all the chats `together` follow."""
        here = await self.together()
        return await listing(self.connection, here, limit=max(1, len(here)) * self.limits.subscriptions)

    async def together(self) -> Sequence[int]:
        """Return all chats of the server; without servers, the platform chat with its topics.

        Raises CommandError in a server for those who do not manage it.
        """
        server = self.command.server
        if server and not self.command.leads_server:
            raise CommandError(_("Only those who manage this server can do that everywhere in it."))
        return await chats.together(self.connection, self.command.address, server)
