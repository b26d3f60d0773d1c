"""The bot comes and goes: chats are held and freed, and where it is new it says what to do next and what it lacks.

That is said once in a chat's life: a chat that the bot comes back to goes on as it was. In a channel nothing is said,
because its readers would see it; who put the bot there is told in private.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from ..languages import _, retold, stored
from ..model import Address
from ..ports import Answer, Arrival, Membership
from ..richtext import RichText, join
from ..store import chats, managing
from ..store.listing import listing
from .pressing import buttons
from .turn import CommandLimits

log = structlog.get_logger(__name__)


def place_of(told: Membership) -> Address:
    """Return where to greet: in the chat, or with whoever wanted the bot there."""
    here = told.address
    if told.present and told.arrival and told.arrival.chat_kind != "channel":
        return here
    return Address(here.platform, here.bot, told.arrival.by.id if told.arrival else here.chat)


async def heed(connection: AsyncConnection, told: Membership, limits: CommandLimits, now: datetime) -> Answer:
    """Hold or free chats, and return with what to greet."""
    came = told.arrival
    if came is not None:
        place = told.address
        chat = await chats.find_or_make(
            connection, place, kind=came.chat_kind, title=came.chat_title, language=came.language, zone=limits.zone
        )
        await managing.know(connection, chat.id, came.by.id, now)
    if told.chats:  # then the address is a server, which holds them
        await chats.stand_in(connection, told.address, told.address.chat, told.chats)
    if told.present:
        await chats.release(connection, told.address, now, told.chats)
    else:
        await chats.hold(connection, told.address, told.reason or stored("the bot cannot write there"), now, told.chats)
        log.info("chat.held", platform=told.address.platform, chat=told.address.chat, why=told.reason)
    return await _greet(connection, told, limits, now)


async def _greet(connection: AsyncConnection, told: Membership, limits: CommandLimits, now: datetime) -> Answer:
    """Return what to say at an arrival in a known chat; an empty answer where nobody needs to hear it (again)."""
    came = told.arrival
    if came is None:
        return Answer(RichText())
    if not told.present:
        return _cannot_write(came)
    new = await chats.greet(connection, told.address, now)
    if not new or await listing(connection, await chats.together(connection, told.address)):
        return Answer(RichText())
    if not await limits.lets_in(connection, told.address, came.by):
        return _not_let_in(came)
    return _in_channel(came, told.address.chat) if came.chat_kind == "channel" else _in_group(came)


def _in_group(came: Arrival) -> Answer:
    hello = _(
        "Hello. I mirror live pages into this chat. An admin begins with /subscribe and the address of a live page; "
        "/help lists what I know."
    )
    return Answer(join("\n\n", [hello, *map(retold, came.rights_notes)]), buttons((_("Follow a page"), "subscribe")))


def _in_channel(came: Arrival, chat: str) -> Answer:
    what = _("I am in {chat} now. Choose here what it follows, where its readers do not see it.")
    hello = RichText.filled(what, chat=RichText(came.chat_title).marked("bold"))
    return Answer(join("\n\n", [hello, *map(retold, came.rights_notes)]), buttons((_("Manage it"), f"manage {chat}")))


def _cannot_write(came: Arrival) -> Answer:
    what = (
        _("I am in {chat} now, but cannot post there. Make me an administrator who may post messages.")
        if came.chat_kind == "channel"
        else _("I am in {chat} now, but may not write there. Let members write, or make me an administrator.")
    )
    return Answer(RichText.filled(what, chat=RichText(came.chat_title).marked("bold")))


def _not_let_in(came: Arrival) -> Answer:
    what = _("Hello. This bot is private: its owner can let {chat} in by sending /allow there.")
    return Answer(RichText.filled(what, chat=RichText(came.chat_title).marked("bold")))
