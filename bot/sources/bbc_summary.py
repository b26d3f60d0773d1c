"""The Summary of a live page of the present renderer: the points that stand above its posts."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from bot.richtext import RichText

from .document import Document
from .html import ancestors, attribute, is_hidden, plain_text, rich_text

_LABELLED = '[data-testid="summary"], [data-e2e="key-points"], [aria-label="Summary"], [data-testid="key-points"]'
_HEADINGS = "h1, h2, h3, h4"
_POST = '[data-testid="content-post"]'
MOST_TRIED = 200
_HIGHEST = 4
"""How far above its heading the section is looked for."""


def summary(document: Document, base: str) -> tuple[RichText, ...]:
    """Return the points, if the section arrived whole; none where it is missing or empty."""
    regions = _regions(document)
    if not all(document.is_whole(region) for region in regions):
        return ()
    items = [item for region in regions for item in region.css("li") if _is_top(item)]
    nodes = items or [paragraph for region in regions for paragraph in region.css("p")]
    points = (rich_text(node, base, _skip) for node in nodes if not _in_figure(node))
    return tuple(point for point in points if point)


def _regions(document: Document) -> list[LexborNode]:
    """Return the elements that make the section up."""
    for region in document.all(_LABELLED)[:MOST_TRIED]:
        if region.css_first(_POST) is None and not _in_post(region):
            return [region]
    for heading in document.all(_HEADINGS)[:MOST_TRIED]:
        if plain_text(heading).strip(": ").lower() == "summary" and not _in_post(heading):
            return _around(heading)
    return []


def _around(heading: LexborNode) -> list[LexborNode]:
    """Return the smallest element around the heading that has points; else what follows it before the posts."""
    node: LexborNode | None = heading.parent
    for _ in range(_HIGHEST):
        if (
            node is None
            or node.tag in ("body", "main", "html")
            or len(node.css(_HEADINGS)) > 1
            or node.css_first(_POST)
        ):
            break
        if node.css_first("li, p") is not None:
            return [node]
        node = node.parent
    return _following(heading)


def _following(heading: LexborNode) -> list[LexborNode]:
    found, node = [], heading.next
    while node is not None and node.tag not in ("h1", "h2", "h3", "h4"):
        if node.tag and not node.tag.startswith("-"):
            if attribute(node, "data-testid") == "content-post" or node.css_first(_POST) or node.css_first(_HEADINGS):
                break
            found.append(node)
        node = node.next
    return found


def _skip(node: LexborNode) -> bool:
    return node.tag == "figure" or is_hidden(node)


def _is_top(item: LexborNode) -> bool:
    return all(parent.tag != "li" for parent in ancestors(item))


def _in_figure(node: LexborNode) -> bool:
    return any(parent.tag in ("figure", "figcaption") for parent in ancestors(node))


def _in_post(node: LexborNode) -> bool:
    return any(attribute(parent, "data-testid") == "content-post" for parent in ancestors(node))
