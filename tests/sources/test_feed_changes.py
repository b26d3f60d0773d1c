"""A feed before and after, and the Changes that this must give."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model import Page, Snapshot
from bot.sources.read import read

from .comparing import changes

NOW = datetime(2025, 7, 1, 18, tzinfo=UTC)


def item(number: int, words: str = "Words", *, guid: bool = True, dated: bool = True, scheme: str = "https") -> str:
    told = f"<title>Leg {number}</title><description>{words} of leg {number}</description>"
    told += f"<pubDate>Tue, 01 Jul 2025 {10 + number}:00:00 GMT</pubDate>" if dated else ""
    told += f'<guid isPermaLink="false">leg-{number}</guid>' if guid else ""
    return f"<item>{told}<link>{scheme}://live.example.org/{number}</link></item>"


def feed(*items: str, junk: str = "") -> Snapshot:
    body = f'<rss version="2.0"><channel><title>Race</title>{"".join(items)}{junk}</channel></rss>'
    return read(Page(body.encode(), "https://live.example.org/feed", NOW))


def test_a_new_item_is_new_an_edited_one_edited_and_the_order_tells_nothing() -> None:
    before = feed(item(3), item(2), item(1))
    after = feed(item(1), item(4), item(2, "Other words"), item(3))
    assert changes(before, after) == [("edited", "leg-2"), ("new", "leg-4")]


def test_what_leaves_a_feed_was_not_withdrawn() -> None:
    assert changes(feed(item(3), item(2), item(1)), feed(item(3), item(1))) == []
    assert changes(feed(item(3), item(2), item(1)), feed()) == []


@pytest.mark.parametrize(
    "tombstone",
    [
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="leg-2" when="2025-07-01T16:00:00Z"/>',
        "<deleted-entry when='2025-07-01T16:00:00Z' ref='leg-2'><at:comment>Wrong</at:comment></deleted-entry>",
    ],
)
def test_an_entry_that_a_feed_says_was_deleted_was_withdrawn(tombstone: str) -> None:
    assert changes(feed(item(3), item(2), item(1)), feed(item(3), item(1), junk=tombstone)) == [("removed", "leg-2")]


def test_a_tombstone_in_a_text_is_none() -> None:
    said = item(3, "<![CDATA[<at:deleted-entry ref='leg-2'/>]]>Words")
    assert changes(feed(item(3), item(2)), feed(said)) == []


@pytest.mark.parametrize("junk", ["<x:y>&</x:y>", "<b><i></b></i>", "</nothing>", "&nosuch;"])
def test_a_feed_that_turns_ill_formed_for_a_day_changes_nothing(junk: str) -> None:
    well, ill = feed(item(2), item(1)), feed(item(2), item(1), junk=junk)
    assert changes(well, ill) == changes(ill, well) == []


def test_a_move_to_https_changes_nothing() -> None:
    before = feed(item(2, guid=False, scheme="http"), item(1, guid=False, scheme="http"))
    assert changes(before, feed(item(2, guid=False), item(1, guid=False))) == []


def test_items_without_dates_are_news_once() -> None:
    before = feed(item(2, dated=False), item(1, dated=False))
    after = feed(item(3, dated=False), item(2, dated=False), item(1, dated=False))
    assert changes(before, after) == [("new", "leg-3")]
    assert changes(after, after) == []


def test_an_item_without_id_and_link_is_found_again_by_its_time_and_its_words() -> None:
    def one(title: str) -> Snapshot:
        date = "<pubDate>Tue, 01 Jul 2025 12:00:00 GMT</pubDate>"
        return feed(
            f"<item><title>{title}</title>{date}<description>The fog is thick on leg three</description></item>"
        )

    before, after = one("Gull leads"), one("Gull leads again in the third leg")
    assert before.entries[0].key != after.entries[0].key
    assert changes(before, after) == [("edited", after.entries[0].key)]
