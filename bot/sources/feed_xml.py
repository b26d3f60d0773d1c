"""The XML of a feed, made ready for the library that reads it: its junk taken off, its size and cost bounded.

The library (feedparser) reads what no XML parser accepts, at a price that is bounded here: time that grows with the
square of a tag's attributes, of an item's categories and of an author's name, and with every tag. What is taken off:
everything before the feed begins (warnings, blank lines, comments), control characters, pictures written out within
the text, and behind a cut the item that it went through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from itertools import islice

from bot.errors import UnreadablePage

from ..languages import stored
from .feed_item import MOST_ITEMS

BEGINS_WITHIN = 16_384
"""Characters before the root; some servers put their warnings there."""

LONGEST_TAG = 16_384
"""Characters. 49 kB of attributes take 0.4 s, 209 kB 6 s (docs/sources.md)."""

MOST_OF_TAGS = 5_000_000_000
"""The sum of the squares of all tags' lengths; that much takes about a second."""

MOST_TAGS = 60_000
"""Each takes 20 µs where the feed is not well-formed, 60 µs on a busy machine. Within CDATA they do not count."""

MOST_REFERENCES = 1_000_000
"""Each `&` takes up to 2 µs."""

MOST_CATEGORIES = 500
LONGEST_PERSON = 2_000
"""Characters within an author."""

MOST_OF_PERSONS = 200_000_000
"""The sum of the squares of all authors' lengths; that much takes about a second."""

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel)(?=[\s>])", re.IGNORECASE)
_NO_FEED = re.compile(r"<(?:html|head|body|script|svg)[\s>]", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s", re.IGNORECASE)
_LITERAL = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)\s*(?:>|\Z)", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CATEGORY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:category|keywords|subject|tags)[\s>]", re.IGNORECASE)
_NAMED = r"(?:[\w.-]{1,40}:)?(?:author|creator|managingEditor|webMaster|publisher|owner)\b"
_PERSON = re.compile(
    rf"<{_NAMED}[^<>]{{0,200}}(?<!/)>(?:(?!</?(?:{_NAMED}|(?:[\w.-]{{1,40}}:)?(?:item|entry)\b)).){{0,{LONGEST_PERSON}}}",
    re.IGNORECASE | re.DOTALL,
)
# What a tag is after its "<": up to a ">" that is in no attribute.
_TAG_BODY = re.compile(r"""[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*""")
# Tombstones, RFC 6721; feedparser does not know them.
_DELETED = re.compile(
    r"<(?:[\w.-]{1,40}:)?deleted-entry\s(?:[^<>]{0,300}\s)?ref\s*=\s*[\"']([^\"'<>]{1,1000})[\"']", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(x[0-9a-f]+|[0-9]+);?", re.IGNORECASE)
_WRITTEN_OUT = re.compile(r"data:[\w/+.-]{3,60};base64,[A-Za-z0-9+/=%\s]{100,}")
# feedparser takes the first for the item's own title and text, wherever it meets them last; places we do not read.
_NOT_THE_ITEMS = re.compile(
    r"(</?)(?:(media|itunes):(title|description|summary|subtitle)|(georss|gml):(\w+))(?:\s[^<>]*?)?(/?>)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Xml:
    """A feed's XML, beginning with its root or its DOCTYPE; `complete` says that its end arrived.

    `deleted` are the ids of the entries that it names as deleted.
    """

    text: str
    complete: bool
    deleted: tuple[str, ...] = ()


def begins(text: str) -> int | None:
    """Return where the feed begins: at its DOCTYPE or its root; None where there is none."""
    start = text[:BEGINS_WITHIN]
    shown = _COMMENT.sub(lambda found: " " * len(found[0]), start)
    root = _ROOT.search(shown)
    if root is None or _NO_FEED.search(shown, 0, root.start()):
        return None
    doctype = _DOCTYPE.search(shown, 0, root.start())
    return doctype.start() if doctype else root.start()


def prepared(text: str) -> Xml:
    """Return the XML as it may be read. Raises UnreadablePage for what would take too long."""
    if text.count("&") > MOST_REFERENCES:
        raise UnreadablePage(stored("The feed has more escaped characters than any feed needs."))
    text = _REFERENCE.sub(_possible, _CONTROL.sub("", text[begins(text) or 0 :]))
    text = _WRITTEN_OUT.sub("", text)
    marks = _LITERAL.sub(lambda found: " " * len(found[0]), text)
    _check(marks)
    text, complete = _whole_items(text, marks)
    deleted = tuple(unescape(found[1]).strip() for found in islice(_DELETED.finditer(marks), MOST_ITEMS))
    return Xml(_NOT_THE_ITEMS.sub(r"\1\2\4:item-\3\5\6", text), complete, deleted)


def _possible(reference: re.Match[str]) -> str:
    """Return a reference to a character; nothing for one to no character, on which the library breaks."""
    told = reference[1].lower()
    number = (int(told[1:], 16) if told.startswith("x") else int(told)) if len(told) < 9 else 0
    return reference[0] if number in (9, 10, 13) or (32 <= number < 0x110000 and not 0xD800 <= number < 0xE000) else ""


def _whole_items(text: str, marks: str) -> tuple[str, bool]:
    """Return the feed without an item that was cut, and without those beyond MOST_ITEMS; and whether it has an end."""
    ends = [found.end() for found in _ITEM_END.finditer(marks)]
    if len(ends) > MOST_ITEMS:
        return text[: ends[MOST_ITEMS - 1]], True
    if _END.search(marks, ends[-1] if ends else 0):
        return text, True
    first = _ITEM.search(marks)
    return text[: ends[-1] if ends else first.start() if first else len(text)], False


def _check(marks: str) -> None:
    """Raise UnreadablePage for what the library takes too long to read; `marks` is the XML without its literals."""
    pieces = marks.split("<")
    if len(pieces) > MOST_TAGS:
        raise UnreadablePage(stored("The feed has more tags than any feed needs."))
    tags = [_tag_length(piece) for piece in pieces[1:]]
    if max(tags, default=0) > LONGEST_TAG or sum(length**2 for length in tags) > MOST_OF_TAGS:
        raise UnreadablePage(stored("The feed has longer tags than any feed needs."))
    persons = [len(found[0]) for found in _PERSON.finditer(marks)]
    if max(persons, default=0) > LONGEST_PERSON or sum(length**2 for length in persons) > MOST_OF_PERSONS:
        raise UnreadablePage(stored("The feed names authors at a length that no names have."))
    starts = [0, *(found.start() for found in _ITEM.finditer(marks)), len(marks)]
    categories = [found.start() for found in _CATEGORY.finditer(marks)]
    if _crowded(categories, starts):
        raise UnreadablePage(stored("The feed has an item with more categories than any item needs."))


def _tag_length(piece: str) -> int:
    """Return how much of what follows a "<" belongs to its tag; where a quote does not end, up to the next ">"."""
    body = _TAG_BODY.match(piece)
    end = piece.find(">", body.end() if body else 0)
    return end if end >= 0 else len(piece)


def _crowded(places: list[int], borders: list[int]) -> bool:
    """Whether more than MOST_CATEGORIES of the places lie between two neighbouring borders."""
    if len(places) <= MOST_CATEGORIES:
        return False
    found, border = 0, 0
    for place in places:
        while border + 1 < len(borders) and borders[border + 1] <= place:
            border, found = border + 1, 0
        found += 1
        if found > MOST_CATEGORIES:
            return True
    return False
