"""Answers that are small on the wire and huge or endless once they are read: refused, and soon."""

from __future__ import annotations

import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from bot.errors import UnreadablePage
from bot.model import Page
from bot.sources.read import read
from fuzzing.seeds import PAGES

pytestmark = pytest.mark.attack("bombs")

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
MEGABYTE = 1 << 20
OLDER = (PAGES / "older-html.html").read_bytes()


def a_feed(inside: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>Feed</title>{inside}</channel></rss>'.encode()
    )


BOMBS: dict[str, bytes] = {
    "a billion laughs": a_feed(
        "<item><guid>1</guid><title>&l11;</title></item>", f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]>'
    ),
    "one entity a hundred thousand times": a_feed(
        f"<item><guid>1</guid><title>{'&a;' * 100_000}</title></item>", f'<!DOCTYPE r [<!ENTITY a "{"x" * 30_000}">]>'
    ),
    "a file by its address": a_feed(
        "<item><guid>1</guid><title>&f;</title></item>", '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    ),
    "a page by its address": a_feed(
        "<item><guid>1</guid><title>&f;</title></item>", '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/evil.dtd">'
    ),
    "html a hundred thousand deep": b"<!DOCTYPE html><html><body>" + b"<div>" * 100_000,
    "html of a million attributes": b"<!DOCTYPE html><html><body><p " + b"a=1 " * 1_000_000 + b">x</p>",
    "xml a hundred thousand deep": a_feed("<a>" * 100_000),
    "a million items": a_feed("<item/>" * 600_000),
    "json a hundred thousand deep": b"[" * 100_000 + b"]" * 100_000,
    "json of a number without end": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"9" * MEGABYTE + b"}",
    "a comment without end": b"<!DOCTYPE html><html><!--" + b"-" * MEGABYTE,
    "a script without end": b"<!DOCTYPE html><html><script>" + b"<!--<script>" * 80_000,
    "fifty thousand live blogs": b"<!DOCTYPE html>"
    + b'<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>' * 50_000,
    "a post of a hundred thousand pictures": b"<!DOCTYPE html>"
    + OLDER.replace(b"<img", b'<img src="/a.jpg">' * 100_000 + b"<img", 1),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_answer_takes_minutes_or_gigabytes(bomb: str) -> None:
    """The bounds are far above what is measured (docs/sources.md) and far below what a bomb would take."""
    kind = "text/html" if b"<!DOCTYPE html>" in BOMBS[bomb] else "application/xml"
    page = Page(BOMBS[bomb], "https://news.example/live", NOON, content_type=kind)
    begun = time.process_time()
    tracemalloc.start()
    try:
        told = read(page)
        shown = " ".join([told.title or "", *(entry.headline or "" for entry in told.entries)])
    except UnreadablePage as refused:
        shown = str(refused)
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert "root:" not in shown
    assert len(shown) < MEGABYTE
    assert peak < 400 * MEGABYTE
    assert time.process_time() - begun < 60
