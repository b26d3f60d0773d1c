"""BBC live pages as the older renderer ("lx", on Morph) makes them, from about 2015 to mid-2024.

The page carries all that it shows as JSON in `Morph.setPayload('<uri>', {…})`: the posts, how many pages there are,
the title, the state and the key points. So it is not parsed as HTML at all, except where that JSON is missing. A
payload that comes by itself, as the page's script asked for it, is read, too.

Live or ended: `status` of the event summary, "LIVE" against "CATCHUP" (it is over, and can be caught up with); in
HTML without JSON, the pulsing mark beside the title (`.gs-c-live-pulse`) is there as long as the page is live, and
where it is missing the state is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote

from bot.errors import UnreadablePage
from bot.model import Entry, Snapshot, Status
from bot.richtext import RichText

from ..languages import stored
from . import bbc_lx_dom
from .bbc_lx_json import post
from .document import Document
from .keys import finished
from .links import page_address, publisher
from .times import iso_time
from .told import record, records
from .writing import plain

NAME = "bbc-lx"

STREAM = b"bbc-morph-lx-commentary-data-paged"
COMPONENTS = b"bbc-morph-lx-page-component-data"
_LISTS = {STREAM: "results", COMPONENTS: "components"}
"""By which list a payload is known that comes without its name."""

MOST_PAYLOADS = 3
MOST_POSTS = 1000
_PAYLOAD = b"Morph.setPayload('"
_STATES: dict[str, Status] = {"LIVE": "live", "CATCHUP": "ended", "CATCH_UP": "ended", "ENDED": "ended"}
SITE = "https://www.bbc.co.uk"
_ASSET_URI = re.compile(rb"assetUri\\?/(%2F[\w%.-]{1,200})")
_CANONICAL = re.compile(rb"<link rel=\"canonical\" href=\"(https?://[^\"<>\s]+)\"")
_POST_TAG = re.compile(rb"<article\s[^>]{0,1000}\bid=\"post_([0-9a-f]{24})\"[^>]{0,1000}>")


def recognises(document: Document) -> bool:
    """Whether the page was made by the lx renderer: its stream as JSON, or its posts as HTML."""
    body = document.body
    if document.is_html:
        return _PAYLOAD + b"/data/" + STREAM in body or bbc_lx_dom.MARK in body
    return b"urn:asset:" in body and _body(document, STREAM) is not None


def read(document: Document) -> Snapshot:
    """Return the Snapshot. Raises UnreadablePage where the page ends before its first post."""
    page = page_address(address(document))
    stream = _body(document, STREAM)
    if stream is None:
        return _without_json(document, page)
    pinned = _pinned(document.body)
    results = _list(stream.get("results"))[:MOST_POSTS]
    posts = [_as_pinned(entry, result, pinned) for result in results if (entry := post(result, page))]
    number, last = _count(stream.get("currentPage")), _count(stream.get("numberOfPages"))
    event = _Event(_body(document, COMPONENTS))
    return Snapshot(
        url=document.page.url or page,
        reader=NAME,
        title=event.title,
        status=event.status,
        summary=event.points,
        entries=finished(posts),
        source_name=publisher(page),
        modified_at=iso_time(stream.get("latestChange")),
        next_page=f"{page}/page/{number + 1}" if 0 < number < last else None,
        whole=number == last == 1,
        complete=document.ends,
    )


def address(document: Document) -> str:
    """Return the page's address: where it was fetched, else what it says itself."""
    if not document.is_html and (told := _ASSET_URI.search(document.body[:65536])):
        return f"{SITE}{unquote(told[1].decode())}"
    if document.page.url.startswith(("http://", "https://")):
        return document.page.url
    told = _CANONICAL.search(document.body[:65536])
    return told[1].decode() if told else document.page.url


def _without_json(document: Document, page: str) -> Snapshot:
    """Read the posts from the HTML. Ids are then the HTML's own, unless the JSON only failed to arrive whole."""
    lost = not document.ends or _PAYLOAD + b"/data/" + STREAM in document.body
    entries = bbc_lx_dom.posts(document, page, by_locator=lost)
    if not entries and not document.ends:
        raise UnreadablePage(stored("The page was cut off before its first post."))
    next_page = bbc_lx_dom.next_page(document, page)
    return Snapshot(
        url=document.page.url or page,
        reader=NAME,
        title=bbc_lx_dom.title(document),
        status=bbc_lx_dom.status(document),
        summary=bbc_lx_dom.summary(document),
        entries=finished(entries),
        source_name=publisher(page),
        next_page=next_page,
        whole=document.ends and bbc_lx_dom.is_only_page(document),
        complete=document.ends,
    )


def _body(document: Document, name: bytes) -> dict[str, Any] | None:
    """Return `body` of the payload of that name; None where it is missing, cut off or broken."""
    if not document.is_html:
        return _alone(document.json, name)
    for told in islice(_payloads(document.body, name), MOST_PAYLOADS):
        try:
            payload, _ = json.JSONDecoder(strict=False).raw_decode(told.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            continue
        body = payload.get("body") if isinstance(payload, dict) else None
        if isinstance(body, dict):
            return body
    return None


def _alone(told: Any, name: bytes) -> dict[str, Any] | None:
    """Return `body` of a payload that came as JSON by itself, or as one of several (`payload`)."""
    payloads = [record(told), *records(record(told).get("payload"))]
    bodies = (record(payload.get("body")) for payload in payloads)
    return next((body for body in bodies if isinstance(body.get(_LISTS[name]), list)), None)


def _payloads(html: bytes, name: bytes) -> Iterator[bytes]:
    """Find what is given to `Morph.setPayload` under that name, from its first brace to the end of the script."""
    start = html.find(mark := _PAYLOAD + b"/data/" + name + b"/")
    while start >= 0:
        brace = html.find(b"{", html.find(b"',", start + len(mark)))
        end = html.find(b"</script", brace)
        if brace >= 0:
            yield html[brace : end if end >= 0 else len(html)]
        start = html.find(mark, start + len(mark))


def _count(told: Any) -> int:
    return told if isinstance(told, int) else 0


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _pinned(html: bytes) -> frozenset[str]:
    """Return the HTML ids of the posts that stand pinned: only the class of their element tells it."""
    if b"lx-stream-post--pinned" not in html:
        return frozenset()
    tags = (tag for tag in _POST_TAG.finditer(html) if b"lx-stream-post--pinned" in tag[0])
    return frozenset(tag[1].decode() for tag in tags)


def _as_pinned(entry: Entry, result: dict[str, Any], pinned: frozenset[str]) -> Entry:
    if result.get("assetId") not in pinned:
        return entry
    return bbc_lx_dom.pinned(entry)


class _Event:
    """What the page says about the event as a whole."""

    def __init__(self, components: dict[str, Any] | None) -> None:
        found = [part for part in _list((components or {}).get("components")) if isinstance(part, dict)]
        props = {part.get("id"): part["props"] for part in found if isinstance(part.get("props"), dict)}
        event = props.get("lx-event-summary", {})
        told = event.get("title")
        self.title = (plain(told) or None) if isinstance(told, str) else None
        self.status: Status = _STATES.get(str(event.get("status")).upper(), "unknown")
        points = _list(props.get("summary-points", {}).get("points"))
        self.points = tuple(RichText(plain(point)) for point in points if isinstance(point, str) and plain(point))
