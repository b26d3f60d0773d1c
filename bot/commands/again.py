"""When to say or do something again that nobody waits for. Pure."""

from __future__ import annotations

from datetime import timedelta

from ..ports import Failed, Later, Outcome

_AFTER_A_FAILURE = timedelta(minutes=1)


def again_after(outcome: Outcome) -> timedelta | None:
    """Return after how long to try again what a platform answered so; None where that is over, done or not."""
    if isinstance(outcome, Later):
        return outcome.after
    return _AFTER_A_FAILURE if isinstance(outcome, Failed) else None
