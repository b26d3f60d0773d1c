"""/why: why an entry did, or did not, arrive: the stages in order, told by what decided them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import CommandError
from ..languages import _
from ..richtext import RichText, join
from ..store import chats, tracing
from ..store.listing import Listed
from ..urls import canonical_url
from .stages import told
from .targets import NOTHING_FOLLOWED
from .turn import Turn

# A message's own address: on Telegram the id stands last (t.me/name/12, t.me/c/123/12), on Discord too.
_OURS = re.compile(r"https?://(?:t\.me/|(?:\w+\.)?discord(?:app)?\.com/channels/)\S*?/(\d+)(?:\?\S*)?", re.IGNORECASE)
_MOST_PAGES = 5


async def why(turn: Turn) -> RichText:
    """Tell what became of the entry that is linked or replied to; bare, of the newest of each page."""
    followed = await turn.followed()
    here = await chats.find(turn.connection, turn.command.address)
    if not followed or here is None:
        raise CommandError(_(NOTHING_FOLLOWED))
    entries = await _asked(turn, followed)
    traces = await tracing.trace(turn.connection, here.id, entries, turn.now)
    if not traces:
        raise CommandError(_("There is nothing to tell yet: no entry has come."))
    zone, pages = await turn.zone(), {each.id: each for each in followed}
    stages = [
        told(each, pages[each.subscription_id], turn.now, zone) for each in traces if each.subscription_id in pages
    ]
    if not stages:
        raise CommandError(_("That message tells no entry that I know. Send /why and the entry's link."))
    return join("\n\n", stages)


def spellings(typed: str) -> list[str]:
    """Return the addresses under which an entry may be kept whose link was typed so. Raises CommandError."""
    return list(dict.fromkeys((typed, typed.partition("?")[0], canonical_url(typed))))


async def _asked(turn: Turn, followed: Sequence[Listed]) -> Sequence[int]:
    """Return the entries that are meant. Raises CommandError where a link leads to none."""
    typed = turn.arguments.strip("<>")
    message = _OURS.fullmatch(typed)
    replied = message[1] if message else "" if typed else turn.command.replied_to
    if replied:
        # On Discord a thread is the channel that a message stands in.
        places = dict.fromkeys((turn.command.address.chat, turn.command.address.thread))
        for place in filter(None, places):
            if found := await tracing.by_message(turn.connection, place, replied):
                return found
        raise CommandError(_("That message tells no entry that I know. Send /why and the entry's link."))
    if not typed:
        pages = followed[:_MOST_PAGES]
        return [one for each in pages for one in await tracing.newest(turn.connection, each.source_id)]
    sources = [each.source_id for each in followed]
    if found := await tracing.by_link(turn.connection, sources, spellings(typed)):
        return found
    raise CommandError(
        _(
            "No entry of the pages followed here has that link. It may not have been seen yet: /list says when each "
            "page was last read."
        )
    )
