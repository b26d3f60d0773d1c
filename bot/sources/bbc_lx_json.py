"""One post of the BBC's lx renderer, from the JSON that the page carries: `results[]` of its stream payload.

Field by field checked on a stored page with 20 posts. Its body is a tree of nodes `{name, children, attributes,
text?}`; `lastPublished` always comes about a second after `firstPublished`, so that an edit shows only in
`lastUpdated` against `firstPublished`, or in `lastPublished` against `dateAdded`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.model import Author, Clip, Entry, Flag, Image
from bot.richtext import SpanKind

from .links import absolute
from .times import iso_time
from .writing import Writer, plain

DEEPEST = 60
WIDEST = "624"
"""The largest width that the lx renderer itself asks for (`data-widths`)."""

_MARKS: dict[str, SpanKind] = {"bold": "bold", "italic": "italic", "quote": "quote", "blockquote": "quote"}
_MEDIA = frozenset(("video", "audio", "media", "clip"))
_BLOCKS = frozenset(("paragraph", "heading", "crosshead", "quote", "blockquote"))

Node = Mapping[str, Any]


def post(result: Any, page: str) -> Entry | None:
    """Return a post; None for what has no locator, and is none."""
    if not isinstance(result, dict) or not isinstance(result.get("locator"), str):
        return None
    locator = result["locator"]
    body = _Body(page)
    for node in _nodes(result.get("body")):
        body.add(node, 0)
    return Entry(
        key=locator.removeprefix("urn:"),
        headline=_headline(result.get("title")),
        body=body.writer.rich_text(),
        published_at=iso_time(result.get("firstPublished")) or iso_time(result.get("dateAdded")),
        updated_at=_updated(result),
        url=f"{page}?pinned_post_locator={locator}",
        authors=tuple(_authors(result.get("contributor"))),
        label=_label(result.get("type")),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=_flags(result.get("options")),
    )


def _nodes(told: Any) -> Iterator[Node]:
    return (node for node in told if isinstance(node, dict)) if isinstance(told, list) else iter(())


def _words(told: Any) -> str:
    return plain(told) if isinstance(told, str) else ""


def _headline(told: Any) -> str | None:
    headline = _words(told)
    return headline if headline and headline != "Post" else None


def _updated(result: Node) -> datetime | None:
    """Return when it was last edited; None where it never was."""
    for before, after in (("firstPublished", "lastUpdated"), ("dateAdded", "lastPublished")):
        first, last = iso_time(result.get(before)), iso_time(result.get(after))
        if first and last and last > first:
            return last
    return None


def _authors(told: Any) -> Iterator[Author]:
    for contributor in told if isinstance(told, list) else [told]:
        if isinstance(contributor, dict) and (name := _words(contributor.get("name"))):
            yield Author(name, _words(contributor.get("role")))


def _label(told: Any) -> str | None:
    kind = _words(told)
    return kind.replace("_", " ").capitalize() if kind and kind != "POST" else None


def _flags(options: Any) -> frozenset[Flag]:
    return (
        frozenset(("breaking",)) if isinstance(options, dict) and options.get("isBreakingNews") is True else frozenset()
    )


class _Body:
    """A post's body under way: its text, and what else stands in it."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.writer = Writer()
        self.images: list[Image] = []
        self.clips: list[Clip] = []
        self.embeds: list[str] = []

    def add(self, node: Node, depth: int) -> None:
        """Add a node with all below it; what is nested too deeply is left out."""
        name = node.get("name")
        if depth > DEEPEST or not isinstance(name, str):
            return
        if name == "image":
            self._image(node)
        elif name == "embed":
            self._embed(node)
        elif name in _MEDIA:
            self._clip(node)
        elif name == "link":
            self._link(node, depth)
        elif name == "list":
            self.writer.begin_list()
            self._below(node, depth)
            self.writer.end_list()
        elif name == "listItem":
            self.writer.begin_item()
            self._below(node, depth)
            self.writer.end_item()
        else:
            self._text(node, name, depth)

    def _text(self, node: Node, name: str, depth: int) -> None:
        if name in _BLOCKS:
            self.writer.block()
        if kind := _MARKS.get(name):
            self.writer.begin(kind)
        if isinstance(node.get("text"), str):
            self.writer.text(node["text"])
        self._below(node, depth)
        if kind:
            self.writer.end()
        if name in _BLOCKS:
            self.writer.block()

    def _below(self, node: Node, depth: int) -> None:
        for child in _nodes(node.get("children")):
            self.add(child, depth + 1)

    def _link(self, node: Node, depth: int) -> None:
        parts = {child.get("name"): child for child in _nodes(node.get("children"))}
        url = absolute(self.page, _attribute(parts.get("url"), "href"))
        if url:
            self.writer.begin("link", url)
        self._below(parts.get("caption") or parts.get("altText") or {}, depth)
        if url:
            self.writer.end()

    def _image(self, node: Node) -> None:
        sized = node.get("imageChefHref")
        told = sized.replace("{width}", WIDEST) if isinstance(sized, str) and sized else node.get("href")
        url = absolute(self.page, told if isinstance(told, str) else "")
        words = (_words(node.get(field)) for field in ("altText", "caption", "copyrightHolder"))
        self.images.append(Image(url, *words))

    def _clip(self, node: Node) -> None:
        url = absolute(self.page, _attribute(node, "href") or _told(node, "href"))
        self.clips.append(Clip(url, _words(node.get("caption")) or _told(node, "caption")))

    def _embed(self, node: Node) -> None:
        if url := absolute(self.page, _told(node, "href")):
            self.embeds.append(url)


def _attribute(node: Node | None, name: str) -> str:
    for attribute in _nodes((node or {}).get("attributes")):
        if attribute.get("name") == name and isinstance(attribute.get("value"), str):
            return str(attribute["value"])
    return ""


def _told(node: Node, name: str) -> str:
    """Return what a node says in its child of that name, or in its own field."""
    if isinstance(node.get(name), str):
        return str(node[name])
    for child in _nodes(node.get("children")):
        if child.get("name") == name:
            words = (text.get("text") for text in _nodes(child.get("children")))
            return plain(" ".join(word for word in words if isinstance(word, str)))
    return ""
