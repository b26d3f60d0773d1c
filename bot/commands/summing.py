"""/summary: shown, and chosen to be pinned, sent, or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from ..errors import CommandError
from ..languages import N_, _
from ..ports import Answer
from ..richtext import RichText, join
from ..store import listing
from ..store.listing import Listed
from ..store.summaries import Wanted, set_summary
from . import replies
from .pressing import buttons
from .targets import NOTHING_FOLLOWED, nothing_left, one_or_ask, split_target
from .turn import Turn

# So many pages are summed up in one answer.
_MOST_SHOWN = 10
_SAID = {
    "pin": N_("The summary is kept pinned, where I may pin: {pages}."),
    "send": N_("The summary is kept current without a pin: {pages}."),
    "off": N_("No summary any more; what stands here stays as it is: {pages}."),
}
_OFFERED = {"pin": N_("Pin"), "send": N_("Send"), "off": N_("Off")}


async def summary(turn: Turn) -> RichText | Answer:
    """Show the summary of each page, or choose what becomes of it in the chat."""
    followed = await turn.followed()
    chosen, typed = split_target(followed, turn.arguments)
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    if not typed:
        return await _shown(turn, chosen or followed)
    if typed.lower() not in get_args(Wanted):
        nothing_left(typed, "summary")
    turn.for_admins()
    chosen = chosen or one_or_ask(followed, "summary", typed)
    for each in chosen:
        await set_summary(turn.connection, each.id, cast("Wanted", typed.lower()), turn.now)
    return RichText.filled(_(_SAID[typed.lower()]), pages=replies.named(chosen))


async def _shown(turn: Turn, followed: Sequence[Listed]) -> Answer:
    told = [
        replies.summary(each, await listing.summary(turn.connection, each.source_id)) for each in followed[:_MOST_SHOWN]
    ]
    if len(followed) > 1:
        return Answer(join("\n\n", told))
    only = followed[0]
    offered = [(_(label), f"summary {only.number} {way}") for way, label in _OFFERED.items() if way != only.summary]
    return Answer(join("\n\n", told), buttons(*offered))
