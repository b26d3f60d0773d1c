"""Times that people type: how long a pause lasts, and which zone a chat lives in."""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from ..errors import CommandError
from ..hours import clock, lasting, next_at
from ..languages import _, either

_FOR = re.compile(r"for\s+", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till)\s+(\d.*)", re.IGNORECASE)
_LONGEST = timedelta(days=366)
_REGIONS = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/")


def paused_until(typed: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a pause typed as `for 2h`, `1h30m`, `until 18:00` or `until 6pm` ends, by the chat's clock.

    Raises CommandError for anything else, and for more than a year.
    """
    if (lasts := lasting(_FOR.sub("", typed))) is not None:
        until = now + lasts
    elif at := _UNTIL.fullmatch(typed):
        until = next_at((clock(at[1]),), now, zone)
    else:
        no_time = _("“{typed}” is no time for a pause. Say {short}, {shorter} or {until}.")
        raise CommandError(no_time.format(typed=typed, short="for 2h", shorter="for 30m", until="until 18:00"))
    if not now < until <= now + _LONGEST:
        raise CommandError(_("A pause lasts from a minute to a year; without a time it lasts until /resume."))
    return until


def find_zone(typed: str) -> str:
    """Return the IANA name of a time zone typed as that name or as its city. Raises CommandError with near names."""
    named = _fold(typed)
    if found := _zones().get(named):
        return found
    near = difflib.get_close_matches(named, _zones(), n=3, cutoff=0.6)
    names = list(dict.fromkeys(_zones()[each] for each in near))
    hint = _("Send a large city near you, such as London or New York.")
    if names:
        hint = _("Did you mean {names}?").format(names=either(names))
    raise CommandError(_("There is no time zone “{typed}”. {hint}").format(typed=typed, hint=hint))


def zones_like(typed: str) -> list[str]:
    """Return the IANA names of zones that have this in their name or city, those that begin with it first."""
    part = _fold(typed)
    found = sorted((at, name) for folded, name in _zones().items() if (at := folded.find(part)) >= 0)
    return list(dict.fromkeys(name for _, name in found))


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """The zones by folded name, and by folded city where a name of a region has one."""
    names = sorted(available_timezones() - {"Factory", "localtime"}, key=lambda name: (name.count("/"), name))
    found = {_fold(name): name for name in names}
    for name in names:
        if name.startswith((*_REGIONS, "Pacific/")):
            found.setdefault(_fold(name.rpartition("/")[2]), name)
    return found


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip()).casefold()
    return re.sub(r"[\s_]+", "_", "".join(character for character in plain if not unicodedata.combining(character)))
