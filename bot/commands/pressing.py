"""Rows of buttons for answers. Pure."""

from __future__ import annotations

from ..ports import MOST_BUTTON_BYTES, Button


def buttons(*row: tuple[str, str]) -> tuple[tuple[Button, ...], ...]:
    """Return one row of buttons (label, command); what is too long for a button is left out, and can be typed."""
    fitting = tuple(Button(label, command) for label, command in row if len(command.encode()) <= MOST_BUTTON_BYTES)
    return (fitting,) if fitting else ()
