"""/settings: all that is set for a chat on one page, with a way to change each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from ..languages import LANGUAGES, N_, _, pgettext, spoken
from ..ports import Answer, Button
from ..richtext import RichText, join
from ..store import chats
from ..store.listing import Listed
from ..styles import described
from .pinging import calls
from .pressing import buttons
from .replies import left_out, named, paused, when
from .turn import Turn

# So many pages fit on one page; /list has the others.
_MOST_PAGES = 10
_SUMMARY = {"pin": N_("pinned"), "send": N_("kept current, not pinned"), "off": N_("no summary")}
_FOLDING = {True: N_("comes once, with who else reported it"), False: N_("comes from each page")}
_OF_A_PAGE = {"filter": N_("Filter"), "style": N_("Style"), "schedule": N_("Schedule"), "summary": N_("Summary")}
_DECIDING = N_("Review")


async def settings(turn: Turn) -> Answer:
    """Tell what is set for the chat and for each page it follows."""
    zone, followed = await turn.zone(), await turn.followed()
    here = await chats.find(turn.connection, turn.command.address)
    of_chat = [
        _("Language: {language}").format(language=LANGUAGES[spoken()]),
        _("Time zone: {zone}, where it is {time} now").format(zone=zone.key, time=when(turn.now, turn.now, zone)),
        _("Quiet hours: {hours}").format(hours=(here and here.quiet) or pgettext("quiet hours", "none")),
        _("The same story twice: {folding}").format(folding=_(_FOLDING[bool(here and here.fold)])),
    ]
    pages = [join("\n", _page(each, turn, zone)) for each in followed[:_MOST_PAGES]]
    more = [left_out(len(followed) - _MOST_PAGES)] if len(followed) > _MOST_PAGES else []
    return Answer(join("\n\n", ["\n".join(of_chat), *pages, *more]), _menu(followed))


def _page(each: Listed, turn: Turn, zone: ZoneInfo) -> Iterator[RichText | str]:
    yield RichText(f"{each.number}. ") + named([each]).marked("bold")
    yield _("Filter: {filter}").format(filter=each.filter or _("everything"))
    yield _("Style: {style}").format(style=described(each.styled))
    yield _("Comes: {schedule}").format(schedule=each.schedule or _("live"))
    yield _("Summary: {summary}").format(summary=_(_SUMMARY[each.summary]))
    if each.desk:
        yield _("Decided on in {chat}").format(chat=each.desk)
    if each.calls:
        yield calls(each.calls)
    if ends := each.pause_ends(turn.now):
        yield paused(ends, turn.now, zone)


def _menu(followed: Sequence[Listed]) -> tuple[tuple[Button, ...], ...]:
    """Lead to what shows each setting and offers its changes; several pages are named by these themselves."""
    target = f" {followed[0].number}" if len(followed) == 1 else ""
    of_page = [(_(label), f"{name}{target}") for name, label in _OF_A_PAGE.items()] if followed else []
    further = [(_("Same story twice"), "fold"), *([(_(_DECIDING), f"review{target}")] if followed else [])]
    of_chat = (_("Quiet hours"), "quiet"), (_("Time zone"), "timezone"), (_("Language"), "language")
    return (*buttons(*of_page), *buttons(*of_chat), *buttons(*further))
