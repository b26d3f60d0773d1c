"""Pieces of HTML in what others tell: known by their tags, made a tree where that is cheap enough, or bared of tags."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .bounds import bounded
from .document import deeper_than

NAMES = (
    "a|abbr|article|aside|b|blockquote|br|center|cite|code|dd|div|dl|dt|em|embed|figcaption|figure|font|h[1-6]|hr|i|"
    "iframe|img|ins|kbd|li|mark|ol|p|picture|pre|q|s|script|section|small|source|span|strike|strong|style|sub|sup|"
    "table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|video"
)
TAG = re.compile(rf"</?(?:{NAMES})(?:\s[^<>]*|\s*/)?>|<!--", re.IGNORECASE)
"""A tag of HTML; "<Gull>" and "a < b" are none."""

PLACEHOLDER = re.compile(r"\[\[[^\[\]\n]{0,300}\]\]")
"""What a content system did not fill in (`[[ge:…]]`)."""

_TAGS = re.compile(r"<(script|style)\b.*?(?:</\1|$)|<!--.*?(?:-->|$)|</?[a-z][^<>]*>", re.IGNORECASE | re.DOTALL)


def tree(html: str, deepest: int) -> LexborNode | None:
    """Return a piece of HTML as a tree; None where it would take too long: deep, or much."""
    told = html.encode("utf-8", "replace")
    bearable = None if deeper_than(deepest, told) else bounded(told)
    return LexborHTMLParser(bearable).body if bearable is not None else None


def without_tags(html: str) -> str:
    """Return the words of a piece of HTML, whatever is wrong with it."""
    return unescape(_TAGS.sub(" ", html))
