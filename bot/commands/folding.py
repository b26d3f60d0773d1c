"""/fold: whether a story that several pages tell comes once in a chat, or from each of them."""

from __future__ import annotations

from datetime import timedelta

from ..errors import CommandError
from ..fold import WITHIN
from ..languages import N_, _
from ..ports import Answer
from ..richtext import RichText
from ..store import chats
from .filtering import OFF
from .pressing import buttons
from .turn import Turn

_ON = N_(
    "The same story comes once: what another page tells of the same event within {hours} hours is named under the "
    "first message, with its headline and link. Nothing is left out."
)
_EACH = N_("Every entry comes by itself, also where several pages tell the same story.")


async def fold(turn: Turn) -> Answer:
    """Switch it on or off, or (bare) say which it is and offer the other."""
    typed = turn.arguments.lower()
    if not typed:
        here = await chats.find(turn.connection, turn.command.address)
        return _said(on=bool(here and here.fold))
    turn.for_admins()
    if typed != "on" and typed not in OFF:
        raise CommandError(_("Say {on} or {off}.").format(on="/fold on", off="/fold off"))
    await chats.set_fold(turn.connection, (await turn.chat()).id, fold=typed == "on")
    return _said(on=typed == "on")


def _said(*, on: bool) -> Answer:
    said = _(_ON).format(hours=WITHIN // timedelta(hours=1)) if on else _(_EACH)
    other = (_("Off"), "fold off") if on else (_("On"), "fold on")
    return Answer(RichText(said), buttons(other))
