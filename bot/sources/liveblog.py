"""Live blogs as schema.org describes them (LiveBlogPosting), on any page: as JSON-LD, or as microdata.

The data is what a publisher tells search engines, and seldom looked at by people: dates that are the page's, pictures
and headlines that all updates share, bodies that are empty or lost their paragraphs. What many updates have in common
is the page's and left out; what the page's own markup shows better is taken from there (`post_markup`).

Live or ended: `"isLive": true` in the page, where all mentions agree, means live. `coverageEndTime` is a plan: it
means ended only when it is OVER past and nothing was published or edited since. Otherwise the state is unknown.
A live blog without updates is one whose coverage has not begun: an empty Snapshot.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from selectolax.lexbor import LexborNode

from bot.errors import UnreadablePage
from bot.model import Entry, Snapshot, Status

from . import microdata, post_markup
from .document import Document
from .html import attribute
from .keys import finished
from .linked_data import Thing, each, first, is_a, link, things, words
from .links import absolute, page_address, publisher
from .liveblog_update import Common, authors, entry, images, is_empty, published_at
from .marked_text import line
from .times import stamp_time
from .update_ids import keys

NAME = "liveblog"
MOST_UPDATES = 2_000
"""Updates that are read of one page; the longest seen has 428."""

OVER = timedelta(hours=6)
ALIKE = 3
"""So many updates with one picture or one time make it the page's."""

_IS_LIVE = re.compile(rb"\"isLive\\?\"\s*:\s*(true|false)")


def recognises(document: Document) -> bool:
    """Whether the page says that it is a live blog, or shows updates of one."""
    if not document.is_html or not (b"LiveBlogPosting" in document.body or microdata.MARK in document.body):
        return False
    return bool(_blogs(document) or microdata.updates(document)) or microdata.page_facts(document) is not None


def read(document: Document) -> Snapshot:
    """Return the Snapshot. Raises UnreadablePage where the page ends before its first update."""
    blogs = _blogs(document)
    facts, updates, nodes = _told(document, blogs)
    whole = document.ends and all(block.whole for block in document.linked_data)
    if not updates and not whole:
        raise UnreadablePage("The page was cut off before its first update ended.")
    entries = _entries(document, facts, updates[:MOST_UPDATES], nodes)
    return Snapshot(
        url=document.page.url,
        reader=NAME,
        title=line(words(facts, "headline", "name")) or _property(document, "og:title") or None,
        status=_status(document, facts, entries),
        entries=entries,
        source_name=_property(document, "og:site_name") or _publisher(facts) or publisher(document.page.url),
        modified_at=stamp_time(first(facts.get("dateModified"))),
        next_page=_next_page(document),
        complete=whole,
    )


# ── where the live blog is ───────────────────────────────────────────────────────────────────────────────────────


def _blogs(document: Document) -> list[Thing]:
    """Return the live blogs in the JSON-LD, without those that have no updates while others have."""
    found = [thing for thing in things(document.linked_data) if is_a(thing, "LiveBlogPosting")]
    return [blog for blog in found if _has_updates(blog)] or found


def _has_updates(blog: Thing) -> bool:
    return bool(blog.get("liveBlogUpdate") or blog.get("liveBlogUpdates"))


def _told(document: Document, blogs: list[Thing]) -> tuple[Thing, list[Thing], list[LexborNode]]:
    """Return the page's facts, its updates, and their elements where these are known already (microdata)."""
    mine = [blog for blog in blogs if _is_about(document, blog)] or sorted(blogs, key=_count, reverse=True)[:1]
    known = {thing["@id"]: thing for thing in things(document.linked_data) if _is_named(thing)}
    updates = [known.get(one.get("@id"), one) if len(one) <= 2 and _is_named(one) else one for one in _updates(mine)]
    facts = mine[0] if mine else microdata.page_facts(document) or {}
    if updates:
        return facts, updates, []
    nodes = [node for node in microdata.updates(document)[:MOST_UPDATES] if document.is_whole(node)]
    return facts, [microdata.item(node) for node in nodes], nodes


def _updates(blogs: list[Thing]) -> list[Thing]:
    told = (each(blog.get(name)) for blog in blogs for name in ("liveBlogUpdate", "liveBlogUpdates"))
    return [update for updates in told for update in updates if isinstance(update, dict)]


def _count(blog: Thing) -> int:
    return len(_updates([blog]))


def _is_named(thing: Thing) -> bool:
    return isinstance(thing.get("@id"), str)


def _is_about(document: Document, blog: Thing) -> bool:
    """Whether a live blog is the page's own, by its address."""
    page = page_address(_address(document)).rstrip("/")
    told = (link(blog.get(name)) for name in ("url", "mainEntityOfPage", "@id"))
    return any(page_address(absolute(page, one)).rstrip("/") == page for one in told if one)


def _address(document: Document) -> str:
    """Return the page's address: what it says itself, else where it was fetched."""
    node = document.first('link[rel="canonical"]')
    return absolute(document.page.url, attribute(node, "href")) if node else document.page.url


# ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _entries(document: Document, facts: Thing, updates: list[Thing], nodes: Sequence[LexborNode]) -> tuple[Entry, ...]:
    base = _address(document)
    told = keys(updates, [published_at(update) for update in updates], base)
    shown = post_markup.elements(document, told) if not nodes else {}
    common = _common(document, facts, updates, base)
    found = (
        entry(update, key, nodes[index] if nodes else shown.get(key), common)
        for index, (update, key) in enumerate(zip(updates, told, strict=True))
    )
    return finished(one for one in found if not is_empty(one))


def _common(document: Document, facts: Thing, updates: list[Thing], base: str) -> Common:
    headline = line(words(facts, "headline", "name")).casefold()
    own = {image.url for image in images(facts, base)} | {absolute(base, _property(document, "og:image"))}
    names = {_publisher(facts), _property(document, "og:site_name"), *map(_publisher, updates[:1])}
    stamps = {published_at(update) for update in updates}
    return Common(
        base=base,
        headlines=frozenset({headline, *_most([line(words(one, "headline", "name")).casefold() for one in updates])}),
        images=frozenset(own)
        | _most([image.url for one in updates for image in images(one, base)][: MOST_UPDATES * 5]),
        authors=authors(facts),
        names=frozenset(name.casefold() for name in names),
        published_at=next(iter(stamps)) if len(stamps) == 1 and len(updates) >= ALIKE else None,
        key_events=post_markup.key_events(document),
    )


def _most(told: list[str]) -> frozenset[str]:
    """Return what more than half of the updates share, if there are enough to tell."""
    if len(told) < ALIKE:
        return frozenset()
    return frozenset(one for one, times in Counter(told).items() if times > len(told) / 2)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _status(document: Document, facts: Thing, entries: Sequence[Entry]) -> Status:
    if set(_IS_LIVE.findall(document.body)) == {b"true"}:
        return "live"
    end = stamp_time(first(facts.get("coverageEndTime")))
    if end is None or end > document.page.fetched_at - OVER:
        return "unknown"
    told = [moment for one in entries for moment in (one.published_at, one.updated_at) if moment]
    return "ended" if max(told, default=end) <= end else "unknown"


def _publisher(thing: Thing) -> str:
    told = first(thing.get("publisher"))
    return line(words(told, "name")) if isinstance(told, dict) else ""


def _property(document: Document, name: str) -> str:
    meta = document.first(f'meta[property="{name}"], meta[name="{name}"]')
    return attribute(meta, "content").strip() if meta else ""


def _next_page(document: Document) -> str | None:
    """Return the address of the page with older updates, where the page names one of its own as the next."""
    page = _address(document)
    for node in document.all('link[rel="next"], a[rel="next"]'):
        url = absolute(page, attribute(node, "href"))
        if url and page_address(url) == page_address(page) and url != page:
            return url
    return None
