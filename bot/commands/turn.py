"""What a command is done with: who asked what, where, when, and in which transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import CommandError, SourceError
from ..exploring import Explored
from ..languages import ENGLISH, _, understood
from ..model import Address, User
from ..ports import Command, Ways
from ..store import chats
from ..store.access import NOBODY, LetIn, is_allowed
from ..store.chats import Chat
from ..store.listing import Listed, listing
from .directing import Place


@dataclass(frozen=True, slots=True)
class CommandLimits:
    """What a chat may do. `access_open`: everybody may use the bot, else whom the owner and `let_in` let.

    `per_minute` are the commands of a chat, `per_user_minute` those of a person. `server_subscriptions` and
    `user_subscriptions` are how many pages the chats of a server, or a person in all chats, may follow; `sources` is
    how many different pages all of them may. `zone` is the time zone of chats that chose none, `summary_length` how
    long a summary may be in characters, where the style asks for one.
    """

    subscriptions: int = 50
    filter_length: int = 500
    per_minute: int = 20
    per_user_minute: int = 30
    access_open: bool = False
    server_subscriptions: int = 500
    user_subscriptions: int = 500
    sources: int = 5000
    let_in: LetIn = NOBODY
    zone: str = "UTC"
    summary_length: int = 300

    async def lets_in(self, connection: AsyncConnection, address: Address, user: User, server: str = "") -> bool:
        """Whether somebody may use the bot in a chat, which may stand in a `server`."""
        chosen = self.let_in
        return self.access_open or await is_allowed(connection, address, user, server=server, chosen=chosen)


@dataclass(frozen=True, slots=True)
class Turn:
    """One command being done. `probed`: what its page brought when it was looked at before, if it had to be.

    `told_today`: this person, being a stranger, was told so today, and need not hear it again; they are from now on.
    `ways` lead to the bot that was asked; `manages`: chats can be managed from a private one on its platform, and
    `places` are those that this command may be about.
    """

    command: Command
    connection: AsyncConnection
    now: datetime
    limits: CommandLimits
    ways: Ways
    claim_code: str = ""
    probed: Explored | SourceError | None = None
    manages: bool = False
    told_today: Callable[[], bool] = lambda: False
    places: tuple[Place, ...] = ()

    @property
    def arguments(self) -> str:
        """What was typed after the command."""
        return self.command.arguments.strip()

    def for_admins(self) -> None:
        """Raise CommandError unless who gave the command may change this chat."""
        if not self.command.is_admin:
            only = _(
                "Only the admins of this chat can use /{command}. Ask one of them; /list and /latest are for everyone."
            )
            raise CommandError(only.format(command=self.command.name))

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

    async def language(self) -> str:
        """Return the language of the chat; where it has none yet, that of who gave the command."""
        known = await chats.find(self.connection, self.command.address)
        return (known and known.language) or understood(self.command.language) or ENGLISH

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
