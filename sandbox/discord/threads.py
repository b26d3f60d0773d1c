"""Threads: opening them, and taking them in and out of the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from . import message_views, views
from .asking import the_guild
from .check_message import CREATE_KEYS, check, refuse_empty
from .guilds import ANNOUNCEMENT, FORUM, TEXT, Bot, Channel, Message
from .messages import find, may_show, post
from .refusal import malformed, refuse
from .state import Answer, Asked, Discord

FIRST_KEYS = CREATE_KEYS - {"message_reference", "nonce", "enforce_nonce"}
MOST_ACTIVE = 1000
"""Threads of one server that are not archived."""
_MOST_TAGS, _MOST_LISTED = 5, 100
_PAUSES = (60, 1440, 4320, 10080)  # minutes without a message after which a thread is archived


def create(discord: Discord, asked: Asked) -> Answer:
    """POST /channels/{channel_id}/threads; in a forum with its first message."""
    bot = asked.sender
    parent = discord.world.channel(bot, asked.path["channel_id"])
    if parent.type not in (TEXT, ANNOUNCEMENT, FORUM):
        raise refuse(400, 50024)
    needed = "SEND_MESSAGES" if parent.type == FORUM else "CREATE_PUBLIC_THREADS"
    discord.world.demand(discord.world.rights_in(bot, parent), needed)
    body = _checked(asked)
    if parent.type != FORUM:
        return 201, views.thread(_open(discord, bot, parent, body))
    first: Any = body.get("message")
    check(first, FIRST_KEYS, files=len(asked.files))
    may_show(discord.world.rights_in(bot, parent), first, files=len(asked.files))
    refuse_empty(first, files=len(asked.files))
    tags = _tags(parent, body)
    thread = _open(discord, bot, parent, body)
    thread.applied_tags = tags
    message = post(discord, thread, asked, first, thread.id)
    return 201, views.thread(thread) | {"message": message_views.message(message)}


def create_on_message(discord: Discord, asked: Asked) -> Answer:
    """POST /channels/{channel_id}/messages/{message_id}/threads: the thread has the message's id."""
    message = find(discord, asked, "CREATE_PUBLIC_THREADS")
    if message.channel.type not in (TEXT, ANNOUNCEMENT):
        raise refuse(400, 50024)
    if message.thread:
        raise refuse(400, 160004)
    return 201, views.thread(_open(discord, asked.sender, message.channel, _checked(asked), message))


def change(discord: Discord, asked: Asked) -> Answer:
    """PATCH /channels/{channel_id}, for threads only: archive, lock, rename."""
    thread = discord.world.channel(asked.sender, asked.path["channel_id"])
    if not thread.parent:
        raise refuse(403, 50013)
    body = asked.body if isinstance(asked.body, dict) else {}
    held = discord.world.rights_in(asked.sender, thread)
    only_reopened = body == {"archived": False} and not thread.locked
    if not only_reopened and thread.owner != asked.sender.id:
        discord.world.demand(held, "MANAGE_THREADS")
    discord.world.demand(held, "SEND_MESSAGES_IN_THREADS")
    thread.name = str(body.get("name") or thread.name)
    archived, locked = bool(body.get("archived", thread.archived)), bool(body.get("locked", thread.locked))
    discord.world.archive(thread, archived=archived, locked=locked)
    return 200, views.thread(thread)


def active(discord: Discord, asked: Asked) -> Answer:
    """GET /guilds/{guild_id}/threads/active."""
    guild = the_guild(discord, asked)
    found = [one for one in guild.channels.values() if one.parent and not one.archived]
    return 200, {"threads": [views.thread(one) for one in found], "members": [], "has_more": False}


def archived(discord: Discord, asked: Asked) -> Answer:
    """GET /channels/{channel_id}/threads/archived/public: the one that was archived last comes first."""
    parent = discord.world.channel(asked.sender, asked.path["channel_id"], "READ_MESSAGE_HISTORY")
    limit, before = int(asked.query.get("limit", "50")), asked.query.get("before", "")
    if not 2 <= limit <= _MOST_LISTED:
        raise malformed([(("limit",), "NUMBER_TYPE_MAX", f"int value should be between 2 and {_MOST_LISTED}.")])
    found = [views.thread(one) for one in parent.guild.channels.values() if one.parent is parent and one.archived]
    found.sort(key=_archived_at, reverse=True)
    older = [one for one in found if not before or _archived_at(one) < datetime.fromisoformat(before)]
    return 200, {"threads": older[:limit], "members": [], "has_more": len(older) > limit}


def _archived_at(shown: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(shown["thread_metadata"]["archive_timestamp"])


def _tags(forum: Channel, body: dict[str, Any]) -> list[str]:
    """Return the tags that a post is to bear. Raises Refusal where they are not this forum's, or one is missing."""
    wanted = [str(tag) for tag in body.get("applied_tags") or []]
    if not wanted and forum.tags_required:
        raise refuse(400, 40067)
    if len(wanted) > _MOST_TAGS or not set(wanted) <= {tag["id"] for tag in forum.tags}:
        raise malformed([(("applied_tags",), "BASE_TYPE_CHOICES", "Value must be among the tags of this forum.")])
    return wanted


def _checked(asked: Asked) -> dict[str, Any]:
    body = asked.body if isinstance(asked.body, dict) else {}
    if not 1 <= len(str(body.get("name") or "").strip()) <= 100:
        raise malformed([(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")])
    if body.get("auto_archive_duration") not in (None, *_PAUSES):
        choices = f"Value must be one of {_PAUSES}."
        raise malformed([(("auto_archive_duration",), "BASE_TYPE_CHOICES", choices)])
    return body


def _open(
    discord: Discord, bot: Bot, parent: Channel, body: dict[str, Any], begun_by: Message | None = None
) -> Channel:
    active = [one for one in parent.guild.channels.values() if one.parent and not one.archived]
    if len(active) >= MOST_ACTIVE:
        raise refuse(400, 160006)
    thread = discord.world.open_thread(parent, str(body["name"]).strip(), bot.account, begun_by)
    thread.auto_archive_minutes = body.get("auto_archive_duration") or 4320
    discord.world.tell(parent.guild, "THREAD_CREATE", {**views.thread(thread), "newly_created": True})
    return thread
