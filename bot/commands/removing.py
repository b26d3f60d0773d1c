"""/remove: the last messages of the bot in a chat are taken away, for good."""

from __future__ import annotations

import re

from ..errors import CommandError
from ..languages import _, ngettext
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
        raise CommandError(_("How many? Say for example {example}.").format(example="/remove 1"))
    count = int(typed[1] or 1)
    if not 1 <= count <= MOST:
        raise CommandError(_("How many? From 1 to {most} at once.").format(most=MOST))
    here = await chats.find(turn.connection, turn.command.address)
    if here is None:
        raise CommandError(_(NOTHING_FOLLOWED))
    removed = await remove_last(turn.connection, here.id, count, turn.now)
    if not removed:
        raise CommandError(_("There is no message of mine from the last {hours} hours here.").format(hours=47))
    told = ngettext(
        "The last message is being taken away, and will not come back.",
        "The last {count} messages are being taken away, and will not come back.",
        removed,
    )
    return RichText(told.format(count=removed))
