"""Chats, messages and people as the Bot API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .chats import Bot, Chat, Person, Post
from .rights import ADMIN_RIGHTS, CHANNEL_ONLY, GROUP_ONLY, MEMBER_RIGHTS

_ALWAYS_TOLD = ADMIN_RIGHTS - CHANNEL_ONLY - GROUP_ONLY
_EVERYBODY = MEMBER_RIGHTS - {"can_pin_messages", "can_change_info", "can_manage_topics", "can_edit_tag"}


def unix(moment: datetime) -> int:
    """Return whole seconds since 1970, the only way the API tells time."""
    return int(moment.timestamp())


def user(person: Person) -> dict[str, Any]:
    """Return a User."""
    shown: dict[str, Any] = {"id": person.id, "is_bot": person.is_bot, "first_name": person.name}
    if person.username:
        shown["username"] = person.username
    return shown if person.is_bot else {**shown, "language_code": person.language}


def me(bot: Bot) -> dict[str, Any]:
    """Return the User that getMe tells."""
    return {
        **user(bot.person),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def chat(shown: Chat) -> dict[str, Any]:
    """Return a Chat."""
    if shown.is_private:
        return {"id": shown.id, "type": "private", "first_name": shown.admins[0].name}
    body: dict[str, Any] = {"id": shown.id, "title": shown.title}
    body["type"] = "supergroup" if shown.kind == "forum" else shown.kind
    return {**body, "is_forum": True} if shown.kind == "forum" else body


def full_chat(shown: Chat) -> dict[str, Any]:
    """Return a ChatFullInfo."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    body = {
        **chat(shown),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if shown.pinned and (pinned := shown.posts.get(shown.pinned[-1])):
        body["pinned_message"] = message(pinned)
    if not shown.is_private and not shown.is_channel:
        permissions = MEMBER_RIGHTS - {"can_send_media_messages"}
        body["permissions"] = {name: name in _EVERYBODY for name in sorted(permissions)}
    return body


def message(post: Post) -> dict[str, Any]:
    """Return a Message."""
    body: dict[str, Any] = {"message_id": post.id, "date": unix(post.sent_at), "chat": chat(post.chat)}
    if post.sender and not post.chat.is_channel:
        body["from"] = user(post.sender)
    if post.sender and post.chat.is_channel and post.chat.signs:
        body["author_signature"] = post.sender.name
    if post.chat.is_channel or post.by_chat or post.as_chat:
        body["sender_chat"] = chat(post.as_chat or post.chat)
    if post.automatic and post.as_chat:
        origin = {"type": "channel", "date": body["date"], "chat": chat(post.as_chat), "message_id": post.id}
        body |= {"is_automatic_forward": True, "forward_origin": origin}
    if post.thread:
        body |= {"message_thread_id": post.thread, "is_topic_message": True}
    if post.edited_at:
        body["edit_date"] = unix(post.edited_at)
    if post.reply_to and (original := post.chat.posts.get(post.reply_to)):
        body["reply_to_message"] = message(_without_reply(original))
    if post.album:
        body["media_group_id"] = post.album
    return body | _content(post)


def _without_reply(post: Post) -> Post:
    """A replied-to message is shown without what it replied to in turn."""
    return Post(post.id, post.chat, post.sender, post.sent_at, post.text, post.entities, post.photo, post.thread)


def _content(post: Post) -> dict[str, Any]:
    if post.service:
        return dict(post.service)
    body: dict[str, Any] = {}
    text, entities = ("caption", "caption_entities") if post.photo else ("text", "entities")
    if post.photo:
        body["photo"] = [photo_size(post)]
    if post.text or not post.photo:
        body[text] = post.text
    if post.entities:
        body[entities] = post.entities
    if post.preview and not post.photo:
        body["link_preview_options"] = post.preview
    if post.above:
        body["show_caption_above_media"] = True
    if post.markup:
        body["reply_markup"] = post.markup
    return body


def photo_size(post: Post) -> dict[str, Any]:
    """Return the one PhotoSize of a post with a photo."""
    photo = post.photo
    assert photo is not None
    return {
        "file_id": photo.file_id,
        "file_unique_id": photo.unique_id,
        "width": photo.width,
        "height": photo.height,
    }


def bot_member(shown: Chat, bot: Bot, status: str = "") -> dict[str, Any]:
    """Return the ChatMember that the bot is in a chat; `status` overrides what it is now."""
    status = status or shown.status(bot)
    body: dict[str, Any] = {"status": status, "user": user(bot.person)}
    if status == "administrator":
        return {**body, "can_be_edited": False, "is_anonymous": False, **_admin_rights(shown)}
    if status == "restricted":
        allowed = {name: name in shown.rights for name in sorted(MEMBER_RIGHTS)}
        return {**body, "is_member": True, "until_date": 0, **allowed}
    return {**body, "until_date": 0} if status == "kicked" else body


def _admin_rights(shown: Chat) -> dict[str, bool]:
    told = _ALWAYS_TOLD | (CHANNEL_ONLY if shown.is_channel else GROUP_ONLY)
    return {name: name == "can_manage_chat" or shown.may(name) for name in sorted(told)}


def person_member(shown: Chat, person: Person) -> dict[str, Any]:
    """Return the ChatMember that a person is: the first of the chat's admins made it, the others were promoted."""
    body: dict[str, Any] = {"user": user(person)}
    if person not in shown.admins:
        return {"status": "member" if person.id in shown.members else "left", **body}
    if person == shown.admins[0]:
        return {"status": "creator", **body, "is_anonymous": False}
    told = _ALWAYS_TOLD | (CHANNEL_ONLY if shown.is_channel else GROUP_ONLY)
    given = {right: right not in shown.lacking.get(person.id, ()) for right in sorted(told)}
    return {"status": "administrator", **body, "can_be_edited": False, "is_anonymous": False, **given}
