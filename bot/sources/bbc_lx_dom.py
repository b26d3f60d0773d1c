"""Posts of the BBC's lx renderer from its HTML, for pages without their JSON.

It says less: times to the minute and without a date, no edits. The times are UTC: the stored page, of a day in May,
says "15:05" where its JSON says 15:05:07Z (scripts made UK time of them in the browser). The day is that of the page's
JSON-LD, whose times move with every edit; where that is missing, too, the latest that keeps the page's order. Captions
and credits stand there twice, once for the eye (`aria-hidden`) and once for screen readers (`.gs-u-vh`, with "Image
caption: " before it); images are loaded late, so that their address is in `data-src`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from selectolax.lexbor import LexborNode

from bot.model import Author, Clip, Entry, Flag, Image, Status
from bot.richtext import RichText

from .document import Document
from .html import ancestors, attribute, is_hidden, plain_text, rich_text
from .linked_data import each, is_a, link, things
from .links import absolute
from .times import stamp_time, told_time

MARK = b"lx-stream-post__"
WIDEST = "624"
MOST_POSTS, MOST_IMAGES = 1000, 60
OUT_OF_ORDER = timedelta(minutes=30)
"""How much later than the post above it a post may be; one that seems later still is of the day before."""

_ASSET_ID = re.compile(r"post_[0-9a-f]{24}")
_LOCATOR = re.compile(r"pinned_post_locator=urn:(asset:[0-9a-f-]{36})")
_NOT_TEXT = frozenset(("lx-media-asset", "lx-stream-post-body__media-asset", "lx-stream-post-body--embed"))
_EMBEDS = ".lx-stream-post-body--embed, iframe[src]"


def _articles(document: Document) -> list[LexborNode]:
    """Return the elements of the posts that arrived to their end."""
    return [article for article in document.all("article.lx-stream-post")[:MOST_POSTS] if document.is_whole(article)]


def posts(document: Document, page: str, *, by_locator: bool) -> list[Entry]:
    """Return the posts that arrived to their end, each on its day."""
    stamps = _stamps(document)
    found, latest = [], document.page.fetched_at
    for article in _articles(document):
        stamp = stamps.get(attribute(article, "id"))
        entry = post(article, page, stamp or latest, by_locator=by_locator)
        if entry.published_at and "pinned" not in entry.flags:
            latest = min(latest, entry.published_at + OUT_OF_ORDER)
        found.append(entry)
    return found


def _stamps(document: Document) -> dict[str, datetime]:
    """Return when posts were last published, by the ids of their elements, as the JSON-LD tells it."""
    blogs = (thing for thing in things(document.linked_data) if is_a(thing, "LiveBlogPosting"))
    updates = (update for blog in blogs for update in each(blog.get("liveBlogUpdate")) if isinstance(update, dict))
    told = ((link(update.get("url")).partition("#")[2], stamp_time(update.get("datePublished"))) for update in updates)
    return {own: stamp for own, stamp in told if stamp}


def post(article: LexborNode, page: str, latest: datetime, *, by_locator: bool) -> Entry:
    """Return a post, which is no later than `latest`.

    With `by_locator` it has the id that the JSON would give it, which its share link names.
    """
    key, url = _identity(article, page, by_locator=by_locator)
    body = article.css_first(".lx-stream-post-body")
    told = article.css_first(".qa-post-auto-meta") or article.css_first("time")
    label, flags = _tags(article)
    return Entry(
        key=key,
        headline=_headline(article),
        body=rich_text(body, page, _not_text) if body else RichText(),
        published_at=told_time(plain_text(told), latest, UTC) if told else None,
        url=url,
        authors=_authors(article),
        label=label,
        images=_images(body, page) if body else (),
        clips=_clips(body, page) if body else (),
        embeds=_embeds(body, page) if body else (),
        flags=flags,
    )


def pinned(entry: Entry) -> Entry:
    """Return the entry as one that stands pinned."""
    return replace(entry, flags=entry.flags | {"pinned"})


def title(document: Document) -> str | None:
    """Return the page's main heading."""
    found = document.first(".qa-event-title") or document.first("h1")
    return (plain_text(found) or None) if found else None


def status(document: Document) -> Status:
    """Return "live" where the page shows that it is."""
    return "live" if document.first(".gs-c-live-pulse") else "unknown"


def summary(document: Document) -> tuple[RichText, ...]:
    """Return the key points, if the whole list arrived."""
    found = document.first(".lx-c-summary-points")
    if found is None or not document.is_whole(found):
        return ()
    points = (rich_text(item, document.page.url) for item in found.css("li"))
    return tuple(point for point in points if point)


def next_page(document: Document, page: str) -> str | None:
    """Return the address of the page with older posts."""
    link = document.first("a.qa-pagination-next-page[href]")
    return absolute(page, attribute(link, "href")) or None if link else None


def is_only_page(document: Document) -> bool:
    """Whether the page says that it is the only one."""
    told = document.first(".qa-pagination-total-page-number")
    return told is not None and plain_text(told) == "1"


def _identity(article: LexborNode, page: str, *, by_locator: bool) -> tuple[str, str]:
    shared = article.css_first("input.qa-share-copy-link")
    locator = _LOCATOR.search(attribute(shared, "value")) if shared else None
    if by_locator and locator:
        return locator[1], f"{page}?pinned_post_locator=urn:{locator[1]}"
    own = attribute(article, "id")
    return (own, f"{page}#{own}") if _ASSET_ID.fullmatch(own) else ("", page)


def _headline(article: LexborNode) -> str | None:
    found = article.css_first(".lx-stream-post__header-text")
    words = plain_text(found) if found else ""
    return words if words and words != "Post" else None


def _tags(article: LexborNode) -> tuple[str | None, frozenset[Flag]]:
    """Return the label, and the flags that are told by classes and tags."""
    classes = attribute(article, "class")
    flags: set[Flag] = set()
    if "lx-stream-post--pinned" in classes:
        flags.add("pinned")
    words = [plain_text(tag) for tag in article.css(".qa-stream-tag")]
    if "lx-stream-post--breaking" in classes or any(word.lower() == "breaking" for word in words):
        flags.add("breaking")
    label = next((word for word in words if word and word.lower() != "breaking"), None)
    return label, frozenset(flags)


def _authors(article: LexborNode) -> tuple[Author, ...]:
    names = [plain_text(name) for name in article.css(".qa-contributor-name")]
    roles = [plain_text(role) for role in article.css(".qa-contributor-role")]
    roles += [""] * (len(names) - len(roles))
    return tuple(Author(name, role) for name, role in zip(names, roles, strict=False) if name)


def _not_text(node: LexborNode) -> bool:
    """Media and embeds stand in the body but are no part of its text."""
    return node.tag == "figure" or is_hidden(node) or not _NOT_TEXT.isdisjoint(attribute(node, "class").split())


def _images(body: LexborNode, page: str) -> tuple[Image, ...]:
    """Return the pictures, up to `MOST_IMAGES`: for each one's caption all that it stands in is looked through."""
    return tuple(_image(picture, page) for picture in body.css("img")[:MOST_IMAGES])


def _image(picture: LexborNode, page: str) -> Image:
    told = attribute(picture, "data-src") or attribute(picture, "src")
    around = (node for node in ancestors(picture) if node.tag == "figure" or _is_asset(node))
    asset = next(around, None)
    caption = asset.css_first(".lx-media-asset__caption, figcaption") if asset else None
    credit = asset.css_first(".lx-media-asset__copyright") if asset else None
    return Image(
        url=absolute(page, told.replace("{width}", WIDEST)),
        alt=attribute(picture, "alt"),
        caption=plain_text(caption) if caption else "",
        credit=plain_text(credit) if credit else "",
    )


def _is_asset(node: LexborNode) -> bool:
    return "lx-media-asset" in attribute(node, "class").split()


def _clips(body: LexborNode, page: str) -> tuple[Clip, ...]:
    clips = []
    for asset in body.css(".lx-media-asset--video, .lx-media-asset--audio"):
        caption = asset.css_first(".lx-media-asset__caption, figcaption")
        link = asset.css_first("a[href]")
        url = absolute(page, attribute(link, "href")) if link else ""
        clips.append(Clip(url, plain_text(caption) if caption else ""))
    return tuple(clips)


def _embeds(body: LexborNode, page: str) -> tuple[str, ...]:
    urls = (_embedded(node, page) for node in body.css(_EMBEDS))
    return tuple(dict.fromkeys(url for url in urls if url))


def _embedded(node: LexborNode, page: str) -> str:
    links = node.css("a[href]")
    return absolute(page, attribute(node, "src") or (attribute(links[-1], "href") if links else ""))
