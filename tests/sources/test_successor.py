"""The page at which coverage goes on, where a page says that it is closed and names it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest

from bot.model import Entry, Page, Snapshot
from bot.richtext import RichText
from bot.sources.document import Document
from bot.sources.read import read
from bot.sources.successor import successor

NOW = datetime(2026, 7, 1, 18, tzinfo=UTC)
HERE = "https://www.news.example/world/live/storm-1"
NEXT = "https://www.news.example/world/live/storm-2"
PAGES = Path(__file__).parent.parent / "data" / "pages"


def named(words: str, *, to: str = NEXT, status: str = "unknown", markup: bool = True) -> str:
    """What a page with these words around a link names: above its posts, or in its newest one."""
    above = f"<p>{words.replace('HERE', f'<a href={to}>here</a>')}</p>" if markup else ""
    html = f"<!DOCTYPE html><html><body><div>{above}</div><article>Post</article></body></html>"
    before, _, after = words.partition("HERE")
    body = RichText(before) + RichText("here").marked("link", to) + after
    entries = () if markup else (Entry("1", headline="The storm", body=body),)
    snapshot = Snapshot(HERE, "test", status=status, entries=entries)  # type: ignore[arg-type]  # a builder
    return successor(Document(Page(html.encode(), HERE, NOW)), snapshot)


@pytest.mark.parametrize("markup", [True, False])
@pytest.mark.parametrize(
    "words",
    [
        "This live page is now closed. You can follow the latest HERE.",
        "This page has been closed, follow our coverage HERE",
        "We're closing this live page now. Our coverage continues HERE.",
        "We’re pausing our live coverage. Read the latest HERE.",
        "This live blog has now closed. Our new live blog is HERE.",
        "Our live coverage has moved HERE.",
        "This page is no longer being updated. Go HERE for more.",
        "Dieser Liveblog ist beendet. HERE geht es weiter.",
        "Ce direct est terminé, suivez la suite HERE.",
        "Este directo ha terminado. Sigue aquí: HERE",
    ],
)
def test_a_page_that_says_it_is_closed_and_links_to_a_live_page_names_its_successor(
    words: str, *, markup: bool
) -> None:
    assert named(words, markup=markup) == NEXT


@pytest.mark.parametrize("markup", [True, False])
@pytest.mark.parametrize(
    "words",
    [
        "Our other live page, on the vote, is HERE.",
        "Follow the latest on the vote HERE.",
        "The bridge is now closed; see HERE why.",
        "The live music has ended HERE.",
    ],
)
def test_a_mere_link_to_another_live_page_is_no_successor(words: str, *, markup: bool) -> None:
    assert named(words, markup=markup) == ""


@pytest.mark.parametrize(
    "to",
    [
        HERE,
        f"{HERE}#top",
        f"{HERE}?page=2",
        "https://other.example/live/storm-2",
        "https://www.news.example/about",
        "mailto:x",
    ],
)
def test_only_another_live_page_of_the_same_site_continues_a_page(to: str) -> None:
    assert named("This live page is now closed. You can follow the latest HERE.", to=to) == ""


def test_once_a_page_has_ended_it_need_not_say_that_it_is_closed() -> None:
    assert named("Follow the latest HERE.", status="ended") == NEXT
    assert named("Follow the latest HERE.", status="live") == ""


def test_a_guardian_model_names_it_in_its_standfirst() -> None:
    told = json.loads((PAGES / "guardian-model.json.txt").read_text())
    to = urljoin(told["webURL"], "/world/live/2026/jul/02/storm")
    told["standfirst"] = f'<p>This blog has now closed. Follow the latest <a href="{to}">here</a></p>'
    page = Page(
        json.dumps(told).encode(), "https://www.theguardian.com/world/live/2026/jul/01/storm.json?dcr=true", NOW
    )
    assert read(page).successor == to


def test_a_feed_has_none() -> None:
    item = (
        f"<item><title>x</title><description>This page is now closed, go {NEXT}</description><link>{NEXT}</link></item>"
    )
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><ttl>5</ttl>{item}</channel></rss>"
    snapshot = read(Page(feed.encode(), HERE, NOW))
    assert (snapshot.successor, snapshot.every and snapshot.every.total_seconds()) == ("", 300)


@pytest.mark.parametrize(
    "inside",
    [
        f"This page is now closed. <a href={NEXT}>x</a>" * 60_000,
        f"<div>This page is now closed. <a href={NEXT}>x</a>" * 2_900,  # deeper ones are not read
        "this page " * 400_000,
        "we have ended " * 300_000,
    ],
    ids=["links", "links within links", "words", "other words"],
)
def test_a_page_full_of_closing_words_is_looked_through_in_time(inside: str) -> None:
    html = f"<!DOCTYPE html><html><body><p>{inside}</p></body></html>"
    began = time.process_time()
    successor(Document(Page(html.encode(), HERE, NOW)), Snapshot(HERE, "test", status="ended"))
    assert time.process_time() - began < 3
