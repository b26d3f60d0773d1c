"""Sourcefabric Live Blog, version 1 (`/api/client_blogs/<id>/posts`) and 2 (`/api/v2/client_blogs/<id>/posts`).

Version 1 puts the items of a post into `groups[id=main].refs[].item`, version 2 into `items`. A post is what is
`open`; drafts, contributions, comments and advertisements are not, nor what was `deleted`, or taken back after it was
published: all these are named as withdrawn, for they may have been open before. A post without `published_date` was
published when it was created. A sticky post is a pinned one, a highlighted one a key event.

Version 2 can give the posts that are not sticky alone, so that a post that becomes sticky leaves the list: unless both
kinds are in an answer, and unless it was asked for without a filter, nothing is concluded from absence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.model import Author, Entry, Flag, Snapshot

from .body import Body, inline
from .document import Document
from .keys import finished
from .links import absolute, publisher
from .told import count, later, moment, record, records, string, words

NAME = "sourcefabric"
MOST_POSTS = 1000
PER_PAGE = 100
"""The most that version 2 gives at once."""

_NOT_POSTS = frozenset(("submitted", "draft", "comment", "ad"))
_FILTERS = ("source", "sticky", "highlight", "where")
_RENDITIONS = ("baseImage", "viewImage", "original", "thumbnail")
_API = re.compile(r"(https?://[^\s\"'<>\\]{1,200}?)/api/(?:v2/)?client_blogs/([0-9a-f]{24})\b", re.IGNORECASE)
_HOST = re.compile(r"[\"']?api_host[\"']?\s*:\s*[\"']((?:https?:)?//[^\"'<>\s]{1,200}?)/?(?:api/?)?[\"']")
_BLOG = re.compile(
    r"/blogs/([0-9a-f]{24})\b|[\"']?blog[\"']?\s*:\s*\{[^{}]{0,400}?[\"']?_id[\"']?\s*:\s*[\"']([0-9a-f]{24})"
)

_PAGE = re.compile(r"([?&]page=)([0-9]{1,4})\b")

_Told = Mapping[str, Any]


def recognises(document: Document) -> bool:
    """Whether this is a list of posts of a Live Blog."""
    if b'"_items"' not in document.body:
        return False
    told = records(record(document.json).get("_items"))
    if told:
        return any("blog" in post and ("groups" in post or "items" in post) for post in told)
    return b"client_blogs" in document.body


def embedded(document: Document) -> str | None:
    """Return where the newest posts of the Live Blog on this page are answered; None where there is none."""
    if b"liveblog" not in document.body.lower() and b"client_blogs" not in document.body:
        return None
    text = document.text.replace("\\/", "/")
    if found := _API.search(text):
        return _posts(found[1], found[2])
    host, blog = _HOST.search(text), _BLOG.search(text)
    if host and blog:
        return _posts(absolute(document.page.url or "https://", host[1]), blog[1] or blog[2])
    return None


def _posts(host: str, blog: str) -> str:
    return f"{host.rstrip('/')}/api/v2/client_blogs/{blog}/posts?ordering=newest_first&limit={PER_PAGE}"


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    told = record(document.json)
    base = document.page.url
    posts = records(told.get("_items"))[:MOST_POSTS]
    return Snapshot(
        url=base,
        reader=NAME,
        entries=finished(_entry(post, base) for post in posts if _is_shown(post)),
        source_name=publisher(base),
        next_page=_next_page(told, base),
        whole=_is_unfiltered(posts, base) and 0 < count(record(told.get("_meta")).get("total")) <= len(posts),
        complete=_is_unfiltered(posts, base),
        withdrawn=tuple(key for post in posts if not _is_shown(post) and (key := _key(post))),
    )


def _key(post: _Told) -> str:
    return words(post.get("_id"))[:300]


def _is_shown(post: _Told) -> bool:
    if post.get("deleted") is True or words(post.get("post_status")) in _NOT_POSTS or not _key(post):
        return False
    published, taken_back = moment(post.get("published_date")), moment(post.get("unpublished_date"))
    return not (taken_back and (published is None or taken_back > published))


def _next_page(told: _Told, base: str) -> str | None:
    """Return the address of the next page: where the answer links to one, or counts more posts than came so far."""
    meta = record(told.get("_meta"))
    page, size = count(meta.get("page")), count(meta.get("max_results"))
    link = _PAGE.search(words(record(record(told.get("_links")).get("next")).get("href")))
    number = link[2] if link else str(page + 1) if 0 < page * size < count(meta.get("total")) else ""
    if not number or "/posts" not in base:
        return None
    if _PAGE.search(base):
        return _PAGE.sub(rf"\g<1>{number}", base)
    return f"{base}{'&' if '?' in base else '?'}page={number}"


def _is_unfiltered(posts: list[dict[str, Any]], base: str) -> bool:
    """Whether what is not in the answer is not there for being of a kind that was not asked for."""
    if any(f"{name}=" in base.partition("?")[2] for name in _FILTERS):
        return False
    return "/v2/" not in base or {post.get("sticky") is True for post in posts} == {True, False}


def _entry(post: _Told, base: str) -> Entry:
    body = Body(base)
    for item in _items(post):
        _add(body, item)
    published = moment(post.get("published_date")) or moment(post.get("_created")) or moment(post.get("firstcreated"))
    return Entry(
        key=_key(post),
        body=body.rich_text(),
        published_at=published,
        updated_at=_updated(post, published),
        url=base,
        authors=_authors(post),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=_flags(post),
    )


def _items(post: _Told) -> Iterable[_Told]:
    if isinstance(post.get("items"), list):
        return records(post["items"])
    groups = [group for group in records(post.get("groups")) if group.get("id") == "main"]
    return [record(ref.get("item")) for group in groups for ref in records(group.get("refs"))]


def _updated(post: _Told, published: Any) -> Any:
    """Return when the post was edited; a stamp that is the one of its creation tells of none."""
    told = moment(post.get("content_updated_date"))
    if told is None and post.get("_updated") != post.get("_created"):
        told = moment(post.get("_updated"))
    return later(told, published)


def _flags(post: _Told) -> frozenset[Flag]:
    found: set[Flag] = set()
    if post.get("sticky") is True:
        found.add("pinned")
    if post.get("lb_highlight") is True or post.get("highlight") is True:
        found.add("key")
    return frozenset(found)


def _authors(post: _Told) -> tuple[Author, ...]:
    """Return who published the post; others who worked on it are not shown to readers."""
    name = words(record(post.get("publisher")).get("display_name"))
    return (Author(name),) if name else ()


# ── items ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _add(body: Body, item: _Told) -> None:
    """Add one item of a post: its words, its picture or what it embeds."""
    kind = words(item.get("item_type")) or words(item.get("type"))
    meta = record(item.get("meta"))
    if kind == "image":
        _image(body, item, meta)
    elif kind == "embed":
        _embed(body, item, meta)
    elif kind == "quote" and string(meta.get("quote")):
        _quote(body, meta)
    elif kind == "poll":
        body.text(inline(string(record(item.get("poll_body")).get("question"))))
    else:
        body.html(string(item.get("text")))


def _image(body: Body, item: _Told, meta: _Told) -> None:
    renditions = record(item.get("renditions")) or record(record(meta.get("media")).get("renditions"))
    urls = [words(record(renditions.get(name)).get("href")) for name in _RENDITIONS]
    url = next(filter(None, urls), words(record(meta.get("media")).get("_url")))
    if not url:
        body.html(string(item.get("text")))
        return
    caption, credit = inline(string(meta.get("caption"))), inline(string(meta.get("credit")))
    body.image(url, inline(string(meta.get("alt"))) or caption, caption, credit)


def _embed(body: Body, item: _Told, meta: _Told) -> None:
    url = words(meta.get("original_url")) or words(meta.get("url"))
    if url:
        body.embed(url)
    else:
        body.html(string(meta.get("html")) or string(item.get("text")))


def _quote(body: Body, meta: _Told) -> None:
    source = inline(string(meta.get("credit")))
    body.html(f"<blockquote>{meta['quote']}</blockquote>")
    body.text(source)
