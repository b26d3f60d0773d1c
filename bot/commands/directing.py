"""A chat managed from a private one: whose command is about which chat, and may they.

What is sent in private is about the chat chosen by `/manage`. An answer names that chat, and what can be pressed or
typed below it begins with `in` and the chat's number: a button stays about the chat that it was shown for, whatever was
chosen since. What the person may do there is asked of the platform at every command and every press.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import CommandError, Stranger
from ..languages import N_, _
from ..model import Address, User
from ..ports import MOST_BUTTON_BYTES, Adapter, Answer, Button, Command, KnowsPeople, Moved, Outcome, Refused, Standing
from ..richtext import RichText
from ..store import chats, managing
from ..store.chats import Chat
from ..store.engine import Database
from .numbers import whole_number
from .specs import BY_NAME

ABOUT = "in"
# What follows `/start` where a link leads from a channel to its management in private.
_LINKED = re.compile(r"manage(?P<chat>-\d{1,20})")
MOST_OFFERED = 12
# Also said of a chat that somebody else ran, so that numbers which are guessed tell no names.
_NOT_THERE = N_("That chat is not there any more. /manage chooses another.")
_OF_NO_CHAT = frozenset({"manage", "start", "help", "claim"})
# With somebody's id behind them they are about that person, else about the chat.
_OF_PEOPLE = frozenset({"allow", "deny"})


LetsIn = Callable[[AsyncConnection, Address, User], Awaitable[bool]]
"""Whether somebody may use the bot in a chat."""


@dataclass(frozen=True, slots=True)
class Place:
    """A chat that somebody may want to manage, as the platform tells of it now; `chat` None: it is not known here."""

    address: Address
    standing: Standing | Refused
    chat: Chat | None = None

    @property
    def may_be_managed(self) -> bool:
        """Whether who asked may change it, and the bot is in it."""
        return isinstance(self.standing, Standing) and self.standing.may_change


class Unanswered(Exception):  # no error of ours: the platform cannot tell now
    """Whether somebody may manage a chat cannot be asked just now; `outcome` is what the platform said instead."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


async def directed(command: Command, adapter: Adapter, database: Database, lets_in: LetsIn) -> Command:
    """Return the command as it is about the chat that is managed, or itself.

    Raises CommandError where the person may not, Unanswered where that cannot be asked. About a chat in which somebody
    may not use the bot the platform is not asked: strangers cause no calls.
    """
    if not isinstance(adapter, KnowsPeople):
        return command
    if command.name == "start" and (linked := _LINKED.fullmatch(command.arguments)):
        return replace(command, name="manage", arguments=linked["chat"])
    async with database.read() as connection:
        meant = await _about(connection, command)
        if meant is None:
            return command
        chat, line = meant
        await _admit(connection, lets_in, chat.address if chat else None, command)
        if chat is None:
            raise CommandError(_(_NOT_THERE))
        ran_it = await managing.ran(connection, chat.id, command.user.id)
    found = await _place(adapter, chat.address, command.user.id, chat)
    there = found.standing
    if not isinstance(there, Standing):
        if not ran_it:
            raise CommandError(_(_NOT_THERE))
        gone = _("I am not in {chat} any more. What it follows is kept. /manage chooses another chat.")
        raise CommandError(gone.format(chat=chat.title or chat.address.chat))
    if not there.may_change:
        no = _("You may not change what is posted there, or not any more, so nothing was done. /manage chooses a chat.")
        raise CommandError(no)
    name, _space, arguments = line.partition(" ")
    return replace(
        command,
        address=chat.address,
        given_in=command.address,
        chat_kind=there.chat_kind,
        chat_title=there.chat_title,
        is_admin=True,
        name=name,
        arguments=arguments,
        missing_rights=there.missing_rights,
        rights_notes=there.rights_notes,
        replied_to="",
    )


async def _about(connection: AsyncConnection, command: Command) -> tuple[Chat | None, str] | None:
    """Return the chat that a command is about and the command line without it; None for the chat it was given in.

    Where the chat that is named is none there is nothing in its place.
    """
    if command.name == ABOUT:
        number, _space, line = command.arguments.partition(" ")
        meant = whole_number(number)
        return await managing.numbered(connection, command.address, meant) if meant is not None else None, line
    line = f"{command.name} {command.arguments}".strip()
    of_people = command.name in _OF_PEOPLE and command.arguments
    # A button stays about the chat that it was shown for: without that one's number it is this private one.
    if command.chat_kind != "private" or command.name in _OF_NO_CHAT or of_people or command.pressed:
        return None
    chosen = await managing.chosen(connection, command.address, command.user.id)
    return (chosen, line) if chosen else None


async def _admit(connection: AsyncConnection, lets_in: LetsIn, there: Address | None, command: Command) -> None:
    """Raise Stranger where somebody may not use the bot `there`; nor, where there is nothing, anywhere.

    So a number that is guessed does not even tell a stranger whether it is a chat's.
    """
    if not await lets_in(connection, there or command.address, command.user):
        raise Stranger(_("This bot is private. Its owner can let that chat in by sending /allow there."))


async def remember(connection: AsyncConnection, command: Command, now: datetime) -> None:
    """Write down that somebody in particular runs a chat of several people: they have just changed something there."""
    spec = BY_NAME.get(command.name)
    if command.chat_kind == "private" or not (command.is_admin and spec and spec.changes):
        return
    chat = await chats.find(connection, command.address)
    if chat is not None and command.user.id not in ("", command.address.chat):
        await managing.know(connection, chat.id, command.user.id, now)


async def places(command: Command, adapter: Adapter, database: Database, lets_in: LetsIn) -> tuple[Place, ...]:
    """Return what `/manage` needs to know: the chat that it names, else those that the person was seen to run.

    Raises Stranger for a chat in which they may not use the bot, Unanswered.
    """
    if command.name != "manage" or not isinstance(adapter, KnowsPeople):
        return ()
    async with database.read() as connection:
        named = await _named(connection, command)
        if named is not None:
            await _admit(connection, lets_in, named[0][0] if named else None, command)
        known = named if named is not None else await _known(connection, lets_in, command)
    found = await asyncio.gather(*(_place(adapter, at, command.user.id, chat) for at, chat in known))
    return tuple(found)


async def _named(connection: AsyncConnection, command: Command) -> list[tuple[Address, Chat | None]] | None:
    """Return the chat that is named, or none where it is not there; None where no chat is named."""
    private, named = command.address, command.arguments
    if (number := whole_number(named)) is not None:
        chat = await managing.numbered(connection, private, number)
        return [(chat.address, chat)] if chat else []
    if (number := whole_number(named.removeprefix("-"))) is not None:
        # However the id is written, it is one chat: no other one with limits and a pace of its own.
        address = Address(private.platform, private.bot, str(-number))
        return [(address, await chats.find(connection, address))]
    return None


async def _known(connection: AsyncConnection, lets_in: LetsIn, command: Command) -> list[tuple[Address, Chat | None]]:
    """Return the chats that somebody was seen to run, where they may use the bot."""
    if command.arguments:
        return []
    seen = await managing.known(connection, command.address, command.user.id, MOST_OFFERED)
    return [(chat.address, chat) for chat in seen if await lets_in(connection, chat.address, command.user)]


async def _place(adapter: KnowsPeople, address: Address, person: str, chat: Chat | None) -> Place:
    said = await adapter.standing(address.chat, person)
    if isinstance(said, Moved):
        said = await adapter.standing(said.chat, person)
    if not isinstance(said, Standing | Refused):
        raise Unanswered(said)
    return Place(address, said, chat)


async def about(connection: AsyncConnection, said: Answer, command: Command) -> Answer:
    """Return an answer that names the chat it is about, said elsewhere, with what can be pressed below it."""
    chat = await chats.find(connection, command.address)
    return _about_chat(said, command, chat.id if chat else None) if said else said


def _about_chat(said: Answer, command: Command, number: int | None) -> Answer:
    """`number` is None for a chat where nothing is set yet: there is nothing to press."""
    name = RichText(command.chat_title or command.address.chat).marked("bold")
    rows = [[_bound(each, number) for each in row] for row in said.buttons] if number is not None else []
    kept = [tuple(button for button in row if button) for row in rows]
    return replace(
        said,
        text=name + "\n" + said.text,
        buttons=tuple(row for row in kept if row),
        asks=f"{ABOUT} {number} {said.asks}" if said.asks and number is not None else said.asks,
    )


def _bound(button: Button, number: int | None) -> Button | None:
    """What does not fit on a button any more can be typed."""
    line = f"{ABOUT} {number} {button.command}"
    return replace(button, command=line) if len(line.encode()) <= MOST_BUTTON_BYTES else None
