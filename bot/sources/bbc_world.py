"""Live pages of the BBC World Service: the JSON that the page carries for its scripts, or that JSON alone.

The renderer (github.com/bbc/simorgh, made with Next.js) puts all that a page shows into `__NEXT_DATA__`: title, state,
key points, posts, and which page this is of how many. The page's JSON-LD has the same posts under the same ids, without
their lists and embeds, and is what is left where that JSON was cut off (`liveblog`).
"""

from __future__ import annotations

import re
from typing import Any

from bot.errors import UnreadablePage
from bot.model import Snapshot, Status
from bot.richtext import RichText

from ..languages import stored
from .bbc_blocks import Blocks, blocks_of, first_below, text_of
from .bbc_model import found_in, is_post, key_of, post
from .document import Document
from .html import attribute
from .keys import finished
from .links import absolute, page_address, page_number, publisher
from .times import iso_time
from .told import count, record, records, string, words

NAME = "bbc-world"
MOST_POSTS = 1000
RECIPE, WIDEST = "ws", 800
"""How, and how wide at most, the renderer itself asks for pictures."""

SITE = "https://www.bbc.com"
_TOPIC = re.compile(r"c[a-z0-9]{10,}t")
_STREAM = b'"liveTextStream"'


def recognises(document: Document) -> bool:
    """Whether the page carries the JSON of a live page, or is that JSON."""
    return _STREAM in document.body and _page_data(document) is not None


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    told = _page_data(document)
    if told is None:
        raise UnreadablePage(stored("The page carries no posts."))
    page = page_address(_address(document, told))
    stream = record(record(record(told.get("liveTextStream")).get("content")).get("data"))
    results = [result for result in records(stream.get("results"))[:MOST_POSTS] if is_post(result)]
    number, last = (count(record(stream.get("page")).get(name)) for name in ("index", "total"))
    return Snapshot(
        url=document.page.url or page,
        reader=NAME,
        title=words(told.get("title")) or None,
        status=_status(told, document),
        summary=_summary(told, page),
        entries=finished(post(result, Blocks(page, RECIPE, WIDEST), _url(page, key_of(result))) for result in results),
        source_name=_property(document, "og:site_name") or publisher(page),
        modified_at=iso_time(record(told.get("seo")).get("dateModified")),
        next_page=f"{page}?page={number + 1}" if 0 < number < last else None,
        whole=number == last == 1 and page_number(document.page.url) == 1,
        complete=document.ends,
    )


def _page_data(document: Document) -> dict[str, Any] | None:
    told = document.next_data if document.is_html else document.json
    return next(found_in(told, lambda value: isinstance(value.get("liveTextStream"), dict)), None)


def _address(document: Document, told: dict[str, Any]) -> str:
    """Return the page's address: where it was fetched, else what it says itself."""
    url = document.page.url
    if url.startswith(("http://", "https://")):
        return url
    if document.is_html:
        link = document.first('link[rel="canonical"]')
        return absolute("", attribute(link, "href")) if link else url
    topic = words(record(record(told.get("metadata")).get("atiAnalytics")).get("contentId")).rpartition(":")[2]
    return f"{SITE}/{words(told.get('home')) or 'news'}/live/{topic}" if _TOPIC.fullmatch(topic) else url


def _property(document: Document, name: str) -> str:
    meta = document.first(f'meta[property="{name}"]') if document.is_html else None
    return attribute(meta, "content").strip() if meta else ""


def _url(page: str, key: str) -> str:
    """Return the address that opens the page at a post, as its share button gives it."""
    return f"{page}?post={key.replace(':', '%3A')}#{key}"


def _status(told: dict[str, Any], document: Document) -> Status:
    """Return the state: a page that is not live has ended, or its coverage is still to begin."""
    if not isinstance(told.get("isLive"), bool):
        return "unknown"
    if told["isLive"]:
        return "live"
    start = iso_time(told.get("startDateTime"))
    return "unknown" if start and start > document.page.fetched_at else "ended"


def _summary(told: dict[str, Any], page: str) -> tuple[RichText, ...]:
    """Return the key points: the items of the list, else the paragraphs."""
    content = record(told.get("summaryPoints")).get("content")
    lists = [first_below(content, kind) for kind in ("unorderedList", "orderedList")]
    items = [item for found in lists for item in blocks_of(found)] or _paragraphs(content)
    return tuple(point for item in items if (point := text_of(item, page)))


def _paragraphs(content: Any) -> list[dict[str, Any]]:
    return list(found_in(content, lambda value: string(value.get("type")) == "paragraph"))
