"""One message for what came while nobody listened: headlines with times and links, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from .languages import _, ngettext
from .message import Message
from .model import Entry, SourceTitle, Style
from .richtext import RichText, join
from .summary import shorten
from .wording import LONGEST_HEADLINE, clock_text, day_text, opening, publisher, stand_in, zone_text

LINES = (20, 10, 0)
"""How many updates are named, by form (`bot.compose`); the rest are counted."""
GATHERED_LINES = (150, 50, 0)
"""The same for a digest that a chat asked for by its schedule: it is all that the chat gets of them."""


def compose_digest(
    entries: Sequence[Entry],
    *,
    source: SourceTitle,
    style: Style,
    zone: tzinfo,
    withdrawn: int = 0,
    gathered: bool = False,
    form: int = 0,
) -> Message:
    """Return the digest of these entries, as they read today.

    `gathered`: a schedule asked for it; else it catches up with what was missed. `withdrawn` is how many of its members
    the source has taken back since: they are counted, never named.
    """
    listed = sorted(entries, key=_recency)[: (GATHERED_LINES if gathered else LINES)[min(form, 2)]]
    days = sorted({day_text(entry.published_at, zone) for entry in listed if entry.published_at})
    lines = [_line(entry, source, zone, with_day=len(days) > 1) for entry in listed]
    if len(entries) > len(listed) > 0:
        lines.append(RichText(_earlier(len(entries) - len(listed))))
    return Message(
        kind="digest",
        headline=_headline(len(entries), source, gathered=gathered),
        body=join("\n", lines),
        source_name=publisher(source),
        link=source.url,
        footnotes=tuple(_notes(listed, zone, days, withdrawn)) if form < 2 else (),
        silent=style.silent,
    )


def _line(entry: Entry, source: SourceTitle, zone: tzinfo, *, with_day: bool) -> RichText:
    headline, rest = opening(entry)
    named = shorten(RichText(headline or stand_in(rest, source)), LONGEST_HEADLINE)
    urgent = RichText(_("Breaking:")).marked("bold") if "breaking" in entry.flags else ""
    return join(
        " ",
        (
            "•",
            _when(entry.published_at, zone, with_day=with_day),
            urgent,
            named.marked("link", entry.url or source.url),
        ),
    )


def _when(at: datetime | None, zone: tzinfo, *, with_day: bool) -> str:
    if at is None:
        return ""
    time = clock_text(at, zone)
    return _("{day}, {time}").format(day=day_text(at, zone), time=time) if with_day else time


def _notes(listed: Sequence[Entry], zone: tzinfo, days: Sequence[str], withdrawn: int) -> Iterator[RichText]:
    """Yield what the lines leave out: the zone, the day where all share it, and what was taken back."""
    zones = list(dict.fromkeys(zone_text(entry.published_at, zone) for entry in listed if entry.published_at))
    if zones:
        said = _("Times are {zone}, {day}.") if len(days) == 1 else _("Times are {zone}.")
        if len(zones) > 1:
            said = _("Times are {before} until the clock changed, then {zone}.")
        yield RichText(said.format(zone=zones[0], before=zones[-1], day=days[0]))
    if withdrawn:
        since = ngettext("{count} update was withdrawn since.", "{count} updates were withdrawn since.", withdrawn)
        yield RichText(since.format(count=withdrawn))


def _recency(entry: Entry) -> tuple[float, int]:
    at = entry.published_at or datetime.min.replace(tzinfo=UTC)
    return -at.timestamp(), entry.position


def _headline(count: int, source: SourceTitle, *, gathered: bool) -> str:
    if gathered and not source.title:
        return _updates(count)
    what = source.title if gathered else _("While you were away")
    return _("{what}: {updates}").format(what=what, updates=_updates(count))


def _updates(count: int) -> str:
    return ngettext("{count} update", "{count} updates", count).format(count=count) if count else _("no updates")


def _earlier(count: int) -> str:
    return ngettext("… and {count} earlier update", "… and {count} earlier updates", count).format(count=count)
