"""What an ordinary page names besides what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model import Offer, Offers, Page
from bot.sources.discovery import discover

NOW = datetime(2026, 7, 1, 18, tzinfo=UTC)
PAGES = Path(__file__).parent.parent / "data" / "pages"
ARENA = '<div class="arena-liveblog" data-publisher="ferrow" data-event="race-1"></div>'
FEED = '<link rel="alternate" type="application/rss+xml" title="All the news" href="/feed.xml">'


def offered(inside: str, head: str = "", url: str = "https://news.example.org/race") -> Offers:
    html = f"<!DOCTYPE html><html><head><title>Site</title>{head}</head><body><h1>The race</h1>{inside}</body></html>"
    return discover(Page(html.encode(), url, NOW, "text/html"))


def test_an_article_that_embeds_a_live_blog_is_read_where_its_platform_answers() -> None:
    found = offered(ARENA, FEED)
    assert found.title == "The race"
    assert found.readings == (Offer("platform", "https://cached-api.arena.im/v1/liveblog/ferrow/race-1", "arena"),)
    assert found.others == (Offer("feed", "https://news.example.org/feed.xml", "All the news"),)


def test_a_guardian_page_is_read_as_its_sites_own_data() -> None:
    page = "https://www.theguardian.com/world/live/2026/jul/01/race"
    body = (PAGES / "guardian-page.html").read_bytes()
    (reading,) = discover(Page(body, f"{page}?page=with:block-65#block-65", NOW)).readings
    assert (reading.kind, reading.url) == ("data", f"{page}.json?dcr=true")


def test_with_a_key_a_guardian_page_is_read_from_its_content_api_first() -> None:
    body = (PAGES / "guardian-page.html").read_bytes()

    def readings(url: str) -> list[str]:
        return [offer.url for offer in discover(Page(body, url, NOW), guardian_api=True).readings]

    page = "https://www.theguardian.com/world/live/2026/jul/01/race"
    api = "https://content.guardianapis.com/world/live/2026/jul/01/race?show-blocks=all&show-fields=all"
    assert readings(page) == [api, f"{page}.json?dcr=true"]
    assert readings("https://copy.example/race") == ["https://copy.example/race.json?dcr=true"]


def test_what_a_bbc_page_embeds_is_no_other_reading_of_it() -> None:
    body = (PAGES / "present.html").read_bytes().replace(b"</body>", ARENA.encode() + b"</body>")
    assert discover(Page(body, "https://www.bbc.co.uk/news/live/c1t", NOW)).readings == ()


@pytest.mark.parametrize(
    ("href", "is_live"),
    [
        ("/news/live/c5ypzrvvn1zt", True),
        ("https://www.news.example.org/world/live/2026/jul/01/storm?utm_source=x#y", True),
        ("/politik/liveticker/wahl", True),
        ("/en-direct/2026/grand-vent", True),
        ("/live/", False),
        ("/news/lively/c5ypzrvvn1zt", False),
        ("https://elsewhere.example/news/live/c5ypzrvvn1zt", False),
        ("/race#live", False),
        ("javascript:live()", False),
    ],
)
def test_links_to_live_pages_of_the_same_site_are_known_by_their_shape(href: str, is_live: bool) -> None:
    found = offered(f'<a href="{href}">Storm: follow it live</a>')
    assert [each.name for each in found.others] == ["Storm: follow it live"] * is_live


def test_a_page_names_each_live_page_once_itself_never_and_no_more_than_five() -> None:
    own = "https://news.example.org/live/race"
    links = "".join(f'<a href="/live/story-{n}">Story {n}</a>' * 2 for n in range(9))
    found = offered(f'<a href="{own}">Here</a>{links}', url=own)
    assert [each.name for each in found.others] == [f"Story {n}" for n in range(5)]


@pytest.mark.parametrize(
    "body", [b"", b'{"posts": []}', b"<?xml version='1.0'?><rss><channel/></rss>", b"\x00\xff" * 50]
)
def test_what_is_no_html_names_nothing(body: bytes) -> None:
    assert discover(Page(body, "https://news.example.org/x", NOW)) == Offers()
