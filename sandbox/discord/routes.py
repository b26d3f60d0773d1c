"""The routes that this stand-in answers, as the specification names them."""

from __future__ import annotations

from collections.abc import Callable

from . import answering, asking, messages, pins, registering, threads
from .state import Answer, Asked, Discord

Handler = Callable[[Discord, Asked], Answer]

_CHANNEL = "/channels/{channel_id}"
_MESSAGE = f"{_CHANNEL}/messages/{{message_id}}"
_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/users/@me", asking.me),
    ("GET", "/oauth2/applications/@me", asking.application),
    ("GET", "/applications/@me", asking.application),
    ("GET", "/users/@me/guilds", asking.my_guilds),
    ("DELETE", "/users/@me/guilds/{guild_id}", asking.leave),
    ("GET", "/gateway", asking.gateway),
    ("GET", "/gateway/bot", asking.bot_gateway),
    ("GET", "/guilds/{guild_id}", asking.guild),
    ("GET", "/guilds/{guild_id}/channels", asking.channels),
    ("GET", "/guilds/{guild_id}/threads/active", threads.active),
    ("GET", _CHANNEL, asking.channel),
    ("PATCH", _CHANNEL, threads.change),
    ("POST", f"{_CHANNEL}/threads", threads.create),
    ("GET", f"{_CHANNEL}/threads/archived/public", threads.archived),
    ("POST", f"{_MESSAGE}/threads", threads.create_on_message),
    ("GET", f"{_CHANNEL}/messages", messages.read),
    ("POST", f"{_CHANNEL}/messages", messages.send),
    ("POST", f"{_CHANNEL}/messages/bulk-delete", messages.bulk_delete),
    ("GET", f"{_CHANNEL}/messages/pins", pins.pinned_page),
    ("PUT", f"{_CHANNEL}/messages/pins/{{message_id}}", pins.pin),
    ("DELETE", f"{_CHANNEL}/messages/pins/{{message_id}}", pins.unpin),
    ("GET", f"{_CHANNEL}/pins", pins.pinned),
    ("PUT", f"{_CHANNEL}/pins/{{message_id}}", pins.pin),
    ("DELETE", f"{_CHANNEL}/pins/{{message_id}}", pins.unpin),
    ("POST", f"{_MESSAGE}/crosspost", messages.crosspost),
    ("GET", _MESSAGE, messages.read_one),
    ("PATCH", _MESSAGE, messages.edit),
    ("DELETE", _MESSAGE, messages.delete),
    ("GET", _COMMANDS, registering.listed),
    ("PUT", _COMMANDS, registering.replace),
    ("GET", _GUILD_COMMANDS, registering.listed),
    ("PUT", _GUILD_COMMANDS, registering.replace),
    ("GET", f"{_GUILD_COMMANDS}/permissions", registering.all_permissions),
    ("GET", f"{_GUILD_COMMANDS}/{{command_id}}/permissions", registering.permissions),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", answering.callback),
    ("POST", _WEBHOOK, answering.follow_up),
    ("GET", f"{_WEBHOOK}/messages/@original", answering.read),
    ("PATCH", f"{_WEBHOOK}/messages/@original", answering.edit),
    ("DELETE", f"{_WEBHOOK}/messages/@original", answering.delete),
    ("GET", f"{_WEBHOOK}/messages/{{message_id}}", answering.read),
    ("PATCH", f"{_WEBHOOK}/messages/{{message_id}}", answering.edit),
    ("DELETE", f"{_WEBHOOK}/messages/{{message_id}}", answering.delete),
)
