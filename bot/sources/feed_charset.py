"""The text of a feed, whatever it came in: feeds are often written in another charset than they say.

What is valid UTF-8 is UTF-8, whatever a header or a declaration says: no text of another charset with more than a few
letters beyond ASCII is valid by accident. Else the declaration that the author wrote decides before the header that
a server adds to everything; and what nobody declares is guessed by its letters (`feed_guess`).
"""

from __future__ import annotations

import codecs
import re

from bot.model import Page

from .feed_guess import guessed

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# UTF-32's mark begins with that of UTF-16, so that it stands first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<?" or "<r" begins where there is no mark (XML 1.0, appendix F).
_STARTS = (
    (re.compile(rb"<\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<"), "utf-32-be"),
    (re.compile(rb"<\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x00<\x00[^\x00]"), "utf-16-be"),
)
# As browsers do (WHATWG Encoding): who says Latin-1 means Windows' superset of it.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_NOT_OF_FEEDS = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"))
_SEVEN_BIT = ("iso2022", "hz")
"""Charsets whose bytes are all ASCII, so that they look like UTF-8."""


def feed_text(page: Page) -> str:
    """Return the page's text; what cannot be decoded becomes U+FFFD."""
    body = page.body
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for start, name in _STARTS:
        if start.match(body):
            return body.decode(name, "replace")
    declared = _DECLARED.search(body[:4096])
    header = _HEADER.search(page.content_type)
    told = [_codec(declared[1].decode("ascii") if declared else ""), _codec(header[1] if header else "")]
    return _decoded(body, [name for name in told if name])


def _decoded(body: bytes, told: list[str]) -> str:
    """Return the text by the first charset that fits: UTF-8, then those that were told; else roughly."""
    candidates = ("utf-8", *told)
    if told and told[0].startswith(_SEVEN_BIT):
        candidates = (*told, "utf-8")
    for name in candidates:
        try:
            # A last character that was cut off is no proof against a charset.
            return codecs.getincrementaldecoder(name)("strict").decode(body, final=False)
        except UnicodeError:
            continue
    return body.decode(told[0] if told and told[0] != "utf-8" else _nearest(body), "replace")


def _nearest(body: bytes) -> str:
    """Return UTF-8 where nearly all fits it, so that one bad byte costs one character; else what it looks like."""
    beyond = len(body.translate(None, bytes(range(128))))
    bad = body.decode("utf-8", "replace").count("\ufffd")
    return "utf-8" if bad * 10 < beyond else guessed(body)


def _codec(name: str) -> str:
    """Return Python's name for a charset; "" for what is none, or none of feeds."""
    try:
        b"x".decode(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if found in _NOT_OF_FEEDS else _SUPERSETS.get(found, found)
