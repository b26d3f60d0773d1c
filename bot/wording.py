"""The words that several kinds of message share: how an entry opens, how a source and a moment are named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from babel.dates import format_skeleton, get_timezone_name

from .languages import ENGLISH, _, locale, spoken
from .model import Entry, SourceTitle
from .richtext import RichText, join
from .summary import first_sentence, shorten

LONGEST_HEADLINE = 200
"""A first sentence longer than this does not stand in for a missing headline."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def opening(entry: Entry) -> tuple[str, RichText]:
    """Return an entry's headline and what is left to say after it.

    An entry without a headline lends its first sentence, where that is short and loses nothing by becoming plain;
    otherwise the headline is "".
    """
    body = join("\n\n", entry.body.paragraphs())
    headline = " ".join((entry.headline or "").split())
    if headline:
        return headline, _without(headline, body)
    end = first_sentence(body.text)
    first = body.cut(0, end)
    marked = any(span.kind in ("link", "quote") for span in first.spans)
    if marked or end > LONGEST_HEADLINE or first.text.startswith("• "):
        return "", body
    return first.text, body.cut(end, len(body)).strip()


def stand_in(rest: RichText, source: SourceTitle) -> str:
    """Return a headline for a message that would say nothing without one."""
    first = rest.cut(0, first_sentence(rest.text))
    return shorten(first, LONGEST_HEADLINE).text.removeprefix("• ") or source.title or publisher(source)


def publisher(source: SourceTitle) -> str:
    """Return the name under which a source is linked: the publisher's, else the host's."""
    return source.name or (urlsplit(source.url).hostname or source.url).removeprefix("www.")


def points(lines: Iterable[RichText]) -> RichText:
    """Return a summary's points as one text, each a line that begins with "• "."""
    return join("\n", (line if line.text.startswith("• ") else RichText("• ") + line for line in lines if line))


def same_words(left: str, right: str) -> bool:
    """Whether two texts say the same, but for case, spaces and punctuation; two empty ones say nothing."""
    return bool(left) and plain(left) == plain(right)


def plain(text: str) -> str:
    """Return only the letters and digits of a text, without case."""
    return "".join(filter(str.isalnum, text)).casefold()


def time_text(at: datetime | None, zone: tzinfo) -> str:
    """Return a moment as a person reads it there: "09:15 GMT, 14 Feb 2023"; "" for None.

    Day, year and zone are always named: what a chat shows is read on other days, and by people in other zones.
    """
    if at is None:
        return ""
    return _("{time} {zone}, {day}").format(time=clock_text(at, zone), zone=zone_text(at, zone), day=day_text(at, zone))


def clock_text(at: datetime, zone: tzinfo) -> str:
    """Return the hour and minute there, as the language being spoken writes them: "09:15"."""
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if spoken() == ENGLISH else format_skeleton("Hm", local, local.tzinfo, locale=locale())


def day_text(at: datetime, zone: tzinfo) -> str:
    """Return the day there, as the language being spoken writes it: "14 Feb 2023", whatever the process's locale."""
    local = at.astimezone(zone)
    if spoken() == ENGLISH:
        return f"{local.day} {month_text(local)} {local.year}"
    return format_skeleton("yMMMd", local, local.tzinfo, locale=locale())


def month_text(at: datetime) -> str:
    """Return the month in short: "Feb"."""
    return _MONTHS[at.month - 1] if spoken() == ENGLISH else format_skeleton("MMM", at, locale=locale())


def weekday_text(at: datetime) -> str:
    """Return the day of the week in short: "Tue"."""
    return _DAYS[at.weekday()] if spoken() == ENGLISH else format_skeleton("E", at, locale=locale())


def zone_text(at: datetime, zone: tzinfo) -> str:
    """Return "GMT", "CEST", in German "MESZ"; "UTC+3", "UTC+5:30" for zones that have no name but a number."""
    local = at.astimezone(zone)
    name = local.tzname() or "UTC"
    if name[0] in "+-":
        return f"UTC{name[0]}{int(name[1:3])}{name[3:] and ':'}{name[3:]}"
    own = get_timezone_name(local, "short", locale=locale()) if spoken() != ENGLISH and name != "UTC" else name
    return own if own.isalpha() else name


def _without(headline: str, body: RichText) -> RichText:
    """Return the body without a first paragraph that only repeats the headline."""
    paragraphs = body.paragraphs()
    if paragraphs and same_words(paragraphs[0].text, headline):
        return join("\n\n", paragraphs[1:])
    return body
