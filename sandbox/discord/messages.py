"""Sending, editing, deleting and reading messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from . import message_views
from .check_message import CREATE_KEYS, EDIT_KEYS, check, refuse_empty
from .content import attachments, components, embeds
from .guilds import ANNOUNCEMENT, CROSSPOSTED, DEFAULT, FORUM, REPLY, SETTABLE, SUPPRESS_EMBEDS, Channel, Message
from .limits import OLD_MESSAGE
from .mentions import called
from .refusal import malformed, refuse
from .rights import RIGHTS
from .state import Answer, Asked, Discord

EDITABLE = (DEFAULT, REPLY)
_PAGE, _DEFAULT_PAGE = 100, 50
_BULK_AGE = timedelta(days=14)


def send(discord: Discord, asked: Asked) -> Answer:
    """POST /channels/{channel_id}/messages. A nonce that is known already brings back its message."""
    world, bot = discord.world, asked.sender
    channel = world.channel(bot, asked.path["channel_id"])
    if channel.type == FORUM:
        raise refuse(400, 50008)
    _may_send(world.rights_in(bot, channel), channel, asked)
    check(asked.body, CREATE_KEYS, files=len(asked.files))
    refuse_empty(asked.body, files=len(asked.files))
    nonce = asked.body.get("nonce")
    told_nonce = {} if nonce is None else {"nonce": nonce}
    if asked.body.get("enforce_nonce") and nonce not in (None, "") and (earlier := discord.nonces.earlier(bot, nonce)):
        return 200, message_views.message(earlier) | told_nonce
    message = post(discord, channel, asked, asked.body)
    if nonce not in (None, ""):
        discord.nonces.keep(bot, nonce, message)
    world.tell(channel.guild, "MESSAGE_CREATE", message_views.sent_message(message) | told_nonce)
    return 200, message_views.message(message) | told_nonce


def _may_send(held: int, channel: Channel, asked: Asked) -> None:
    if not held & RIGHTS["SEND_MESSAGES_IN_THREADS" if channel.is_thread else "SEND_MESSAGES"]:
        raise refuse(403, 50013)
    body = asked.body if isinstance(asked.body, dict) else {}
    may_show(held, body, files=len(asked.files))
    if body.get("message_reference") and not held & RIGHTS["READ_MESSAGE_HISTORY"]:
        raise refuse(403, 160002)
    if channel.locked and not held & RIGHTS["MANAGE_THREADS"]:
        raise refuse(403, 160005)


def may_show(held: int, body: Mapping[str, Any], *, files: int) -> None:
    """Raise Refusal where a message holds embeds or files that the bot must not show."""
    needed = ["EMBED_LINKS"] * bool(body.get("embeds")) + ["ATTACH_FILES"] * bool(files or body.get("attachments"))
    if any(not held & RIGHTS[name] for name in needed):
        raise refuse(403, 50013)


def post(discord: Discord, channel: Channel, asked: Asked, body: Mapping[str, Any], number: int = 0) -> Message:
    """Add a message with a checked body to a channel. Raises Refusal where it replies to none."""
    world = discord.world
    message = Message(number or world.ids.next(), channel, asked.sender.account, world.now())
    message.content = (body.get("content") or "").strip()
    message.called = called(discord, asked.sender, channel, body)
    message.embeds = embeds(body.get("embeds"))
    message.components = components(body.get("components"))
    message.attachments = attachments(world.ids.next, channel.id, asked.files)
    message.flags = (body.get("flags") or 0) & SETTABLE
    message.tts = bool(body.get("tts"))
    if reference := body.get("message_reference"):
        _refer(message, reference)
    if channel.archived:
        world.archive(channel, archived=False, locked=channel.locked)
    channel.messages[message.id] = message
    return message


def _refer(message: Message, reference: Mapping[str, Any]) -> None:
    channel, original = message.channel, str(reference.get("message_id", ""))
    if not original.isdecimal() or int(original) not in channel.messages:
        if reference.get("fail_if_not_exists", True):
            raise malformed([(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")])
        return
    message.type = REPLY
    ids = {"message_id": original, "channel_id": str(channel.id), "guild_id": str(channel.guild.id)}
    message.reference = {"type": 0, **ids}


def edit(discord: Discord, asked: Asked) -> Answer:
    """PATCH /channels/{channel_id}/messages/{message_id}: what is not named stays."""
    message = find(discord, asked)
    if message.author.id != asked.sender.id:
        raise refuse(403, 50005)
    if message.type not in EDITABLE and not message.application_id:
        raise refuse(403, 50021)
    refuse_archived(message.channel)
    check(asked.body, EDIT_KEYS, files=len(asked.files), flags=message.flags)
    if discord.world.now() - message.sent_at > OLD_MESSAGE:
        discord.limits.count_old_edit(asked.sender.id, message.channel.id)
    if message.flags & CROSSPOSTED:
        discord.limits.count_published_edit(asked.sender.id, message.id)
    change(discord, message, asked)
    discord.world.tell(message.channel.guild, "MESSAGE_UPDATE", message_views.sent_message(message))
    return 200, message_views.message(message)


def change(discord: Discord, message: Message, asked: Asked) -> None:
    """Give a message the parts that a checked body names. Raises Refusal where nothing would be left of it."""
    body = asked.body
    left = {name: body.get(name, getattr(message, name)) for name in ("content", "embeds", "components")}
    refuse_empty({**left, "attachments": message.attachments}, files=len(asked.files))
    message.content = (left["content"] or "").strip()
    message.embeds = embeds(left["embeds"])
    message.components = components(left["components"])
    if "attachments" in body or asked.files:
        _change_attachments(discord, message, asked)
    if "flags" in body:
        message.flags = message.flags & ~SUPPRESS_EMBEDS | (body["flags"] or 0) & SUPPRESS_EMBEDS
    message.edited_at = discord.world.now()


def _change_attachments(discord: Discord, message: Message, asked: Asked) -> None:
    named = {str(one.get("id")) for one in asked.body.get("attachments") or []}
    kept = [one for one in message.attachments if "attachments" not in asked.body or one["id"] in named]
    message.attachments = kept + attachments(discord.world.ids.next, message.channel.id, asked.files)


def delete(discord: Discord, asked: Asked) -> Answer:
    """DELETE /channels/{channel_id}/messages/{message_id}."""
    message = find(discord, asked)
    if message.author.id != asked.sender.id:
        discord.world.demand(discord.world.rights_in(asked.sender, message.channel), "MANAGE_MESSAGES")
    discord.world.delete_message(message)
    return 204, None


def bulk_delete(discord: Discord, asked: Asked) -> Answer:
    """POST /channels/{channel_id}/messages/bulk-delete."""
    channel = discord.world.channel(asked.sender, asked.path["channel_id"], "MANAGE_MESSAGES")
    numbers = {int(number) for number in asked.body.get("messages", []) if str(number).isdecimal()}
    if not 2 <= len(numbers) <= 100:
        raise malformed([(("messages",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")])
    messages = [channel.messages[number] for number in numbers if number in channel.messages]
    if any(discord.world.now() - message.sent_at > _BULK_AGE for message in messages):
        raise refuse(400, 50034)
    for message in messages:
        discord.world.delete_message(message)
    return 204, None


def find(discord: Discord, asked: Asked, *needed: str) -> Message:
    """Return the message that the path names. Raises Refusal."""
    channel = discord.world.channel(asked.sender, asked.path["channel_id"], *needed)
    number = asked.path["message_id"]
    message = channel.messages.get(int(number)) if number.isdecimal() else None
    if message is None:
        raise refuse(404, 10008)
    return message


def refuse_archived(channel: Channel) -> None:
    """Raise Refusal for a thread in the archive: nothing in it can be changed."""
    if channel.archived:
        raise refuse(400, 50083)


def read(discord: Discord, asked: Asked) -> Answer:
    """GET /channels/{channel_id}/messages: the newest first; without the right to the history an empty list."""
    channel = discord.world.channel(asked.sender, asked.path["channel_id"])
    if channel.type == FORUM:
        raise refuse(400, 50008)
    if not discord.world.rights_in(asked.sender, channel) & RIGHTS["READ_MESSAGE_HISTORY"]:
        return 200, []
    ids = _chosen(sorted(channel.messages), asked.query, _limit(asked.query))
    return 200, [message_views.read_message(channel.messages[number]) for number in reversed(ids)]


def _chosen(ids: list[int], query: Mapping[str, str], limit: int) -> list[int]:
    for name in ("before", "after", "around"):
        if name in query and not query[name].isdecimal():
            raise malformed([((name,), "NUMBER_TYPE_COERCE", f'Value "{query[name]}" is not snowflake.')])
    if "around" in query:
        older = [number for number in ids if number < int(query["around"])][-(limit // 2) :]
        return older + [number for number in ids if number >= int(query["around"])][: limit - len(older)]
    if "after" in query:
        return [number for number in ids if number > int(query["after"])][:limit]
    before = int(query.get("before", 1 << 64))
    return [number for number in ids if number < before][-limit:]


def _limit(query: Mapping[str, str]) -> int:
    limit = query.get("limit", str(_DEFAULT_PAGE))
    if not limit.isdecimal() or not 1 <= int(limit) <= _PAGE:
        raise malformed([(("limit",), "NUMBER_TYPE_MAX", f"int value should be between 1 and {_PAGE}.")])
    return int(limit)


def read_one(discord: Discord, asked: Asked) -> Answer:
    """GET /channels/{channel_id}/messages/{message_id}."""
    channel = discord.world.channel(asked.sender, asked.path["channel_id"])
    if not discord.world.rights_in(asked.sender, channel) & RIGHTS["READ_MESSAGE_HISTORY"]:
        raise refuse(403, 50001)
    return 200, message_views.read_message(find(discord, asked))


def crosspost(discord: Discord, asked: Asked) -> Answer:
    """POST /channels/{channel_id}/messages/{message_id}/crosspost, in announcement channels only."""
    message = find(discord, asked, "SEND_MESSAGES")
    if message.author.id != asked.sender.id:
        discord.world.demand(discord.world.rights_in(asked.sender, message.channel), "MANAGE_MESSAGES")
    if message.channel.type != ANNOUNCEMENT:
        raise refuse(400, 50024)
    if message.flags & CROSSPOSTED:
        raise refuse(400, 40033)
    message.flags |= CROSSPOSTED
    return 200, message_views.message(message)
