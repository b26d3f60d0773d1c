"""`liverelay explain`: what became of an entry in every chat, or in one; the stages that /why tells there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.terminal import printable

from ..commands.explaining import spellings
from ..commands.stages import told
from ..errors import CommandError, UsageError
from ..store import tracing
from ..store.engine import Database
from ..store.listing import listing
from ..store.overview import places

# t.me/c/INTERNAL/12, t.me/c/INTERNAL/TOPIC/12, t.me/NAME/12; discord.com/channels/SERVER/CHANNEL/12.
_TELEGRAM = re.compile(r"https?://t\.me/(?:c/(?P<chat>\d+)|[A-Za-z]\w*)(?:/\d+)?/(?P<message>\d+)(?:\?\S*)?")
_DISCORD = re.compile(r"https?://(?:\w+\.)?discord(?:app)?\.com/channels/(?:\d+|@me)/(?P<chat>\d+)/(?P<message>\d+)")
_UTC = ZoneInfo("UTC")


async def explain(database: Database, *, url: str, message: str, where: str, now: datetime) -> str:
    """Return what became of an entry, chat by chat. Raises UsageError where no such entry or chat is known."""
    if bool(url) == bool(message):
        raise UsageError("Name an entry: by its address, or by --message and the link of a message that tells it.")
    async with database.read() as connection:
        entries = await _by_message(connection, message) if message else await _by_address(connection, url)
        chats = [place.id for place in await places(connection, where)] if where else []
        if where and not chats:
            raise UsageError(f"No chat is called {where}: `liverelay chats` lists them.")
        followers = await tracing.followers(connection, entries, chats)
        if not followers:
            raise UsageError("Nobody follows its page." if not where else "That chat does not follow its page.")
        return printable("\n\n".join([await _of(connection, each, entries, now) for each in followers]))


async def _by_address(connection: AsyncConnection, url: str) -> Sequence[int]:
    try:
        urls = spellings(url)
    except CommandError as error:
        raise UsageError(str(error)) from None
    found = await tracing.anywhere(connection, urls) or await tracing.of_page(connection, urls)
    if not found:
        raise UsageError(f"Nothing was ever read under {url}: `liverelay sources` says when each page was last read.")
    return found


async def _by_message(connection: AsyncConnection, link: str) -> Sequence[int]:
    telegram, discord = _TELEGRAM.fullmatch(link), _DISCORD.fullmatch(link)
    named = telegram or discord
    if named is None:
        raise UsageError(f"{link} is no link to a message on Telegram (t.me/…/12) or Discord (discord.com/channels/…).")
    if discord:
        found = await tracing.by_message(connection, discord["chat"], discord["message"])
    elif named["chat"]:
        found = await tracing.by_message(connection, f"-100{named['chat']}", named["message"])
    else:
        found = await tracing.by_any_message(connection, "telegram", named["message"])
    if not found:
        raise UsageError(f"No message of ours that tells an entry is known under {link}.")
    return found


async def _of(connection: AsyncConnection, follower: tracing.Follower, entries: Sequence[int], now: datetime) -> str:
    """Return what became of the entries in one chat, times in UTC."""
    pages = {each.id: each for each in await listing(connection, [follower.chat_id])}
    traces = await tracing.trace(connection, follower.chat_id, entries, now)
    stages = [
        told(each, pages[each.subscription_id], now, _UTC).text for each in traces if each.subscription_id in pages
    ]
    head = " ".join(filter(None, (follower.name, follower.title)))
    return "\n".join([f"── {head}", *stages])
