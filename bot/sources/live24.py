"""24LiveBlog: the posts of an event (`/event/<digits>/news/`), or the event itself with its posts.

`data.news[]` holds posts with `nid`, `newstitle`, `contents` (HTML) and `created` (seconds). An event says whether it
is `closed`; the list of its posts alone does not. Older posts are asked for with the `nid` of the last one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.model import Author, Entry, Flag, Snapshot, Status

from .body import Body, bare, inline
from .document import Document
from .keys import finished
from .told import identity, later, moment, record, records, string, words

NAME = "24liveblog"
MOST_POSTS = 1000

_EVENT = re.compile(r"24live(?:blog|plus)\.com/[^\s\"'<>]{0,120}?(?:event/|id=|n/)([0-9]{5,25})", re.IGNORECASE)
_ELEMENT = '[id^="LB24"][data-eid], [id^="LB24"][data-id], [class*="lb24"][data-eid], [id^="LB24_LIVE_CONTENT"]'
_NEWS = "https://data.24liveplus.com/v1/retrieve_server/x/event/{}/news/?inverted_order=1&last_nid=&limit=100"
_LAST = re.compile(r"([?&]last_nid=)[^&]*")

_Told = Mapping[str, Any]


def recognises(document: Document) -> bool:
    """Whether this is an answer about an event's posts."""
    if b'"nid"' not in document.body and b'"news"' not in document.body:
        return False
    told = record(record(document.json).get("data"))
    return isinstance(told.get("news"), list) and all("nid" in post for post in records(told["news"]))


def embedded(document: Document) -> str | None:
    """Return where the newest posts of the event on this page are answered; None where there is none."""
    if not document.is_html or b"24live" not in document.body.lower():
        return None
    element = document.first(_ELEMENT)
    told = (element.attributes.get("data-eid") or element.attributes.get("data-id") or "") if element else ""
    if re.fullmatch(r"[0-9]{5,25}", told):
        return _NEWS.format(told)
    found = _EVENT.search(document.text)
    return _NEWS.format(found[1]) if found else None


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    told = record(record(document.json).get("data"))
    event = record(told.get("event"))
    base = document.page.url
    posts = records(told.get("news"))[:MOST_POSTS]
    return Snapshot(
        url=base,
        reader=NAME,
        title=_title(event),
        status=_status(event),
        entries=finished(_entry(post, base) for post in posts if identity(post.get("nid"))),
        modified_at=moment(event.get("last_updated")),
        next_page=_next_page(posts, base),
    )


def _title(event: _Told) -> str | None:
    told = (bare(string(event.get(name))) for name in ("title", "event_title", "name"))
    return next(filter(None, told), None)


def _status(event: _Told) -> Status:
    closed = event.get("closed")
    if not isinstance(closed, bool | int):
        return "unknown"
    return "ended" if closed else "live"


def _next_page(posts: list[dict[str, Any]], base: str) -> str | None:
    """Return where the posts before the last one stand, where as many came as were asked for."""
    asked = re.search(r"[?&]limit=([0-9]{1,4})\b", base)
    if not posts or asked is None or len(posts) < int(asked[1]) or not _LAST.search(base):
        return None
    last = identity(posts[-1].get("nid"))
    return _LAST.sub(lambda found: found[1] + last, base) if re.fullmatch(r"[\w-]{1,60}", last) else None


def _entry(post: _Told, base: str) -> Entry:
    body = Body(base)
    body.html(string(post.get("contents")))
    published = moment(post.get("created"))
    return Entry(
        key=identity(post.get("nid")),
        headline=inline(string(post.get("newstitle"))) or None,
        body=body.rich_text(),
        published_at=published,
        updated_at=later(moment(post.get("updated")) or moment(post.get("last_updated")), published),
        url=base,
        authors=_authors(post),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=_flags(post),
    )


def _authors(post: _Told) -> tuple[Author, ...]:
    told = record(post.get("author"))
    name = words(told.get("name")) or words(post.get("author")) or words(post.get("author_name"))
    return (Author(name),) if name else ()


def _flags(post: _Told) -> frozenset[Flag]:
    pinned = post.get("pinned") in (True, 1) or post.get("sticky") in (True, 1)
    return frozenset(("pinned",)) if pinned else frozenset()
