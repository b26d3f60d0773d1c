"""Live blogs in microdata, as the same objects that JSON-LD gives.

An item is an element with `itemscope`; its properties are the elements with `itemprop` below it that no inner item
encloses. The value of `meta` is its content, of a link or picture its address, of `time` its datetime, else the HTML
inside (https://html.spec.whatwg.org/multipage/microdata.html#values).
"""

from __future__ import annotations

from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from .document import Document
from .html import SILENT, attribute
from .linked_data import Thing

MARK = b"liveBlogUpdate"
MOST_NODES = 200_000
"""Elements of a page's items that are looked at, and kilobytes of HTML that are taken; an update has about 50."""

_ADDRESS = {"a": "href", "area": "href", "link": "href", "img": "src", "audio": "src", "video": "src", "source": "src"}
_UPDATE = '[itemprop~="liveBlogUpdate"]'
_FACTS = '[itemtype*="LiveBlogPosting"], [itemtype*="liveblogposting"]'
_SHORT = frozenset(("headline", "name", "description", "alternativeHeadline"))


def updates(document: Document) -> list[LexborNode]:
    """Return the elements that are updates, in the page's order."""
    return document.all(_UPDATE) if MARK in document.body else []


def holds_others(node: LexborNode) -> bool:
    """Whether other updates lie within an update."""
    return any(child.css_first(_UPDATE) is not None for child in _children(node))


def page_facts(document: Document) -> Thing | None:
    """Return what the page says of its live blog as a whole, without the updates; None where it has none."""
    if b"LiveBlogPosting" not in document.body:
        return None
    node = document.first(_FACTS)
    return items([node])[0] if node is not None else None


def items(nodes: Iterable[LexborNode]) -> list[Thing]:
    """Return items with their properties; of several with one name a list."""
    left = [MOST_NODES]
    return [_item(node, left, 0) for node in nodes]


def _item(node: LexborNode, left: list[int], depth: int) -> Thing:
    found: Thing = {"@type": attribute(node, "itemtype").split("/")[-1]}
    if told := attribute(node, "itemid"):
        found["@id"] = told
    waiting = _children(node)[::-1]
    while waiting and left[0] > 0:
        left[0] -= 1
        child = waiting.pop()
        names, scope = attribute(child, "itemprop").split(), "itemscope" in child.attributes
        if names == ["liveBlogUpdate"]:
            continue
        if names:
            value = _item(child, left, depth + 1) if scope and depth < 5 else _value(child, names)
            left[0] -= len(value) // 1000
            for name in names:
                _put(found, name, value)
        if not scope and child.tag not in SILENT:
            waiting.extend(_children(child)[::-1])
    return found


def _children(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter() if child.tag]


def _put(found: Thing, name: str, value: object) -> None:
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _value(node: LexborNode, names: list[str]) -> str:
    if "content" in node.attributes:
        return attribute(node, "content")
    if node.tag == "time":
        return attribute(node, "datetime") or node.text(deep=True)
    if node.tag in _ADDRESS:
        return attribute(node, _ADDRESS[node.tag])
    return node.text(deep=True) if _SHORT.intersection(names) else (node.inner_html or "")
