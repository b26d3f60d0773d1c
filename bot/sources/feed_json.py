"""JSON Feed 1.0 and 1.1 (jsonfeed.org), to Items.

Ids may be numbers; `author` of 1.0 and `authors` of 1.1 are both read, an item's before the feed's. A feed that is
cut, or breaks somewhere, gives the items that arrived to their end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.errors import UnreadablePage
from bot.model import Clip

from ..languages import stored
from .feed_item import MOST_ITEMS, Channel, Item, Words
from .feed_media import Medium, clips, pictures

_VERSION = re.compile(r"\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org", re.IGNORECASE)
_ITEMS = re.compile(r"\"items\"\s*:\s*\[")
_HOME = re.compile(r"\"(?:home_page_url|feed_url)\"\s*:")
_BETWEEN = re.compile(r"[\s,]*")
# What JSON can spell and neither a database nor a platform takes: control characters, halves of surrogate pairs.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
HEAD = 16_384
"""Characters within which a feed says that it is one."""

_DECODER = json.JSONDecoder(strict=False)


def recognises(text: str) -> bool:
    """Whether this is a JSON Feed; some say no version that could be relied upon."""
    if not text[:100].lstrip().startswith("{") or not _ITEMS.search(text):
        return False
    return bool(_VERSION.search(text[:HEAD]) or _HOME.search(text))


def parsed(text: str) -> Channel:
    """Return what the feed says. Raises UnreadablePage where it is nested beyond reading."""
    text = text.strip()
    try:
        feed, complete = _decoded(text)
    except RecursionError:
        raise UnreadablePage(stored("The feed is nested too deeply to be read.")) from None
    everybody = tuple(_names(feed))
    items = feed["items"] if isinstance(feed.get("items"), list) else []
    return Channel(
        title=Words(_text(feed.get("title")), "text"),
        home=_text(feed.get("home_page_url")),
        items=tuple(_item(item, everybody) for item in items[:MOST_ITEMS] if isinstance(item, dict)),
        complete=complete,
        hub=_hub(feed),
        topic=_text(feed.get("feed_url")),
    )


def _hub(feed: dict[str, Any]) -> str:
    hubs = feed["hubs"] if isinstance(feed.get("hubs"), list) else []
    named = (hub for hub in hubs if isinstance(hub, dict) and _text(hub.get("type")).lower() == "websub")
    return next((url for hub in named if (url := _text(hub.get("url")))), "")


def _decoded(text: str) -> tuple[dict[str, Any], bool]:
    """Return the feed, and whether it came whole; of a broken one the title and the items before the break."""
    try:
        feed = _DECODER.raw_decode(text)[0]
        return (feed, True) if isinstance(feed, dict) else ({}, True)
    except ValueError:
        pass
    begin = _ITEMS.search(text)
    head = text[: begin.start()].rstrip().rstrip(",") + "}" if begin else ""
    try:
        feed = _DECODER.decode(head)
    except ValueError:
        feed = {}
    return {**feed, "items": list(_arrived(text, begin.end() if begin else len(text)))}, False


def _arrived(text: str, at: int) -> Iterator[Any]:
    while True:
        found = _BETWEEN.match(text, at)
        try:
            item, at = _DECODER.raw_decode(text, found.end() if found else at)
        except ValueError:
            return
        yield item


def _item(item: dict[str, Any], everybody: tuple[str, ...]) -> Item:
    html, plain, summary = (_text(item.get(name)) for name in ("content_html", "content_text", "summary"))
    attached = [
        Medium(_text(told.get("url")), _text(told.get("mime_type"))) for told in _dicts(item.get("attachments"))
    ]
    shown = [Medium(_text(item.get("image")) or _text(item.get("banner_image")), "image")]
    tags = item.get("tags")
    key = _text(item.get("id"))
    return Item(
        id=key,
        link=_text(item.get("url")) or _text(item.get("external_url")) or (key if key.startswith("http") else ""),
        title=Words(_text(item.get("title")), "text"),
        content=Words(html) if html else Words(plain, "text"),
        summary=Words(summary, "text"),
        published=item.get("date_published"),
        updated=item.get("date_modified"),
        authors=tuple(_names(item)) or everybody,
        label=_text(tags[0]) if isinstance(tags, list) and len(tags) == 1 else "",
        images=pictures([*shown, *attached]),
        clips=tuple(Clip(url) for url in clips(attached)),
    )


def _text(told: object) -> str:
    if isinstance(told, int | float) and not isinstance(told, bool):
        return str(told)
    return _UNSPEAKABLE.sub("", told).strip() if isinstance(told, str) else ""


def _dicts(told: object) -> list[dict[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _names(told: dict[str, Any]) -> Iterator[str]:
    author = told.get("author")
    for one in _dicts(told.get("authors")) or ([author] if isinstance(author, dict) else []):
        if name := _text(one.get("name")):
            yield name
