"""A person chooses a chat of theirs in Telegram's own list: the keyboard that opens it, and what was chosen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import (
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
)

from bot.languages import N_, _
from bot.model import ChatKind

from .links import CHANNEL_RIGHTS

PICKED = "picked"
"""What a note on how to answer ends in where the keyboard has been used and is to go."""

_CHANNEL, _GROUP = 1, 2
_NONE: dict[str, Any] = dict.fromkeys(
    [
        *("is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
        *("can_promote_members", "can_change_info", "can_invite_users"),
        *("can_post_stories", "can_edit_stories", "can_delete_stories"),
    ],
    False,
)
_LABELS: dict[ChatKind, str] = {"channel": N_("Choose a channel"), "group": N_("Choose a group")}


def keyboard(kinds: Sequence[ChatKind]) -> ReplyKeyboardMarkup:
    """Return the keyboard with a button for each kind of chat; Telegram offers what the person runs.

    A channel must be one in which the person has the rights that the bot needs, because choosing it gives the bot
    these; a group must have the bot in it. Telegram takes such buttons in private chats only.
    """
    buttons = [[KeyboardButton(_(_LABELS[kind]), request_chat=_request(kind))] for kind in kinds]
    return ReplyKeyboardMarkup(buttons, resize_keyboard=True, one_time_keyboard=True)


def _request(kind: ChatKind) -> KeyboardButtonRequestChat:
    if kind == "channel":
        rights = ChatAdministratorRights(**_NONE | {f"can_{name}": True for name in CHANNEL_RIGHTS})
        return KeyboardButtonRequestChat(
            _CHANNEL, chat_is_channel=True, user_administrator_rights=rights, bot_administrator_rights=rights
        )
    runs = ChatAdministratorRights(**_NONE | {"can_manage_chat": True})
    return KeyboardButtonRequestChat(_GROUP, chat_is_channel=False, user_administrator_rights=runs, bot_is_member=True)


def picked(message: Message) -> str:
    """Return the id of the chat that a person has just chosen; "" where the message says nothing of that."""
    return str(message.chat_shared.chat_id) if message.chat_shared else ""
