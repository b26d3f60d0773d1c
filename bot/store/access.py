"""Who may use this installation: its owner, and the users, chats and servers that the owner let in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Address, Platform, User
from .schema import access

What = Literal["user", "chat", "server"]


@dataclass(frozen=True, slots=True)
class LetIn:
    """Whom the settings let in: the users, chats and servers with these ids, on whichever platform."""

    users: frozenset[str] = frozenset()
    chats: frozenset[str] = frozenset()
    servers: frozenset[str] = frozenset()


NOBODY = LetIn()


async def owner(connection: AsyncConnection, platform: Platform) -> User | None:
    """Return who owns this installation on a platform; None while nobody has claimed it."""
    mine = select(access).where(access.c.platform == platform, access.c.role == "owner")
    row = (await connection.execute(mine)).first()
    return User(row.id, row.name) if row else None


async def owner_chat(connection: AsyncConnection, platform: Platform) -> str:
    """Return the private chat with the owner on a platform; "" where nobody is, or where it is not known."""
    mine = select(access.c.id, access.c.chat).where(access.c.platform == platform, access.c.role == "owner")
    row = (await connection.execute(mine)).first()
    if row is None:
        return ""
    # On Telegram a private chat goes by its user's id.
    return row.chat or (row.id if platform == "telegram" else "")


async def claim(connection: AsyncConnection, platform: Platform, user: User, now: datetime, *, chat: str = "") -> bool:
    """Make a user the owner on a platform, unless somebody is; whether this user owns it now.

    `chat` is the private chat with them, if they claimed it there.
    """
    known = await owner(connection, platform)
    if known is None:
        await _grant(connection, platform, "user", user.id, role="owner", name=user.name, now=now)
    if chat and (known is None or known.id == user.id):
        mine = update(access).where(access.c.platform == platform, access.c.role == "owner")
        await connection.execute(mine.values(chat=chat))
    return known is None or known.id == user.id


async def allow(
    connection: AsyncConnection, platform: Platform, what: What, id_: str, *, name: str = "", now: datetime
) -> None:
    """Let a user, a chat or a server in; an owner stays owner."""
    await _grant(connection, platform, what, id_, role="allowed", name=name, now=now)


async def _grant(
    connection: AsyncConnection, platform: Platform, what: What, id_: str, *, role: str, name: str, now: datetime
) -> None:
    row = {"platform": platform, "what": what, "id": id_, "role": role, "name": name, "granted_at": now}
    made, key = insert(access).values(**row), ["platform", "what", "id"]
    if role == "owner":
        made = made.on_conflict_do_update(index_elements=key, set_={"role": role, "name": name})
    else:
        made = made.on_conflict_do_nothing(index_elements=key)
    await connection.execute(made)


async def deny(connection: AsyncConnection, platform: Platform, what: What, id_: str) -> bool:
    """Take back what `allow` gave; whether there was anything. An owner cannot be denied."""
    given = delete(access).where(
        access.c.platform == platform, access.c.what == what, access.c.id == id_, access.c.role == "allowed"
    )
    return (await connection.execute(given)).rowcount > 0


async def is_allowed(
    connection: AsyncConnection, address: Address, user: User, *, server: str = "", chosen: LetIn = NOBODY
) -> bool:
    """Whether this user may use the bot in this chat: as its owner, by name, or because the chat or server is let in.

    `server` is the one in which the chat stands, `chosen` whom the settings let in.
    """
    if user.id in chosen.users or address.chat in chosen.chats or server in chosen.servers:
        return True
    let_in = or_(
        and_(access.c.what == "server", access.c.id == server, access.c.id != ""),
        and_(access.c.what == "user", access.c.id == user.id, access.c.id != ""),
        and_(access.c.what == "chat", access.c.id == address.chat),
    )
    found = select(access.c.role).where(access.c.platform == address.platform, let_in).limit(1)
    return (await connection.execute(found)).first() is not None


async def move_chat(connection: AsyncConnection, platform: Platform, old: str, new: str) -> None:
    """A chat that was let in stays let in under its new address."""
    known = select(access.c.id).where(access.c.platform == platform, access.c.what == "chat", access.c.id == new)
    if (await connection.execute(known)).first() is None:
        moved = update(access).where(access.c.platform == platform, access.c.what == "chat", access.c.id == old)
        await connection.execute(moved.values(id=new))
