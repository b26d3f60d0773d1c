"""Rich text as Telegram takes it: a plain text and MessageEntities, never a parse mode, so no text becomes markup.

Entities count UTF-16 units, must nest, and may be a hundred. What Telegram itself finds in a text (a command, a
mention) is broken up by an invisible character: an entry's words are nobody's command.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from telegram import MessageEntity

from bot.cutting import utf16
from bot.richtext import RichText, Span, SpanKind

MOST = 100
_JOINER = "\u2060"  # invisible, no place to break a line
_LONGEST_ADDRESS = 2048
_LAST = 4  # ours: the source's link, which is the last, and those to who else reported it are kept

# What TDLib (MessageEntity.cpp) takes for a mention, a command or an address that opens Telegram itself, broken after
# its first sign; web addresses are passed over, because they may hold any of it.
_ACTS = re.compile(
    r"https?://[^\s<>\"]+|(?P<sign>(?<!\w)@(?=\w)|(?<![\w/<>])/(?=[A-Za-z0-9_])|\b(?:tg|ton|tonsite):(?=//))",
    re.IGNORECASE,
)
# Telegram drops or refuses these; one character for one, so that no span moves.
_REPLACED = (
    dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")
    | dict.fromkeys([*range(0x202A, 0x202F), 0xFEFF], _JOINER)
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
)

_NAME = re.compile(r"[A-Za-z0-9_]+")

Reach = tuple[int, int]


class _Marked(NamedTuple):
    start: int
    end: int
    kind: str
    url: str = ""


def harmless(text: RichText, ours: Collection[str] = ()) -> RichText:
    """Return the text so that Telegram finds no command, no mention and nothing unprintable in it.

    `ours` are commands that people may tap where our own words name them; in a link stand an entry's words.
    """
    clean = text.text.translate(_REPLACED)
    signs = (found.end() for found in _ACTS.finditer(clean) if found["sign"])
    places = [at for at in signs if not _ours(clean, at, text, ours)]
    if not places:
        return RichText(clean, text.spans)
    pieces = [clean[start:end] for start, end in pairwise([0, *places, len(clean)])]

    def moved(at: int) -> int:
        return at + bisect_right(places, at)

    spans = (replace(span, start=moved(span.start), end=moved(span.end)) for span in text.spans)
    return RichText(_JOINER.join(pieces), tuple(spans))


def _ours(clean: str, at: int, text: RichText, ours: Collection[str]) -> bool:
    named = _NAME.match(clean, at)
    if clean[at - 1] != "/" or named is None or named[0] not in ours:
        return False
    return not any(span.kind == "link" and span.start < at <= span.end for span in text.spans)


def length(text: RichText) -> int:
    """Return how long Telegram finds the text: in UTF-16 units, the stricter of the two ways in which it may count."""
    return utf16(text.text)


def entities(text: RichText) -> list[MessageEntity]:
    """Return the spans of a text as entities that nest, in order; of too many, the first and the last few."""
    at = [0, *accumulate(utf16(char) for char in text.text)]
    marked = [mark for mark in _nested(text) if text.text[mark.start : mark.end].strip()]
    if len(marked) > MOST:
        marked = [*marked[: MOST - _LAST], *marked[-_LAST:]]
    return [
        MessageEntity(mark.kind, at[mark.start], at[mark.end] - at[mark.start], url=mark.url or None) for mark in marked
    ]


def web_address(url: str) -> str:
    """Return the address if Telegram makes a link of it: http(s), with a host; else ""."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme.lower() in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    clean = not re.search(r"[\s\x00-\x1f\ud800-\udfff]", url.strip())
    return url.strip() if usable and clean and len(url) <= _LONGEST_ADDRESS else ""


def _nested(text: RichText) -> list[_Marked]:
    """Return stretches that contain each other or do not touch: quote around link around bold around italic.

    Code holds nothing and stands in nothing but a quote; where it meets a link, the link wins.
    """
    quotes = _united(_reaches(text, "quote"))
    links = _links(text, _edges(quotes))
    linked = [(link.start, link.end) for link in links]
    codes = _split(_without(_united(_reaches(text, "code")), linked), _edges(quotes))
    bold = _split(_without(_united(_reaches(text, "bold")), codes), _edges(quotes, linked))
    italic = _split(_without(_united(_reaches(text, "italic")), codes), _edges(quotes, linked, bold))
    return sorted(
        [
            *(_Marked(*reach, MessageEntity.BLOCKQUOTE) for reach in quotes),
            *links,
            *(_Marked(*reach, MessageEntity.CODE) for reach in codes if reach not in quotes),  # which would hold which?
            *(_Marked(*reach, MessageEntity.BOLD) for reach in bold),
            *(_Marked(*reach, MessageEntity.ITALIC) for reach in italic),
        ],
        key=lambda mark: (mark.start, -mark.end),
    )


def _reaches(text: RichText, kind: SpanKind) -> list[Reach]:
    return [_within(span, text) for span in text.spans if span.kind == kind and span.start < span.end]


def _within(span: Span, text: RichText) -> Reach:
    return max(0, span.start), min(len(text), span.end)


def _links(text: RichText, edges: Sequence[int]) -> list[_Marked]:
    """Return the links; where two overlap, the one that begins first has the stretch."""
    found: list[_Marked] = []
    free = 0
    for span in sorted((span for span in text.spans if span.kind == "link"), key=lambda span: span.start):
        address = web_address(span.url)
        start, end = _within(span, text)
        if address and max(start, free) < end:
            found += [
                _Marked(*reach, MessageEntity.TEXT_LINK, address) for reach in _split([(max(start, free), end)], edges)
            ]
            free = end
    return found


def _united(reaches: Iterable[Reach]) -> list[Reach]:
    united: list[Reach] = []
    for start, end in sorted(reaches):
        if start >= end:
            continue
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _without(reaches: Iterable[Reach], taken: Iterable[Reach]) -> list[Reach]:
    left = list(reaches)
    for start, end in taken:
        left = [
            piece
            for one in left
            for piece in ((one[0], min(one[1], start)), (max(one[0], end), one[1]))
            if piece[0] < piece[1]
        ]
    return _united(left)


def _edges(*groups: Iterable[Reach]) -> list[int]:
    return sorted({edge for group in groups for reach in group for edge in reach})


def _split(reaches: Iterable[Reach], edges: Sequence[int]) -> list[Reach]:
    def pieces(start: int, end: int) -> Iterator[Reach]:
        yield from pairwise([start, *(edge for edge in edges if start < edge < end), end])

    return [piece for start, end in reaches for piece in pieces(start, end)]
