"""The text of a BBC live page as people copy it from their browser, without any markup.

The present renderer numbers its posts and glues to each headline what screen readers hear:

    Summary
      • a point
      1. Headlinepublished at 09:15 Greenwich Mean Time 14 February 2023
        a paragraph

A label stands on the numbered line where there is one; the headline with its time then follows below. The older
renderer numbers them, too, but without times, after the line "Live Reporting". What stands before the first post and
is not the Summary (a licence notice, "Get involved", banners with results) is no entry. A text cannot say whether
the page is live, nor where it continues; and it has no ids, so that all keys are derived.
"""

from __future__ import annotations

from bot.model import Entry, Snapshot

from .document import Document
from .keys import finished
from .links import page_address, publisher
from .text_posts import Post, split
from .text_words import summary_points, title, to_entry

NAME = "page-text"


def recognises(document: Document) -> bool:
    """Whether this is a text with at least one post of a live page in it."""
    return not document.is_html and bool(split(document.text).posts)


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    page = document.page
    text = split(document.text)
    entries = (_entry(post, document) for post in text.posts)
    return Snapshot(
        url=page.url,
        reader=NAME,
        title=title(text.before),
        summary=summary_points(text.before),
        entries=finished(entries),
        source_name=publisher(page_address(page.url)),
    )


def _entry(post: Post, document: Document) -> Entry:
    return to_entry(post, document.page.url, document.page.fetched_at)
