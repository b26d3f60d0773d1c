"""Pins, by both routes that Discord has for them."""

from __future__ import annotations

from . import message_views, views
from .guilds import PIN_NOTE, Channel, Message
from .messages import EDITABLE, find, refuse_archived
from .refusal import refuse
from .rights import RIGHTS
from .state import Answer, Asked, Discord

MOST = 250


def pin(discord: Discord, asked: Asked) -> Answer:
    """PUT /channels/{channel_id}/pins/{message_id}; a note of it appears in the channel."""
    message = find(discord, asked, "PIN_MESSAGES")
    refuse_archived(message.channel)
    if message.type not in EDITABLE and not message.application_id:
        raise refuse(403, 50021)
    if message.pinned_at:
        return 204, None
    if len(_pinned(message.channel)) >= MOST:
        raise refuse(400, 30003)
    message.pinned_at = discord.world.now()
    _note(discord, asked, message)
    _tell(discord, message)
    return 204, None


def unpin(discord: Discord, asked: Asked) -> Answer:
    """DELETE /channels/{channel_id}/pins/{message_id}."""
    message = find(discord, asked, "PIN_MESSAGES")
    refuse_archived(message.channel)
    message.pinned_at = None
    _tell(discord, message)
    return 204, None


def pinned(discord: Discord, asked: Asked) -> Answer:
    """GET /channels/{channel_id}/pins: all, the newest pin first."""
    return 200, [message_views.read_message(message) for message in _readable(discord, asked)]


def pinned_page(discord: Discord, asked: Asked) -> Answer:
    """GET /channels/{channel_id}/messages/pins: at most 50, the newest pin first."""
    messages = _readable(discord, asked)
    before = asked.query.get("before", "")
    limit = int(asked.query.get("limit", "50"))
    shown = [one for one in messages if not before or views.time(one.pinned_at or one.sent_at) < before]
    items = [
        {"pinned_at": views.time(one.pinned_at or one.sent_at), "message": message_views.read_message(one)}
        for one in shown
    ]
    return 200, {"items": items[:limit], "has_more": len(items) > limit}


def _readable(discord: Discord, asked: Asked) -> list[Message]:
    channel = discord.world.channel(asked.sender, asked.path["channel_id"])
    may = discord.world.rights_in(asked.sender, channel) & RIGHTS["READ_MESSAGE_HISTORY"]
    return _pinned(channel) if may else []


def _pinned(channel: Channel) -> list[Message]:
    found = [message for message in channel.messages.values() if message.pinned_at]
    return sorted(found, key=lambda message: (message.pinned_at or message.sent_at, message.id), reverse=True)


def _note(discord: Discord, asked: Asked, message: Message) -> None:
    world, channel = discord.world, message.channel
    note = Message(world.ids.next(), channel, asked.sender.account, world.now(), type=PIN_NOTE)
    ids = {"message_id": message.id, "channel_id": channel.id, "guild_id": channel.guild.id}
    note.reference = {"type": 0} | {name: str(value) for name, value in ids.items()}
    channel.messages[note.id] = note
    world.tell(channel.guild, "MESSAGE_CREATE", message_views.sent_message(note))


def _tell(discord: Discord, message: Message) -> None:
    channel = message.channel
    newest = next(iter(_pinned(channel)), None)
    body = {
        "guild_id": str(channel.guild.id),
        "channel_id": str(channel.id),
        "last_pin_timestamp": views.time(newest.pinned_at) if newest and newest.pinned_at else None,
    }
    discord.world.tell(channel.guild, "CHANNEL_PINS_UPDATE", body)
