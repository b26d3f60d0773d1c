"""How much is followed: by a server, by a person, in all. Counted by an index, when somebody wants more."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Address
from .schema import chat, source, subscription


async def of_server(connection: AsyncConnection, bot: Address, server: str) -> int:
    """Return how many subscriptions the channels of a server have through a bot."""
    mine = _standing(bot).where(chat.c.server == server)
    return int((await connection.execute(mine)).scalar_one())


async def of_user(connection: AsyncConnection, bot: Address, user: str) -> int:
    """Return how many subscriptions a person made through a bot that stand."""
    theirs = _standing(bot).where(subscription.c.created_by == user)
    return int((await connection.execute(theirs)).scalar_one())


async def watched(connection: AsyncConnection) -> int:
    """Return how many sources are asked for."""
    asked = select(func.count()).select_from(source).where(source.c.next_poll_at.is_not(None))
    return int((await connection.execute(asked)).scalar_one())


async def is_watched(connection: AsyncConnection, url: str) -> bool:
    """Whether the source at a canonical URL is asked for already."""
    asked = select(source.c.id).where(source.c.url == url, source.c.next_poll_at.is_not(None))
    return (await connection.execute(asked)).first() is not None


def _standing(bot: Address) -> Select[int]:
    """Count the subscriptions through a bot that nobody ended."""
    counted = select(func.count()).select_from(subscription).join(chat, chat.c.id == subscription.c.chat_id)
    return counted.where(chat.c.platform == bot.platform, chat.c.bot == bot.bot, subscription.c.ended_at.is_(None))
