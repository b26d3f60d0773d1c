"""Finding where a page is read best, over real HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import FetchError, UnreadablePage
from bot.exploring import Explored, Explorer
from bot.sources.discovery import discover
from bot.sources.fetch import HttpFetcher
from bot.sources.read import read

from .site import Site

PAGES = Path(__file__).parent.parent / "data" / "pages"
API = "/wp-json/liveblog/v1/77/"
ENTRIES = f"{API}entries/0/9999999999"


def article(site: Site, *, own: str = "", head: str = "") -> str:
    """Let the site have an article that embeds a live blog of its own; `own` is what the article tells itself."""
    settings = json.dumps({"endpoint_url": site.url(API)}).replace("/", r"\/")
    html = (
        f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>The race, live</h1>{own}"
        f"<script>var liveblog_settings = {settings};</script></article></body></html>"
    )
    site.says("/race", html.encode(), headers={"Content-Type": "text/html"})
    return site.url("/race")


def answers(site: Site, entries: list[dict[str, object]]) -> None:
    site.says(ENTRIES, json.dumps({"entries": entries, "latest_timestamp": 0, "pages": 1}).encode())


def an_entry(number: int, timestamp: int = 1_751_383_000) -> dict[str, object]:
    return {
        "id": number,
        "type": "new",
        "render": f"<p>Lap {number}</p>",
        "timestamp": timestamp,
        "entry_time": timestamp,
        "authors": [],
        "share_link": "",
    }


def posting(*times: str) -> str:
    updates = [
        {"@type": "BlogPosting", "headline": f"At {at}", "articleBody": "Then.", "datePublished": at} for at in times
    ]
    told = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": "Race", "liveBlogUpdate": updates}
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


async def explored(fetcher: HttpFetcher, url: str) -> Explored:
    return await Explorer(fetcher, read, discover).explore(url)


async def test_an_article_is_read_where_its_live_blog_is_answered_and_stays_what_people_see(
    site: Site, fetcher: HttpFetcher
) -> None:
    url = article(site)
    answers(site, [an_entry(2), an_entry(1)])
    found = await explored(fetcher, url)
    assert (found.url, found.asked) == (url, site.url(ENTRIES))
    assert (found.snapshot.reader, found.snapshot.url, found.snapshot.title) == (
        "wordpress-liveblog",
        url,
        "The race, live",
    )
    assert {entry.url.partition("#")[0] for entry in found.snapshot.entries} == {url}
    assert [(way.taken, way.name) for way in found.ways] == [(True, "wordpress-liveblog"), (False, "the page itself")]
    assert "2 entries, the newest of 2025-07-01 15:16 UTC" in found.ways[0].said


async def test_the_page_itself_is_read_where_what_it_embeds_cannot_be_had(site: Site, fetcher: HttpFetcher) -> None:
    url = article(site, own=posting("2025-07-01T15:00:00Z"))
    site.says(ENTRIES, b"down", status=500)
    found = await explored(fetcher, url)
    assert (found.asked, found.snapshot.reader) == ("", "liveblog")
    assert [way.taken for way in found.ways] == [True, False]
    assert "it answered 500" in found.ways[1].said


async def test_the_page_itself_is_read_where_it_is_ahead(site: Site, fetcher: HttpFetcher) -> None:
    url = article(site, own=posting("2025-07-01T20:00:00Z"))
    answers(site, [an_entry(1)])
    found = await explored(fetcher, url)
    assert (found.asked, found.snapshot.reader) == ("", "liveblog")
    assert "ahead of it by more than an hour" in found.ways[1].said


async def test_of_two_that_tell_the_same_the_platform_is_taken(site: Site, fetcher: HttpFetcher) -> None:
    url = article(site, own=posting("2025-07-01T15:30:00Z"))
    answers(site, [an_entry(1)])
    found = await explored(fetcher, url)
    assert found.asked == site.url(ENTRIES)
    assert "the other tells more" in found.ways[1].said


async def test_an_embedded_live_blog_without_entries_gives_way_to_what_the_page_says(
    site: Site, fetcher: HttpFetcher
) -> None:
    url = article(site, own=posting("2025-07-01T15:30:00Z"))
    answers(site, [])
    assert (await explored(fetcher, url)).asked == ""


async def test_where_nothing_can_be_read_the_embedded_live_blogs_trouble_is_told(
    site: Site, fetcher: HttpFetcher
) -> None:
    url = article(site, head='<link rel="alternate" type="application/rss+xml" title="News" href="/feed">')
    site.says(ENTRIES, b"no", status=503)
    with pytest.raises(UnreadablePage, match="embeds a live blog") as caught:
        await explored(fetcher, url)
    assert "(wordpress-liveblog), but: site.example is not available now" in str(caught.value)
    assert [offer.url for offer in caught.value.offers] == [site.url("/feed")]


async def test_an_ordinary_page_says_what_may_be_followed_instead(site: Site, fetcher: HttpFetcher) -> None:
    html = '<!DOCTYPE html><html><body><h1>Home</h1><a href="/live/storm-12">The storm</a></body></html>'
    site.says("/", html.encode())
    with pytest.raises(UnreadablePage, match="not a live page") as caught:
        await explored(fetcher, site.url("/"))
    assert [(offer.kind, offer.name) for offer in caught.value.offers] == [("live", "The storm")]


async def test_a_page_that_moved_for_good_is_known_by_its_new_address(site: Site, fetcher: HttpFetcher) -> None:
    article(site)
    answers(site, [an_entry(1)])
    site.says("/old", status=301, headers={"Location": "/race?utm_source=old"})
    site.says("/elsewhere", status=302, headers={"Location": "/race"})
    assert (await explored(fetcher, site.url("/old"))).url == site.url("/race")
    assert (await explored(fetcher, site.url("/elsewhere"))).url == site.url("/elsewhere")


async def test_a_page_that_is_not_there_is_an_error_of_the_fetch(site: Site, fetcher: HttpFetcher) -> None:
    with pytest.raises(FetchError, match="no such page"):
        await explored(fetcher, site.url("/nothing"))
