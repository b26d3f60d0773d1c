"""What the BBC's pages carry as JSON for their own scripts, and what is made of them where that is missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.model import Snapshot

from .telling import read_bytes

URL = "https://live.example.org/news/live/world-52000001"
NOW = datetime(2020, 5, 13, 1, tzinfo=UTC)


def lx(*times: str, pinned: str = "") -> Snapshot:
    """Read a page of the older renderer without any JSON."""
    articles = "".join(
        f'<article id="post_{number:024x}" class="lx-stream-post{" lx-stream-post--pinned" if time == pinned else ""}">'
        f'<span class="qa-post-auto-meta">{time}</span>'
        f'<div class="lx-stream-post-body"><p>Words {number}</p></div></article>'
        for number, time in enumerate(times)
    )
    page = f"<!DOCTYPE html><html><body><h1 class='lx-stream-post__x'>Tide</h1>{articles}</body></html>"
    return read_bytes(page.encode(), URL, NOW)


def days(snapshot: Snapshot) -> list[str]:
    return [f"{entry.published_at:%d %H:%M}" for entry in snapshot.entries if entry.published_at]


def test_a_time_without_a_day_is_of_the_latest_that_keeps_the_order() -> None:
    told = days(lx("00:50", "00:10", "23:55", "12:00", "01:30", "22:00"))
    assert told == ["13 00:50", "13 00:10", "12 23:55", "12 12:00", "12 01:30", "11 22:00"]


def test_a_post_a_little_out_of_order_or_pinned_moves_no_day() -> None:
    assert days(lx("00:50", "00:30", "00:45", "00:10")) == ["13 00:50", "13 00:30", "13 00:45", "13 00:10"]
    assert days(lx("09:00", "00:50", "00:10", pinned="09:00")) == ["12 09:00", "13 00:50", "13 00:10"]


def test_a_post_without_a_time_has_none_and_moves_no_day() -> None:
    assert [bool(entry.published_at) for entry in lx("00:50", "now", "00:40").entries] == [True, False, True]


WORLD = "https://www.bbc.com/ferrowish/live/cq0ferrow1t"


def world(body: str, *, ends: bool = True) -> Snapshot:
    page = f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}" + "</body></html>" * ends
    return read_bytes(page.encode(), WORLD, NOW)


def next_data(**page_data: object) -> str:
    return f'<script id="__NEXT_DATA__">{json.dumps({"props": {"pageProps": {"pageData": page_data}}})}</script>'


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"isLive": True}, "live"),
        ({"isLive": False}, "ended"),
        ({"isLive": False, "startDateTime": "2020-05-14T00:00:00Z"}, "unknown"),
        ({"isLive": "no"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_world_service_page_says_whether_it_is_live(told: dict[str, object], status: str) -> None:
    assert world(next_data(liveTextStream={}, **told)).status == status


@pytest.mark.parametrize("stream", [{}, {"content": None}, {"content": {"data": {"results": [None, {}, {"urn": 7}]}}}])
def test_a_world_service_page_before_its_first_post_is_one_without_entries(stream: object) -> None:
    snapshot = world(next_data(liveTextStream=stream, title="Race"))
    assert (snapshot.reader, snapshot.entries, snapshot.title) == ("bbc-world", (), "Race")


def test_blocks_within_blocks_are_read_to_a_depth_and_strange_ones_for_what_is_in_them() -> None:
    deep: object = {"type": "fragment", "model": {"text": "too deep"}}
    for _ in range(3_000):
        deep = {"type": "strange", "model": {"blocks": [deep]}}
    shallow = {"type": "strange", "model": {"blocks": [{"type": "paragraph", "model": {"text": "Words alone"}}]}}
    post = {
        "urn": "asset:00000000-0000-4000-8000-000000000001",
        "header": {"model": {"blocks": [{"type": "headline", "model": {"blocks": "none"}}, 7]}},
        "content": {"model": {"blocks": [shallow, {"type": "image", "model": {}}, {"type": 7}, {}, None]}},
    }
    told = {"liveTextStream": {"content": {"data": {"results": [post]}}}}
    (entry,) = world(next_data(**told)).entries
    assert (entry.headline, entry.body.text, entry.published_at, entry.images) == (None, "Words alone", None, ())
    post["content"] = {"model": {"blocks": [shallow, {"type": "social", "model": {"source": "javascript:x"}}]}}
    (entry,) = world(next_data(**told)).entries
    assert entry.embeds == ()


@pytest.mark.parametrize(
    "script",
    ["", "window.__INITIAL_DATA__=;", 'window.__INITIAL_DATA__="{\\"a\\": [";', "window.__INITIAL_DATA__={", "7"],
)
def test_without_the_model_a_page_of_today_says_what_its_html_says(script: str) -> None:
    stamp = '<span data-testid="accessible-timestamp">published at 00:20 GMT</span>'
    article = (
        f'<article data-testid="content-post" id="asset:00000000-0000-4000-8000-000000000001"><h3>Tide{stamp}</h3>'
        "<p>High.</p></article>"
    )
    page = f"<!DOCTYPE html><html><body>{article}<script>{script}</script></body></html>"
    (entry,) = read_bytes(page.encode(), URL, NOW).entries
    assert (entry.body.text, entry.published_at, entry.updated_at) == (
        "High.",
        datetime(2020, 5, 13, 0, 20, tzinfo=UTC),
        None,
    )
