"""/move: a page has a new address, or its story goes on at another page."""

from __future__ import annotations

from ..errors import CommandError, SourceError
from ..exploring import Explored
from ..languages import N_, _, retold
from ..richtext import RichText
from ..store import entries, moving, subscriptions
from ..store.listing import Listed
from ..store.moving import Place
from ..urls import canonical_url
from .following import NOT_LOOKED_AT, address_of, refuse_taken_down
from .replies import named
from .targets import NOTHING_FOLLOWED, split_target
from .turn import Turn

_HOW = N_("Say which page and where it is now: /move 2 https://…, or /move 2 next where the page itself says so.")


async def page_of(turn: Turn) -> str:
    """Return the canonical new address that was typed after /move. Raises CommandError."""
    typed = turn.arguments.split()
    if not typed:
        raise CommandError(_(_HOW))
    if typed[-1].lower() == "next":
        return await _next_of(turn)
    return (await address_of(turn, typed[-1]))[0]


async def _next_of(turn: Turn) -> str:
    """Return the page at which the coverage goes on, as its source says. Raises CommandError."""
    old = await _which(turn)
    if not old.successor:
        raise CommandError(_("That page names none that continues it. Send /move, its number and the new address."))
    return canonical_url(old.successor)


async def move(turn: Turn) -> RichText:
    """Let a subscription follow another address; what both pages tell goes on being corrected and is not sent again."""
    old, url = await _which(turn), await page_of(turn)
    if old.taken_down:
        raise CommandError(_("Whoever runs this bot has taken that page down; /subscribe to another one instead."))
    if isinstance(turn.probed, SourceError):
        raise CommandError(retold(str(turn.probed)))
    found = turn.probed
    url = found.url if found else url
    if url == old.url:
        raise CommandError(_("That is the address that it has already."))
    known = await subscriptions.watched(turn.connection, url)
    refuse_taken_down(known)
    if found is None and known is None:
        raise CommandError(_(NOT_LOOKED_AT))
    same = await _is_same(turn, old, url, found)
    number = await moving.move(turn.connection, old.id, _place(url, found), turn.now, same=same)
    return _said(old, await _now(turn, number), same=same)


async def _which(turn: Turn) -> Listed:
    """Return the one subscription that is meant. Raises CommandError."""
    followed = await turn.followed()
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    which = turn.arguments.rpartition(" ")[0]
    chosen, rest = split_target(followed, which.strip()) if which else (followed, "")
    if len(chosen) != 1 or rest:
        raise CommandError(_(_HOW))
    return chosen[0]


async def _is_same(turn: Turn, old: Listed, url: str, found: Explored | None) -> bool:
    if found is not None:
        return await moving.is_same_page(turn.connection, old.source_id, found.snapshot.entries)
    return await entries.shared(turn.connection, old.source_id, url)


def _place(url: str, found: Explored | None) -> Place:
    if found is None:
        return Place(url)
    return Place(url, found.asked, found.snapshot.title or "", found.snapshot.source_name)


async def _now(turn: Turn, number: int) -> Listed:
    return next(each for each in await turn.followed() if each.number == number)


def _said(old: Listed, new: Listed, *, same: bool) -> RichText:
    """Say what was done; a new source has no title before its first poll."""
    if new.number != old.number:
        joined = _("This chat follows that page as number {number}; number {ended} has ended.")
        return RichText(joined.format(number=new.number, ended=old.number))
    if same:
        moved = _(
            "Number {number} follows {page} at its new address. Nothing is sent again, and what was posted here is "
            "still corrected."
        )
        return RichText.filled(moved, number=str(new.number), page=named([new]))
    changed = _(
        "Number {number} follows {page} from now on; what was posted here from {before} stays, but is not updated any "
        "more."
    )
    return RichText.filled(changed, number=str(new.number), page=named([new]), before=named([old]))
