"""When: times of day by a chat's clock, quiet hours, schedules, and the moments they mean. Pure.

A time that the clock skips (02:30 on the night it goes forward) is the moment at which it would have come, had the
clock not changed: once, an hour later by the new clock. A time that comes twice is the first of the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .errors import CommandError
from .languages import _

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
"""How often a schedule may send digests: seldom enough to be one, and once a day at least (else `at` says it)."""
MOST_TIMES = 12

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_PIECE = r"(\d{1,4})\s*(m|h|d)(?:in|ins|inutes?|rs?|ours?|ays?)?"
_LASTING = re.compile(rf"{_PIECE}(?:\s*{_PIECE})?(?:\s*{_PIECE})?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_PERIOD = re.compile(r"(?:from )?(.+?) ?(?:-|–|—|\bto\b|\buntil\b) ?(.+)", re.IGNORECASE)
# The gap before it begins where something else ends and is never given back: a line of spaces is looked at once.
_BREAKING_LAST = re.compile(
    r"(?<![\s,])[\s,]++(?:(?:and|but|except|with)\s+)?breaking(?:\s+(?:live|through|passes))?\s*$", re.IGNORECASE
)
_BREAKING_FIRST = re.compile(r"breaking\s+live\s*(?:,|\band\b)?\s*(?:the\s+)?(?:rest\b)?\s*", re.IGNORECASE)


# ── what is typed ────────────────────────────────────────────────────────────────────────────────────────────────


def lasting(typed: str) -> timedelta | None:
    """Return how long "2h", "1h30m" or "45 minutes" last; None for anything else."""
    found = _LASTING.fullmatch(typed.strip())
    if found is None:
        return None
    groups = found.groups()
    pieces = zip(groups[::2], groups[1::2], strict=True)
    return sum((int(count) * _UNITS[unit.lower()] for count, unit in pieces if count), timedelta())


def clock(typed: str) -> time:
    """Return the time of day typed as 18:00, 18.00, 18, 6pm or 6:30 pm. Raises CommandError."""
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        no_time = _("“{typed}” is no time of day. Say it like {one} or {other}.")
        raise CommandError(no_time.format(typed=typed.strip(), one="18:00", other="6pm"))
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            raise CommandError(_("There is no {time} on a clock.").format(time=f"{found[1]} {half}"))
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    if hour > 23 or minute > 59:
        raise CommandError(_("There is no {time} on a clock.").format(time=f"{found[1]}:{found[2] or '00'}"))
    return time(hour, minute)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing new arrives, every day by the chat's clock; `breaking`: but what is marked so does."""

    begins: time
    ends: time
    breaking: bool = False

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}" + " breaking" * self.breaking


def quiet_hours(typed: str) -> Quiet:
    """Return the quiet hours typed as `23:00-07:00`, `11pm to 7am` or `23-7 breaking`. Raises CommandError."""
    said = " ".join(typed.split())
    hours = _BREAKING_LAST.sub("", said)
    found = _PERIOD.fullmatch(hours)
    if found is None:
        none = _("“{typed}” are no quiet hours. Say them like {example}, or {off}.")
        raise CommandError(none.format(typed=typed.strip(), example="23:00-07:00", off="off"))
    begins, ends = clock(found[1]), clock(found[2])
    if begins == ends:
        raise CommandError(_("Those quiet hours begin when they end. To stop everything, send /pause."))
    return Quiet(begins, ends, breaking=hours != said)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When what came is told as one digest: after every so long, or at these times of day by the chat's clock.

    `breaking`: what is marked so does not wait for it.
    """

    every: timedelta | None = None
    at: tuple[time, ...] = ()
    breaking: bool = False

    def __str__(self) -> str:
        when = f"every {_length(self.every)}" if self.every else "at " + ",".join(f"{each:%H:%M}" for each in self.at)
        return f"breaking live, rest {when}" if self.breaking else when


LIVE = ("live", "off", "now")


def schedule(typed: str) -> Schedule | None:
    """Return the schedule typed as `every 30m`, `at 08:00,18:00` or `breaking live, rest at 18:00`; None for `live`.

    Raises CommandError.
    """
    rest = _BREAKING_FIRST.sub("", typed.strip(), count=1) if _BREAKING_FIRST.match(typed.strip()) else typed.strip()
    breaking = rest != typed.strip()
    word, _space, when = rest.partition(" ")
    if rest.lower() in LIVE and not breaking:
        return None
    if word.lower() == "every":
        return Schedule(every=_interval(when), breaking=breaking)
    times = when if word.lower() in ("at", "daily") else rest
    if re.match(r"\d", times):
        return Schedule(at=_times(times), breaking=breaking)
    no_schedule = _("“{typed}” is no schedule. Say {live}, {every}, {at} or {breaking}.")
    raise CommandError(
        no_schedule.format(
            typed=typed.strip(),
            live="live",
            every="every 30m",
            at="at 08:00,18:00",
            breaking="breaking live, rest at 18:00",
        )
    )


def _interval(typed: str) -> timedelta:
    every = lasting(typed) or lasting(f"1 {typed}")
    if every is None:
        not_understood = _("“{typed}” is not understood. Say for example {one} or {other}.")
        raise CommandError(not_understood.format(typed=f"every {typed}", one="every 30m", other="every 2h"))
    if not SHORTEST <= every <= LONGEST:
        rarely = _("A digest comes every {shortest} to every {longest}.")
        raise CommandError(rarely.format(shortest=_length(SHORTEST), longest=_length(LONGEST)))
    return every


def _times(typed: str) -> tuple[time, ...]:
    each = [clock(one) for one in re.split(r" ?(?:,|;|\band\b| ) ?(?=\d)", " ".join(typed.split()))]
    if len(each) > MOST_TIMES:
        too_many = _("At most {most} times a day; for more, say for example {example}.")
        raise CommandError(too_many.format(most=MOST_TIMES, example="every 1h"))
    return tuple(sorted(set(each)))


def _length(lasts: timedelta) -> str:
    hours, minutes = divmod(int(lasts.total_seconds()) // 60, 60)
    return f"{hours}h" * bool(hours) + f"{minutes}m" * bool(minutes or not hours)


# ── the moments that are meant ───────────────────────────────────────────────────────────────────────────────────


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Return when a clock there shows this time on this day, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def next_at(times: Sequence[time], now: datetime, zone: tzinfo) -> datetime:
    """Return the next moment at which a clock there shows one of these times, in UTC."""
    return min(each for each in _around(times, now, zone) if each > now)


def _around(times: Sequence[time], now: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the moments of these times from yesterday to the day after tomorrow: zones may skip a day, too."""
    today = now.astimezone(zone).date()
    for day in range(-1, 3):
        for at in times:
            yield moment(today + timedelta(days=day), at, zone)


def next_digest(wanted: Schedule, now: datetime, zone: tzinfo, last: datetime | None = None) -> datetime:
    """Return when the next digest is due after now; `last` is when the one before it was."""
    if wanted.every is None:
        return next_at(wanted.at, now, zone)
    since = last if last is not None and last <= now else now
    return since + wanted.every * ((now - since) // wanted.every + 1)


def quiet_period(quiet: Quiet, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the quiet hours that last now or, if none do, come next, in UTC."""
    ends = next_at((quiet.ends,), now, zone)
    begins = max(each for each in _around((quiet.begins,), ends - timedelta(days=1), zone) if each < ends)
    return begins, ends
