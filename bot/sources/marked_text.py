"""Texts in structured data, in whatever state they come: plain, with entities, as HTML, escaped once or twice.

A text with tags is HTML; one without is plain, and each of its lines a paragraph. Entities are resolved in both, and
once more where that leaves tags or entities behind. What a content system did not fill in (`[[ge:…]]`) is dropped.
"""

from __future__ import annotations

import re
from html import unescape

from bot.richtext import RichText

from .html import rich_text
from .markup import NAMES, PLACEHOLDER, TAG, tree
from .writing import Writer, plain

DEEPEST = 100
"""Elements within each other; a text with more is taken without its tags."""

_BLOCK_TAG = re.compile(r"<(?:blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|ul)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_TELLING = re.compile(r"[<&\[]")
"""What a text must have to be more than plain words."""

_ANY_TAG = re.compile(r"(<[^<>]*>)")
# What only HTML that was escaped as a whole has; nobody writes such a thing to be read.
_ESCAPED_TAG = re.compile(rf"&lt;(?:/(?:{NAMES})|(?:p|br|b|i|em|strong|div|ul|ol|li)\s?/?)&gt;", re.IGNORECASE)


def marked_text(told: str, base: str) -> RichText:
    """Return the text with its paragraphs, marks and links; `base` makes the links absolute."""
    told = _once_escaped(PLACEHOLDER.sub(" ", told))
    if not TAG.search(told):
        return _paragraphs(unescape(told))
    if not _BLOCK_TAG.search(told):
        told = "".join(part if part.startswith("<") else _lines(part) for part in _ANY_TAG.split(told.strip()))
    body = tree(f"<body>{told}", DEEPEST)
    return rich_text(body, base) if body is not None else _paragraphs(unescape(TAG.sub(" ", told)))


def _lines(told: str) -> str:
    """Return a text between two tags with its line breaks as HTML has them."""
    return "<br><br>".join(told.splitlines()) + "<br><br>" * told.endswith("\n")


def line(told: str) -> str:
    """Return the text as one line without marks."""
    if not _TELLING.search(told):
        return plain(told)
    return plain(marked_text(told, "").text)


def _once_escaped(told: str) -> str:
    """Take away what is too much of escaping, so that HTML is HTML and the entities of a plain text are its only."""
    if not TAG.search(told) and _ESCAPED_TAG.search(told):
        told = unescape(told)
    if "&amp;" in told and _ENTITY.search(unescape(told)):
        told = told.replace("&amp;", "&")
    return told


def _paragraphs(told: str) -> RichText:
    writer = Writer()
    for words in told.splitlines():
        writer.text(words)
        writer.block()
    return writer.rich_text()
