"""One message for what came while nobody listened: headlines with times and links, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

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
        lines.append(RichText(f"… and {_count(len(entries) - len(listed), 'earlier update')}"))
    return Message(
        kind="digest",
        headline=f"{source.title if gathered else 'While you were away'}: {_count(len(entries), 'update')}".strip(": "),
        body=join("\n", lines),
        source_name=publisher(source),
        link=source.url,
        footnotes=tuple(_notes(listed, zone, days, withdrawn)) if form < 2 else (),
        silent=style.silent,
    )


def _line(entry: Entry, source: SourceTitle, zone: tzinfo, *, with_day: bool) -> RichText:
    headline, rest = opening(entry)
    named = shorten(RichText(headline or stand_in(rest, source)), LONGEST_HEADLINE)
    urgent = RichText("Breaking:").marked("bold") if "breaking" in entry.flags else ""
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
    return f"{day_text(at, zone)}, {clock_text(at, zone)}" if with_day else clock_text(at, zone)


def _notes(listed: Sequence[Entry], zone: tzinfo, days: Sequence[str], withdrawn: int) -> Iterator[RichText]:
    """Yield what the lines leave out: the zone, the day where all share it, and what was taken back."""
    newest = next((entry.published_at for entry in listed if entry.published_at), None)
    if newest:
        day = f", {days[0]}" if len(days) == 1 else ""
        yield RichText(f"Times are {zone_text(newest, zone)}{day}.")
    if withdrawn:
        yield RichText(f"{_count(withdrawn, 'update')} {'was' if withdrawn == 1 else 'were'} withdrawn since.")


def _recency(entry: Entry) -> tuple[float, int]:
    at = entry.published_at or datetime.min.replace(tzinfo=UTC)
    return -at.timestamp(), entry.position


def _count(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"
