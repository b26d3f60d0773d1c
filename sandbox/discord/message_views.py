"""Messages as Discord's JSON shows them."""

from __future__ import annotations

from typing import Any

from .guilds import REPLY, SUPPRESS_EMBEDS, Message
from .views import thread, time, user


def message(shown: Message) -> dict[str, Any]:
    """Return a message. Its nonce is only in the answer to the request that sent it."""
    body: dict[str, Any] = {
        "id": str(shown.id),
        "channel_id": str(shown.channel.id),
        "type": shown.type,
        "content": shown.content,
        "author": user(shown.author),
        "mentions": [],
        "mention_roles": [str(role.id) for role in shown.called],
        "mention_everyone": False,
        "attachments": shown.attachments,
        "embeds": [] if shown.flags & SUPPRESS_EMBEDS else shown.embeds,
        "components": shown.components,
        "timestamp": time(shown.sent_at),
        "edited_timestamp": time(shown.edited_at) if shown.edited_at else None,
        "flags": shown.flags,
        "pinned": shown.pinned_at is not None,
        "tts": shown.tts,
    }
    if shown.application_id:
        body |= {"application_id": str(shown.application_id), "webhook_id": str(shown.application_id)}
    if shown.interaction:
        body["interaction_metadata"] = shown.interaction
    return body | _relations(shown)


def sent_message(shown: Message) -> dict[str, Any]:
    """Return a message as the gateway tells it."""
    return {**message(shown), "guild_id": str(shown.channel.guild.id)}


def read_message(shown: Message) -> dict[str, Any]:
    """Return a message as history shows it to a bot without the message content intent: what people wrote is blank."""
    return message(shown) if shown.author.is_bot else {**message(shown), "content": ""}


def _relations(shown: Message) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if shown.reference:
        body["message_reference"] = shown.reference
        original = shown.channel.messages.get(int(shown.reference.get("message_id", 0)))
        if shown.type == REPLY:
            body["referenced_message"] = message(original) if original and not original.reference else None
    if shown.thread:
        body["thread"] = thread(shown.thread)
    return body
