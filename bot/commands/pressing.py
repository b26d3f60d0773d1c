"""Rows of buttons for answers: which there are, and what they say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..languages import _
from ..ports import MOST_BUTTON_BYTES, Button, Link
from ..store.listing import Listed
from .turn import Turn

# Pages with buttons of their own under a list: more of them would leave no room for the list on a phone.
_MOST_ROWS = 8
_LONGEST_LABEL = 40

Rows = tuple[tuple[Button, ...], ...]


def back() -> tuple[str, str]:
    """Return the button that leads back to the list."""
    return _("List"), "list"


def shortened(label: str) -> str:
    """Return a label that fits on a button of a phone."""
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


def buttons(*row: tuple[str, str]) -> Rows:
    """Return one row of buttons (label, command); what is too long for a button is left out, and can be typed."""
    fitting = tuple(Button(label, command) for label, command in row if len(command.encode()) <= MOST_BUTTON_BYTES)
    return (fitting,) if fitting else ()


def typing(label: str, command: str, typed: str = "") -> Rows:
    """Return a button for what is typed: the rest of a command line, with what it is now to begin with."""
    return ((Button(label, command, asks=True, typed=typed),),)


def ways_on(turn: Turn) -> tuple[Link, ...]:
    """Return how whoever talks to the bot in private brings it to where others read it."""
    if turn.command.chat_kind != "private":
        return ()
    to = ((_("Add to a group"), turn.ways.group), (_("Add to a channel"), turn.ways.channel))
    return tuple(Link(label, url) for label, url in to if url)


def under_list(followed: Sequence[Listed], now: datetime) -> Rows:
    """Return a row for each page: stop or go on, unsubscribe."""
    alone = len(followed) == 1
    rows = (_row(each, alone=alone, paused=each.pause_ends(now) is not None) for each in followed[:_MOST_ROWS])
    return tuple(row for some in rows for row in some)


def _row(each: Listed, *, alone: bool, paused: bool) -> Rows:
    name = "" if alone else f" {each.number}"
    holding = (_("Resume"), "resume") if paused else (_("Pause"), "pause")
    offered = (holding, (_("Unsubscribe"), "unsubscribe"))
    return buttons(*((f"{label}{name}", f"{command} {each.number}") for label, command in offered))


def after_pause(which: str) -> Rows:
    """Return how to go on after a pause of `which`: a number, everywhere, or "" for the whole chat."""
    resume = f"resume {which}".strip()
    ways = (
        (_("Resume"), resume),
        (_("Resume with a digest"), f"{resume} digest"),
        (_("Skip what is missed"), f"{resume} skip"),
    )
    return (*(row for way in ways for row in buttons(way)), *buttons(back()))


def after_unsubscribing(chosen: Sequence[Listed]) -> Rows:
    """Return how to take it back, where the address fits on a button."""
    again = [(_("Follow again"), f"subscribe {chosen[0].url}")] if len(chosen) == 1 else []
    return buttons(*again, back())
