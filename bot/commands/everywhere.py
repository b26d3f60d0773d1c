"""/list everywhere: what all chats of a server (or a group with its topics) follow, a page of it at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from ..errors import CommandError
from ..languages import _
from ..ports import Answer, Button
from ..richtext import RichText, join
from ..store.listing import Listed
from .numbers import whole_number
from .pressing import Rows, buttons, shortened
from .replies import entries, titled
from .targets import NOTHING_FOLLOWED
from .turn import Turn

EVERYWHERE = "everywhere"
# What a person reads in one go: of a page, so many subscriptions in so many chats.
_MOST_LISTED, _MOST_CHATS = 40, 20
# Buttons in a row.
_ACROSS = 5


async def list_everywhere(turn: Turn, typed: str) -> Answer:
    """Show a page of the list, and lead to the others and to each chat where the platform lets one be managed so."""
    followed = await turn.followed_everywhere()
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    pages = list(_pages(followed))
    number = _number(typed, len(pages))
    shown = pages[number - 1]
    told: list[RichText | str] = [_head(followed, number, len(pages)), *(_chat(each, turn.now) for each in shown)]
    leads_on = _chats(shown) if turn.command.server else ()
    return Answer(join("\n\n", told), (*leads_on, *_around(number, len(pages))))


def _number(typed: str, pages: int) -> int:
    if not typed:
        return 1
    number = whole_number(typed)
    if number is None or not 1 <= number <= pages:
        raise CommandError(
            _("There are {count} pages of this list: /list everywhere 1 is the first.").format(count=pages)
        )
    return number


def _pages(followed: Sequence[Listed]) -> Iterator[list[list[Listed]]]:
    """Share chats out over pages; one that follows much is cut in pieces, so that no page is too long."""
    page: list[list[Listed]] = []
    for _chat_id, group in groupby(followed, key=lambda each: each.chat_id):
        whole = list(group)
        for start in range(0, len(whole), _MOST_LISTED):
            piece = whole[start : start + _MOST_LISTED]
            if page and (len(page) == _MOST_CHATS or sum(map(len, page)) + len(piece) > _MOST_LISTED):
                yield page
                page = []
            page.append(piece)
    yield page


def _head(followed: Sequence[Listed], number: int, pages: int) -> str:
    chats = len({each.chat_id for each in followed})
    if pages == 1:
        return _("Chats that follow something: {chats}. Subscriptions: {count}.").format(
            chats=chats, count=len(followed)
        )
    return _("Chats that follow something: {chats}. Subscriptions: {count}. This is page {number} of {pages}.").format(
        chats=chats, count=len(followed), number=number, pages=pages
    )


def _chat(followed: Sequence[Listed], now: datetime) -> RichText:
    title = RichText(followed[0].chat_title or followed[0].place).marked("bold")
    return join("\n", [title, *(_line(each, now) for each in followed)])


def _line(each: Listed, now: datetime) -> RichText:
    return RichText(f"{each.number}. ") + join(" · ", [titled(each), *_states(each, now)])


def _states(each: Listed, now: datetime) -> Iterator[str]:
    if each.chat_state != "active":
        yield _("held")
    if each.pause_ends(now):
        yield _("paused")
    if each.last_error:
        yield _("cannot be read")
    if each.status == "ended":
        yield _("ended")
    if each.owed:
        yield _("waiting to be sent: {entries}").format(entries=entries(each.owed))


def _chats(shown: Sequence[Sequence[Listed]]) -> Rows:
    """Return a button for each chat, which lists it alone."""
    each_once = {group[0].place: group[0].chat_title or group[0].place for group in shown}
    drawn = [Button(shortened(title), "list", about=place) for place, title in each_once.items()]
    return tuple(tuple(drawn[start : start + _ACROSS]) for start in range(0, len(drawn), _ACROSS))


def _around(number: int, pages: int) -> Rows:
    """Return the ways to the pages before and after."""
    before = [(_("Earlier"), f"list {EVERYWHERE} {number - 1}")] if number > 1 else []
    after = [(_("Further"), f"list {EVERYWHERE} {number + 1}")] if number < pages else []
    return buttons(*before, *after)
