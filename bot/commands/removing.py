"""/remove: the last messages of the bot in a chat are taken away, for good."""

from __future__ import annotations

import re

from ..errors import CommandError
from ..richtext import RichText
from ..store import chats
from ..store.removing import remove_last
from .targets import NOTHING_FOLLOWED
from .turn import Turn

MOST = 20
_LAST = re.compile(r"(?:last\s*)?(\d{1,4})?", re.IGNORECASE)


async def remove(turn: Turn) -> RichText:
    """Take away the last messages."""
    typed = _LAST.fullmatch(turn.arguments)
    if not turn.arguments or typed is None:
        raise CommandError("How many? Say for example /remove 1.")
    count = int(typed[1] or 1)
    if not 1 <= count <= MOST:
        raise CommandError(f"How many? From 1 to {MOST} at once.")
    here = await chats.find(turn.connection, turn.command.address)
    if here is None:
        raise CommandError(NOTHING_FOLLOWED)
    removed = await remove_last(turn.connection, here.id, count, turn.now)
    if not removed:
        raise CommandError("There is no message of mine from the last 47 hours here.")
    messages = "The last message is" if removed == 1 else f"The last {removed} messages are"
    return RichText(f"{messages} being taken away, and will not come back.")
