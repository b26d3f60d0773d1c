"""What the HTML parser is spared: it takes time with the square of a tag's attributes, and memory for every one. Pure.

Measured (lexbor in selectolax 1.0): one tag of 40,000 attributes takes 9 s, and 5 MB of nothing but `<p a b c d>` take
500 MB. Real pages have some thousand elements with some ten attributes each.
"""

from __future__ import annotations

import re

MOST_ELEMENTS = 200_000
MOST_ATTRIBUTES = 250
"""In one tag: it is closed behind that many, and what follows becomes text."""
MOST_IN_TAGS = 700_000
"""Attributes of all tags together, at most: spaces and slashes within tags, also those in attributes' values."""
MOST_LOOKED_AT = 30_000_000
"""Bytes, at most, that are looked at to find crowded tags: a real page needs about as many as it has."""

_ATTRIBUTE = rb"(?>[\s/]++=?[^\s/>=]*+(?:\s*+=\s*+(?>\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+)"
_START = re.compile(rb"<[a-zA-Z]")
_NAME = rb"<[a-zA-Z][^\s/>]*+"
_AS_FAR_AS_MAY_BE = re.compile(_NAME + _ATTRIBUTE + rb"{0,%d}+(" % (MOST_ATTRIBUTES - 1) + _ATTRIBUTE + rb")?+")
_TAG = re.compile(_NAME + _ATTRIBUTE + rb"*+")
_SEPARATORS = b" \t\n\r\f/"


def bounded(html: bytes) -> bytes | None:
    """Return HTML that can be parsed within bounds; None where there is too much of it."""
    if len(html) < 2 * MOST_ATTRIBUTES:
        return html
    if html.count(b"<") - html.count(b"</") > MOST_ELEMENTS:
        return None
    if len(html) > 2 * MOST_IN_TAGS and _in_tags(html) > MOST_IN_TAGS:
        return None
    return _uncrowded(html)


def _in_tags(html: bytes) -> int:
    return sum(len(tag) - len(tag.translate(None, _SEPARATORS)) for tag in _TAG.findall(html))


def _uncrowded(html: bytes) -> bytes | None:
    """Close what is crowded. Every place is looked at, so that no tag hides in what seems to be another's value."""
    ends, looked_at = set(), 0
    for start in _START.finditer(html):
        tag = _AS_FAR_AS_MAY_BE.match(html, start.start())
        assert tag is not None  # it takes whatever begins so
        looked_at += tag.end() - tag.start()
        if looked_at > MOST_LOOKED_AT:
            return None
        if tag[1] is not None:
            ends.add(tag.end())
    if not ends:
        return html
    starts = (0, *sorted(ends))
    return b">".join(html[start:end] for start, end in zip(starts, (*starts[1:], len(html)), strict=True))
