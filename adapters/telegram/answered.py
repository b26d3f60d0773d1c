"""What Telegram answered, where the library cannot read it: that something was done must not be lost with it.

A Bot API newer than the library, or another's server, may put into a message what the library stumbles over. Repeated
for that, a send would stand in the chat as often as it was tried.
"""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import Any

from telegram.request import HTTPXRequest

from bot.ports import Done

_body: ContextVar[bytes] = ContextVar("telegram_answer", default=b"")


class Calls(HTTPXRequest):
    """The connection for calls; each task can ask what its last one was answered."""

    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """Ask, and keep what came before the library reads it."""
        status, body = await super().do_request(*args, **more)
        _body.set(body)
        return status, body


def forget() -> None:
    """Let what earlier calls were answered be nothing to the next one."""
    _body.set(b"")


def taken() -> Done | None:
    """Return that the last call was done, and which messages it made; None where the answer does not say so."""
    try:
        answer = json.loads(_body.get())
        if answer["ok"] is not True:
            return None
        result = answer["result"]
        messages = result if isinstance(result, list) else [result] if isinstance(result, dict) else []
        ids = [str(int(message["message_id"])) for message in messages]
    except (LookupError, TypeError, ValueError):
        return None
    return Done(ids[0], tuple(ids[1:])) if ids else Done()
