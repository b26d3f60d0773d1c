"""Whatever happens to an answer on its way, there is a Snapshot or one clear error, soon."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compare import Watched, compare
from bot.digest import digest
from bot.errors import UnreadablePage
from bot.model import Page, Snapshot
from bot.sources.body import Body, bare, inline
from bot.sources.document import Document
from bot.sources.platforms import embedded
from bot.sources.read import read

pytestmark = pytest.mark.attack("bombs")

PAGES = Path(__file__).parent.parent / "data" / "pages"
NOW = datetime(2025, 7, 1, 16, tzinfo=UTC)
NAMES = sorted(path.name for path in PAGES.glob("*.json.txt"))
ANSWERS = {name: json.loads((PAGES / name).read_text()) for name in NAMES}
URLS = {name: json.loads((PAGES / f"{name}.json").read_text())["url"] for name in NAMES}

STRANGE: list[Any] = [
    None, True, False, 0, -1, 10**40, 1e308, float("nan"), "", " ", "x", "\ud800", "<b>", "<" * 50, [], [[]], [None],
    {}, {"html": 1}, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "https://[bad", "&#0;", "[[",
    "1751383000",
]  # fmt: skip
PATHS = st.lists(st.integers(0, 30), min_size=1, max_size=9)


def reading(body: bytes, url: str) -> Snapshot | None:
    """Read, and use what was read as the program does."""
    page = Page(body, url, NOW)
    try:
        snapshot = read(page)
    except UnreadablePage:
        return None
    assert len({entry.key for entry in snapshot.entries}) == len(snapshot.entries)
    assert all(entry.published_at is None or entry.published_at.tzinfo for entry in snapshot.entries)
    for entry in snapshot.entries:
        digest(entry)
        assert entry.body.text == entry.body.text.strip()
        assert all(0 <= span.start < span.end <= len(entry.body) for span in entry.body.spans)
    compare(snapshot, Watched(baseline=False), {}, (), now=NOW, removal_after=NOW - NOW)
    return snapshot


def _replaced(told: Any, path: list[int], value: Any) -> Any:
    """Return a copy with one value, deep inside, replaced or taken away."""
    if not path or not isinstance(told, dict | list) or not told:
        return value
    copy = told.copy()
    if isinstance(copy, dict):
        key = sorted(copy)[path[0] % len(copy)]
        copy[key] = _replaced(copy[key], path[1:], value)
    else:
        index = path[0] % len(copy)
        copy[index] = _replaced(copy[index], path[1:], value)
    return copy


@settings(max_examples=250, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    blows=st.lists(
        st.tuples(st.lists(st.integers(0, 30), min_size=1, max_size=9), st.sampled_from(STRANGE)),
        min_size=1,
        max_size=4,
    ),
)
def test_an_answer_with_strange_values_is_read_or_refused(name: str, blows: list[tuple[list[int], Any]]) -> None:
    told = ANSWERS[name]
    for path, value in blows:
        told = _replaced(told, path, value)
    reading(json.dumps(told).encode("utf-8", "surrogatepass"), URLS[name])


@settings(max_examples=250, deadline=None)
@given(
    name=st.sampled_from([*NAMES, "guardian-page.html"]),
    start=st.floats(0, 1),
    length=st.integers(0, 400),
    patch=st.binary(max_size=20),
)
def test_an_answer_with_bytes_replaced_is_read_or_refused(name: str, start: float, length: int, patch: bytes) -> None:
    body = (PAGES / name).read_bytes()
    at = int(start * len(body))
    damaged = body[:at] + patch + body[at + length :]
    reading(damaged, URLS.get(name, "https://www.example.org/live"))
    embedded(Document(Page(damaged, "https://news.example.org/race", NOW)))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/&;[]ab =\"'figureimgblockquote\n", max_size=300))
def test_any_piece_of_html_becomes_words(html: str) -> None:
    body = Body("https://a.example/")
    body.html(html)
    assert body.rich_text().text == body.rich_text().text.strip()
    assert inline(html) == inline(html).strip()
    assert bare(html) == bare(html).strip()


BIG = 4_000_000


def _posts(*texts: str) -> str:
    return json.dumps({"eventInfo": {}, "posts": [{"message": {"text": text}} for text in texts]})


LARGE = {
    "openings": json.dumps(ANSWERS["guardian-model.json.txt"]).replace("<p>", "<b>" * (BIG // 15)),
    "angles": _posts("<" * BIG),
    "brackets": _posts("[" * BIG),
    "placeholders": _posts("[[a" * (BIG // 3)),
    "scripts": _posts("<script " * (BIG // 8)),
    "entities": _posts("&amp" * (BIG // 4)),
    "images": _posts("".join(f"<img src=/{n}>" for n in range(BIG // 16))),
    "many posts": '{"eventInfo":{},"posts":[' + '{"message":{"text":"<p>x</p>"}},' * (BIG // 33) + "{}]}",
    "nested JSON": '{"eventInfo":{},"posts":' + "[" * BIG,
    "a page of blocks": "<html><body><div id='liveblog-body'>" + "<article id='block-1'>" * 9000,
    "addresses": "<html><body>liveblog liveblog_settings={" + "https://a/liveblog/v1" * (BIG // 22),
    "figures in figures": _posts(*["<figure><img src=/x>" * 250 + "</figure>" * 250] * (BIG // 7500)),
    "quotes in quotes": _posts(*["<blockquote class=twitter-tweet><a href=/x>y</a>" * 100] * (BIG // 4800)),
    "a picture deep down": _posts(*["<i>" * 990 + "<img src=/x>" * 100 + "</i>" * 990] * (BIG // 8100)),
    "blocks in blocks": "<html><body><div id='liveblog-body'>"
    + "".join(f"<article id='block-{n}'><header><span>x</span></header><figure><img src=/x>" for n in range(4500))
    + "</figure></article>" * 4500
    + "</div></body></html>",
    "names in names": "<html><body><div id='liveblog-body'><article id='block-1'><header>"
    + "<span>x" * 9000
    + "</span>" * 9000
    + "</header></article></div></body></html>",
    "posts left open": "<html><body>"
    + "<div id='liveblog-body'><article id='block-1'><p>x<time>y</time><h2>z<a href=/x>w</a><img src=/y>" * 40_000,
    "one tag of attributes": "<html><body><p " + " ".join(f"a{n}" for n in range(BIG // 8)) + ">x</p></body></html>",
    "tags of attributes": "<html><body>" + ("<p " + " ".join(f"a{n}" for n in range(900)) + ">") * (BIG // 4600),
    "attributes in a post": _posts("<p " + " ".join(f"a{n}" for n in range(BIG // 8)) + ">x</p>"),
    "paragraphs": "<html><body>liveblog" + "<p>" * (BIG // 3),
    "half embeds": "<html><body>" + "tickaroo.com/ arenalib.js? 24liveblog.com/ " * (BIG // 44),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_worst_answers_are_done_with_in_five_seconds(name: str) -> None:
    body = LARGE[name].encode()
    began = time.process_time()
    reading(body, "https://a.example/x")
    if body.startswith(b"<html"):
        embedded(Document(Page(body, "https://a.example/x", NOW)))
    assert time.process_time() - began < 5
