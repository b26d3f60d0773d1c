"""What a bot asks about itself and its chats, and getUpdates."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from . import views
from .access import Servers, chat_of
from .decode import Asked
from .refusal import Refusal, bad, too_many

NO_CLOSE_BEFORE = timedelta(minutes=10)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
QUERY_LIVES, LONGEST_NOTE = timedelta(seconds=15), 200


async def get_me(_servers: Servers, asked: Asked) -> Any:
    """Tell the bot who it is."""
    return views.me(asked.bot)


async def log_out(_servers: Servers, asked: Asked) -> Any:
    """Log out of the cloud server; nothing works here after that."""
    asked.bot.logged_out = True
    asked.bot.updates.interrupt()
    return True


async def close(servers: Servers, asked: Asked) -> Any:
    """Close the instance; refused in a bot's first ten minutes."""
    left = asked.bot.since + NO_CLOSE_BEFORE - servers.world.now()
    if left > timedelta():
        raise too_many(math.ceil(left.total_seconds()))
    return True


async def get_updates(servers: Servers, asked: Asked) -> Any:
    """Hand over what waits for the bot, unless it is brought to a webhook."""
    if servers.webhooks.of(asked.bot):
        raise Refusal(409, WEBHOOK_ACTIVE)
    allowed = asked.values.get("allowed_updates")
    if allowed is not None:
        if not isinstance(allowed, list):
            raise bad("can't parse allowed updates JSON object")
        asked.bot.updates.allow([str(kind) for kind in allowed])
    limit = asked.number("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    return await asked.bot.updates.take(asked.number("offset"), limit, asked.number("timeout"))


async def get_chat(servers: Servers, asked: Asked) -> Any:
    """Tell about a chat."""
    return views.full_chat(chat_of(servers, asked))


async def get_chat_member(servers: Servers, asked: Asked) -> Any:
    """Tell what somebody is in a chat."""
    chat = chat_of(servers, asked)
    number = asked.number("user_id")
    if number == asked.bot.id:
        return views.bot_member(chat, asked.bot)
    for bot in servers.world.bots.values():
        if bot.id == number:
            return views.bot_member(chat, bot)
    person = servers.world.people.get(number)
    if person is None:
        raise bad("invalid user_id specified")
    return views.person_member(chat, person)


async def get_chat_administrators(servers: Servers, asked: Asked) -> Any:
    """Tell who runs a chat; of bots, the asking one only."""
    chat = chat_of(servers, asked)
    if chat.is_private:
        raise bad("there are no administrators in the private chat")
    people = [views.person_member(chat, person) for person in chat.admins]
    return people + ([views.bot_member(chat, asked.bot)] if chat.status(asked.bot) == "administrator" else [])


async def answer_callback(servers: Servers, asked: Asked) -> Any:
    """End the waiting of whoever pressed a button: once, and within fifteen seconds (how long is not documented)."""
    pressed_at = asked.bot.queries.pop(asked.words("callback_query_id"), None)
    if pressed_at is None or servers.world.now() - pressed_at > QUERY_LIVES:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(asked.words("text")) > LONGEST_NOTE:
        raise bad("MESSAGE_TOO_LONG")
    servers.world.tell_presser(asked.words("text"))
    return True


async def get_file(servers: Servers, asked: Asked) -> Any:
    """Tell where a photo can be had."""
    photo = servers.photos.known(asked.words("file_id"))
    told = {"file_id": photo.file_id, "file_unique_id": photo.unique_id, "file_size": len(photo.content)}
    return {**told, "file_path": f"photos/{photo.file_id}.jpg"}
