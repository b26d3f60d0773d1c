"""Where to end a text that is too long for Discord: at a line, else a sentence, else a word."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from bot.richtext import RichText

from .markdown import markdown, units

ELLIPSIS = "…"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*(?=\s)")


def cut(text: RichText, limit: int, written: Callable[[RichText], str] = markdown) -> RichText:
    """Return as much of the text as `written` puts into `limit` units, ending in "…" where something is missing."""
    room = limit
    shortened = text
    while over := _over(shortened, limit, written):
        at = _reach(text, room, written)
        kept = text.cut(0, at).strip()
        shortened = kept + (f" {ELLIPSIS}" if _ends_a_sentence(text.text, at) else ELLIPSIS)
        room -= max(2, over if room < limit else 0)  # the ellipsis needs some of the room, too
    return shortened


def split(text: RichText, limit: int) -> list[RichText]:
    """Return the text in pieces whose markdown takes at most `limit` units each; at least one piece."""
    pieces = []
    while _over(text, limit, markdown):
        at = _reach(text, limit, markdown)
        pieces.append(text.cut(0, at).strip())
        text = text.cut(at, len(text)).strip()
    return [*pieces, text]


def _over(text: RichText, limit: int, written: Callable[[RichText], str]) -> int:
    """Return by how much the text is too long; a text far too long is not written out to find that."""
    return max(0, len(text) - limit if len(text) > 2 * limit else units(written(text)) - limit)


def _reach(text: RichText, limit: int, written: Callable[[RichText], str]) -> int:
    """Return the best place to end within `limit` units: the last line, sentence or word end of the second half."""
    head = text.cut(0, max(limit, 1))
    lengths = range(len(head) + 1)
    most = max(1, bisect_right(lengths, limit, key=lambda length: units(written(head.cut(0, length)))) - 1)
    sentence = max((end.end() for end in _SENTENCE_END.finditer(text.text[: most + 1])), default=0)
    ends = (head.text.rfind("\n", 0, most), sentence, head.text.rfind(" ", 0, most))
    end = next((end for end in ends if end > most // 2), most)
    while end > 1 and units(written(head.cut(0, end))) > limit:  # a label that was cut may be written longer
        end = end * 9 // 10
    return end


def _ends_a_sentence(text: str, at: int) -> bool:
    return text[at : at + 1].isspace() and (text[at] == "\n" or bool(re.search(r"[.!?…][\"'”’)]*\Z", text[:at])))
