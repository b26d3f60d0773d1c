"""A page's bytes as a document: decoded, bounded, parsed once, and honest about where it was cut off."""

from __future__ import annotations

import codecs
import json
import re
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import UnreadablePage
from bot.model import Page

from ..languages import stored
from .bounds import bounded
from .linked_data import Block, block
from .told import unpacked

LARGEST = 5 * 1024 * 1024
"""Bytes; the same bound as for what is fetched."""

DEEPEST = 3_000
"""Elements within each other, of which real pages have some hundred. The parser's time grows with the square of it, and
that of a selector with elements times depth: 140,000 elements 9,000 deep took 8 s.
"""

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|main|article|div|section|script|meta|h1|p|ol|ul)[\s>/]", re.IGNORECASE
)
_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*)")
_START = re.compile(rb"<(?:!doctype|html)[\s>]", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# As browsers do (WHATWG Encoding): pages that say Latin-1 mean Windows' superset of it.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "iso8859-9": "cp1254"}
_NOT_OF_PAGES = frozenset(("idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape", "utf-7"))
_CHILDLESS = frozenset(
    (b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"source", b"track", b"wbr")
)
_SELF_CLOSING = frozenset((b"p", b"li", b"dt", b"dd", b"option", b"tr", b"td", b"th", b"tbody", b"thead"))

_CUT = "liverelay-cut"
# Put after the last byte of a cut page, this ends whatever was open there (an attribute, a comment, a script) so
# that the mark behind it comes to lie in the very element that the cut went through.
_CLOSERS = "\"'>--></script></style></textarea></title></select></iframe></xmp></noembed></noframes>"
_CUT_MARK = f"{_CLOSERS}<{_CUT}></{_CUT}>".encode()


class Document:
    """One page, for readers. `body` is its UTF-8, whatever it came in."""

    def __init__(self, page: Page) -> None:
        """Raises UnreadablePage where there is too much of it."""
        if len(page.body) > LARGEST:
            raise UnreadablePage(stored("The page is larger than {most} MB.").format(most=LARGEST // 1024 // 1024))
        self.page = page
        self.body = _utf8(page)
        self.is_html = bool(_MARKUP.search(self.body[:4096]))

    @cached_property
    def text(self) -> str:
        """The whole body as text."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body as JSON, raw newlines in its strings let pass; None where it is none, or was cut off."""
        if self.body.lstrip()[:1] not in (b"{", b"["):
            return None
        try:
            return json.loads(self.text, strict=False)
        except (ValueError, RecursionError):
            return None

    @cached_property
    def ends(self) -> bool:
        """Whether the page's end arrived. A piece of HTML that is no page by itself ends where all is closed."""
        if not self.is_html or self._has_end:
            return True
        return not _START.search(self.body[:4096]) and self._open == self._around

    @cached_property
    def _has_end(self) -> bool:
        """Whether `</html>` is there; one with posts behind it stands in some script's text."""
        end = max(self.body.rfind(b"</html"), self.body.rfind(b"</HTML"))
        return end >= 0 and self.body.find(b"<article", end) < 0

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed HTML. Raises UnreadablePage where it is nested too deeply, or has too many elements."""
        if deeper_than(DEEPEST, self.body):
            raise UnreadablePage(stored("The page is nested too deeply to be read."))
        html = bounded(self.body)
        if html is None:
            raise UnreadablePage(stored("The page has too many elements to be read."))
        return LexborHTMLParser(html if self._has_end else html + _CUT_MARK)

    def first(self, selector: str) -> LexborNode | None:
        """Return the first element that the selector names."""
        return self.tree.css_first(selector)

    def all(self, selector: str) -> list[LexborNode]:
        """Return the elements that the selector names, in the page's order."""
        return self.tree.css(selector)

    def is_whole(self, node: LexborNode) -> bool:
        """Whether the element arrived to its end."""
        return node.mem_id not in self._open

    @cached_property
    def linked_data(self) -> tuple[Block, ...]:
        """The page's JSON-LD, script by script."""
        if b"ld+json" not in self.body:
            return ()
        scripts = (node for node in self.all("script[type]") if "ld+json" in (node.attributes.get("type") or ""))
        return tuple(block(script.text(deep=True)) for script in scripts)

    @cached_property
    def next_data(self) -> Any:
        """What a page made with Next.js carries for its scripts; None where it carries none, or was cut within it."""
        if not self.is_html or b"__NEXT_DATA__" not in self.body:
            return None
        script = self.first("script#__NEXT_DATA__")
        return unpacked(script.text(deep=True)) if script is not None else None

    @cached_property
    def _open(self) -> frozenset[int]:
        """The elements that the cut went through; none in a page that arrived whole."""
        found, node = set(), self.tree.css_first(_CUT)
        while node is not None:
            found.add(node.mem_id)
            node = node.parent
        return frozenset(found)

    @cached_property
    def _around(self) -> frozenset[int]:
        """What would be open at the end if all elements were closed: the mark itself, body, html, the document."""
        found, node = set(), self.tree.body
        while node is not None:
            found.add(node.mem_id)
            node = node.parent
        mark = self.tree.css_first(_CUT)
        return frozenset(found | {mark.mem_id} if mark is not None else found)


def _utf8(page: Page) -> bytes:
    """Return the body in UTF-8: by its byte order mark, the header, its meta element, else by what fits."""
    body = page.body
    for mark, name in _BOMS:
        if body.startswith(mark):
            body = body[len(mark) :]
            return body if name == "utf-8" else _converted(body, name)
    told = _HEADER_CHARSET.search(page.content_type)
    meta = _META_CHARSET.search(body[:4096])
    name = _codec(told[1] if told else meta[1].decode("ascii") if meta else "")
    if name:
        return body if name == "utf-8" else _converted(body, name)
    return body if _is_utf8(body) else _converted(body, "cp1252")


def _converted(body: bytes, charset: str) -> bytes:
    return body.decode(charset, "replace").encode("utf-8", "replace")


def _codec(name: str) -> str:
    """Return Python's name for a charset; "" for what is none, or none of pages."""
    try:
        b"x".decode(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if found in _NOT_OF_PAGES else _SUPERSETS.get(found, found)


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, but perhaps for a last character that was cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(body, final=False)
    except UnicodeDecodeError:
        return False
    return True


def deeper_than(limit: int, body: bytes) -> bool:
    """Whether elements may be nested deeper than `limit`: never too low, and exact for well-formed pages."""
    if body.count(b"<") - body.count(b"</") <= limit:
        return False
    opened: list[bytes] = []
    for found in _TAG.finditer(body):
        name = found[2].lower()
        if name in _CHILDLESS or name in _SELF_CLOSING:
            continue
        if not found[1]:
            opened.append(name)
        elif opened and opened[-1] == name:
            opened.pop()
        if len(opened) > limit:
            return True
    return False
