"""What Discord answers, and what that means to us.

Codes are those of Discord's documentation ("JSON Error Codes"); the library's exceptions never leave this package.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Literal

import aiohttp
import discord

from bot.errors import AdapterError
from bot.languages import stored
from bot.ports import Done, Failed, Gone, Later, Outcome, Refused, Unsure

from .rest import RATIONED_EDITS, Exhausted, SlowDown

Act = Literal["send", "edit", "remove", "pin", "read", "reply"]

LOST = (aiohttp.ClientError, OSError, asyncio.TimeoutError, ValueError)
"""How an exchange ends without an answer that can be read."""

NOT_LET_IN = "Discord does not accept the token: make a new one at discord.com/developers and set discord.token to it."

_UNKNOWN_MESSAGE = 10008
_RATIONED = timedelta(minutes=20)  # ours: how long an edit waits for which Discord names no time
_ANSWERED = stored("Discord answered {status}")
_CHAT = {
    10003: stored("the channel is not there any more"),
    10004: stored("the server is not there any more"),
    50001: stored("the bot cannot see the channel"),
    50007: stored("this person takes no messages from the bot"),
    50008: stored("this channel takes no messages"),
    50013: stored("the bot lacks a right there: View Channel, Send Messages (in Threads) or Embed Links"),
    50024: stored("this channel takes no messages"),
    50278: stored("this person takes no messages from the bot"),
    160006: stored("the server has a thousand threads open, and takes no other"),
    160007: stored("the server has as many announcement threads open as it takes"),
}
_LOCKED = 160005
_ACT = {
    30003: stored("no more messages can be pinned there"),
    50005: stored("the message is not this bot's"),
    50019: stored("the message stands in another channel"),
    50021: stored("Discord's own notices cannot be changed"),
    50083: stored("the thread is archived"),
}
_MESSAGE = {
    20009: stored("Discord takes the message for explicit content"),
    40005: stored("the message is too large"),
    50006: stored("the message is empty"),
    50035: stored("Discord does not accept the form of the message"),
    160002: stored("a reply needs the right Read Message History, which the bot lacks there"),
    200000: stored("the server's AutoMod blocked the message"),
    240000: stored("Discord takes a link of the message for harmful"),
}
_INTERACTION_OVER = {10015, 10062, 50027}  # its token lives for 15 minutes
_OVERLOADED = {40333, 130000}

ARCHIVED, NO_HISTORY = Refused(_ACT[50083], "act"), Refused(_MESSAGE[160002], "message")
NO_CHANNEL, NO_THREAD = Refused(_CHAT[10003], "chat"), Refused(stored("the thread is not there any more"), "thread")


async def asked(act: Act, answer: Awaitable[Any]) -> Any:
    """Return what Discord answered, or the Outcome of its failure. Raises AdapterError for a wrong token."""
    try:
        return await answer
    except (discord.HTTPException, Exhausted, *LOST) as error:
        return outcome(error, act)


async def done(act: Act, answer: Awaitable[Any]) -> Outcome:
    """Return Done with the id of the message that came back, if any, or the Outcome of the failure."""
    answered = await asked(act, answer)
    if isinstance(answered, dict):
        return (
            Done(str(answered["id"])) if "id" in answered else _lost(stored("Discord's answer names no message"), act)
        )
    return Done() if answered is None or isinstance(answered, str) else answered


def outcome(error: Exception, act: Act) -> Outcome:
    """Return what the failure of a call means. Raises AdapterError for a wrong token."""
    match error:
        case Exhausted() | SlowDown():
            return Later(_at_least(error.after), _must_wait(act, alone=error.alone, everywhere=error.everywhere))
        case discord.HTTPException() if act == "edit" and error.code in RATIONED_EDITS:
            return Later(_RATIONED, "delivery")
        # It has its thread, is published, or (after an answer that was lost) acknowledged already: it is so.
        case discord.HTTPException(code=160004 | 40033 | 40060):
            return Done()
        case discord.HTTPException():
            return _refusal(error, act)
    if _never_left(error):
        return Failed(stored("Discord cannot be reached"), platform_wide=True)
    return _lost(stored("Discord's answer was lost"), act)


def _never_left(error: Exception) -> bool:
    """Whether Discord cannot have seen the whole request.

    The connection never stood; or one that was kept open was found dead when the request was to be written into it.
    """
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return True
    cause = error.__cause__ or error
    return isinstance(cause, aiohttp.ClientConnectionResetError) and "closing transport" in str(cause)


def _must_wait(act: Act, *, alone: bool, everywhere: bool) -> Literal["delivery", "chat", "bot"]:
    if alone and act == "edit":
        return "delivery"
    return "bot" if everywhere else "chat"


def _at_least(wait: timedelta) -> timedelta:
    """Discord counts in milliseconds, and a wait of nothing would be asked again before the bucket has turned."""
    return max(wait, timedelta(milliseconds=50))


def _lost(reason: str, act: Act) -> Outcome:
    """All acts but a send say how things shall be, and may be said again."""
    return Unsure(reason) if act == "send" else Failed(reason, platform_wide=True)


def _refusal(error: discord.HTTPException, act: Act) -> Outcome:
    if act == "reply" and error.code in _INTERACTION_OVER:
        return Gone(stored("the interaction is over"))
    if error.status == 401:
        raise AdapterError(NOT_LET_IN) from None
    if error.status == 503 or error.code in _OVERLOADED:
        return Failed(stored("Discord is overloaded"), platform_wide=True)
    if error.status >= 500:
        return _lost(_ANSWERED.format(status=error.status), act)
    if error.code == _UNKNOWN_MESSAGE:
        # Asked to send: the nonce's message was accepted once and removed since (PLATFORMS 5), so the nonce is burnt.
        return Gone("nonce" if act == "send" else stored("the message is not there any more"))
    if error.code == 50013 and act == "pin":
        return Refused(stored("the bot lacks the right Pin Messages there"), "act")
    return _refused(error)


def _refused(error: discord.HTTPException) -> Outcome:
    if error.code == _LOCKED:
        return Refused(stored("the thread is locked"), "thread")
    if error.code in _CHAT:
        return Refused(_CHAT[error.code], "chat")
    if error.code in _ACT:
        return Refused(_ACT[error.code], "act")
    if error.code in _MESSAGE:
        return Refused(_MESSAGE[error.code], "message")
    if error.code == 0:  # no answer of Discord's API: if it is not even JSON, something before Discord gave it
        page = error.response.headers.get("Content-Type") != "application/json"
        return Failed(_ANSWERED.format(status=error.status), platform_wide=page)
    about: Literal["message", "chat"] = "chat" if error.status in (403, 404) else "message"
    return Refused(stored("Discord refuses it (error {code})").format(code=error.code), about)
