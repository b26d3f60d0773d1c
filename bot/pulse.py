"""Whether the parts of this process do their work. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .model import Platform

# The poller looks for due sources at least every second; a host that sleeps or swaps may be this late.
_POLLS_WITHIN = timedelta(seconds=60)
# So many calls in a row that a platform did not answer at all are no slip of the network any more.
_UNANSWERED = 5


@dataclass(slots=True)
class Pulse:
    """What was last heard of the parts. `unanswered` counts the calls of a bot since its platform last answered one."""

    ticked_at: datetime | None = None
    connected: dict[Platform, bool] = field(default_factory=dict)
    sends: dict[Platform, bool] = field(default_factory=dict)
    unanswered: dict[Platform, int] = field(default_factory=dict)


def ailing(pulse: Pulse, platforms: Iterable[Platform], now: datetime) -> list[str]:
    """Return a sentence for every part that does not do its work; none where all do."""
    found = []
    if pulse.ticked_at is None:
        found.append("poller: has not looked for due pages yet")
    elif now - pulse.ticked_at > _POLLS_WITHIN:
        found.append(f"poller: last looked for due pages {(now - pulse.ticked_at).total_seconds():.0f} s ago")
    for platform in platforms:
        if not pulse.connected.get(platform):
            found.append(f"{platform}: not connected")
        elif not pulse.sends.get(platform):
            found.append(f"{platform}: does not send: the lease of its token is not held")
        elif (missed := pulse.unanswered.get(platform, 0)) >= _UNANSWERED:
            found.append(f"{platform}: has not answered the last {missed} calls")
    return found
