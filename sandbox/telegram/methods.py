"""The methods that the stand-in answers, and the parameters each takes: what holds without the specification, too.

Kinds: `chat` (an id or @name), `int`, `bool`, `text`, `json`, `file` (a URL, a file id or an upload); `!` is required.
"""

from __future__ import annotations

Parameters = dict[str, str]

_SEND: Parameters = {
    "business_connection_id": "text",
    "chat_id": "chat!",
    "message_thread_id": "int",
    "direct_messages_topic_id": "int",
    "disable_notification": "bool",
    "protect_content": "bool",
    "allow_paid_broadcast": "bool",
    "message_effect_id": "text",
    "reply_parameters": "json",
}
_MARKUP: Parameters = {"suggested_post_parameters": "json", "reply_markup": "json"}
_EDIT: Parameters = {
    "business_connection_id": "text",
    "chat_id": "chat",
    "message_id": "int",
    "inline_message_id": "text",
    "reply_markup": "json",
}
_CAPTION: Parameters = {
    "caption": "text",
    "parse_mode": "text",
    "caption_entities": "json",
    "show_caption_above_media": "bool",
}
_TEXT: Parameters = {"parse_mode": "text", "entities": "json", "link_preview_options": "json"}
_CHAT: Parameters = {"chat_id": "chat!"}
_PIN: Parameters = {"business_connection_id": "text", "chat_id": "chat!"}
_COMMANDS: Parameters = {"scope": "json", "language_code": "text"}

METHODS: dict[str, Parameters] = {
    "getMe": {},
    "logOut": {},
    "close": {},
    "getUpdates": {"offset": "int", "limit": "int", "timeout": "int", "allowed_updates": "json"},
    "setWebhook": {
        "url": "text!",
        "certificate": "file",
        "ip_address": "text",
        "max_connections": "int",
        "allowed_updates": "json",
        "drop_pending_updates": "bool",
        "secret_token": "text",
    },
    "getWebhookInfo": {},
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "setMyCommands": {"commands": "json!", **_COMMANDS},
    "deleteMyCommands": _COMMANDS,
    "getMyCommands": _COMMANDS,
    "sendMessage": {**_SEND, "text": "text!", **_TEXT, **_MARKUP},
    "sendPhoto": {**_SEND, "photo": "file!", **_CAPTION, "has_spoiler": "bool", **_MARKUP},
    "sendMediaGroup": {**_SEND, "media": "json!"},
    "sendChatAction": {
        "business_connection_id": "text",
        "chat_id": "chat!",
        "message_thread_id": "int",
        "action": "text!",
    },
    "editMessageText": {**_EDIT, "text": "text", **_TEXT, "rich_message": "json"},
    "editMessageCaption": {**_EDIT, **_CAPTION},
    "editMessageMedia": {**_EDIT, "media": "json!"},
    "deleteMessage": {"chat_id": "chat!", "message_id": "int!"},
    "deleteMessages": {"chat_id": "chat!", "message_ids": "json!"},
    "pinChatMessage": {**_PIN, "message_id": "int!", "disable_notification": "bool"},
    "unpinChatMessage": {**_PIN, "message_id": "int"},
    "getChat": _CHAT,
    "getChatMember": {"chat_id": "chat!", "user_id": "int!"},
    "getChatAdministrators": {"chat_id": "chat!", "return_bots": "bool"},
    "leaveChat": _CHAT,
    "answerCallbackQuery": {
        "callback_query_id": "text!",
        "text": "text",
        "show_alert": "bool",
        "url": "text",
        "cache_time": "int",
    },
    "getFile": {"file_id": "text!"},
}

BY_LOWER_NAME = {name.lower(): name for name in METHODS}
"""The server takes method names in any case."""
