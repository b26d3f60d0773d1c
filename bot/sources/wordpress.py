"""The WordPress plugin "Liveblog": what its `entries` address answers.

An answer holds revisions: an entry is `new`, an `update` keeps the id of the entry that it changes, a `delete` takes
it back. The last word on an id counts; what was deleted is named as withdrawn. `timestamp` is that of the revision,
`entry_time` that of the entry. There is no field for a headline: one that begins the entry as `h1` to `h6` is taken.
An answer never proves to be the whole; one that begins at a moment holds the changes since then, and what is not in
it is not gone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.model import Author, Entry, Flag, Snapshot

from .body import Body, bare, parsed
from .document import Document
from .html import attribute, plain_text
from .keys import finished
from .links import absolute, publisher
from .told import identity, later, moment, record, records, string, words

NAME = "wordpress-liveblog"
MOST_REVISIONS = 2000
HEADINGS = "h1, h2, h3, h4, h5, h6"

_TELLING = ("latest_timestamp", "refresh_interval", "pages")
_REST = re.compile(r"https?://[^\s\"'<>\\]{1,300}?/liveblog/v1/[0-9]{1,12}", re.IGNORECASE)
_SETTINGS = re.compile(r"\bliveblog_settings\s*=\s*(?=\{)")
_SINCE = re.compile(r"/entries/0*[1-9][0-9]*/")
_ENTRIES = "/entries/0/9999999999"
"""All entries from the beginning of time to a day in the future, which keeps the answer fresh."""

_Told = Mapping[str, Any]


def recognises(document: Document) -> bool:
    """Whether this is an answer of the plugin about entries."""
    if b'"entries"' not in document.body:
        return False
    told = record(document.json)
    return isinstance(told.get("entries"), list) and any(name in told for name in _TELLING)


def embedded(document: Document) -> str | None:
    """Return where the entries of the live blog on this page are answered; None where there is none."""
    if b"liveblog" not in document.body or not document.is_html:
        return None
    text = document.text.replace("\\/", "/")
    settings = _SETTINGS.search(text)
    found = _REST.search(text, settings.end() if settings else 0)
    return found[0] + _ENTRIES if found else None


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    told = record(document.json)
    base = document.page.url
    latest = _latest(records(told.get("entries"))[:MOST_REVISIONS])
    deleted = [key for key, revision in latest.items() if revision.get("type") == "delete"]
    entries = finished(_entry(revision, base) for key, revision in latest.items() if key not in deleted)
    page = next((entry.url.partition("#")[0] for entry in entries if entry.url), base)
    return Snapshot(
        url=page,
        reader=NAME,
        entries=entries,
        source_name=publisher(page),
        complete=not _SINCE.search(base),
        withdrawn=tuple(deleted),
    )


def _latest(revisions: list[dict[str, Any]]) -> dict[str, _Told]:
    """Return the last revision of every entry by its id, in the order of the answer."""
    last: dict[str, _Told] = {}
    for revision in revisions:
        key = identity(revision.get("id"))
        before = last.get(key)
        if key and (before is None or _is_later(revision, before)):
            last[key] = revision
    return last


def _is_later(one: _Told, other: _Told) -> bool:
    """Whether a revision replaces another of the same entry; at one moment, a deletion has the last word."""
    moments = (moment(one.get("timestamp")), moment(other.get("timestamp")))
    if moments[0] and moments[1] and moments[0] != moments[1]:
        return moments[0] > moments[1]
    ranks = {"new": 0, "update": 1, "delete": 2}
    return ranks.get(words(one.get("type")), 0) > ranks.get(words(other.get("type")), 0)


def _entry(revision: _Told, base: str) -> Entry:
    html = string(revision.get("render")) or string(revision.get("content"))
    headline, body = _body(html, base)
    published = moment(revision.get("entry_time")) or moment(revision.get("timestamp"))
    return Entry(
        key=identity(revision.get("id")),
        headline=headline,
        body=body.rich_text(),
        published_at=published,
        updated_at=later(moment(revision.get("timestamp")), published),
        url=absolute(base, words(revision.get("share_link"))),
        authors=_authors(revision),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=_flags(revision),
    )


def _body(html: str, base: str) -> tuple[str | None, Body]:
    """Return the headline, where the entry begins with one, and the rest."""
    tree = parsed(html)
    heading = tree.css_first(HEADINGS) if tree is not None else None
    before = (tree.text(deep=True).strip() if tree is not None else "")[:200]
    said = plain_text(heading) if heading is not None else ""
    if tree is None or heading is None or not said or not " ".join(before.split()).startswith(said[:100]):
        body = Body(base)
        body.html(html)
        return None, body
    own = heading.mem_id  # not the node: it would keep the whole tree for as long as the body is there
    body = Body(base, lambda node: node.mem_id == own or "liveblog-meta" in attribute(node, "class"))
    body.node(tree)
    return said, body


def _authors(revision: _Told) -> tuple[Author, ...]:
    names = [bare(string(author.get("name"))) for author in records(revision.get("authors"))]
    return tuple(Author(name) for name in dict.fromkeys(names) if name)


def _flags(revision: _Told) -> frozenset[Flag]:
    """Return what is said by the entry itself, and by the classes that its commands (`/key`) give it."""
    classes = words(revision.get("css_classes")).split()
    is_key = revision.get("key_event") is True or any("type-key" in name for name in classes)
    return frozenset(("key",)) if is_key else frozenset()
