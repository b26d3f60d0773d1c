"""Whether a bot may do what it asks in the chat that it names; the words of every refusal are the server's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .chats import Chat, Post
from .decode import Asked
from .keyboards import check_keyboard
from .limits import Limits
from .photos import Photos
from .refusal import Refusal, bad, forbidden
from .webhooks import Webhooks
from .world import World

MOST_BUTTONS, LONGEST_DATA, LONGEST_PLACEHOLDER = 100, 64, 64


@dataclass(frozen=True, slots=True)
class Servers:
    """What every method works on."""

    world: World
    limits: Limits
    photos: Photos
    webhooks: Webhooks


def chat_of(servers: Servers, asked: Asked) -> Chat:
    """Return the chat that the call names, if the bot is in it. Raises Refusal."""
    chat = servers.world.chats.get(asked.values.get("chat_id", 0))
    if chat is None and asked.values.get("chat_id") in servers.world.people:
        raise forbidden("bot can't initiate conversation with a user")
    if chat is None:
        raise bad("chat not found")
    if chat.moved_to:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
    if why := chat.absent.get(asked.bot.id):
        raise _absence(chat, why)
    return chat


def _absence(chat: Chat, why: str) -> Refusal:
    kind = "supergroup" if chat.kind == "forum" else chat.kind
    if chat.is_private:
        return forbidden("user is deactivated" if why == "deactivated" else "bot was blocked by the user")
    if why == "deleted":
        return forbidden(f"the {kind} chat was deleted")
    if why == "left":
        return forbidden(f"bot is not a member of the {kind} chat")
    return forbidden(f"bot was kicked from the {kind} chat")


def must_send(chat: Chat, right: str, what: str) -> None:
    """Raises Refusal if the bot may not send such messages there."""
    if chat.may(right):
        return
    if chat.is_channel:
        raise bad("need administrator rights in the channel chat")
    raise bad(f"not enough rights to send {what} to the chat")


def thread_of(chat: Chat, asked: Asked) -> int:
    """Return the topic that the call names, 0 for none. Raises Refusal.

    The General topic has no id here: asking for it as 1 is refused, as the server does. A closed topic refuses
    every bot, though the server would let an administrator of topics in.
    """
    thread = asked.number("message_thread_id")
    if thread and thread not in chat.topics:
        raise bad("message thread not found")
    if thread in chat.closed:
        raise bad("TOPIC_CLOSED")
    return thread


def reply_of(chat: Chat, asked: Asked) -> int:
    """Return the id of the message that this one answers, 0 for none. Raises Refusal."""
    told = asked.values.get("reply_parameters")
    if told is None:
        return 0
    if not isinstance(told, dict) or not isinstance(told.get("message_id"), int):
        raise bad("can't parse reply parameters: message_id is missing")
    if told["message_id"] in chat.posts:
        return int(told["message_id"])
    if told.get("allow_sending_without_reply"):
        return 0
    raise bad("message to be replied not found")


def own_post(servers: Servers, asked: Asked) -> Post:
    """Return the bot's own message that an edit names. Raises Refusal."""
    if "chat_id" not in asked.values or "message_id" not in asked.values:
        raise bad("message identifier is not specified")
    chat = chat_of(servers, asked)
    post = chat.posts.get(asked.number("message_id"))
    if post is None:
        raise bad("message to edit not found")
    if post.sender is not asked.bot.person or post.service or (chat.is_channel and not chat.may("can_send_messages")):
        raise bad("message can't be edited")
    if post.thread in chat.closed:
        raise bad("TOPIC_CLOSED")
    return post


def markup_of(asked: Asked) -> dict[str, Any] | None:
    """Return the inline keyboard that the call carries; other keyboards are not part of a message. Raises Refusal."""
    markup = asked.values.get("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        _check_other(markup, editing=asked.method.startswith("edit"))
        check_keyboard(markup, private=_is_private(asked))
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse inline keyboard: field inline_keyboard must be an Array of Arrays")
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return markup if buttons else None


def _is_private(asked: Asked) -> bool:
    return int(asked.values.get("chat_id", 0)) > 0  # only people have ids above zero


def _check_other(markup: dict[str, Any], *, editing: bool) -> None:
    """A keyboard instead of the person's own, its removal, or a forced reply: none of them can be edited in."""
    if editing and markup:
        raise bad("inline keyboard expected")
    placeholder = str(markup.get("input_field_placeholder", ""))
    if "force_reply" in markup and (markup["force_reply"] is not True or len(placeholder) > LONGEST_PLACEHOLDER):
        raise bad("can't parse reply keyboard markup JSON object")


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: field text must be non-empty")
    actions = button.keys() - {"text", "style", "icon_custom_emoji_id"}
    if len(actions) != 1:
        raise bad("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in actions and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")


def preview_of(asked: Asked) -> dict[str, Any] | None:
    """Return the link preview options. Raises Refusal."""
    preview = asked.values.get("link_preview_options")
    if preview is not None and not isinstance(preview, dict):
        raise bad("can't parse link preview options: expected an object")
    if preview and preview.get("prefer_small_media") and preview.get("prefer_large_media"):
        asked.problems.append("request: a preview cannot be both small and large")
    return preview
