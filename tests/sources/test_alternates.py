"""The feeds that an ordinary page offers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import UnreadablePage
from bot.model import Page
from bot.sources.alternates import alternates
from bot.sources.document import Document
from bot.sources.read import read

NOW = datetime(2025, 7, 1, 18, tzinfo=UTC)


def page_of(*links: str) -> Page:
    html = f"<!DOCTYPE html><html><head>{''.join(links)}</head><body><h1>An article</h1></body></html>"
    return Page(html.encode(), "https://live.example.org/news/one", NOW)


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def test_feeds_are_absolute_told_once_and_those_of_comments_last() -> None:
    offered = page_of(
        link("/comments/feed"),
        link("/feed.xml"),
        link("atom", "application/atom+xml; charset=utf-8"),
        link("https://live.example.org/feed.xml", rel="ALTERNATE home"),
        link("/f.json", "application/feed+json"),
        link("/two", title="Comments on this"),
    )
    assert alternates(Document(offered)) == (
        "https://live.example.org/feed.xml",
        "https://live.example.org/news/atom",
        "https://live.example.org/f.json",
        "https://live.example.org/comments/feed",
        "https://live.example.org/two",
    )


def test_a_base_element_is_where_links_begin() -> None:
    assert alternates(Document(page_of('<base href="https://b.example/x/">', link("f")))) == ("https://b.example/x/f",)


@pytest.mark.parametrize(
    "other",
    [
        link("/de", "text/html"),
        link("/style", "text/css", "alternate stylesheet"),
        link("/feed", rel="canonical"),
        link("javascript:alert(1)"),
        link("ftp://live.example.org/feed"),
        "<a rel=alternate type=application/rss+xml href=/feed>Feed</a>",
        link("/oembed", "application/json+oembed"),
    ],
)
def test_other_links_are_no_feeds(other: str) -> None:
    assert alternates(Document(page_of(other))) == ()


def test_a_page_that_is_no_live_page_is_refused_with_the_feed_that_it_offers() -> None:
    with pytest.raises(UnreadablePage) as refused:
        read(page_of(link("/feed.xml"), link("/other.xml")))
    assert str(refused.value) == (
        "This is not a live page of a kind that LiveRelay can read. It offers a feed: https://live.example.org/feed.xml"
    )
