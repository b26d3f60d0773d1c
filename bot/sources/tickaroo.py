"""Tickaroo: the prefetch of a live blog (`/api/embed/v4/prefetch/liveblog.json`), JSON around HTML around JSON.

`html` holds an element with `initialData`; in that, `schemaOrg` is a string of JSON: a LiveBlogPosting. Its updates
have no ids, so that their keys are derived, and most bodies begin with the headline again. What a page of its own
embeds is told the same way, so that such a page is read, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import urlencode

from bot.model import Author, Entry, Snapshot
from bot.richtext import RichText

from .body import Body, bare, inline
from .document import Document
from .html import attribute
from .keys import finished
from .links import absolute
from .told import later, moment, record, records, string, unpacked, words

NAME = "tickaroo"
MOST_POSTS = 1000

_INITIAL = re.compile(r"\binitialData\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ELEMENT = "tickaroo-liveblog, [liveblogid], [data-liveblogid], [data-tickaroo-liveblog-id]"
_QUERY = re.compile(r"tickaroo\.com/[^\s\"'<>]{0,300}\bliveblogId=([\w-]{1,60})", re.IGNORECASE)
_CLIENT = re.compile(r"\bclient_?id[\"']?\s*[=:]\s*[\"']?([\w.-]{1,80})", re.IGNORECASE)
_PREFETCH = "https://cdn.tickaroo.com/api/embed/v4/prefetch/liveblog.json?"

_Told = Mapping[str, Any]


def recognises(document: Document) -> bool:
    """Whether this is a prefetched live blog."""
    if b"initialdata" not in document.body.lower() or b"schemaOrg" not in document.body:
        return False
    return _posting(document) is not None


def embedded(document: Document) -> str | None:
    """Return where the live blog on this page is prefetched; None where there is none, or its client is not named."""
    if b"tickaroo" not in document.body.lower() or not document.is_html:
        return None
    blog = _named(document, ("liveblogid", "data-liveblogid", "data-tickaroo-liveblog-id"))
    found = _QUERY.search(document.text)
    blog = blog or (found[1] if found else "")
    client = _CLIENT.search(document.text)
    told = _named(document, ("clientid", "client-id", "data-client-id")) or (client[1] if client else "")
    if not (re.fullmatch(r"[\w-]{1,60}", blog) and re.fullmatch(r"[\w.-]{1,80}", told)):
        return None
    return _PREFETCH + urlencode({"client_id": told, "liveblogId": blog})


def _named(document: Document, names: tuple[str, ...]) -> str:
    for element in document.all(_ELEMENT):
        for name in names:
            if told := attribute(element, name):
                return told
    return ""


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    posting = _posting(document) or {}
    base = document.page.url
    page = absolute(base, words(posting.get("url"))) or base
    updates = posting.get("liveBlogUpdate")
    return Snapshot(
        url=page,
        reader=NAME,
        title=_title(posting),
        entries=finished(_entries(records(updates if isinstance(updates, list) else [updates]), posting, page)),
        source_name=words(record(posting.get("publisher")).get("name")),
        modified_at=moment(posting.get("dateModified")),
        complete=document.json is not None or document.ends,
    )


def _posting(document: Document) -> dict[str, Any] | None:
    """Return the LiveBlogPosting; None where there is none."""
    model = record(document.json)
    html = string(model.get("html")) if model else document.text
    for found in _INITIAL.finditer(html):
        initial = record(unpacked(unescape(found[1] or found[2] or "")))
        told = initial.get("schemaOrg")
        posting = record(unpacked(told) if isinstance(told, str) else told)
        if "liveBlogUpdate" in posting or posting.get("@type") == "LiveBlogPosting":
            return posting
    return None


def _title(posting: _Told) -> str | None:
    return inline(string(posting.get("headline")) or string(posting.get("name"))) or None


def _entries(updates: list[dict[str, Any]], posting: _Told, page: str) -> Iterator[Entry]:
    title = _title(posting)
    for update in updates[:MOST_POSTS]:
        headline = inline(string(update.get("headline")) or string(update.get("name"))) or None
        entry = _entry(update, None if headline == title else headline, page)
        if entry.headline or entry.body or entry.images or entry.embeds:
            yield entry


def _entry(update: _Told, headline: str | None, page: str) -> Entry:
    body = Body(page)
    body.html(string(update.get("articleBody")) or string(update.get("text")))
    for shared in _list(update.get("sharedContent")):
        body.embed(words(record(shared).get("url")) or words(shared))
    for image in _list(update.get("image")):
        body.image(words(record(image).get("url")) or words(image), caption=bare(string(record(image).get("caption"))))
    published = moment(update.get("datePublished")) or moment(update.get("dateCreated"))
    return Entry(
        key="",
        headline=headline,
        body=_without_headline(body.rich_text(), headline),
        published_at=published,
        updated_at=later(moment(update.get("dateModified")), published),
        url=page,
        authors=tuple(Author(name) for one in _list(update.get("author")) if (name := words(record(one).get("name")))),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
    )


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _without_headline(text: RichText, headline: str | None) -> RichText:
    """Return the body without the headline that it begins with."""
    if headline and text.text.startswith(headline):
        rest = text.cut(len(headline), len(text))
        if not rest.text[:1].isalnum():
            return rest.cut(len(rest) - len(rest.text.lstrip(" \n:–-")), len(rest)).strip()
    return text
