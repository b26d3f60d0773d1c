"""deleteMessage, deleteMessages, pinChatMessage, unpinChatMessage, leaveChat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from . import views
from .access import Servers, chat_of
from .chats import Bot, Chat, Post
from .decode import Asked
from .refusal import Refusal, bad

REMOVABLE = timedelta(hours=48)
MOST_AT_ONCE = 100
NO_PIN_RIGHT = "not enough rights to manage pinned messages in the chat"


async def delete_message(servers: Servers, asked: Asked) -> Any:
    """Remove one message."""
    chat = chat_of(servers, asked)
    post = chat.posts.get(asked.number("message_id"))
    if post is None:
        raise bad("message to delete not found")
    if refusal := _undeletable(servers, asked.bot, post):
        raise refusal
    servers.world.remove(post)
    return True


async def delete_messages(servers: Servers, asked: Asked) -> Any:
    """Remove up to a hundred messages; those that are not there, or cannot be removed, are passed over."""
    numbers = asked.values["message_ids"]
    if not isinstance(numbers, list) or not all(isinstance(number, int) for number in numbers):
        raise bad("can't parse message identifiers JSON object")
    if not 1 <= len(numbers) <= MOST_AT_ONCE:
        raise bad("too many message identifiers specified")
    chat = chat_of(servers, asked)
    for number in numbers:
        post = chat.posts.get(number)
        if post and not _undeletable(servers, asked.bot, post):
            servers.world.remove(post)
    return True


def _undeletable(servers: Servers, bot: Bot, post: Post) -> Refusal | None:
    """Say why a message cannot be removed; after 48 hours a bot cannot even remove its own (TDLib's own words)."""
    chat = post.chat
    if servers.world.now() - post.sent_at >= REMOVABLE:
        return bad("message can't be deleted" if chat.numbers_itself else "message can't be deleted for everyone")
    if post.service and "forum_topic_created" in post.service:
        return bad("message can't be deleted")
    if chat.is_channel and post.sender is bot.person:
        return None if chat.may("can_send_messages") else bad("message can't be deleted")
    mine = post.sender is bot.person or chat.is_private
    return None if mine or chat.may("can_delete_messages") else bad("message can't be deleted")


async def pin(servers: Servers, asked: Asked) -> Any:
    """Pin a message; the chat is told by a service message, which reaches the bots, too (PLATFORMS 5)."""
    chat = chat_of(servers, asked)
    post = chat.posts.get(asked.number("message_id"))
    if post is None or post.service:
        raise bad("message to pin not found")
    _must_pin(chat)
    if post.pinned:
        raise bad("CHAT_NOT_MODIFIED")
    chat.pinned.append(post.id)
    told = servers.world.new_post(chat, asked.bot.person, thread=post.thread)
    told.service = {"pinned_message": views.message(post)}
    servers.world.tell(chat, told)
    return True


async def unpin(servers: Servers, asked: Asked) -> Any:
    """Unpin a message, or the one that was pinned last."""
    chat = chat_of(servers, asked)
    _must_pin(chat)
    number = asked.number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if asked.number("message_id") and number not in chat.posts:
        raise bad("message to unpin not found")
    if number not in chat.pinned:
        raise bad("CHAT_NOT_MODIFIED")
    chat.pinned.remove(number)
    return True


def _must_pin(chat: Chat) -> None:
    if not chat.may("can_edit_messages" if chat.is_channel else "can_pin_messages"):
        raise bad(NO_PIN_RIGHT)


async def leave(servers: Servers, asked: Asked) -> Any:
    """Leave a chat."""
    chat = chat_of(servers, asked)
    if chat.is_private:
        raise bad("chat not found")
    servers.world.throw_out(chat, "left", asked.bot)
    return True
