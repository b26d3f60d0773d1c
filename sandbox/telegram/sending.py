"""sendMessage, sendPhoto, sendMediaGroup, sendChatAction."""

from __future__ import annotations

from itertools import count
from typing import Any

from . import views
from .access import Servers, chat_of, markup_of, must_send, preview_of, reply_of, thread_of
from .chats import Chat, Picture, Post
from .decode import Asked
from .formatted import Formatted, caption, message_text
from .refusal import bad

LEAST_IN_ALBUM, MOST_IN_ALBUM = 2, 10
ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
        *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    }
)
_albums = count(13_000_000_000_000_001)


async def send_message(servers: Servers, asked: Asked) -> Any:
    """Send a text."""
    text = message_text(asked.values, asked.problems, editing=False)
    chat = chat_of(servers, asked)
    must_send(chat, "can_send_messages", "text messages")
    place = _place(chat, asked) | {"markup": markup_of(asked), "preview": preview_of(asked)}
    servers.limits.count(asked.bot.id, chat.id, private=chat.is_private)
    return views.message(_post(servers, chat, asked, text, **place))


async def send_photo(servers: Servers, asked: Asked) -> Any:
    """Send a photo with a caption."""
    words = caption(asked.values, asked.problems)
    chat = chat_of(servers, asked)
    must_send(chat, "can_send_photos", "photos")
    place = _place(chat, asked) | {"markup": markup_of(asked), "above": asked.flag("show_caption_above_media")}
    photo = await servers.photos.take(asked.words("photo"), asked)
    servers.limits.count(asked.bot.id, chat.id, private=chat.is_private)
    return views.message(_post(servers, chat, asked, words, photo=photo, **place))


async def send_media_group(servers: Servers, asked: Asked) -> Any:
    """Send an album; each of its photos is a message and counts as one."""
    media = asked.values["media"]
    if not isinstance(media, list) or not all(isinstance(item, dict) for item in media):
        raise bad("can't parse media: expected an Array of InputMedia")
    if not LEAST_IN_ALBUM <= len(media) <= MOST_IN_ALBUM:
        raise bad(f"too {'few' if len(media) < LEAST_IN_ALBUM else 'much'} messages to send as an album")
    chat = chat_of(servers, asked)
    must_send(chat, "can_send_photos", "photos")
    place = _place(chat, asked) | {"album": str(next(_albums))}
    items = [await input_photo(servers, asked, item) for item in media]
    servers.limits.count(asked.bot.id, chat.id, private=chat.is_private, cost=len(items))
    return [views.message(_post(servers, chat, asked, words, photo=photo, **place)) for photo, words in items]


async def send_chat_action(servers: Servers, asked: Asked) -> Any:
    """Show that the bot is about to say something."""
    if asked.words("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    thread_of(chat_of(servers, asked), asked)
    return True


async def input_photo(servers: Servers, asked: Asked, item: dict[str, Any]) -> tuple[Picture, Formatted]:
    """Return the photo and caption of an InputMediaPhoto; of media, the stand-in knows photos only. Raises Refusal."""
    if item.get("type") != "photo":
        asked.problems.append(f"request: this stand-in does not know media of type {item.get('type')}")
        raise bad("unsupported media type")
    if not isinstance(item.get("media"), str) or not item["media"]:
        raise bad("media not found")
    words = caption(item, asked.problems)
    return await servers.photos.take(item["media"], asked), words


def _place(chat: Chat, asked: Asked) -> dict[str, Any]:
    reply = reply_of(chat, asked)
    thread = thread_of(chat, asked) or (chat.posts[reply].thread if reply else 0)
    told = asked.values.get("reply_markup")
    keyboard = told if isinstance(told, dict) and {"keyboard", "remove_keyboard"} & told.keys() else None
    return {"thread": thread, "reply_to": reply, "keyboard": keyboard, "silent": asked.flag("disable_notification")}


def _post(servers: Servers, chat: Chat, asked: Asked, words: Formatted, **fields: Any) -> Post:
    sender = asked.bot.person
    post = servers.world.new_post(chat, sender, text=words.text, entities=words.entities, **fields)
    servers.world.tell_reader(post)
    return post
