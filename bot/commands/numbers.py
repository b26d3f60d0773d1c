"""Numbers that come in with a command: typed by a person, or in a button, whose words can be forged. Pure."""

from __future__ import annotations

# Digits of the largest number that a database keeps as an id, and one less. Python refuses to read 4,300 and more.
_MOST_DIGITS = 18


def whole_number(typed: str) -> int | None:
    """Return the number that was typed; None for what is none, and for one that is longer than any we gave."""
    return int(typed) if typed.isdecimal() and len(typed) <= _MOST_DIGITS else None
