"""editMessageText, editMessageCaption, editMessageMedia: what can become what, and what counts as no change."""

from __future__ import annotations

from typing import Any

from . import views
from .access import Servers, markup_of, own_post, preview_of
from .chats import Post
from .decode import Asked
from .formatted import caption, message_text
from .refusal import bad
from .sending import input_photo

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


async def edit_text(servers: Servers, asked: Asked) -> Any:
    """Change a text; a photo has none."""
    text = message_text(asked.values, asked.problems, editing=True)
    post = own_post(servers, asked)
    if post.photo:
        raise bad("there is no text in the message to edit")
    changes = {"text": text.text, "entities": text.entities, "preview": preview_of(asked), "markup": markup_of(asked)}
    return _change(servers, asked, post, changes)


async def edit_caption(servers: Servers, asked: Asked) -> Any:
    """Change the caption of a photo; without one, the caption is taken away."""
    words = caption(asked.values, asked.problems)
    post = own_post(servers, asked)
    if not post.photo:
        raise bad("there is no caption in the message to edit")
    above = asked.flag("show_caption_above_media")
    changes = {"text": words.text, "entities": words.entities, "above": above, "markup": markup_of(asked)}
    return _change(servers, asked, post, changes)


async def edit_media(servers: Servers, asked: Asked) -> Any:
    """Change photo and caption together; a text may become a photo this way, never the other way round."""
    media = asked.values["media"]
    if not isinstance(media, dict):
        raise bad("can't parse input media JSON object")
    post = own_post(servers, asked)
    photo, words = await input_photo(servers, asked, media)
    above = bool(media.get("show_caption_above_media", False))
    changes = {"photo": photo, "text": words.text, "entities": words.entities, "above": above, "preview": None}
    return _change(servers, asked, post, changes | {"markup": markup_of(asked)})


def _change(servers: Servers, asked: Asked, post: Post, changes: dict[str, Any]) -> Any:
    """Apply an edit. It counts against the limits even where it changes nothing."""
    servers.limits.count(asked.bot.id, post.chat.id, private=post.chat.is_private)
    before = post.content
    for name, value in changes.items():
        setattr(post, name, value)
    if post.content == before:
        raise bad(NOT_MODIFIED)
    post.edited_at = servers.world.now()
    servers.world.tell_editor(post)
    return views.message(post)
