"""Threads that the bot opens for pages: posts in a forum, threads on a message elsewhere.

Neither call knows a nonce. A thread on a message has the message's id and there is only one, so that it is enough to
find the message again; a forum is looked through for the bot's own post about the page before one is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import discord
from discord.http import handle_message_parameters

from bot.message import Message
from bot.model import Address
from bot.ports import Done, Outcome

from . import render
from .api import asked, done
from .markdown import web_address
from .rest import Rest

_FORUMS = (discord.ChannelType.forum.value, discord.ChannelType.media.value)
_TAG_NEEDED = 1 << 4  # the channel flag REQUIRE_TAG
_FITTING = ("live", "news", "breaking", "updates")
_ARCHIVED_AFTER: Literal[10080] = 10080  # minutes; the longest that Discord knows, a week
_LOOKED_THROUGH = 100
_CLOCK_MARGIN = timedelta(minutes=1)


class Threads:
    """Opens threads for one bot, whose user id is `bot`."""

    def __init__(self, rest: Rest, bot: str) -> None:
        self._rest = rest
        self._bot = bot

    async def open(self, address: Address, message: Message, nonce: str, since: datetime | None) -> Outcome:
        """Open a thread that begins with `message`; Done names it. One that was opened earlier is found and taken."""
        channel = await asked("read", self._rest.get_channel(_id(address.chat)))
        if not isinstance(channel, dict):
            return cast("Outcome", channel)
        if channel["type"] in _FORUMS:
            return await self._post(channel, message)
        return await self._begin(address.chat, message, nonce, since)

    async def reopen(self, thread: str) -> Outcome:
        """Take a thread out of the archive."""
        return await done("edit", self._rest.edit_channel(_id(thread), archived=False))

    # ── a thread on a message ────────────────────────────────────────────────────────────────────────────────────

    async def _begin(self, channel: str, message: Message, nonce: str, since: datetime | None) -> Outcome:
        first = await self._find_first(channel, message, since) if since else None
        if first is None:
            flags = discord.MessageFlags(suppress_notifications=message.silent)
            params = render.parameters(embeds=render.embeds(message), nonce=nonce, flags=flags)
            first = await done("send", self._rest.send_message(_id(channel), params=params))
        if not isinstance(first, Done):
            return first
        number, name = _id(first.message_id), render.thread_name(message)
        begun = await done(
            "send",
            self._rest.start_thread_with_message(channel, number, name=name, auto_archive_duration=_ARCHIVED_AFTER),
        )
        return first if isinstance(begun, Done) else begun

    async def _find_first(self, channel: str, message: Message, since: datetime) -> Outcome | None:
        """Return the message of an earlier try, whose nonce Discord may have forgotten by now; None if none stands."""
        after = discord.utils.time_snowflake(since - _CLOCK_MARGIN)
        told = await asked("read", self._rest.logs_from(_id(channel), _LOOKED_THROUGH, after=after))
        if not isinstance(told, list):
            return cast("Outcome", told)
        return next((Done(str(one["id"])) for one in told if self._begins(one, message)), None)

    def _begins(self, told: dict[str, Any], message: Message) -> bool:
        embeds = told.get("embeds") or [{}]
        same = (embeds[0].get("title"), embeds[0].get("url")) == (render.title(message), web_address(message.link))
        return str(told["author"]["id"]) == self._bot and same

    # ── a post in a forum ────────────────────────────────────────────────────────────────────────────────────────

    async def _post(self, forum: dict[str, Any], message: Message) -> Outcome:
        standing = await self._find_post(forum, message)
        if standing is not None:
            return standing
        about = {"name": render.thread_name(message), "auto_archive_duration": _ARCHIVED_AFTER}
        flags = discord.MessageFlags(suppress_notifications=message.silent)
        params = handle_message_parameters(
            embeds=render.embeds(message),
            flags=flags,
            allowed_mentions=discord.AllowedMentions.none(),
            channel_payload=about | {"applied_tags": _tags(forum)},
        )
        return await done("send", self._rest.start_thread_in_forum(_id(forum["id"]), params=params))

    async def _find_post(self, forum: dict[str, Any], message: Message) -> Outcome | None:
        """Return the bot's own post about the page, also from the archive, but none that people locked."""
        active = await asked("read", self._rest.get_active_threads(_id(forum["guild_id"])))
        if not isinstance(active, dict):
            return cast("Outcome", active)
        archived = await asked("read", self._rest.get_public_archived_threads(_id(forum["id"])))
        # Without the right to the history Discord does not show the archive: then the active ones must do.
        shown = [*active["threads"], *(archived["threads"] if isinstance(archived, dict) else ())]
        for thread in self._candidates(shown, str(forum["id"]), render.thread_name(message)):
            first = await asked("read", self._rest.get_message(_id(thread), _id(thread)))
            if not isinstance(first, dict) or self._begins(first, message):
                return Done(thread)
        return None

    def _candidates(self, threads: Sequence[dict[str, Any]], forum: str, name: str) -> Iterator[str]:
        for thread in threads:
            ours = (str(thread.get("owner_id")), str(thread.get("parent_id"))) == (self._bot, forum)
            if ours and thread["name"] == name and not thread["thread_metadata"]["locked"]:
                yield str(thread["id"])


def _tags(forum: dict[str, Any]) -> list[str]:
    """Return the tag that a post must bear where the forum insists on one: the most fitting that the bot may give."""
    free = [tag for tag in forum.get("available_tags") or () if not tag.get("moderated")]
    if not forum.get("flags", 0) & _TAG_NEEDED or not free:
        return []
    fitting = [tag for tag in free if str(tag["name"]).casefold() in _FITTING]
    return [str((fitting or free)[0]["id"])]


def _id(number: str) -> int:
    return int(number)
