"""What Telegram answers, and what that means to us.

Telegram has no error codes, so its words are read (the Bot API server's own, which python-telegram-bot capitalises
anew). The library's exceptions never leave this package.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Literal

import httpx
from telegram import Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import AdapterError
from bot.languages import stored
from bot.ports import Done, Failed, Gone, Later, Moved, Outcome, Refused, Unsure

from .answered import forget, taken

Act = Literal["send", "edit", "remove", "pin", "read", "reply"]

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What the library raises at an answer that is JSON, but not Telegram's."""

NO_ENTRY = "Telegram does not accept the token: ask @BotFather for it, or for a new one, and set telegram.token to it."
NO_SUCH_BOT = "Telegram knows no such bot: telegram.token is not a whole token, or telegram.api_url is wrong."
BAD_WEBHOOK = "Telegram does not take telegram.webhook_url"
LOGGED_OUT = "The bot was logged out of this Bot API server: set telegram.api_url to the one that it was moved to."

IS_PHOTO = Refused(stored("the message is a photo, which has no text"), "act")

_LONGEST_WAIT = timedelta(hours=1)  # no answer silences a chat for longer without being asked again
_NO_WAIT_NAMED = timedelta(seconds=30)
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    RuntimeError,  # the client is closed
)

_DONE = ("message is not modified", "chat_not_modified")
_GONE = (
    "message to edit not found",
    "message to delete not found",
    "message to pin not found",
    "message to unpin not found",
    "message_id_invalid",
)
_ACT = {
    "message can't be deleted": stored("Telegram lets nobody remove this message any more"),
    "message_delete_forbidden": stored("Telegram lets nobody remove this message any more"),
    "message can't be edited": stored("Telegram does not let the bot edit this message"),
    "message_edit_time_expired": stored("Telegram does not let the bot edit this message any more"),
    "message_author_required": stored("the message is not this bot's"),
    "there is no text in the message": IS_PHOTO.reason,
    "there is no caption in the message": stored("the message is a text, which has no caption"),
    "not enough rights to manage pinned": stored("the bot lacks the right to pin messages there"),
}
_MESSAGE = {
    "not enough rights to send photos": stored("the bot may not send pictures there"),
    "chat_send_photos_forbidden": stored("the bot may not send pictures there"),
    "chat_send_media_forbidden": stored("the bot may not send pictures there"),
    "failed to get http url content": stored("Telegram could not fetch the picture"),
    "webpage_curl_failed": stored("Telegram could not fetch the picture"),
    "wrong type of the web page content": stored("Telegram does not take the picture for one"),
    "webpage_media_empty": stored("Telegram does not take the picture for one"),
    "wrong http url specified": stored("Telegram does not like the picture's address"),
    "wrong file identifier": stored("Telegram does not like the picture's address"),
    "wrong remote file": stored("Telegram does not like the picture's address"),
    "photo_invalid_dimensions": stored("the picture is too large or too narrow"),
    "image_process_failed": stored("Telegram cannot read the picture"),
    "photo_ext_invalid": stored("Telegram cannot read the picture"),
    "file is too big": stored("the picture is too big"),
    "too large": stored("the message is too big"),
    "is too long": stored("the message is too long"),
    "_too_long": stored("the message is too long"),
    "text is empty": stored("the message is empty"),
    "text must be non-empty": stored("the message is empty"),
    "can't parse": stored("Telegram cannot read the message"),
}
NOT_TAKEN = frozenset(
    {
        "Telegram could not fetch the picture",
        "Telegram does not take the picture for one",
        "Telegram does not like the picture's address",
        "the picture is too big",
    }
)
"""Reasons of refusals that are about a picture's address, and not about the picture."""
_CHAT = {
    "chat not found": stored("Telegram knows no such chat, or the bot was never in it"),
    "peer_id_invalid": stored("Telegram knows no such chat"),
    "channel_private": stored("the bot is not in the channel"),
    "need administrator rights": stored("the bot is no administrator of the channel that may post"),
    "chat_admin_required": stored("the bot is no administrator there"),
    "not enough rights": stored("the bot may not write there"),
    "have no rights to send": stored("the bot may not write there"),
    "chat_write_forbidden": stored("the bot may not write there"),
    "chat_restricted": stored("the bot may not write there"),
    "chat_send_plain_forbidden": stored("the bot may not write there"),
    "topic_closed": stored("the topic is closed"),
    "topic_deleted": stored("the topic is not there any more"),
    "message thread not found": stored("the topic is not there any more"),
    "group chat was deactivated": stored("the group is not there any more"),
    "chat was deleted": stored("the chat is not there any more"),
}
_FORBIDDEN = {
    "blocked by the user": stored("the person blocked the bot"),
    "user is deactivated": stored("the person's account is not there any more"),
    "can't initiate conversation": stored("the person has not started the bot"),
    "was kicked": stored("the bot was removed from the chat"),
    "not a member": stored("the bot is not in the chat"),
    "was deleted": stored("the chat is not there any more"),
}


async def asked(act: Act, answer: Awaitable[Any]) -> Any:
    """Return what Telegram answered, or the Outcome of its failure. Raises AdapterError for a wrong token."""
    forget()
    try:
        return await answer
    except TelegramError as error:
        return outcome(act, error)
    except UNREADABLE as error:
        return (act != "read" and taken()) or outcome(act, error)


async def done(act: Act, answer: Awaitable[Any]) -> Outcome:
    """Return Done with the ids of the messages that came back, if any, or the Outcome of the failure."""
    return told(await asked(act, answer))


def told(answered: Any) -> Outcome:
    """Return the Outcome that `asked` has got."""
    if isinstance(answered, tuple):
        first, *further = (str(message.message_id) for message in answered)
        return Done(first, tuple(further))
    if isinstance(answered, Message):
        return Done(str(answered.message_id))
    outcome: Outcome = Done() if answered is True else answered
    return outcome


def outcome(act: Act, error: Exception) -> Outcome:
    """Return what the failure of a call means. Raises AdapterError for a wrong token."""
    match error:
        case InvalidToken() | Forbidden() | BadRequest() if isinstance(error.__cause__, TelegramError):
            # No answer of the Bot API, which is always JSON: a proxy or portal on the way gave it.
            return Failed(stored("something on the way answered in Telegram's place"), platform_wide=True)
        case InvalidToken():
            raise AdapterError(NO_SUCH_BOT if "not found" in str(error).lower() else NO_ENTRY) from None
        case RetryAfter():
            return Later(_bounded(error.retry_after), "chat")
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden() | BadRequest():
            return _refusal(act, error)
        case NetworkError() | Conflict():
            return _no_answer(act, error)
    return _lost(act, stored("Telegram's answer could not be read"))


def _bounded(wait: int | timedelta) -> timedelta:
    asked_for = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
    return min(max(asked_for, timedelta(seconds=1)), _LONGEST_WAIT)


def _no_answer(act: Act, error: NetworkError | Conflict) -> Outcome:
    """Return what it means that no answer of the Bot API came: a broken connection, or an error before or behind it."""
    if isinstance(error, Conflict):
        return Failed(stored("another program uses the same token"), platform_wide=True)
    if isinstance(error.__cause__, _NEVER_SENT):
        return Failed(stored("Telegram cannot be reached"), platform_wide=True)
    if isinstance(error.__cause__, httpx.HTTPError):
        return _lost(act, stored("Telegram's answer was lost"))
    said = str(error).lower()
    if "too many requests" in said:
        return Later(_NO_WAIT_NAMED, "chat")
    if "too large" in said:
        return Refused(stored("the message is too big"), "message")
    return _lost(act, stored("Telegram is out of order"))


def _lost(act: Act, reason: str) -> Outcome:
    """All acts but a send say how things shall be, and may be said again."""
    return Unsure(reason) if act in ("send", "reply") else Failed(reason, platform_wide=True)


def _refusal(act: Act, error: Forbidden | BadRequest) -> Outcome:
    if isinstance(error, Forbidden):
        return Refused(_first(_FORBIDDEN, str(error)) or stored("the bot may not write there"), "chat")
    said = str(error).lower()
    if "logged out" in said:
        raise AdapterError(LOGGED_OUT) from None
    if _any(_DONE, said):
        return Done()
    if _any(_GONE, said) and act != "send":
        return Gone(stored("the message is not there any more"))
    if act == "pin" and "rights" in said:
        return Refused(_ACT["not enough rights to manage pinned"], "act")
    return _refused(str(error))


def _refused(words: str) -> Refused:
    if reason := _first(_ACT, words):
        return Refused(reason, "act")
    if reason := _first(_MESSAGE, words):
        return Refused(reason, "message")
    if reason := _first(_CHAT, words):
        return Refused(reason, "chat")
    return Refused(stored("Telegram refuses it: {words}").format(words=words[:200]), "message")


def _any(words: Iterable[str], said: str) -> bool:
    return any(word in said for word in words)


def _first(reasons: Mapping[str, str], said: str) -> str:
    return next((reason for word, reason in reasons.items() if word in said.lower()), "")
