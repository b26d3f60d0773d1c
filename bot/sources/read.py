"""From bytes to a Snapshot: decode, pick the reader by what the page is, read. Pure.

To add a reader, write a module with `recognises(document) -> bool` and `read(document) -> Snapshot`, and give it a
line in READERS: readers that know one publisher's markup stand before those that read what many publish.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.errors import UnreadablePage
from bot.model import Page, Snapshot

from ..languages import stored
from . import (
    arena,
    bbc,
    bbc_lx,
    bbc_world,
    feed,
    guardian,
    guardian_capi,
    guardian_json,
    live24,
    liveblog,
    page_text,
    sourcefabric,
    tickaroo,
    wordpress,
)
from .alternates import alternates
from .document import Document
from .successor import successor


@dataclass(frozen=True, slots=True)
class Reader:
    """A way to read pages of one kind; `name` is what `Snapshot.reader` says."""

    name: str
    recognises: Callable[[Document], bool]
    read: Callable[[Document], Snapshot]


READERS: tuple[Reader, ...] = (
    Reader(bbc_lx.NAME, bbc_lx.recognises, bbc_lx.read),
    Reader(bbc_world.NAME, bbc_world.recognises, bbc_world.read),
    Reader(bbc.NAME, bbc.recognises, bbc.read),
    Reader(feed.NAME, feed.recognises, feed.read),
    Reader(guardian_json.NAME, guardian_json.recognises, guardian_json.read),
    Reader(guardian_capi.NAME, guardian_capi.recognises, guardian_capi.read),
    Reader(wordpress.NAME, wordpress.recognises, wordpress.read),
    Reader(sourcefabric.NAME, sourcefabric.recognises, sourcefabric.read),
    Reader(live24.NAME, live24.recognises, live24.read),
    Reader(arena.NAME, arena.recognises, arena.read),
    Reader(tickaroo.NAME, tickaroo.recognises, tickaroo.read),
    Reader(guardian.NAME, guardian.recognises, guardian.read),
    Reader(liveblog.NAME, liveblog.recognises, liveblog.read),
    Reader(page_text.NAME, page_text.recognises, page_text.read),
)


def read(page: Page) -> Snapshot:
    """Return what the page says now.

    Raises UnreadablePage, with one sentence, for what is no live page, is too large or nested too deeply, or was
    cut off before its first post.
    """
    if not page.body.strip():
        raise UnreadablePage(stored("The page is empty."))
    document = Document(page)
    for reader in READERS:
        if reader.recognises(document):
            snapshot = reader.read(document)
            return replace(snapshot, successor=successor(document, snapshot)) if snapshot.absence_tells else snapshot
    raise _refusal(document)


def _refusal(document: Document) -> UnreadablePage:
    """Return what is said of a page that no reader knows, with the feed that it offers instead, if any."""
    feeds = alternates(document)
    if feeds:
        offering = stored("This is not a live page of a kind that LiveRelay can read. It offers a feed: {feed}")
        return UnreadablePage(offering.format(feed=feeds[0]))
    return UnreadablePage(stored("This is not a live page of a kind that LiveRelay can read."))
