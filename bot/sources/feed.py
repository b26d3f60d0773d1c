"""Feeds: RSS, Atom, RDF and JSON Feed, whatever state they are in.

A feed says neither whether its page is live, nor what was withdrawn: it shows a choice of its items, and what leaves
it has only made room (`Snapshot.absence_tells`). Items without a date stay, and so do those without a title.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bot.model import Author, Entry, Image, Page, Snapshot
from bot.richtext import RichText
from bot.urls import without_tracking

from . import feed_json, feed_parse, feed_xml
from .document import Document
from .feed_charset import feed_text
from .feed_item import Channel, Item
from .feed_keys import common_ids, native_key, told_key
from .feed_times import feed_time
from .feed_words import line, rich, shown
from .keys import finished
from .links import absolute
from .writing import plain

NAME = "feed"
LONGEST_LABEL = 40
START = 4 * feed_xml.BEGINS_WITHIN
"""Bytes of a page within which a feed begins, in whichever charset."""

_NO_LABELS = frozenset(
    ("uncategorized", "uncategorised", "allgemein", "sin categoría", "non classé", "unkategorisiert")
)
_CUT_SHORT = ("…", "...")


def recognises(document: Document) -> bool:
    """Whether this is a feed: by its root, never by what the server calls it."""
    page = document.page
    if page.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return feed_json.recognises(document.text)
    return feed_xml.begins(feed_text(replace(page, body=page.body[:START]))) is not None


def read(document: Document) -> Snapshot:
    """Return the Snapshot. Raises UnreadablePage for a feed that would take too long to read."""
    channel = _channel(document.page)
    title = line(channel.title) or None
    return Snapshot(
        url=document.page.url,
        reader=NAME,
        title=title,
        entries=finished(_once(_entries(channel, document.page, title or ""))),
        source_name=title or "",
        modified_at=feed_time(channel.updated, document.page.fetched_at),
        complete=channel.complete,
        absence_tells=False,
        every=channel.every,
        hub=absolute(document.page.url, channel.hub),
        topic=absolute(document.page.url, channel.topic) or document.page.url,
        withdrawn=tuple(native_key(Item(id=told), frozenset()) for told in channel.deleted),
    )


def _channel(page: Page) -> Channel:
    text = feed_text(page)
    return feed_json.parsed(text) if feed_json.recognises(text) else feed_parse.parsed(feed_xml.prepared(text))


def _entries(channel: Channel, page: Page, title: str) -> Iterable[Entry]:
    base = absolute(page.url, channel.home) or page.url
    common = common_ids(channel.items)
    for item in channel.items:
        entry = _entry(item, base, page.fetched_at)
        if entry.headline and entry.headline == title:
            entry = replace(entry, headline=None)
        if item.id or item.link or entry.headline or entry.body or entry.images or entry.clips:
            yield _keyed(entry, item, common)


def _entry(item: Item, base: str, now: datetime) -> Entry:
    told, changed = feed_time(item.published, now), feed_time(item.updated, now)
    headline, body, standfirst = _said(item, base)
    return Entry(
        key="",
        headline=headline or None,
        body=body,
        standfirst=standfirst,
        published_at=told or changed,
        updated_at=changed if told and changed and changed > told else None,
        url=without_tracking(absolute(base, item.link)) or base,
        authors=tuple(Author(name) for name in (plain(author) for author in item.authors) if name),
        label=_label(item.label),
        images=_images(item, base),
        clips=tuple(replace(clip, url=url) for clip in item.clips if (url := absolute(base, clip.url))),
    )


def _said(item: Item, base: str) -> tuple[str, RichText, RichText | None]:
    """Return headline, body and standfirst, each only where it says something that the others do not."""
    headline, content, summary = line(item.title), rich(item.content, base), rich(item.summary, base)
    body, standfirst = (content, summary) if content else (summary, RichText())
    said = plain(body.text)
    if said == headline:
        body = RichText()
    elif headline.endswith(_CUT_SHORT) and said.startswith(_without_end(headline)):
        headline = ""  # of a post without a title: the beginning of its text
    short = _without_end(plain(standfirst.text))
    return headline, body, standfirst if short and not said.startswith(short) and short != headline else None


def _without_end(words: str) -> str:
    """Return words without the marks that they were cut short."""
    return words.removesuffix("[…]").removesuffix("[...]").rstrip(" …").removesuffix("...").rstrip()


def _label(told: str) -> str | None:
    label = plain(told)
    return label if label and len(label) <= LONGEST_LABEL and label.lower() not in _NO_LABELS else None


def _images(item: Item, base: str) -> tuple[Image, ...]:
    """Return the pictures beside the text; where there are none, those within."""
    beside = (replace(image, url=url) for image in item.images if (url := absolute(base, image.url)))
    return tuple(beside) or shown(item.content or item.summary, base)


def _keyed(entry: Entry, item: Item, common: frozenset[str]) -> Entry:
    if key := native_key(item, common):
        return replace(entry, key=key)
    told = item.published or item.updated or ""
    key = told_key(entry.headline or line(item.title), entry.body.text, told, entry.published_at)
    return replace(entry, key=key, key_derived=True)


def _once(entries: Iterable[Entry]) -> Iterable[Entry]:
    """Return every entry once, where it stands first, as its newest item says it: no item of a feed is pinned."""
    newest: dict[str, Entry] = {}
    for entry in entries:
        known = newest.get(entry.key)
        if known is None or _age(entry) > _age(known):
            newest[entry.key] = entry
    return newest.values()


def _age(entry: Entry) -> datetime:
    return entry.updated_at or entry.published_at or datetime.min.replace(tzinfo=UTC)
