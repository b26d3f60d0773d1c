"""Arena: a live blog as its cached API answers it (`/v1/liveblog/<publisher>/<event>`).

`eventInfo` names the event, `posts[]` hold `message{title, text}` and `createdAt` in milliseconds. Where a post has
no id of its own its key is derived. Whether an event is over is not known to be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.model import Author, Entry, Flag, Snapshot

from .body import Body, bare, inline
from .document import Document
from .html import attribute
from .keys import finished
from .links import absolute
from .told import identity, later, moment, record, records, string, words

NAME = "arena"
MOST_POSTS = 1000

_NAME = r"[\w.-]{1,80}"
_SCRIPT = re.compile(rf"arenalib\.js\?(?:[^\"'\s<>]{{0,200}}?&(?:amp;)?)?p=({_NAME})&(?:amp;)?e=({_NAME})")
_FRAME = re.compile(
    rf"\bgo\.arena\.im/embed\?(?:[^\"'\s<>]{{0,200}}?&(?:amp;)?)?publisher=({_NAME})&(?:amp;)?event=({_NAME})"
)
_API = "https://cached-api.arena.im/v1/liveblog/{}/{}"

_Told = Mapping[str, Any]


def recognises(document: Document) -> bool:
    """Whether this is an answer of Arena about a live blog."""
    if b'"eventInfo"' not in document.body:
        return False
    told = record(document.json)
    return isinstance(told.get("posts"), list) and isinstance(told.get("eventInfo"), dict)


def embedded(document: Document) -> str | None:
    """Return where the live blog on this page is answered; None where there is none."""
    if b"arena" not in document.body or not document.is_html:
        return None
    if (element := document.first(".arena-liveblog[data-publisher][data-event]")) is not None:
        names = (attribute(element, "data-publisher"), attribute(element, "data-event"))
        if all(re.fullmatch(_NAME, name) for name in names):
            return _API.format(*names)
    found = _SCRIPT.search(document.text) or _FRAME.search(document.text)
    return _API.format(found[1], found[2]) if found else None


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    told = record(document.json)
    event = record(told.get("eventInfo"))
    page = absolute(document.page.url, words(event.get("url"))) or document.page.url
    return Snapshot(
        url=page,
        reader=NAME,
        title=bare(string(event.get("name"))) or None,
        entries=finished(_entry(post, page) for post in records(told.get("posts"))[:MOST_POSTS]),
        source_name=words(record(event.get("publisher")).get("name")),
    )


def _entry(post: _Told, page: str) -> Entry:
    message = record(post.get("message"))
    body = Body(page)
    body.html(string(message.get("text")))
    _add_media(body, message)
    published = moment(post.get("createdAt"))
    return Entry(
        key=identity(post.get("_id")) or identity(post.get("key")) or identity(post.get("id")),
        headline=inline(string(message.get("title"))) or None,
        body=body.rich_text(),
        published_at=published,
        updated_at=later(moment(post.get("modifiedAt")) or moment(post.get("updatedAt")), published),
        url=page,
        authors=_authors(post),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=_flags(post),
    )


def _add_media(body: Body, message: _Told) -> None:
    """Add the media of a post: a picture has an address alone, all else is a link to what is embedded."""
    media = message.get("media")
    for one in records(media if isinstance(media, list) else [media]):
        url = words(one.get("url"))
        if words(one.get("type")).lower() in ("image", "photo", "picture"):
            caption = inline(string(one.get("description")) or string(one.get("caption")))
            body.image(url, inline(string(one.get("title"))), caption)
        else:
            body.embed(url)


def _authors(post: _Told) -> tuple[Author, ...]:
    name = words(record(post.get("sender")).get("displayName")) or words(record(post.get("author")).get("name"))
    return (Author(name),) if name else ()


def _flags(post: _Told) -> frozenset[Flag]:
    found: set[Flag] = set()
    if post.get("pinned") is True:
        found.add("pinned")
    if post.get("summary") is True or post.get("highlight") is True:
        found.add("key")
    return frozenset(found)
