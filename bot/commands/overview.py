"""/settings: all that is set for a chat on one page, with a way to change each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from ..ports import Answer, Button
from ..richtext import RichText, join
from ..store import chats
from ..store.listing import Listed
from ..styles import described
from .pinging import calls
from .pressing import buttons
from .replies import named, until, when
from .turn import Turn

# So many pages fit on one page; /list has the others.
_MOST_PAGES = 10
_SUMMARY = {"pin": "pinned", "send": "kept current, not pinned", "off": "none"}
_OF_A_PAGE = ("filter", "style", "schedule", "summary")


async def settings(turn: Turn) -> Answer:
    """Tell what is set for the chat and for each page it follows."""
    zone, followed = await turn.zone(), await turn.followed()
    here = await chats.find(turn.connection, turn.command.address)
    of_chat = [
        f"Time zone: {zone.key}, where it is {when(turn.now, turn.now, zone)} now",
        f"Quiet hours: {(here and here.quiet) or 'none'}",
    ]
    pages = [join("\n", _page(each, turn, zone)) for each in followed[:_MOST_PAGES]]
    more = [f"… and {len(followed) - _MOST_PAGES} more (/list)"] if len(followed) > _MOST_PAGES else []
    return Answer(join("\n\n", ["\n".join(of_chat), *pages, *more]), _menu(followed))


def _page(each: Listed, turn: Turn, zone: ZoneInfo) -> Iterator[RichText | str]:
    yield RichText(f"{each.number}. ") + named([each]).marked("bold")
    yield f"Filter: {each.filter or 'everything'}"
    yield f"Style: {described(each.styled)}"
    yield f"Comes: {each.schedule or 'live'}"
    yield f"Summary: {_SUMMARY[each.summary]}"
    if each.calls:
        yield calls(each.calls)
    if ends := each.pause_ends(turn.now):
        yield f"Paused until {until(ends, turn.now, zone)}"


def _menu(followed: Sequence[Listed]) -> tuple[tuple[Button, ...], ...]:
    """Lead to what shows each setting and offers its changes; several pages are named by these themselves."""
    target = f" {followed[0].number}" if len(followed) == 1 else ""
    of_page = [(name.capitalize(), f"{name}{target}") for name in _OF_A_PAGE] if followed else []
    return (*buttons(*of_page), *buttons(("Quiet hours", "quiet"), ("Time zone", "timezone")))
