"""The times that feeds tell, as aware datetimes.

Feeds spell times as ISO 8601 (Atom, Dublin Core, JSON Feed), as RFC 822 (RSS), as seconds or milliseconds since 1970,
and in every mixture of these: without a zone, with a zone's name, with a comma missing, with the month in the
language of the house. What is no time, or one outside [1995, now + 1 day], is None: such an entry has no date, and
that is better than a wrong one. The library that reads the feed is not asked: it takes CET for UTC and an epoch for
a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before the first feeds; what claims to be older is a default of some program."""

AHEAD = timedelta(days=1)
LONGEST = 80
"""Characters of a time."""

# RFC 822's names, and those that newsrooms use; IST is India's, CST North America's, BST Britain's.
_HOURS = """
    UT 0 GMT 0 UTC 0 Z 0 WET 0 BST 1 WEST 1 CET 1 MET 1 MEZ 1 WAT 1 CEST 2 MEST 2 MESZ 2 EET 2 SAST 2 CAT 2 EEST 3
    MSK 3 EAT 3 TRT 3 GST 4 PKT 5 IST 5.5 NPT 5.75 ICT 7 WIB 7 SGT 8 HKT 8 AWST 8 JST 9 KST 9 ACST 9.5 AEST 10
    ACDT 10.5 AEDT 11 NZST 12 NZDT 13 EST -5 EDT -4 CST -6 CDT -5 MST -7 MDT -6 PST -8 PDT -7 AKST -9 AKDT -8 HST -10
    AST -4 ADT -3 NST -3.5 NDT -2.5 BRT -3 ART -3 CLT -4 CLST -3
"""
_WORDS = _HOURS.split()
_ZONES = {name: timedelta(hours=float(hours)) for name, hours in zip(_WORDS[::2], _WORDS[1::2], strict=True)}

# The first letters of the months in English, German, French, Spanish, Italian, Portuguese, Dutch and Scandinavian.
_MONTHS = (
    ("jan", "jän", "ene", "gen"), ("feb", "fév", "fev", "fevr"), ("mar", "mär", "maer", "mrz", "mrt"),
    ("apr", "avr", "abr"), ("may", "mai", "mag", "mei", "maj"), ("jun", "juin", "giu"), ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"), ("sep", "set"), ("oct", "okt", "ott", "out"), ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"\s*\(?(?:(?:GMT|UTC)?(?P<sign>[+-])(?P<h>\d{1,2}):?(?P<m>\d{2})?|(?P<zone>[a-z]{1,4})\b)?(?!\d)",
    re.IGNORECASE,
)
_DAYS = (
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=T|$)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s-]+(?P<name>[^\W\d_]{3,12})\.?,?[\s-]+(?P<year>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?P<name>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s(?:.*\s)?(?P<year>\d{4})(?!\d)"),
)  # fmt: skip
_BASIC = re.compile(r"(?<=\dT)(\d{2})(\d{2})(\d{2})(?!\d)")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")


def feed_time(told: object, now: datetime) -> datetime | None:
    """Return the time that a feed tells; None where it tells none that can be. Without a zone it is in UTC."""
    moment = _epoch(told) or spelled_time(told)
    return moment if moment and EARLIEST <= moment <= now + AHEAD else None


def _epoch(told: object) -> datetime | None:
    """Return what a number means: seconds since 1970, or milliseconds where seconds would be far in the future."""
    if isinstance(told, str) and _EPOCH.fullmatch(told.strip()):
        told = float(told)
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    try:
        return datetime.fromtimestamp(told / 1000 if told > 10**11 else told, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def spelled_time(told: object) -> datetime | None:
    """Return the time that words tell, in one of the spellings that are met; None where they tell none."""
    if not isinstance(told, str) or len(told) > LONGEST:
        return None
    words = _BASIC.sub(r"\1:\2:\3", " ".join(told.split()))
    clock = _CLOCK.search(words)
    before = words[: clock.start()] + " " + words[clock.end() :] if clock else words
    if clock and words[: clock.start()].endswith("T"):
        before = words[: clock.start() - 1]
    for year, month, day in _days(before.strip()):
        try:
            return _moment(datetime(year, month, day, tzinfo=UTC), clock)
        except (ValueError, OverflowError):
            continue
    return None


def _days(words: str) -> Iterator[tuple[int, int, int]]:
    for form in _DAYS:
        for found in form.finditer(words):
            told = found.groupdict()
            month = _month(told["name"]) if told.get("name") else int(told["month"])
            if month:
                yield _year(told["year"]), month, int(told["day"])


def _month(name: str) -> int | None:
    name = name.lower()
    return _MONTH.get(name[:4]) or _MONTH.get(name[:3])


def _year(told: str) -> int:
    """Return the year; RFC 822 wrote two digits, and no feed is older than EARLIEST."""
    year = int(told)
    return year if len(told) == 4 else year + (1900 if year >= 95 else 2000)


def _moment(day: datetime, clock: re.Match[str] | None) -> datetime:
    """Return the moment of a day at which the clock stands so. Raises ValueError where none does."""
    if clock is None:
        return day
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    later = timedelta(days=1) if hour == 24 else timedelta()
    second = min(int(clock["second"] or 0), 59)  # a leap second is the one before
    part = int((clock["part"] or "0").ljust(6, "0")[:6])
    start = day.replace(tzinfo=_zone(clock), microsecond=part)
    return start.replace(hour=0 if later else hour, minute=int(clock["minute"]), second=second) + later


def _zone(clock: re.Match[str]) -> tzinfo:
    if clock["sign"]:
        offset = timedelta(hours=int(clock["h"]), minutes=int(clock["m"] or 0))
        return timezone(offset if clock["sign"] == "+" else -offset)
    return timezone(_ZONES.get((clock["zone"] or "").upper(), timedelta()))
