"""Whether a new entry calls a role: for whom an admin chose it, seldom, and never for what is not news. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from .filters import parse
from .model import Entry, Ping

PAUSE = timedelta(minutes=5)
"""A channel's people are called no more often, whichever of its pages has news."""


def called(ping: Ping | None, told: Entry | None, last: datetime | None, now: datetime) -> str:
    """Return the id of the role to call with an entry that is about to be sent first, "" for none.

    `last` is when anybody was called in that channel; one that lies in the future (a clock was set back) holds
    nothing up.
    """
    if ping is None or told is None or told.kind != "entry":
        return ""
    if last is not None and timedelta() <= now - last < PAUSE:
        return ""
    return ping.role if parse(ping.words).judge(told).passes else ""


def to_json(ping: Ping | None) -> dict[str, Any]:
    """Return it as the database keeps it."""
    return {"role": ping.role, "name": ping.name, "words": ping.words} if ping else {}


def from_json(stored: dict[str, Any]) -> Ping | None:
    """Return what `to_json` was given."""
    return Ping(**stored) if stored else None
