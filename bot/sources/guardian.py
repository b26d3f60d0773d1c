"""The HTML of a Guardian live blog: `article#block-<id>` below `#liveblog-body`, and the islands' own JSON.

Class names are hashes of a build and never used. Times are machine-readable: the link in a block's header is its
first publication, "Updated at" in its footer its last edit. What is a picture, a film or an embedded post stands in
its figure's `data-spacefinder-type`, with the words of the page model in the `props` of the island inside. Until
about 2020 a block was `[itemprop=liveBlogUpdate]`, and its classes told its flags.

The block in `#pinned-post` has no id of its own and mostly repeats one below: its header's link tells which. Key
events are those of the island `KeyEventsCarousel`. The page's JSON-LD gives every block the page's own headline, time
and picture and is not read. Live is where `"isLive"` says so, or the island `Liveness` is there. How many pages there
are is only told where there are several, so that a page never counts as the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from bot.errors import UnreadablePage
from bot.model import Author, Entry, Flag, Snapshot, Status

from ..languages import stored
from . import guardian_block
from .body import Body
from .document import Document
from .guardian_figure import add_figure
from .guardian_json import PUBLISHER
from .html import attribute, is_hidden, plain_text
from .keys import finished
from .links import absolute, page_address
from .times import iso_time
from .told import later, record, records, unpacked

NAME = "guardian"
MOST_BLOCKS = 1000
MOST_FIGURES = 200
MOST_NAMES = 20

_STREAM = "#liveblog-body, .js-liveblog-body"
_BLOCKS = '#liveblog-body article[id^="block-"], .js-liveblog-body [itemprop="liveBlogUpdate"][id^="block-"]'
_INNER = '[id^="block-"] [id^="block-"]'
_PUBLISHED = "header time[datetime], .published-time time[datetime]"
_UPDATED = "footer time[datetime], .updated-time time[datetime]"
_FURNITURE = frozenset(("header", "footer", "figure", "aside"))
_NAMED = re.compile(r"[?&]page=with:block-([0-9a-f]{24})")
_IS_LIVE = re.compile(rb'"isLive"\s*:\s*(true|false)')
_NEXT = ("next", "older")

_Blocks = dict[str, dict[str, Any]]


def recognises(document: Document) -> bool:
    """Whether the page holds blocks of the Guardian's renderer."""
    if b"block-" not in document.body or not document.is_html:
        return False
    if b"liveblog-body" not in document.body or document.first(_STREAM) is None:
        return False
    return b"gu-island" in document.body or document.first(_BLOCKS) is not None


def read(document: Document) -> Snapshot:
    """Return the Snapshot. Raises UnreadablePage where the page ends before its first block."""
    page = _address(document)
    blocks = _blocks(document)
    if not blocks and not document.ends:
        raise UnreadablePage(stored("The page was cut off before its first post ended."))
    entries = finished(_entries(document, blocks, page))
    next_page = _next_page(document, page)
    return Snapshot(
        url=page,
        reader=NAME,
        title=_title(document),
        status=_status(document),
        entries=entries,
        source_name=PUBLISHER if "theguardian.com" in page else _property(document, "og:site_name") or PUBLISHER,
        modified_at=iso_time(_property(document, "article:modified_time")),
        next_page=next_page,
        complete=document.ends,
    )


def _address(document: Document) -> str:
    link = document.first('link[rel="canonical"]')
    told = absolute(document.page.url, attribute(link, "href")) if link else ""
    return page_address(told or document.page.url)


def _property(document: Document, name: str) -> str:
    meta = document.first(f'meta[property="{name}"]')
    return attribute(meta, "content").strip() if meta else ""


def _title(document: Document) -> str | None:
    heading = document.first("h1")
    words = plain_text(heading) if heading is not None and document.is_whole(heading) else ""
    return words or _property(document, "og:title") or None


def _status(document: Document) -> Status:
    told = set(_IS_LIVE.findall(document.body))
    if len(told) == 1:
        return "live" if told == {b"true"} else "ended"
    return "live" if document.first('gu-island[name="Liveness"]') is not None else "unknown"


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _entries(document: Document, blocks: Iterable[LexborNode], page: str) -> list[Entry]:
    """Return the blocks, and above them the pinned one where it comes from another page."""
    key_events = _key_events(document)
    pinned = document.first("#pinned-post article")
    pinned_id = _linked_id(pinned) if pinned is not None and document.is_whole(pinned) else ""
    found = [_entry(node, guardian_block.block_id(attribute(node, "id")), page, key_events) for node in blocks]
    if pinned is not None and pinned_id and all(entry.key != pinned_id for entry in found):
        found.insert(0, _entry(pinned, pinned_id, page, key_events))
    return [_flagged(entry, "pinned") if entry.key == pinned_id else entry for entry in found]


def _blocks(document: Document) -> list[LexborNode]:
    """Return the blocks that arrived whole, each once, and none that stands inside another."""
    inner = {node.mem_id for node in document.all(_INNER)}
    found = {node.mem_id: node for node in document.all(_BLOCKS) if node.mem_id not in inner}
    return [node for node in islice(found.values(), MOST_BLOCKS) if document.is_whole(node)]


def _flagged(entry: Entry, flag: Flag) -> Entry:
    return replace(entry, flags=entry.flags | {flag})


def _key_events(document: Document) -> _Blocks:
    """Return the key events of all pages by id, as the page model tells them."""
    island = document.first('gu-island[name="KeyEventsCarousel"]')
    told = record(unpacked(attribute(island, "props"))) if island is not None else {}
    return {guardian_block.block_id(block.get("id")): block for block in records(told.get("keyEvents"))}


def _linked_id(article: LexborNode) -> str:
    """Return the id of the block to which the header of a post leads."""
    for link in article.css("header a[href]"):
        if found := _NAMED.search(attribute(link, "href")):
            return found[1]
    return ""


def _entry(article: LexborNode, key: str, page: str, key_events: _Blocks) -> Entry:
    block = key_events.get(key, {})
    body = _body(article, page)
    told = guardian_block.entry(block, page)
    published = _time(article, _PUBLISHED)
    published = published or (told.published_at if told else None)
    heading = _heading(article)
    return Entry(
        key=key,
        headline=(plain_text(heading) or None) if heading is not None else None,
        body=body.rich_text(),
        published_at=published,
        updated_at=later(_time(article, _UPDATED), published),
        url=guardian_block.block_address(page, key),
        authors=_authors(article),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=_flags(article) | (told.flags - {"pinned"} if told else frozenset()),
    )


def _time(article: LexborNode, selector: str) -> datetime | None:
    node = article.css_first(selector)
    return iso_time(attribute(node, "datetime")) if node is not None else None


def _flags(article: LexborNode) -> frozenset[Flag]:
    """Return what the classes say, which older pages carry."""
    classes = attribute(article, "class").split()
    return frozenset(("key",)) if {"is-key-event", "is-summary"} & set(classes) else frozenset()


def _authors(article: LexborNode) -> tuple[Author, ...]:
    """Return the names in the header: what is neither the time, which leads somewhere, nor the headline."""
    header = article.css_first("header")
    if header is None:
        return ()
    not_names = {span.mem_id for span in header.css("a span, h2 span, span:has(span)")}
    spans = [span for span in header.css("span") if span.mem_id not in not_names][:MOST_NAMES]
    names = (plain_text(span) for span in spans)
    return tuple(Author(name) for name in dict.fromkeys(names) if name)


def _body(article: LexborNode, page: str) -> Body:
    heading = _heading(article)
    # Not the node: it would keep the whole page for as long as the body is there.
    body = Body(page, partial(_is_furniture, heading.mem_id if heading is not None else None))
    body.words(article)
    inner = {figure.mem_id for figure in article.css("figure figure")}
    for figure in [figure for figure in article.css("figure") if figure.mem_id not in inner][:MOST_FIGURES]:
        add_figure(body, figure)
    return body


def _heading(article: LexborNode) -> LexborNode | None:
    """Return a block's own headline; a heading in its text is none."""
    return article.css_first("header h2, h2.block-title")


def _is_furniture(heading: int | None, node: LexborNode) -> bool:
    """Whether this is no part of a block's words: its header, its buttons, its times, its pictures."""
    if node.tag in _FURNITURE or node.mem_id == heading:
        return True
    classes = attribute(node, "class").split()
    return any(name.startswith(("block-time", "block-share")) for name in classes) or is_hidden(node)


# ── further pages ────────────────────────────────────────────────────────────────────────────────────────────────


def _next_page(document: Document, page: str) -> str | None:
    """Return where the older blocks stand: a link that is hidden behind an arrow, by the word that it has for ears."""
    for link in document.all('#liveblog-navigation a[href*="page=with:block-"]'):
        said = link.text(deep=True, strip=True).lower()
        found = _NAMED.search(attribute(link, "href"))
        if found and said.startswith(_NEXT):
            return f"{page}?page=with:block-{found[1]}"
    return None
