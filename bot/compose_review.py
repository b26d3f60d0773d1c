"""An entry on which people decide: the message that asks them says what became of it, and has the buttons. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import tzinfo
from itertools import groupby

from .languages import N_, _
from .message import Message
from .model import Decision, Style
from .richtext import RichText
from .wording import clock_text

_DECIDED = {
    "waiting": N_("Not yet in {chats}"),
    "published": N_("✓ Published in {chats} by {name}, {time}"),
    "skipped": N_("✗ Not published in {chats}: skipped by {name}, {time}"),
}
_NOBODY = N_("✗ Not published in {chats}: nobody decided in time")


def styled_for_review(style: Style) -> Style:
    """Return a style whose messages can have buttons: one message for an entry, never an album, published nowhere."""
    images = "first" if style.images == "all" else style.images
    return replace(style, images=images, long="cut", publish=False)


def compose_review(said: Message, decisions: Sequence[Decision], delivery: int, zone: tzinfo) -> Message:
    """Return the message of an entry as it asks for decisions, or tells of them; `delivery` is its own.

    It says who decided and when, the same for chats that were decided on together.
    """
    together = groupby(sorted(decisions, key=_order), key=_order)
    lines = tuple(RichText(_line(list(those), zone)) for _same, those in together)
    made = {each.made for each in decisions}
    return replace(said, presses=_presses(made, delivery), footnotes=(*lines, *said.footnotes))


def _order(each: Decision) -> tuple[str, str, float]:
    return each.made, each.by, each.at.timestamp() if each.at else 0.0


def _line(those: Sequence[Decision], zone: tzinfo) -> str:
    first, chats = those[0], ", ".join(each.chat for each in those)
    if first.made == "skipped" and not first.by:
        return _(_NOBODY).format(chats=chats)
    time = clock_text(first.at, zone) if first.at else ""
    return _(_DECIDED[first.made]).format(chats=chats, name=first.by, time=time)


def _presses(made: Collection[str], delivery: int) -> tuple[tuple[str, str], ...]:
    """Return the buttons: to decide what waits; what was skipped by mistake can still be published."""
    if "waiting" in made:
        return (_("Publish"), f"review publish {delivery}"), (_("Skip"), f"review skip {delivery}")
    if "skipped" in made:
        return ((_("Publish after all"), f"review publish {delivery} anyway"),)
    return ()
