"""Where to end a text that is too long for a platform: at a line, else a sentence, else a word, else a character.

Adapters share this; how long a text is, each platform tells with its own `length`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

from .richtext import RichText

ELLIPSIS = "…"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*(?=\s)")
_ENDED = re.compile(r"[.!?…][\"'”’)]*\Z")
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_LONGEST_CHARACTER = 64  # code points that one visible character may take before we cut it all the same

Length = Callable[[RichText], int]


def utf16(text: str) -> int:
    """Return the length of a text in UTF-16 code units: never fewer than a platform may count."""
    return len(text) + sum(char > "\uffff" for char in text)


def cut(text: RichText, limit: int, length: Length) -> RichText:
    """Return as much of the text as has room in `limit`, ending in "…" where something is missing."""
    room = limit
    shortened = text
    while over := _over(shortened, limit, length):
        at = _reach(text, room, length)
        kept = text.cut(0, at).strip()
        shortened = kept + (f" {ELLIPSIS}" if _ends_a_sentence(text.text, at) else ELLIPSIS)
        room -= max(2, over if room < limit else 0)  # the ellipsis needs some of the room, too
    return shortened


def split(text: RichText, limit: int, length: Length) -> list[RichText]:
    """Return the text in pieces that are at most `limit` long each; at least one piece."""
    pieces = []
    while _over(text, limit, length):
        at = _reach(text, limit, length)
        pieces.append(text.cut(0, at).strip())
        text = text.cut(at, len(text)).strip()
    return [*pieces, text]


def _over(text: RichText, limit: int, length: Length) -> int:
    """Return by how much the text is too long; a text far too long is not measured to find that."""
    return max(0, len(text) - limit if len(text) > 2 * limit else length(text) - limit)


def _reach(text: RichText, limit: int, length: Length) -> int:
    """Return the best place to end within `limit`: the last line, sentence or word end of the second half."""
    head = text.cut(0, max(limit, 1))
    counts = range(len(head) + 1)
    most = max(1, bisect_right(counts, limit, key=lambda count: length(head.cut(0, count))) - 1)
    sentence = max((end.end() for end in _SENTENCE_END.finditer(text.text[: most + 1])), default=0)
    ends = (head.text.rfind("\n", 0, most), sentence, head.text.rfind(" ", 0, most))
    end = next((end for end in ends if end > most // 2), most)
    while end > 1 and length(head.cut(0, end)) > limit:  # markup around a text that was cut may be written longer
        end = end * 9 // 10
    return _whole_character(text.text, end)


def _whole_character(text: str, end: int) -> int:
    """Return a place at or before `end` that breaks no emoji sequence, accent or flag apart."""
    at = end
    while 1 < at < len(text) and end - at < _LONGEST_CHARACTER:
        if not _joined(text[:at], text[at]):
            return at
        at -= 1
    return end


def _joined(before: str, following: str) -> bool:
    """Whether `following` belongs to the visible character at the end of `before`."""
    if following in _FLAG_LETTERS:  # two of them make a flag
        return (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2 == 1
    return "\u200d" in (before[-1], following) or unicodedata.category(following) in ("Mn", "Me", "Mc", "Sk")


def _ends_a_sentence(text: str, at: int) -> bool:
    return text[at : at + 1].isspace() and (text[at] == "\n" or bool(_ENDED.search(text[:at])))
