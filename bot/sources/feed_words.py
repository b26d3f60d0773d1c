"""The words of feeds as RichText: HTML, plain text, and what may be either.

Entities are resolved once; once more only where a text without any tag then shows some, as feeds that are escaped
twice do. HTML that is nested too deeply to be parsed in reasonable time gives its bare words.
"""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborNode

from bot.model import Image
from bot.richtext import RichText

from .feed_item import Words
from .feed_media import MOST_MEDIA
from .html import attribute, is_hidden, rich_text
from .links import absolute
from .markup import NAMES, PLACEHOLDER, TAG, tree, without_tags
from .writing import Writer, plain

DEEPEST = 300
"""Elements within each other in one text."""

MOST_TAGS = 20_000
"""In one text; one with more, as one that is nested deeper, gives its bare words."""

_ESCAPED = re.compile(rf"&lt;/?(?:{NAMES})(?:\s|/?&gt;)", re.IGNORECASE)
_TINY = re.compile(r"[0-3](?:px)?")


def line(words: Words) -> str:
    """Return words as one line without marks: a title."""
    if words.markup == "text":
        return plain(words.text)
    text = unescape(words.text) if _ESCAPED.search(words.text) else words.text
    return plain(without_tags(text) if TAG.search(text) else unescape(text))


def rich(words: Words, base: str) -> RichText:
    """Return words with their paragraphs, marks and links; `base` makes the links absolute."""
    node = _tree(words)
    if node is not None:
        return rich_text(node, absolute(base, words.base) or base)
    told = words.text if words.markup == "text" else without_tags(words.text)
    return _paragraphs(told)


def shown(words: Words, base: str) -> tuple[Image, ...]:
    """Return the pictures that stand within the words, each once; none that only count readers."""
    node = _tree(words) if "<img" in words.text or "&lt;img" in words.text else None
    if node is None:
        return ()
    begins = absolute(base, words.base) or base
    found: dict[str, Image] = {}
    for image in node.css("img")[:MOST_MEDIA]:
        url = absolute(begins, attribute(image, "src") or attribute(image, "data-src"))
        if url and not _counts(image):
            found.setdefault(url, Image(url, alt=plain(attribute(image, "alt"))))
    return tuple(found.values())


def _counts(image: LexborNode) -> bool:
    """Whether a picture is there to count readers, or is a face between words."""
    sizes = (attribute(image, "width"), attribute(image, "height"))
    return any(_TINY.fullmatch(size) for size in sizes) or "smiley" in attribute(image, "class") or is_hidden(image)


def _tree(words: Words) -> LexborNode | None:
    """Return words that are HTML as a tree; None for those that are plain, and where the tree would be too deep."""
    if words.markup == "text":
        return None
    html = PLACEHOLDER.sub(" ", words.text)
    if not TAG.search(html) and _ESCAPED.search(html):
        html = unescape(html)
    return tree(html, DEEPEST) if TAG.search(html) and html.count("<") <= MOST_TAGS else None


def _paragraphs(told: str) -> RichText:
    """Return plain words: a blank line ends a paragraph, another line break a line."""
    writer = Writer()
    for paragraph in re.split(r"\n[ \t\r]*\n", told):
        writer.block()
        for one in paragraph.splitlines():
            writer.text(one)
            writer.line()
    return writer.rich_text()
