"""The page's own markup of live-blog updates: where it says more, or better, than the structured data.

An update's markup is the element with its id, or, where that is a mere anchor, the nearest one around it with words;
never one that holds two updates. What it says is believed only if it holds (nearly) all words that the data has; then
paragraphs, links, lists and pictures are taken from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborNode

from bot.model import Flag, Image
from bot.richtext import RichText

from .bbc_figure import picture_address
from .document import Document
from .html import SILENT, ancestors, attribute, is_hidden, plain_text, rich_text
from .times import stamp_time
from .update_ids import normal_id
from .writing import plain

NEARLY = 0.9
"""The share of the data's words that the markup must have."""

MOST_IDS = 20_000
DEEPEST = 40
CLIMB = 5

_WORD = re.compile(r"\w+")
_TEXTS = "p, blockquote, li, h2, h3, h4, h5"
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_APART = frozenset(("time", "amp-timeago", "mark", "figure", "figcaption", "footer", "aside", "menu", "amp-img"))
_ROOTS = frozenset(("html", "body", "main", "-document"))
_APART_CLASS = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|byline|author|avatar|time-?stamp|caption|credit|related|newsletter|advert|"
    r"ad|promo|image-container|read-more|comments?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_KEY_CLASS = re.compile(r"key[-_]?(?:event|moment|point)", re.IGNORECASE)
_KEY_LISTS = '[class*="key-event"], [class*="key-moment"], [class*="keyEvent"], [class*="keyMoment"]'
_PUBLISHED = ("data-post-time", "data-sort-time", "data-timestamp", "data-published")
_UPDATED = ("data-last-modified-time", "data-update-time", "data-updated")


@dataclass(frozen=True, slots=True)
class Told:
    """What the markup of one update says; times are None, and the body empty, where it says nothing."""

    body: RichText
    images: tuple[Image, ...]
    flags: frozenset[Flag]
    published_at: datetime | None
    updated_at: datetime | None


def elements(document: Document, keys: Iterable[str]) -> dict[str, LexborNode]:
    """Return the element of every update that the page shows, by key."""
    wanted = {key for key in keys if key}
    found: dict[str, LexborNode] = {}
    for node in document.all("[id]")[:MOST_IDS] if wanted else ():
        key = normal_id(attribute(node, "id"))
        if key in wanted and node.tag not in SILENT | _ROOTS:
            found.setdefault(key, node)
    holds = Counter(parent.mem_id for node in found.values() for parent in ancestors(node))
    around = {key: _around(node, holds) for key, node in found.items()}
    return {key: node for key, node in around.items() if node is not None and document.is_whole(node)}


def key_events(document: Document) -> frozenset[str]:
    """Return the keys of the updates that a list of key events leads to."""
    if not _KEY_CLASS.search(document.text):
        return frozenset()
    links = (link for part in document.all(_KEY_LISTS) for link in part.css("a[href], a[data-id]"))
    told = (attribute(link, "data-id") or attribute(link, "href").partition("#")[2] for link in links)
    return frozenset(filter(None, map(normal_id, told)))


def told_by(node: LexborNode, headline: str, body: RichText, base: str) -> Told:
    """Return what an update's markup says beyond its headline; `body` is what the data says."""
    data_type, classes = attribute(node, "data-type"), attribute(node, "class")
    flags: set[Flag] = set()
    if _KEY_CLASS.search(data_type) or _KEY_CLASS.search(classes):
        flags.add("key")
    if "pinned" in data_type or "pinned" in classes or attribute(node, "data-pinned") == "true":
        flags.add("pinned")
    moments = [stamp_time(attribute(time, "datetime")) for time in node.css("time[datetime]")[:1]]
    return Told(
        _body(node, headline, body, base),
        _images(node, base),
        frozenset(flags),
        _stamp(node, _PUBLISHED) or next(iter(moments), None),
        _stamp(node, _UPDATED),
    )


def _around(node: LexborNode, holds: Counter[int]) -> LexborNode | None:
    """Return the element itself if it has words, else the nearest around it that has and is no other update's."""
    for part in (node, *list(ancestors(node))[:CLIMB]):
        if part.tag in _ROOTS or (part is not node and holds[part.mem_id] > 1):
            return None
        if part.css_first(_TEXTS) is not None:
            return part
    return None


def _stamp(node: LexborNode, names: tuple[str, ...]) -> datetime | None:
    return next((found for name in names if (found := stamp_time(attribute(node, name)))), None)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _body(node: LexborNode, headline: str, told: RichText, base: str) -> RichText:
    """Return the body as the markup has it; empty where it says something else than the data."""
    said = headline.casefold()

    def apart(part: LexborNode) -> bool:
        if part.tag in _APART or is_hidden(part) or _APART_CLASS.search(attribute(part, "class")):
            return True
        return part.tag in _HEADINGS and plain_text(part).casefold() == said

    wanted = Counter(_WORD.findall(told.text.casefold()))
    found = rich_text(_smallest(node, wanted), base, apart)
    return found if not wanted or _share(found.text, wanted) >= NEARLY else RichText()


def _smallest(node: LexborNode, wanted: Counter[str]) -> LexborNode:
    """Return the innermost element that still holds what the outer one holds of the words, or of the texts."""
    for _ in range(DEEPEST):
        inner = [part for part in node.iter() if part.tag and not part.tag.startswith("-") and part.tag not in _APART]
        best = max(inner, key=lambda part: _holds(part, wanted), default=None)
        if best is None or best.css_first(_TEXTS) is None or _holds(best, wanted) < _holds(node, wanted):
            return node
        node = best
    return node


def _holds(node: LexborNode, wanted: Counter[str]) -> float:
    return _share(node.text(deep=True, separator=" "), wanted) if wanted else len(node.css(_TEXTS))


def _share(text: str, wanted: Counter[str]) -> float:
    missing = wanted - Counter(_WORD.findall(text.casefold()))
    return 1 - missing.total() / wanted.total()


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _images(node: LexborNode, base: str) -> tuple[Image, ...]:
    pictures = [_image(picture, base) for picture in node.css("figure img, figure amp-img, picture img")]
    return tuple({image.url: image for image in pictures if image.url}.values())


def _image(picture: LexborNode, base: str) -> Image:
    url = picture_address(picture, base)
    figure = next((parent for parent in ancestors(picture) if parent.tag == "figure"), None)
    caption = _caption(figure) if figure is not None else None
    if caption is None:
        return Image(url, plain(attribute(picture, "alt")))
    credit = caption.css_first('[class*="credit"], [class*="copyright"], [class*="Credit"], [class*="Copyright"]')
    without = credit.mem_id if credit is not None else None
    words = plain_text(caption, lambda part: part.mem_id == without or is_hidden(part))
    return Image(url, plain(attribute(picture, "alt")), words, _credit(credit) if credit is not None else "")


def _caption(figure: LexborNode) -> LexborNode | None:
    """Return the caption in the figure, or the one that wrongly stands behind it."""
    behind = figure.next
    return figure.css_first("figcaption") or (behind if behind is not None and behind.tag == "figcaption" else None)


def _credit(node: LexborNode) -> str:
    """Return who is to be named: without the brackets and the word before."""
    words = re.sub(r"^\W*(?:image|credit|photo(?:graph)?|picture)\s*:\s*", "", plain_text(node), flags=re.IGNORECASE)
    return words.strip(" ()")
