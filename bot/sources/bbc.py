"""BBC live pages as the present renderer makes them (sport since about 2023, news since mid-2024).

Posts are `article[data-testid="content-post"]` whose id is `asset:<uuid>`. Class names begin with a hash that
changes with every build: only their ends, test ids, roles and the words for screen readers are relied upon.

Live or ended, in this order: `"isLive": true|false` in the page's embedded JSON, where all mentions agree; an
element `data-testid="live-label"` (or a class ending in `LiveLabel`, `LivePulse`, `PulsingCircle`) in or beside the
main heading means live; `data-testid="ended-label"` there means ended; else it is unknown. Silence is not taken for
the end: a story may sleep for a night, and a page that is quiet is looked at less often anyway.

Where the page carries the model of its posts (`window.__INITIAL_DATA__`), times are to the second and edits are known.

The Summary is the section that is labelled, or headed, with that word; its points are its list items (one point
alone may be a bare paragraph), never what is a post's or a caption.
"""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborNode

from bot.errors import UnreadablePage
from bot.model import Entry, Snapshot, Status

from ..languages import stored
from . import bbc_post
from .bbc_blocks import Blocks
from .bbc_model import found_in, initial_data, is_post, key_of, post, repaired
from .bbc_summary import summary
from .document import Document
from .html import SILENT, ancestors, attribute, fragments, has_class, is_hidden
from .keys import finished
from .links import absolute, page_address, page_number, publisher
from .times import iso_time

NAME = "bbc"
POSTS = 'article[data-testid="content-post"]'
PER_PAGE = 20
MOST_POSTS = 1000
"""Posts that are read of one page; the renderer shows PER_PAGE of them and the pinned ones."""
LAST_PAGE = 50
"""The renderer answers 404 to higher page numbers."""

MOST_HEADERS = 5

_STREAM = '[data-testid="live-stream"], [data-testid="live-header"], [data-testid="live-label"], #LiveText'
_HEADINGS = '[data-testid="live-header"] h1, #main-heading, main h1, h1'
_HEADERS = 'h1, [data-testid="live-header"]'
_LIVE_CLASSES = ("LiveLabel", "LivePulse", "PulsingCircle")
_IS_LIVE = re.compile(rb"isLive\\?\"\s*:\s*(true|false)")
_TOPIC = re.compile(r"/(?:topics|teams)/")
_PAGE_OF = re.compile(r"\bPage (\d{1,3}) of (\d{1,3})\b")


def recognises(document: Document) -> bool:
    """Whether the page holds posts of the present renderer, or is one of its live pages before the first post."""
    if not document.is_html:
        return False
    if b"content-post" in document.body and document.first(POSTS) is not None:
        return True
    return b"live-" in document.body and document.first(_STREAM) is not None and document.first("h1") is not None


def read(document: Document) -> Snapshot:
    """Return the Snapshot. Raises UnreadablePage for topic pages, and where the page ends before its first post."""
    url = _address(document)
    if _TOPIC.search(_canonical(document) or url):
        raise UnreadablePage(
            stored("This is a topic page, which shows posts of several live pages; choose one of those.")
        )
    page = page_address(url)
    entries = finished(_entries(document, page))
    if not entries and not document.ends:
        raise UnreadablePage(stored("The page was cut off before its first post ended."))
    next_page = _next_page(document, page)
    return Snapshot(
        url=document.page.url or page,
        reader=NAME,
        title=_title(document),
        status=_status(document),
        summary=summary(document, page),
        entries=entries,
        source_name=_property(document, "og:site_name") or publisher(page),
        modified_at=iso_time(_property(document, "article:modified_time")),
        next_page=next_page,
        whole=document.ends and not next_page and page_number(url) == 1 and len(entries) < PER_PAGE,
        complete=document.ends,
    )


def _address(document: Document) -> str:
    """Return the page's address: where it was fetched, else what it says itself."""
    url = document.page.url
    return url if url.startswith(("http://", "https://")) else _canonical(document) or url


def _canonical(document: Document) -> str:
    link = document.first('link[rel="canonical"]')
    return absolute("", attribute(link, "href")) if link else ""


def _property(document: Document, name: str) -> str:
    meta = document.first(f'meta[property="{name}"], meta[name="{name}"]')
    return attribute(meta, "content").strip() if meta else ""


def _entries(document: Document, page: str) -> list[Entry]:
    """Return the posts that the page shows, with the times of its JSON; those of the JSON where it shows none yet."""
    posts = document.all(POSTS)[:MOST_POSTS]
    articles = [article for article in posts if document.is_whole(article) and _outermost(article)]
    told = {key_of(post): post for post in islice(found_in(initial_data(document), is_post), MOST_POSTS)}
    if not posts:
        return [post(result, Blocks(page), bbc_post.address(page, key)) for key, result in told.items()]
    found = (bbc_post.post(article, page, document.page.fetched_at) for article in articles)
    return [repaired(entry, told[entry.key]) if entry.key in told else entry for entry in found]


def _outermost(article: LexborNode) -> bool:
    """Whether the post is not shown inside another one, which quotes it."""
    return all(attribute(parent, "data-testid") != "content-post" for parent in ancestors(article))


# ── title and state ──────────────────────────────────────────────────────────────────────────────────────────────


def _title(document: Document) -> str | None:
    """Return the main heading, without the mark that the page is live; else the title that the head tells."""
    heading = document.first(_HEADINGS)
    words = list(fragments(heading)) if heading and document.is_whole(heading) else []
    if len(words) > 1 and words[0].strip(" ,.:").lower() == "live":
        del words[0]
    return " ".join(words) or _property(document, "og:title") or None


def _status(document: Document) -> Status:
    told = set(_IS_LIVE.findall(document.body))
    if len(told) == 1:
        return "live" if told == {b"true"} else "ended"
    marks = [mark for header in _headers(document) for mark in header.css("[data-testid], [class]")]
    if any(_is_live_mark(mark) for mark in marks):
        return "live"
    if any(attribute(mark, "data-testid") == "ended-label" for mark in marks):
        return "ended"
    return "unknown"


def _headers(document: Document) -> list[LexborNode]:
    """Return the main heading with what stands beside it; never what lies around the posts, too."""
    headers = document.all(_HEADERS)[:MOST_HEADERS]
    beside = [header.parent for header in headers if header.tag == "h1" and header.parent is not None]
    return headers + [node for node in beside if node.tag not in ("body", "main") and node.css_first(POSTS) is None]


def _is_live_mark(node: LexborNode) -> bool:
    return attribute(node, "data-testid") == "live-label" or any(has_class(node, name) for name in _LIVE_CLASSES)


# ── further pages ────────────────────────────────────────────────────────────────────────────────────────────────


def _next_page(document: Document, page: str) -> str | None:
    """Return the address of the page with older posts: what a link says, else what "Page 1 of 5" means."""
    number = page_number(_address(document)) + 1
    if number > LAST_PAGE:
        return None
    for link in document.all('a[rel="next"], a[href*="page="]'):
        url = absolute(page, attribute(link, "href"))
        if page_address(url) == page and page_number(url) == number:
            return f"{page}?page={number}"
    told = _page_of(document)
    return f"{page}?page={number}" if told and number <= told else None


def _page_of(document: Document) -> int | None:
    """Return how many pages there are, where the paging says so."""
    for paging in document.all('[data-testid*="pagination"], [class*="Pagination"], nav'):
        if paging.tag in SILENT - {"nav"} or is_hidden(paging):
            continue
        if found := _PAGE_OF.search(" ".join(fragments(paging))):
            return int(found[2])
    return None
