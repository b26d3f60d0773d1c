"""What the sandbox itself saw of each message on Telegram: whether its acceptance may be unknown to the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sandbox.platform import Call
from sandbox.telegram.faults import AFTER


def unheard(calls: Iterable[Call], chat: str, touched: Callable[[datetime, datetime], bool]) -> set[str]:
    """Return the ids of a chat's messages that the program may know nothing of.

    No call ever named them, and the answer that told their ids was spoilt, or whoever asked was in trouble: `touched`
    says whether that is so between two moments.
    """
    made: set[str] = set()
    named: set[str] = set()
    for call in calls:
        if call.platform == "telegram" and call.chat == chat:
            named |= _named(call)
            if call.method.startswith("send") and (call.fault in AFTER or touched(call.at, call.at)):
                made |= _made(call)
    return made - named


def _named(call: Call) -> set[str]:
    told = call.request
    ids = [told.get("message_id"), *told.get("message_ids", ()), told.get("reply_parameters", {}).get("message_id")]
    return {str(id_) for id_ in ids if id_ is not None}


def _made(call: Call) -> set[str]:
    result = call.meant.get("result")
    messages = result if isinstance(result, list) else [result]
    return {str(message["message_id"]) for message in messages if isinstance(message, dict)}
