"""The times that live pages tell, as aware datetimes.

BBC pages say, in growing distance from today (checked on stored pages of both renderers): `16:02 BST`;
`17:16 British Summer Time 1 July`; `09:15 Greenwich Mean Time 14 February 2023`; older ones leave the zone out.
Without a zone it is the time in London; without a day, the day of the fetch there, or the day before if that were
in the future; without a year, the latest year that does not put it in the future.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

SKEW = timedelta(minutes=2)
"""How far a page's clock may be ahead of ours before a time counts as being in the future."""

SECONDS = 100_000_000_000
"""Numbers below this are seconds since 1970 (until the year 5138), others milliseconds (from 1973 on)."""

EARLIEST, LATEST = 1990, 2200

_HOURS = {
    "GMT": 0,
    "Greenwich Mean Time": 0,
    "UTC": 0,
    "Coordinated Universal Time": 0,
    "BST": 1,
    "British Summer Time": 1,
    "Irish Standard Time": 1,
    "CET": 1,
    "Central European Standard Time": 1,
    "Central European Time": 1,
    "CEST": 2,
    "Central European Summer Time": 2,
    "EST": -5,
    "Eastern Standard Time": -5,
    "EDT": -4,
    "Eastern Daylight Time": -4,
    "CST": -6,
    "Central Standard Time": -6,
    "CDT": -5,
    "Central Daylight Time": -5,
    "MST": -7,
    "Mountain Standard Time": -7,
    "MDT": -6,
    "Mountain Daylight Time": -6,
    "PST": -8,
    "Pacific Standard Time": -8,
    "PDT": -7,
    "Pacific Daylight Time": -7,
}
_ZONES: dict[str, tzinfo] = {name.lower(): timezone(timedelta(hours=hours)) for name, hours in _HOURS.items()}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = {month.lower()[:size]: number for number, month in enumerate(_MONTHS, 1) for size in (3, len(month))}

_ZONE = "|".join(sorted(_HOURS, key=len, reverse=True))
_NAMES = "|".join((*_MONTHS, *(month[:3] for month in _MONTHS)))
_DAY = rf"(?P<day>\d{{1,2}})\s+(?P<month>{_NAMES})(?!(?!Breaking)[a-z])"
TOLD = rf"(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?:\s+(?P<zone>{_ZONE}))?(?:\s+{_DAY}(?:\s+(?P<year>\d{{4}}))?)?"
"""The grammar of a told time, as a regular expression with named groups, to be used with re.IGNORECASE."""

FOREIGN = r"(?:\s+(?:[A-Za-z]+ ){1,3}Time\b(?:\s+\d{1,2}\s+[A-Za-z]+(?:\s+\d{4})?)?)"
"""What may follow a told time whose zone we do not know; such a time is not understood."""

_TOLD = re.compile(TOLD, re.IGNORECASE)
_FOREIGN = re.compile(FOREIGN, re.IGNORECASE)


def told_time(words: str, fetched_at: datetime, zone: tzinfo = LONDON) -> datetime | None:
    """Return the first time that the words tell, to the minute; None where they tell none.

    `zone` is the one meant where none is named.
    """
    found = _TOLD.search(words)
    if found is None or (not found["zone"] and _FOREIGN.match(words, found.end())):
        return None
    return _moment(found, fetched_at, zone)


def iso_time(stamp: object) -> datetime | None:
    """Return a machine's time stamp (ISO 8601, or milliseconds since 1970) as aware; None where it is none."""
    try:
        if isinstance(stamp, int | float) and not isinstance(stamp, bool):
            return datetime.fromtimestamp(stamp / 1000, UTC)
        if not isinstance(stamp, str):
            return None
        moment = datetime.fromisoformat(stamp.strip())
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def stamp_time(stamp: object) -> datetime | None:
    """Return the time of any stamp that pages use: as `iso_time`, or seconds or milliseconds since 1970 as digits.

    None for what is none, and for years that no live page tells of (0001 stands for "never").
    """
    stamp = stamp.strip() if isinstance(stamp, str) else stamp
    if isinstance(stamp, str) and re.fullmatch(r"[0-9]{9,14}", stamp):
        stamp = int(stamp)
    if isinstance(stamp, int | float) and abs(stamp) < SECONDS:
        stamp = stamp * 1000
    moment = iso_time(stamp)
    return moment if moment and EARLIEST <= moment.year <= LATEST else None


def _moment(found: re.Match[str], fetched_at: datetime, zone: tzinfo) -> datetime | None:
    zone = _ZONES.get(" ".join((found["zone"] or "").lower().split()), zone)
    try:
        latest = fetched_at.astimezone(LONDON) + SKEW
        for day in _days(found, latest.date()):
            if (moment := _at(day, found, zone)) and (moment <= latest or found["year"]):
                return moment
    except (ValueError, OverflowError):
        return None
    return None


def _at(day: tuple[int, int, int], found: re.Match[str], zone: tzinfo) -> datetime | None:
    try:
        return datetime(*day, int(found["hour"]), int(found["minute"]), tzinfo=zone)
    except ValueError:
        return None


def _days(found: re.Match[str], today: date) -> list[tuple[int, int, int]]:
    """Return the days that may be meant, best first. Nine years back there is a 29 February, even around 2100."""
    if not found["day"]:
        days = (today, today - timedelta(days=1))
        return [(day.year, day.month, day.day) for day in days]
    years = [int(found["year"])] if found["year"] else range(today.year, max(0, today.year - 9), -1)
    month = _MONTH[found["month"].lower()]
    return [(year, month, int(found["day"])) for year in years]
