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
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from selectolax.lexbor import LexborNode

from bot.digest import picture_identity
from bot.errors import UnreadablePage
from bot.model import Entry, Snapshot, Status

from ..languages import stored
from . import microdata, post_markup
from .document import Document
from .html import attribute, plain_text
from .keys import finished
from .linked_data import Block, Thing, each, first, is_a, link, things, words
from .links import absolute, page_address, publisher
from .liveblog_update import BODIES, Common, authors, entry, images, is_empty, published_at, zoned
from .marked_text import line
from .post_content import is_small, speaks_of
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
    facts, told, nodes = _told(document, blogs)
    updates = zoned(told, facts)
    complete = document.ends and all(block.whole or block.value is None for block in document.linked_data)
    withdrawn = post_markup.withdrawn(document)
    entries = tuple(one for one in _entries(document, facts, updates, nodes) if one.key not in withdrawn)
    if not entries and not complete:
        raise UnreadablePage(stored("The page's live blog breaks off before its first update ends."))
    return Snapshot(
        url=document.page.url or _address(document),
        reader=NAME,
        title=next(filter(None, _titles(document, facts)), None),
        status=_status(document, facts, entries),
        entries=entries,
        source_name=_property(document, "og:site_name") or _publisher(facts) or publisher(document.page.url),
        modified_at=stamp_time(first(facts.get("dateModified"))),
        next_page=_next_page(document),
        complete=complete,
        withdrawn=withdrawn,
    )


# ── where the live blog is ───────────────────────────────────────────────────────────────────────────────────────


def _blogs(document: Document) -> list[Thing]:
    """Return the live blogs in the JSON-LD, without those that have no updates while others have.

    Where there are none they may stand in what a page made with Next.js carries for its scripts.
    """
    found = _postings(document.linked_data) or _postings([Block(document.next_data)])
    return [blog for blog in found if _has_updates(blog)] or found


def _postings(blocks: Sequence[Block]) -> list[Thing]:
    return [thing for thing in things(blocks) if is_a(thing, "LiveBlogPosting")]


def _has_updates(blog: Thing) -> bool:
    return bool(blog.get("liveBlogUpdate") or blog.get("liveBlogUpdates"))


def _told(document: Document, blogs: list[Thing]) -> tuple[Thing, list[Thing], list[LexborNode]]:
    """Return the page's facts, its updates, and their elements where these are known already (microdata)."""
    page = page_address(_address(document)).rstrip("/")
    mine = [blog for blog in blogs if _is_about(page, blog)] or sorted(blogs, key=_count, reverse=True)[:1]
    known = {thing["@id"]: thing for thing in things(document.linked_data) if _is_named(thing)}
    updates = list(_resolved(_updates(mine)[:MOST_UPDATES], known))
    facts = mine[0] if mine else microdata.page_facts(document) or {}
    if updates:
        return facts, updates, []
    nodes = [node for node in microdata.updates(document)[:MOST_UPDATES] if document.is_whole(node)]
    return facts, microdata.items(nodes), nodes


def _updates(blogs: list[Thing]) -> list[Thing]:
    told = (each(blog.get(name)) for blog in blogs for name in ("liveBlogUpdate", "liveBlogUpdates"))
    return [update for updates in told for update in updates if isinstance(update, dict)]


def _resolved(updates: list[Thing], known: dict[str, Thing]) -> Iterator[Thing]:
    """Return the updates, those that are only named from where they stand, each of them once."""
    for update in updates:
        is_reference = _is_named(update) and set(update) <= {"@id", "@type"}
        if not is_reference:
            yield update
        elif found := known.pop(update["@id"], None):
            yield found


def _count(blog: Thing) -> int:
    return len(_updates([blog]))


def _is_named(thing: Thing) -> bool:
    return isinstance(thing.get("@id"), str)


def _is_about(page: str, blog: Thing) -> bool:
    """Whether a live blog is that of the page at an address."""
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
    whole = [node if not microdata.holds_others(node) and is_small(node) else None for node in nodes]
    shown = whole or _shown(document, updates, told)
    common = _common(document, facts, updates, base)
    found = [entry(*one, common) for one in zip(updates, told, shown, strict=True)]
    if not nodes and (not document.ends or _is_window(found, shown)):
        # Updates below the window, or behind the cut, lose what the markup alone told of them.
        found = [replace(one, partial=node is None and bool(one.key)) for one, node in zip(found, shown, strict=True)]
    return finished(one for one in found if not is_empty(one))


def _is_window(found: list[Entry], shown: list[LexborNode | None]) -> bool:
    """Whether the page shows some updates in full, the newest among them."""
    timed = [(one.published_at, node is not None) for one, node in zip(found, shown, strict=True) if one.published_at]
    return max(timed, default=(None, False))[1]


def _shown(document: Document, updates: list[Thing], told: list[str]) -> list[LexborNode | None]:
    """Return the markup of each update; None for an element that only happens to have its id."""
    found = post_markup.elements(document, told)
    said = (" ".join((words(update, "headline", "name"), words(update, *BODIES))) for update in updates)
    nodes = zip(map(found.get, told), said, strict=True)
    return [node if node is not None and speaks_of(node, line(text)) else None for node, text in nodes]


def _common(document: Document, facts: Thing, updates: list[Thing], base: str) -> Common:
    own = {image.url for image in images(facts, base)} | {absolute(base, _property(document, "og:image"))}
    shown = [{picture_identity(image.url) for image in images(update, base)} for update in updates]
    names = {_publisher(facts), _property(document, "og:site_name"), *map(_publisher, updates[:1])}
    stamps = {published_at(update) for update in updates}
    return Common(
        base=base,
        headlines=frozenset(map(str.casefold, _titles(document, facts)))
        | _most([{_headline(update)} for update in updates]),
        images=frozenset(map(picture_identity, own)) | _most(shown),
        authors=authors(facts),
        names=frozenset(name.casefold() for name in names),
        published_at=next(iter(stamps)) if len(stamps) == 1 and len(updates) >= ALIKE else None,
        key_events=post_markup.key_events(document),
    )


def _headline(thing: Thing) -> str:
    return line(words(thing, "headline", "name")).casefold()


def _most(told: list[set[str]]) -> frozenset[str]:
    """Return what more than half share of those that tell anything, if there are enough of them."""
    telling = [values - {""} for values in told if values - {""}]
    counts = Counter(value for values in telling for value in values)
    return frozenset(value for value, times in counts.items() if times > len(telling) / 2 and len(telling) >= ALIKE)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _status(document: Document, facts: Thing, entries: Sequence[Entry]) -> Status:
    if set(_IS_LIVE.findall(document.body)) == {b"true"}:
        return "live"
    end = stamp_time(first(facts.get("coverageEndTime")))
    if end is None or end > document.page.fetched_at - OVER:
        return "unknown"
    told = [moment for one in entries for moment in (one.published_at, one.updated_at) if moment]
    return "ended" if max(told, default=end) <= end else "unknown"


def _titles(document: Document, facts: Thing) -> tuple[str, str, str]:
    """Return what the page is called: by its data, by its head, by its main heading; "" where it is not."""
    heading = document.first("h1")
    shown = plain_text(heading) if heading is not None and document.is_whole(heading) else ""
    return line(words(facts, "headline", "name")), _property(document, "og:title"), shown


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
