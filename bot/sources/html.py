"""HTML to RichText, by whitelist: what is not known to be text is left out, what is not known to be a mark is plain.

Paragraphs are separated by a blank line, list items are lines that begin with "• ", links are http(s) and absolute.
Nothing here raises on odd markup, and nesting beyond DEEPEST is flattened to its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from selectolax.lexbor import LexborNode

from bot.richtext import RichText, SpanKind

from .links import absolute
from .writing import Writer, plain

DEEPEST = 60
"""Elements within each other; real posts stay under 15."""

MARKS: dict[str, SpanKind] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "pre": "code",
    "tt": "code",
    "blockquote": "quote",
}
AROUND = {"q": ("“", "”"), "td": ("", " "), "th": ("", " ")}
_BLOCK_TAGS = """
address article aside blockquote caption dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6
header hr main p pre section summary table tr
"""
_SILENT_TAGS = """
audio button canvas embed form head iframe img input link math meta nav noscript object picture script select source
style svg template textarea title track video
"""
BLOCKS = frozenset(_BLOCK_TAGS.split())
SILENT = frozenset(_SILENT_TAGS.split())
LISTS = frozenset(("ul", "ol", "menu"))
_HIDDEN_CLASS = re.compile(r"visually-?hidden|(?:^|\s)gs-u-vh(?:\s|$)|(?:^|\s)sr-only(?:\s|$)", re.IGNORECASE)
_EXTERNAL = re.compile(r",\s*+external\s*$")

Skip = Callable[[LexborNode], bool]


def attribute(node: LexborNode, name: str) -> str:
    """Return an attribute; "" where the node has none of that name, or no value."""
    return node.attributes.get(name) or ""


def has_class(node: LexborNode, suffix: str) -> bool:
    """Whether a class of the node ends with `suffix`; the part before it is a build's hash and changes."""
    return any(name.endswith(suffix) for name in attribute(node, "class").split())


def is_hidden(node: LexborNode) -> bool:
    """Whether people do not see this element: it is there for screen readers only."""
    attributes = node.attributes
    return bool(attributes) and ("hidden" in attributes or bool(_HIDDEN_CLASS.search(attributes.get("class") or "")))


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Return the elements around a node, the nearest first."""
    parent = node.parent
    while parent is not None and not (parent.tag or "-").startswith("-"):
        yield parent
        parent = parent.parent


def rich_text(node: LexborNode, base: str, skip: Skip = is_hidden) -> RichText:
    """Return what is visible in the node; `base` makes its links absolute, `skip` says what to leave out."""
    walk = Walk(base, skip)
    walk.inside(node, 0)
    return walk.rich_text()


def plain_text(node: LexborNode, skip: Skip = is_hidden) -> str:
    """Return what is visible in the node as one line."""
    return plain(rich_text(node, "", skip).text)


def fragments(node: LexborNode, skip: Skip = is_hidden) -> Iterable[str]:
    """Return the visible text of the node piece by piece, as its elements divide it."""
    found: list[str] = []
    _collect(found, node, skip, 0)
    return found


class Walk:
    """One walk through pieces of HTML, writing down what is text."""

    def __init__(self, base: str, skip: Skip = is_hidden) -> None:
        self.base = base
        self.skip = skip
        self.writer = Writer()

    def rich_text(self) -> RichText:
        """Return what was written down."""
        return _without_helpers(self.writer.rich_text())

    def add(self, node: LexborNode) -> None:
        """Add a node with what it is itself (a paragraph, a list, a quote)."""
        self._element(node, node.tag or "", 0)

    def inside(self, node: LexborNode, depth: int) -> None:
        """Add what is in a node."""
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                self.writer.text(child.text_content or "")
            elif tag in SILENT or tag.startswith("-") or self.skip(child):
                continue
            elif depth >= DEEPEST:
                self.writer.text(child.text(deep=True))
            else:
                self._element(child, tag, depth + 1)

    def _element(self, node: LexborNode, tag: str, depth: int) -> None:
        if tag == "br":
            self.writer.line()
        elif tag in LISTS:
            self.writer.begin_list()
            self.inside(node, depth)
            self.writer.end_list()
        elif tag == "li":
            self.writer.begin_item()
            self.inside(node, depth)
            self.writer.end_item()
        elif tag in BLOCKS:
            self.writer.block()
            self._marked(node, tag, depth)
            self.writer.block()
        else:
            self._marked(node, tag, depth)

    def _marked(self, node: LexborNode, tag: str, depth: int) -> None:
        url = absolute(self.base, node.attributes.get("href")) if tag == "a" else ""
        kind: SpanKind | None = "link" if url else MARKS.get(tag)
        before, after = AROUND.get(tag, ("", ""))
        if before:
            self.writer.text(before)
        if kind:
            self.writer.begin(kind, url)
        self.inside(node, depth)
        if kind:
            self.writer.end()
        if after:
            self.writer.text(after)


def _collect(found: list[str], node: LexborNode, skip: Skip, depth: int) -> None:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            if words := plain(child.text_content or ""):
                found.append(words)
        elif tag not in SILENT and not tag.startswith("-") and depth < DEEPEST and not skip(child):
            _collect(found, child, skip, depth + 1)


def _without_helpers(text: RichText) -> RichText:
    """Drop the ", external" with which links end for screen readers, where a page does not mark it as hidden."""
    if "external" not in text.text:
        return text
    links = (span for span in text.spans if span.kind == "link")
    found = (_EXTERNAL.search(text.text, link.start, link.end) for link in links)
    return text.without(sorted({(_words_end(text.text, helper.start()), helper.end()) for helper in found if helper}))


def _words_end(text: str, end: int) -> int:
    """Return where the white space before `end` begins."""
    while end and text[end - 1].isspace():
        end -= 1
    return end
