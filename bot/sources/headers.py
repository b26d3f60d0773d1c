"""What a server says about time: Cache-Control and Retry-After. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_SILENCE = timedelta(hours=6)
"""The longest Retry-After that is believed: a bad header must not silence a host for a year."""
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,9}")


def max_age(cache_control: str) -> timedelta | None:
    """Return for how long an answer stays fresh (RFC 9111, 5.2.2.1); None where the server does not say."""
    found = _MAX_AGE.search(cache_control)
    return timedelta(seconds=int(found[1])) if found else None


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Return how long a server asks us to stay away (RFC 9110, 10.2.3: seconds or a date); None where it does not.

    Never negative, and never more than `LONGEST_SILENCE`.
    """
    asked = timedelta(seconds=int(value)) if _SECONDS.fullmatch(value.strip()) else _until(value, now)
    return None if asked is None else max(timedelta(), min(asked, LONGEST_SILENCE))


def _until(value: str, now: datetime) -> timedelta | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
