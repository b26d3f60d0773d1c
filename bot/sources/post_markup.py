"""The page's own markup of live-blog updates, found by their ids: what it knows that the structured data does not.

An update's markup is the element with its id, or, where that is a mere anchor, the nearest one around it with words;
never one that holds two updates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from selectolax.lexbor import LexborNode

from bot.model import Flag

from .document import Document
from .html import SILENT, ancestors, attribute
from .post_content import TEXTS
from .times import stamp_time
from .update_ids import normal_id

MOST_IDS = 20_000
CLIMB = 5

_ROOTS = frozenset(("html", "body", "main"))
_KEY = re.compile(r"key[-_]?(?:event|moment|point)", re.IGNORECASE)
_KEY_MARKS = (b"key-event", b"key-moment", b"keyEvent", b"keyMoment")
_KEY_LISTS = ", ".join(f'[class*="{mark.decode()}"]' for mark in _KEY_MARKS)
_PUBLISHED = ("data-post-time", "data-sort-time", "data-timestamp", "data-published")
_UPDATED = ("data-last-modified-time", "data-update-time", "data-updated")


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
    if not any(mark in document.body for mark in _KEY_MARKS):
        return frozenset()
    links = (link for part in document.all(_KEY_LISTS) for link in part.css("a[href], a[data-id]"))
    told = (attribute(link, "data-id") or attribute(link, "href").partition("#")[2] for link in links)
    return frozenset(filter(None, map(normal_id, told)))


def withdrawn(document: Document) -> tuple[str, ...]:
    """Return the keys of the updates whose elements stay as tombstones (AMP's live list)."""
    if b"data-tombstone" not in document.body:
        return ()
    told = (normal_id(attribute(node, "id")) for node in document.all("[data-tombstone]")[:MOST_IDS])
    return tuple(dict.fromkeys(filter(None, told)))


def flags(node: LexborNode) -> frozenset[Flag]:
    """Return what an update's element is marked as."""
    kind, classes = attribute(node, "data-type"), attribute(node, "class")
    found: set[Flag] = set()
    if _KEY.search(kind) or _KEY.search(classes):
        found.add("key")
    if "pinned" in kind or "pinned" in classes or attribute(node, "data-pinned") == "true":
        found.add("pinned")
    return frozenset(found)


def published_at(node: LexborNode) -> datetime | None:
    """Return when the update was first published: as it is sorted by, else the time that it shows."""
    shown = node.css_first("time[datetime]")
    return _stamp(node, _PUBLISHED) or (stamp_time(attribute(shown, "datetime")) if shown is not None else None)


def updated_at(node: LexborNode) -> datetime | None:
    """Return when the update was edited last, which may be when it was published."""
    return _stamp(node, _UPDATED)


def _around(node: LexborNode, holds: Counter[int]) -> LexborNode | None:
    """Return the element itself if it has words, else the nearest around it that has and is no other update's."""
    for part in (node, *list(ancestors(node))[:CLIMB]):
        if part.tag in _ROOTS or holds[part.mem_id] > (part is not node):
            return None
        if part.css_first(TEXTS) is not None:
            return part
    return None


def _stamp(node: LexborNode, names: tuple[str, ...]) -> datetime | None:
    return next((found for name in names if (found := stamp_time(attribute(node, name)))), None)
