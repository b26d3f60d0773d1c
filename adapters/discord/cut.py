"""Where to end a text that is too long for Discord, which counts the markdown and not the words (`bot.cutting`)."""

from __future__ import annotations

from collections.abc import Callable

from bot import cutting
from bot.richtext import RichText

from .markdown import markdown, units


def cut(text: RichText, limit: int, written: Callable[[RichText], str] = markdown) -> RichText:
    """Return as much of the text as `written` puts into `limit` units, ending in "…" where something is missing."""
    return cutting.cut(text, limit, lambda piece: units(written(piece)))


def shortened(text: str, most: int) -> str:
    """Return a plain text of at most so many characters, as names and labels have them, ending in "…" if it was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


def split(text: RichText, limit: int) -> list[RichText]:
    """Return the text in pieces whose markdown takes at most `limit` units each; at least one piece."""
    return cutting.split(text, limit, lambda piece: units(markdown(piece)))
