"""The chats: addresses with settings, each in the lane of its platform chat; held, released and moved as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..languages import understood
from ..model import Address, ChatKind, Platform
from . import access
from .merging import merge
from .relieving import relieve
from .schema import chat, lane
from .summaries import say_again


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as it is known: its language ("" where nobody told any), and `why` it is held, where it is."""

    id: int
    lane_id: int
    address: Address
    kind: ChatKind
    title: str
    language: str
    timezone: str
    quiet: str
    fold: bool
    state: str
    why: str


async def find(connection: AsyncConnection, address: Address) -> Chat | None:
    """Return the chat at an address; None if nobody there ever subscribed to anything or set anything."""
    row = (await connection.execute(select(chat).where(_at(address)))).one_or_none()
    if row is None:
        return None
    return of_row(row)


def of_row(row: Row[Any]) -> Chat:
    """Return the chat that a whole row of its table tells of."""
    address = Address(row.platform, row.bot, row.chat, row.thread)
    language = understood(row.language)
    return Chat(
        row.id,
        row.lane_id,
        address,
        row.kind,
        row.title,
        language,
        row.timezone,
        row.quiet,
        bool(row.fold),
        row.state,
        row.why,
    )


async def find_or_make(
    connection: AsyncConnection,
    address: Address,
    *,
    kind: ChatKind,
    title: str,
    server: str = "",
    language: str = "",
    zone: str = "UTC",
) -> Chat:
    """Return the chat at an address under its title of today; a new one, in `zone`, if it was not known.

    The first of our languages that it is heard from in (`language`, as the platform tells it) is its own from then on.
    """
    made = insert(chat).values(
        **_columns(address),
        lane_id=await _lane_of(connection, address),
        kind=kind,
        title=title,
        server=server,
        language=understood(language),
        timezone=zone,
    )
    named = made.on_conflict_do_update(
        index_elements=["platform", "bot", "chat", "thread"],
        set_={
            "title": title,
            "kind": kind,
            "server": server,
            "language": case((chat.c.language == "", understood(language)), else_=chat.c.language),
        },
    )
    await connection.execute(named)
    known = await find(connection, address)
    assert known is not None
    return known


async def _lane_of(connection: AsyncConnection, address: Address) -> int:
    """Return the lane of a platform chat, made if it was missing."""
    key = {"platform": address.platform, "bot": address.bot, "chat": address.chat}
    await connection.execute(insert(lane).values(**key).on_conflict_do_nothing(index_elements=list(key)))
    return cast("int", (await connection.execute(select(lane.c.id).filter_by(**key))).scalar_one())


async def set_language(connection: AsyncConnection, chat_id: int, language: str) -> None:
    """Speak this language in a chat from now on; what stands there keeps its own until it is edited."""
    await connection.execute(update(chat).where(chat.c.id == chat_id).values(language=language))


async def set_fold(connection: AsyncConnection, chat_id: int, *, fold: bool) -> None:
    """Let one message speak for several of one event in a chat from now on, or each entry for itself."""
    await connection.execute(update(chat).where(chat.c.id == chat_id).values(fold=int(fold)))


async def together(connection: AsyncConnection, address: Address, server: str = "") -> Sequence[int]:
    """Return the chats of one platform chat, itself and its topics or threads; of all that stand in a `server`."""
    where = _in_server(address, server) if server else _in_chats(address, [address.chat])
    return (await connection.execute(select(chat.c.id).where(where).order_by(chat.c.id))).scalars().all()


async def stand_in(connection: AsyncConnection, address: Address, server: str, chats: Sequence[str]) -> None:
    """Write down in which server platform chats stand; those that are not known stay so."""
    found = _in_chats(address, chats) & (chat.c.server != server)
    await connection.execute(update(chat).where(found).values(server=server))


async def hold(
    connection: AsyncConnection, address: Address, why: str, now: datetime, chats: Sequence[str] = ()
) -> None:
    """Stop delivering to a platform chat with all its threads (or to these `chats`); what is owed to it is kept."""
    held = update(chat).where(_in_chats(address, chats or [address.chat]), chat.c.state == "active")
    await connection.execute(held.values(state="held", why=why, held_at=now))


async def release(
    connection: AsyncConnection, address: Address, now: datetime, chats: Sequence[str] = (), *, server: str = ""
) -> bool:
    """Deliver again to a platform chat with all its threads (or to these `chats`, or all of a `server`).

    Returns whether any had been held.
    """
    where = _in_server(address, server) if server else _in_chats(address, chats or [address.chat])
    await relieve(connection, where, now)
    freed = update(chat).where(where, chat.c.state != "active").returning(chat.c.lane_id)
    lanes = (await connection.execute(freed.values(state="active", why="", held_at=None))).scalars().all()
    if lanes:
        await connection.execute(update(lane).where(lane.c.id.in_(lanes)).values(next_at=now))
    return bool(lanes)


async def greet(connection: AsyncConnection, address: Address, now: datetime) -> bool:
    """Write down that the bot introduced itself in a platform chat; False if it did before."""
    new = update(chat).where(_in_chats(address, [address.chat]), chat.c.greeted_at.is_(None)).values(greeted_at=now)
    return (await connection.execute(new)).rowcount > 0


async def greeted_at(connection: AsyncConnection, address: Address) -> datetime | None:
    """Return when the bot introduced itself in a platform chat; None if it did not."""
    last = select(func.max(chat.c.greeted_at)).where(_in_chats(address, [address.chat]))
    moment: datetime | None = (await connection.execute(last)).scalar_one()
    return moment


async def move_chat(connection: AsyncConnection, address: Address, to: str, now: datetime) -> None:
    """Give everything of a platform chat to its new address, as a group that became a supergroup asks.

    Parts keep the chat id that they were sent in, and freeze there; summaries are said anew. If the new address is
    known already, the two become one. Doing it again changes nothing.
    """
    if to == address.chat:
        return
    await access.move_chat(connection, address.platform, address.chat, to)
    await _move(connection, address, to, now)
    await say_again(connection, address, to, now)


async def _move(connection: AsyncConnection, address: Address, to: str, now: datetime) -> None:
    old = await _lock_lane(connection, address.platform, address.bot, address.chat)
    if old is None:
        return
    new = await _lock_lane(connection, address.platform, address.bot, to)
    if new is not None:
        await merge(connection, old, new, to, now)
        return
    await connection.execute(update(lane).where(lane.c.id == old).values(chat=to, next_at=now))
    moved = update(chat).where(chat.c.lane_id == old)
    await connection.execute(moved.values(chat=to, state="active", why="", held_at=None))


async def _lock_lane(connection: AsyncConnection, platform: Platform, bot: str, platform_chat: str) -> int | None:
    found = select(lane.c.id).filter_by(platform=platform, bot=bot, chat=platform_chat).with_for_update()
    return (await connection.execute(found)).scalar_one_or_none()


def _columns(address: Address) -> dict[str, Any]:
    return {"platform": address.platform, "bot": address.bot, "chat": address.chat, "thread": address.thread}


def _at(address: Address) -> ColumnElement[bool]:
    return and_(_in_chats(address, [address.chat]), chat.c.thread == address.thread)


def _in_server(address: Address, server: str) -> ColumnElement[bool]:
    return and_(chat.c.server == server, chat.c.platform == address.platform, chat.c.bot == address.bot)


def _in_chats(address: Address, chats: Sequence[str]) -> ColumnElement[bool]:
    return and_(chat.c.platform == address.platform, chat.c.bot == address.bot, chat.c.chat.in_(chats))
