"""The words of a text, in every script: what makes two of them the same, and where one ends. Pure.

A text's words are kept as one string, each between edges, line by line, so that looking for words that stand side by
side is looking for a piece of a string, and no phrase reaches from one line into the next.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_EDGE = "\x1f"
# The marks that are accents; other marks are part of how a word is spelt (the vowels of Hindi).
_ACCENTS = ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF))
# Scripts written without spaces: Thai, Lao, Burmese, Khmer, the Japanese syllabaries, Chinese characters.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# So many characters of what pages use are remembered; the rest are looked up each time.
_MOST_REMEMBERED = 20_000


class _Signs(dict[int, str]):
    """What becomes of each character: part of a word, a gap, a word of its own, or nothing; learnt as they come."""

    def __init__(self, *, accents: bool) -> None:
        super().__init__()
        self._accents = accents

    def __missing__(self, code: int) -> str:
        sign = self._sign(code)
        if len(self) < _MOST_REMEMBERED:
            self[code] = sign
        return sign

    def _sign(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        if category == "Cf" or (not self._accents and _lies_in(code, _ACCENTS)):
            return ""
        if category[0] not in "LMN":
            return " "
        return f" {chr(code)} " if _lies_in(code, _UNSPACED) else chr(code)


_FOLDED, _EXACT = _Signs(accents=False), _Signs(accents=True)


def _lies_in(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def folded_words(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, accents and invisible characters."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return tuple(plain.translate(_FOLDED).split())


def exact_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are spelt."""
    return tuple(unicodedata.normalize("NFC", text).translate(_EXACT).split())


@lru_cache(maxsize=128)
def folded(text: str) -> str:
    """Return a text's folded words between edges, line by line."""
    return "\n".join(edged(folded_words(line)) for line in text.splitlines())


@lru_cache(maxsize=128)
def exact(text: str) -> str:
    """Return a text's exact words between edges, line by line."""
    return "\n".join(edged(exact_words(line)) for line in text.splitlines())


def edged(words: tuple[str, ...]) -> str:
    """Return words that stand side by side, between edges."""
    return _EDGE + _EDGE.join(words) + _EDGE
