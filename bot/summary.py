"""The lead of an entry: its first paragraphs, cut where a sentence ends.

An end that is missed only makes the lead shorter; an end that is none breaks a sentence in two. So wherever a full
stop may belong to an abbreviation, an initial or a number, it is not taken for an end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from .richtext import RichText, Span, join

ELLIPSIS = "…"
_CLOSING = "\"'”’»›)]"
_OPENING = "\"'“‘«‹([¿¡"
_WIDE_CLOSING = "”’」』】）〉》"
# So much before and after a stop is looked at to tell whether a sentence ends there: a page of nothing but stops
# would take hours otherwise.
_NEAR = 200

_STOP = re.compile(
    rf"(?<![.!?…])(?P<narrow>[.!?…]++)[{re.escape(_CLOSING)}]*+(?=\s|$)"  # Latin, Cyrillic, Greek: a space follows
    rf"|(?P<wide>[。！？｡．]+)(?P<closed>[{_WIDE_CLOSING}]*)"  # Chinese, Japanese: none does
    rf"|[؟۔।॥։።។။]+[{re.escape(_CLOSING)}]*"  # Arabic, Urdu, Indic, Armenian, Ethiopic, Khmer, Burmese
)
# Stops after these are never an end, whatever follows.
_TITLES_AND_UNITS = """
    mr mrs ms mx messrs dr prof sr jr sra dra st ste fr rev hon gen col lt sgt cpl maj capt cmdr adm brig supt
    insp det cllr gov sen rep pres sec vs approx ca cf viz al est dept inc ltd co corp bros mt ft ave blvd rd vol
    fig art ed eds pp jan feb mar apr jun jul aug sep sept oct nov dec tel nr usw bzw ggf inkl mme mlle av тыс млн
    млрд руб им ул гг стр
"""
_ABBREVIATIONS = frozenset(_TITLES_AND_UNITS.split())
# Stops after these are no end where a number follows; "No." alone is a sentence.
_BEFORE_NUMBERS = frozenset(["no", "nos", "nº", "n", "p", "c", "art", "ch", "para"])


def lead(body: RichText, length: int = 300) -> RichText:
    """Return the beginning of a body, at most `length` characters, ending where a sentence or a list item ends.

    Where no sentence ends in the last two thirds of that, it is cut at a word and ends in "…". Spans survive.
    """
    whole = join("\n\n", body.paragraphs())
    if len(whole) <= length:
        return whole
    for end in _best_ends(whole.text, length):
        return whole.cut(0, end)
    return shorten(whole, length)


def shorten(text: RichText, length: int) -> RichText:
    """Return the text cut at a word, "…" included in `length`; as it is, where it is short enough."""
    if len(text) <= length:
        return text
    kept = text.cut(0, _word_end(text.text, max(length - 1, 0))).strip()
    tail = len(kept)
    grown = (span if span.end < tail else _longer(span) for span in kept.spans)
    return RichText(kept.text + ELLIPSIS, tuple(grown))


def first_sentence(text: str) -> int:
    """Return where the first sentence of a text ends (its first line's end at the latest)."""
    line = text.partition("\n")[0]
    return next(sentence_ends(line), len(line))


def sentence_ends(line: str) -> Iterator[int]:
    """Yield where sentences of a line end: just after the stop and the quotes or brackets that close with it."""
    for stop in _STOP.finditer(line):
        if _ends(line, stop):
            yield stop.end()


def _ends(line: str, stop: re.Match[str]) -> bool:
    rest = line[stop.end() : stop.end() + _NEAR]
    if stop["wide"]:
        return not (stop["closed"] and re.match("[\u3041-\u309f]", rest))  # 「…。」と: the sentence goes on
    if not stop["narrow"] or not rest.strip():
        return True
    following = rest.lstrip().lstrip(_OPENING)[:1]
    if following.islower() or following in ELLIPSIS + ",;:–—-":
        return False
    return stop["narrow"] != "." or not _abbreviates(line[max(stop.start() - _NEAR, 0) : stop.start()], following)


def _abbreviates(before: str, following: str) -> bool:
    """Whether a single full stop after `before` belongs to its last word."""
    words = before.split()
    word = words[-1].lstrip(_OPENING) if words else ""
    if len(word) <= 1 or "." in word:  # an initial; U.S, p.m, z.B, 3.5
        return len(word) <= 1 or not word.replace(".", "").isdigit()
    if word.isdigit():  # "am 3. Oktober"; a year may end a sentence
        return len(word) <= 2
    plain = word.rpartition("-")[2].lower()
    return plain in _ABBREVIATIONS or (plain in _BEFORE_NUMBERS and following.isdigit())


def _best_ends(text: str, length: int) -> Iterator[int]:
    """Yield the last good places to end within `length`, the best first: those where no quotation is open.

    Where a text only promises what follows ("He said:") it never ends: a cut word is better than a broken promise.
    """
    found = [(end, closed) for end, closed in _places(text[: length + _NEAR]) if length / 3 <= end <= length]
    yield from (end for end, closed in reversed(found) if closed)
    yield from (end for end, _ in reversed(found))


def _places(text: str) -> Iterator[tuple[int, bool]]:
    """Yield where a text may end, and whether it does so well: no quotation open, no question without its answer."""
    start = 0
    for line in text.splitlines(keepends=True):
        words = line.rstrip()
        if not words.startswith("• "):
            for end in sentence_ends(words):
                if end < len(words):
                    yield start + end, not (_quoting(words[:end]) or words[:end].endswith(("?", "？", "؟")))
        if words and not words.endswith((":", "?", "？", "؟")):
            yield start + len(words), True
        start += len(line)


def _quoting(text: str) -> bool:
    """Whether a quotation is open at the end of a text."""
    pairs = (("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"))
    return text.count('"') % 2 == 1 or any(text.count(opening) > text.count(closing) for opening, closing in pairs)


def _word_end(text: str, limit: int) -> int:
    """Return where to cut a text that must end by `limit`: after a word, else between two whole characters."""
    if text[limit : limit + 1].isspace():
        return limit
    spaces = [gap.start() for gap in re.finditer(r"\s+", text[:limit]) if gap.start() > limit // 2]
    if spaces:
        return len(text[: spaces[-1]].rstrip(",;:–—- "))
    while limit > 0 and _joined(text[limit - 1], text[limit]):
        limit -= 1
    return limit


def _joined(left: str, right: str) -> bool:
    """Whether two code points make one visible character: a combining mark, a variation, an emoji sequence."""
    return unicodedata.category(right) in ("Mn", "Me", "Mc", "Sk") or "\u200d" in (left, right)


def _longer(span: Span) -> Span:
    return replace(span, end=span.end + len(ELLIPSIS))
