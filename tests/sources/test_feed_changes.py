"""A feed before and after, and the Changes that this must give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.compare import Comparison, Known, Watched, compare
from bot.digest import digest
from bot.model import Page, Snapshot
from bot.sources.read import read

NOW = datetime(2025, 7, 1, 18, tzinfo=UTC)
AFTER = timedelta(minutes=2)
WATCHED = Watched(baseline=False)


def item(number: int, words: str = "Words", *, guid: bool = True, dated: bool = True, scheme: str = "https") -> str:
    told = f"<title>Leg {number}</title><description>{words} of leg {number}</description>"
    told += f"<pubDate>Tue, 01 Jul 2025 {10 + number}:00:00 GMT</pubDate>" if dated else ""
    told += f'<guid isPermaLink="false">leg-{number}</guid>' if guid else ""
    return f"<item>{told}<link>{scheme}://live.example.org/{number}</link></item>"


def feed(*items: str, junk: str = "") -> Snapshot:
    body = f'<rss version="2.0"><channel><title>Race</title>{"".join(items)}{junk}</channel></rss>'
    return read(Page(body.encode(), "https://live.example.org/feed", NOW))


def known_of(snapshot: Snapshot) -> dict[str, Known]:
    return {
        entry.key: Known(
            number,
            entry.key,
            "entry",
            1,
            digest(entry),
            headline=entry.headline or "",
            text=entry.body.text,
            published_at=entry.published_at,
        )
        for number, entry in enumerate(snapshot.entries, 1)
    }


def compared(before: Snapshot, after: Snapshot, now: datetime = NOW) -> Comparison:
    known = known_of(before)
    seen = {entry.key: known[entry.key] for entry in after.entries if entry.key in known}
    nearby = [one for one in known.values() if one.key not in seen]
    return compare(after, WATCHED, seen, nearby, now=now, removal_after=AFTER)


def told(comparison: Comparison) -> list[tuple[str, str]]:
    return [(change.kind, (change.entry.headline or "") if change.entry else "") for change in comparison.changes]


def test_a_new_item_is_new_an_edited_one_edited_and_the_order_tells_nothing() -> None:
    before = feed(item(3), item(2), item(1))
    after = feed(item(1), item(4), item(2, "Other words"), item(3))
    assert told(compared(before, after)) == [("edited", "Leg 2"), ("new", "Leg 4")]


def test_what_leaves_a_feed_was_not_withdrawn_however_often_it_is_missed() -> None:
    before = feed(item(3), item(2), item(1))
    after = feed(item(3), item(1))
    for later in (timedelta(), AFTER, 10 * AFTER):
        comparison = compared(before, after, NOW + later)
        assert (comparison.changes, comparison.marks) == ((), ())


def test_a_feed_that_turns_ill_formed_for_a_day_changes_nothing() -> None:
    before = feed(item(2), item(1))
    for junk in ("<x:y>&</x:y>", "<b><i></b></i>", "</nothing>", "&nosuch;"):
        assert compared(before, feed(item(2), item(1), junk=junk)).changes == ()


def test_a_move_to_https_changes_nothing() -> None:
    before = feed(item(2, guid=False, scheme="http"), item(1, guid=False, scheme="http"))
    after = feed(item(2, guid=False), item(1, guid=False))
    assert compared(before, after).changes == ()


def test_items_without_dates_are_news_once() -> None:
    before = feed(item(2, dated=False), item(1, dated=False))
    after = feed(item(3, dated=False), item(2, dated=False), item(1, dated=False))
    assert told(compared(before, after)) == [("new", "Leg 3")]
    assert compared(after, after).changes == ()


@pytest.mark.parametrize("retitled", ["Gull leads now", "Gull leads again in the third leg"])
def test_an_item_without_id_and_link_is_found_again_by_its_time_and_its_words(retitled: str) -> None:
    def one(title: str) -> str:
        date = "<pubDate>Tue, 01 Jul 2025 12:00:00 GMT</pubDate>"
        return f"<item><title>{title}</title>{date}<description>The fog is thick on leg three</description></item>"

    comparison = compared(feed(one("Gull leads")), feed(one(retitled)))
    assert told(comparison) == [("edited", retitled)]
    assert len(comparison.aliases) == 1
