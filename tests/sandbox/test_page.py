"""The sandbox's live page: what its newsroom does, how it is served, and what its HTML looks like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from selectolax.lexbor import LexborHTMLParser

from sandbox.page import LivePage, PageActError
from sandbox.page_html import time_words
from sandbox.script import LATER_SUMMARY, STEPS, play, prepare
from sandbox.server import Sandbox

from .conftest import Clock

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


async def _page(sandbox: Sandbox, http: aiohttp.ClientSession, query: str = "") -> LexborHTMLParser:
    async with http.get(sandbox.page_url + query) as answer:
        assert answer.status == 200
        return LexborHTMLParser(await answer.text())


async def test_a_post_has_the_landmarks_of_the_present_renderer(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    image = {"url": "tug.png", "alt": "A tug", "caption": "Bess", "credit": "Gazette"}
    told: dict[str, Any] = {"author": "Ada", "role": "Pilot", "label": "Analysis", "breaking": True, "images": [image]}
    key = sandbox.page.publish("Fog & foghorns", text="One.\n\n• a\n\n• b\n\n[Tides](https://t.example/)", **told)[
        "key"
    ]
    article = (await _page(sandbox, http)).css_first('article[data-testid="content-post"]')
    assert article is not None
    assert article.attributes["id"] == key
    time = article.css_first('[data-testid="accessible-timestamp"]')
    assert time is not None
    assert time.text() == "published at 10:30 BST"
    assert [item.text() for item in article.css("li")] == ["a", "b"]
    text = article.text()
    for words in ("Fog & foghorns", "Breaking", "Analysis", "Pilot", "Image source, Gazette", "Image caption,Bess"):
        assert words in text
    assert "Tides, external" in text
    picture = article.css_first("img")
    assert picture is not None
    assert picture.attributes["src"] == f"{sandbox.url}/page/images/tug.png"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "10:30 BST"),
        (datetime(2026, 4, 30, 9, 0, tzinfo=UTC), "10:00 British Summer Time 30 April"),
        (datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "09:00 Greenwich Mean Time 5 January"),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), "23:59 Greenwich Mean Time 31 December 2025"),
    ],
)
def test_a_time_is_shown_with_as_much_date_as_a_reader_needs(moment: datetime, words: str) -> None:
    assert time_words(moment, NOW)[0] == words


async def test_twenty_posts_make_a_page_and_pinned_ones_stand_above(
    sandbox: Sandbox, http: aiohttp.ClientSession, clock: Clock
) -> None:
    sandbox.page.publish("Pinned", pinned=True)
    for number in range(25):
        clock.advance(minutes=1)
        sandbox.page.publish(f"Post {number}")
    first, second = await _page(sandbox, http), await _page(sandbox, http, "?page=2")
    headlines = [node.text() for node in first.css("h3 > span > span:first-child")]
    assert headlines[:2] == ["Pinned", "Post 24"]
    assert (len(headlines), len(second.css("article"))) == (21, 5)
    older = first.css_first("a[rel=next]")
    assert older is not None
    assert older.attributes["href"] == f"{sandbox.page_url}?page=2"
    async with http.get(f"{sandbox.page_url}?page=3") as answer:
        assert answer.status == 404


async def test_the_server_answers_304_until_something_changes(
    sandbox: Sandbox, http: aiohttp.ClientSession, clock: Clock
) -> None:
    async with http.get(sandbox.page_url) as answer:
        known = {"If-None-Match": answer.headers["ETag"]}
        since = {"If-Modified-Since": answer.headers["Last-Modified"]}
        assert "max-age" in answer.headers["Cache-Control"]
    for headers in (known, since):
        async with http.get(sandbox.page_url, headers=headers) as answer:
            assert answer.status == 304
    clock.advance(seconds=1)
    sandbox.page.publish("New")
    for headers in (known, since):
        async with http.get(sandbox.page_url, headers=headers) as answer:
            assert answer.status == 200


async def test_the_newsroom_corrects_withdraws_sums_up_and_ends(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    page = sandbox.page
    first, second = page.publish("Seven aboard")["key"], page.publish("Lamp out")["key"]
    page.edit(first, headline="Nine aboard", text="We first said seven.")
    page.withdraw(second)
    page.summary(["One point"])
    page.retitle("A ship adrift")
    assert (await _page(sandbox, http)).css_first('[data-testid="live-label"]') is not None
    page.end()
    shown = await _page(sandbox, http)
    assert [node.attributes["id"] for node in shown.css("article")] == [first]
    assert "Nine aboard" in shown.html  # type: ignore[operator]
    assert [node.text() for node in shown.css('[data-testid="summary"] li')] == ["One point"]
    assert shown.css_first('[data-testid="live-label"]') is None


async def test_a_stale_copy_comes_back_until_it_is_restored(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    sandbox.page.publish("First")
    sandbox.page.publish("Second")
    sandbox.page.stale(1)
    assert len((await _page(sandbox, http)).css("article")) == 1
    sandbox.page.restore()
    assert len((await _page(sandbox, http)).css("article")) == 2


async def test_the_server_can_fail_and_cut_its_answers(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    sandbox.page.publish("Only", text="x")
    sandbox.page.status(503, times=1, retry_after=7)
    async with http.get(sandbox.page_url) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "7")
    sandbox.page.cut(times=1)
    async with http.get(sandbox.page_url) as answer:
        assert not (await answer.text()).rstrip().endswith("</html>")
    await _page(sandbox, http)


def test_posts_stand_by_their_time_and_a_key_of_ones_own_becomes_a_native_id() -> None:
    page = LivePage("x", Clock())
    page.publish("Late", published_at=NOW - timedelta(hours=2))
    page.publish("Now", key="now")
    page.publish("Earlier", published_at=NOW - timedelta(hours=1))
    assert [post.headline for post in page.current.posts] == ["Now", "Earlier", "Late"]
    assert page.current.posts[0].key.startswith("asset:")
    page.edit("now", headline="Then", published_at=(NOW - timedelta(hours=3)).isoformat())
    assert page.current.posts[-1].headline == "Then"


@pytest.mark.parametrize(
    "body",
    [
        {"act": "shout"},
        {"act": "edit"},
        {"act": "edit", "key": "unknown"},
        {"act": "publish", "headlin": "x"},
        {"act": "publish", "published_at": "yesterday"},
        {"act": "publish", "published_at": "2026-05-01T09:00:00"},
        {"act": "publish", "images": [{"alt": "x"}]},
        {"act": "summary", "points": "one"},
    ],
)
def test_an_act_that_makes_no_sense_is_refused_and_changes_nothing(body: dict[str, Any]) -> None:
    page = LivePage("x", Clock())
    before = page.current
    with pytest.raises(PageActError):
        page.act(body)
    assert page.current is before


async def test_the_script_plays_to_its_end() -> None:
    page = LivePage("live", Clock())
    prepare(page)
    assert len(page.current.posts) == 8
    corrected = next(post for post in page.current.posts if "on board" in post.headline)
    withdrawn = page.current.posts[0]
    await play(page, pace=0)
    last = page.current
    assert not last.live
    assert last.summary == tuple(LATER_SUMMARY)
    assert next(post for post in last.posts if post.key == corrected.key).headline != corrected.headline
    assert withdrawn.key not in {post.key for post in last.posts}
    assert any(post.breaking and post.images for post in last.posts)
    assert 40 <= sum(step.after for step in STEPS) <= 50
    await play(page, pace=0)
    assert len(page.current.posts) == len(last.posts)


def test_what_the_script_changes_stands_among_the_newest_three() -> None:
    page = LivePage("live", Clock())
    prepare(page)
    newest = {post.headline for post in page.current.posts[:3]}
    assert {"Who is on board?", "Unconfirmed: the lamp has gone out"} <= newest
