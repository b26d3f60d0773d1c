"""What an argument of a command may be, shown while it is typed; reading only, and the likeliest first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from ..languages import _
from ..ports import Suggestion, Typing
from ..store import listing
from ..store.listing import Listed
from ..styles import DETAILS, SETTINGS
from ..wording import clock_text
from .entering import is_let_in
from .replies import headline_of, when
from .specs import BY_NAME, SPECS
from .times import zones_like
from .turn import Turn

MOST = 25
_LONGEST = 100
_LARGE_CITIES = (
    "Europe/London",
    "Europe/Berlin",
    "Europe/Kyiv",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)

Found = Iterable[Suggestion]


async def suggest(turn: Turn, typing: Typing) -> list[Suggestion]:
    """Return what may stand in an option and has in it what was typed; nothing for those who may not use the bot."""
    look = LOOKS.get(f"{turn.command.name} {typing.option}", LOOKS.get(typing.option))
    if look is None or turn.command.name not in BY_NAME or not await is_let_in(turn):
        return []
    typed = typing.typed.casefold()
    found = [each for each in await look(turn, typing.typed) if typed in f"{each.label} {each.value}".casefold()]
    fitting = {each.value: each for each in found if len(each.value) <= _LONGEST}
    return list(fitting.values())[:MOST]


async def _pages(turn: Turn, _typed: str) -> Found:
    """The chat's subscriptions by number, and all of them at once."""
    followed = await turn.followed()
    everything = [Suggestion(_("all pages"), "all")] if len(followed) > 1 else []
    return [*(_page(each, turn) for each in followed), *everything]


async def _pages_or_everywhere(turn: Turn, typed: str) -> Found:
    """The same, and every chat of the server or group where the asker may act on them."""
    may = turn.command.leads_server if turn.command.server else turn.command.is_admin
    around = [Suggestion(_("everywhere: all channels of this server"), "everywhere")] if may else []
    return [*await _pages(turn, typed), *around]


def _page(each: Listed, turn: Turn) -> Suggestion:
    paused = f" · {_('paused')}" if each.pause_ends(turn.now) else ""
    return Suggestion(f"{each.number}. {each.title or each.url}{paused}", str(each.number))


async def _followed_elsewhere(turn: Turn, _typed: str) -> Found:
    """What other channels of the server follow and this one does not, for those who manage them all."""
    if not turn.command.leads_server:
        return []
    here = {each.url for each in await turn.followed()}
    pages = {each.url: each for each in await turn.followed_everywhere() if each.url not in here}
    return [Suggestion(each.title or url, url) for url, each in pages.items()]


async def _filters(turn: Turn, _typed: str) -> Found:
    """The filters in use here, and what else the command takes."""
    used = dict.fromkeys(each.filter for each in await turn.followed() if each.filter)
    return [*map(_as_typed, used), _told("test", _("show what would pass")), _told("off", _("everything arrives"))]


async def _entries(turn: Turn, _typed: str) -> Found:
    """The newest entries, by their links."""
    pages = {each.source_id: each for each in await turn.followed()}
    zone, newest = await turn.zone(), await listing.latest(turn.connection, list(pages), MOST)
    return [
        Suggestion(f"{when(entry.published_at, turn.now, zone)} {text}" if entry.published_at else text, entry.url)
        for source_id, entry in newest
        if entry.url and (text := headline_of(pages[source_id], entry).text)
    ]


async def _zones(turn: Turn, typed: str) -> Found:
    """Time zones that have this in their names, with their time of now."""
    return [
        Suggestion(f"{name.replace('_', ' ')}, {clock_text(turn.now, ZoneInfo(name))}", name)
        for name in (zones_like(typed) if typed else _LARGE_CITIES)
    ]


async def _continuations(turn: Turn, _typed: str) -> Found:
    """Where a page itself says that it goes on."""
    followed = await turn.followed()
    return [_told("next", _("where the page says that it goes on"))] if any(each.successor for each in followed) else []


async def _commands(_turn: Turn, _typed: str) -> Found:
    """The commands by name."""
    return [Suggestion(f"/{spec.name}: {spec.description}", spec.name) for spec in SPECS]


def _fixed(*values: str) -> Callable[[Turn, str], Awaitable[Found]]:
    """Return what always suggests the same, as it is typed."""

    async def look(_turn: Turn, _typed: str) -> Iterator[Suggestion]:
        return map(_as_typed, values)

    return look


def _as_typed(value: str) -> Suggestion:
    return Suggestion(value, value)


def _told(value: str, meaning: str) -> Suggestion:
    return Suggestion(f"{value}: {meaning}", value)


LOOKS: dict[str, Callable[[Turn, str], Awaitable[Found]]] = {
    "which": _pages,
    "pause which": _pages_or_everywhere,
    "resume which": _pages_or_everywhere,
    "subscribe url": _followed_elsewhere,
    "subscribe filter": _filters,
    "filter words": _filters,
    "move url": _continuations,
    "why link": _entries,
    "timezone zone": _zones,
    "help command": _commands,
    "pause time": _fixed("for 30m", "for 1h", "for 2h", "for 8h", "until 08:00", "until 18:00"),
    "quiet hours": _fixed("23:00-07:00", "22:00-08:00", "23:00-07:00 breaking", "off"),
    "schedule times": _fixed(
        "live", "every 30m", "every 1h", "at 08:00", "at 08:00,18:00", "breaking live, rest at 18:00"
    ),
    "style look": _fixed(
        *DETAILS,
        *(f"{name} {value}" for name, values in SETTINGS.items() for value in values),
        *("template {headline} {link}", "template off", "default"),
    ),
    "remove last": _fixed("1", "2", "3", "5", "10", "20"),
    "latest count": _fixed("3", "5", "10"),
}
"""By the option's name, or by the command's and the option's, as `specs` marks them: what suggests something for it."""
