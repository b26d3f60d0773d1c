"""The real clock; everything else gets the time as a parameter."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Tells the time of the machine (`bot.ports.Clock`)."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)
