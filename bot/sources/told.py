"""What JSON of others tells: any field may be missing, or be of another kind than was agreed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from .times import iso_time
from .writing import plain

LATEST_SECONDS = 10_000_000_000
"""A number beyond this (the year 2286) counts milliseconds, not seconds, since 1970."""


def record(told: Any) -> dict[str, Any]:
    """Return an object as it is; {} for what is none."""
    return told if isinstance(told, dict) else {}


def records(told: Any) -> list[dict[str, Any]]:
    """Return the objects of a list; what else is in it is left out."""
    return [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []


def words(told: Any) -> str:
    """Return a string as one line without invisible characters; "" for what is none."""
    return plain(told) if isinstance(told, str) else ""


def string(told: Any) -> str:
    """Return a string as it is; "" for what is none."""
    return told if isinstance(told, str) else ""


def identity(told: Any) -> str:
    """Return an id, which may be told as a number; "" for what is none."""
    if isinstance(told, int) and not isinstance(told, bool):
        return str(told) if abs(told) < 10**30 else ""
    return words(told)[:300]


def count(told: Any) -> int:
    """Return a number of things; 0 for what is none."""
    return told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else 0


def moment(told: Any) -> datetime | None:
    """Return a time told as ISO 8601, or in seconds or milliseconds since 1970 (as a number or its digits)."""
    if isinstance(told, str) and told.strip().isdecimal() and len(told.strip()) in (9, 10, 12, 13):
        told = int(told)
    if isinstance(told, bool):
        return None
    if isinstance(told, int | float) and abs(told) < LATEST_SECONDS:
        told = told * 1000
    found = iso_time(told)
    try:
        return found.astimezone(UTC) if found else None
    except OverflowError:
        return None


def later(updated: datetime | None, published: datetime | None) -> datetime | None:
    """Return when something was edited; None where that is not after it was published."""
    return updated if updated and published and updated > published else None


def unpacked(text: str) -> Any:
    """Return the JSON that a string holds, raw newlines let pass; None where it holds none."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
