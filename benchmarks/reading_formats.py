"""Reading a page of 20 posts in every format, against parsing the same bytes and doing nothing else.

Parsing is what the reader's library does alone: selectolax for HTML, `json` for JSON, feedparser for feeds. Memory is
what Python holds at most while the page is read (`tracemalloc`; the tree that selectolax builds is not in it), against
the size of the page.
"""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Callable

import feedparser
from selectolax.lexbor import LexborHTMLParser

from bot.model import Page, Snapshot
from bot.sources import bbc_post
from bot.sources.read import read
from tests.sources.formats import FORMATS
from tests.sources.stories import story_of

from .yardstick import Figure, fastest

POSTS = 20
TIMES = 9


def reading_formats() -> list[Figure]:
    """Measure every format; no post was read before."""
    story = story_of(POSTS)
    pages = {name: form.page(story) for name, form in FORMATS.items()}
    return [_time(name, page) for name, page in pages.items()] + [_memory(name, page) for name, page in pages.items()]


def _time(name: str, page: Page) -> Figure:
    parser, parse = _alone(page.body)
    return Figure(f"read {name}", fastest(lambda: _read(page), times=TIMES), parser, fastest(parse, times=TIMES), "ms")


def _memory(name: str, page: Page) -> Figure:
    _read(page)
    tracemalloc.start()
    snapshot = _read(page)
    (kept, peak), blocks = tracemalloc.get_traced_memory(), _blocks()
    tracemalloc.stop()
    what = f"memory, {name} ({len(snapshot.entries)} entries kept in {kept / 1024:.0f} KiB, {blocks:,} blocks)"
    return Figure(what, peak / 1024, "the page's size", len(page.body) / 1024, "KiB")


def _read(page: Page) -> Snapshot:
    # What was read of a post before is remembered; here each run is the first.
    bbc_post.forget()
    return read(page)


def _blocks() -> int:
    return sum(statistic.count for statistic in tracemalloc.take_snapshot().statistics("filename"))


def _alone(body: bytes) -> tuple[str, Callable[[], object]]:
    """Return what parses such a page, and the run of it."""
    if body.startswith((b"<rss", b"<feed", b"<rdf")):
        stream = {"sanitize_html": False, "resolve_relative_uris": False}
        return "feedparser", lambda: feedparser.parse(io.BytesIO(body), **stream)
    if body.startswith(b"<"):
        return "selectolax", lambda: LexborHTMLParser(body)
    if body.startswith(b"{"):
        return "json", lambda: json.loads(body)
    return "splitting lines", lambda: body.decode().splitlines()
