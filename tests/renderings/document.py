"""Documents that show what chats show: the renderings stand between two markers and are written by the program."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
BEGIN = "<!-- renderings: written by `python -m tests.renderings`, from here -->"
END = "<!-- to here -->"
_WIDTH = 72
_MOST_LINES, _HEAD, _FOOT = 26, 10, 5


def with_renderings(text: str, drawn: str) -> str:
    """Return a document with what stands between its markers replaced."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    assert found, "the document has no markers"
    return f"{before}{BEGIN}\n\n{drawn.strip()}\n\n{END}{after}"


def bubble(text: str, *, above: Iterable[str] = (), below: Iterable[str] = ()) -> str:
    """Return a message as a box of text; `above` and `below` are what is no text, each in a line of its own."""
    lines = [*(f"[{each}]" for each in above), *_shortened(list(_wrapped(text))), *(f"[{each}]" for each in below)]
    return "\n".join(("┌" + "─" * 30, *(f"│ {line}".rstrip() for line in lines), "└" + "─" * 30))


def _wrapped(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from textwrap.wrap(line, _WIDTH, break_on_hyphens=False) or [""]


def _shortened(lines: list[str]) -> list[str]:
    """Nobody reads sixty lines to see that they are there."""
    if len(lines) <= _MOST_LINES:
        return lines
    left_out = len(lines) - _HEAD - _FOOT
    return [*lines[:_HEAD], f"   … {left_out} more lines, left out here …", *lines[-_FOOT:]]
