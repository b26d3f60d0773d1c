"""What counts as a change, how far back a page reaches, and which entries are one under two keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.compare import Known, Watched, compare
from bot.digest import digest, likeness
from bot.horizon import horizon
from bot.model import Author, Clip, Entry, Image, Snapshot
from bot.richtext import RichText, Span

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def entry(key: str = "a", minute: int = 0, **more: object) -> Entry:
    told = Entry(key, headline=f"Headline {key}", body=RichText("Some words."))
    return replace(told, published_at=NOW + timedelta(minutes=minute), **more)  # type: ignore[arg-type]  # its fields


def test_words_pictures_links_authors_and_breaking_are_changes() -> None:
    plain = entry()
    linked = RichText("Some words.", (Span(0, 4, "link", "https://a.example/x"),))
    different = [
        replace(plain, headline="Another"),
        replace(plain, body=RichText("Other words.")),
        replace(plain, body=linked),
        replace(plain, images=(Image("https://a.example/1.jpg"),)),
        replace(plain, images=(Image("", caption="A ship"),)),
        replace(plain, authors=(Author("Wren"),)),
        replace(plain, flags=frozenset({"breaking"})),
        replace(plain, embeds=("https://a.example/video",)),
    ]
    assert len({digest(one) for one in (plain, *different)}) == len(different) + 1


def test_layout_times_pins_sizes_and_tracking_are_none() -> None:
    link = "https://a.example/x"
    plain = entry(
        body=RichText("Some words.", (Span(0, 4, "link", link),)), images=(Image("https://i.example/ace/480/1.jpg"),)
    )
    same = [
        replace(plain, body=RichText("Some\n words. ", (Span(0, 4, "link", link + "?utm_source=feed"),))),
        replace(plain, published_at=NOW + timedelta(hours=3), updated_at=NOW),
        replace(plain, flags=frozenset({"pinned", "key"}), position=9),
        replace(plain, images=(Image("https://i.example/ace/976/1.jpg?quality=80", alt="A tug"),)),
    ]
    assert {digest(one) for one in (plain, *same)} == {digest(plain)}


def test_the_horizon_is_the_oldest_entry_in_order() -> None:
    page = [entry(str(minute), minute) for minute in (30, 20, 10)]
    assert horizon(page) == NOW + timedelta(minutes=10)


def test_an_old_entry_on_top_does_not_lower_the_horizon_pinned_or_not() -> None:
    page = [entry("old", -600), *(entry(str(minute), minute) for minute in (30, 20, 10))]
    assert horizon(page) == NOW + timedelta(minutes=10)
    assert horizon([replace(page[0], flags=frozenset({"pinned"})), *page[1:]]) == NOW + timedelta(minutes=10)


def test_a_page_that_begins_with_the_oldest_has_a_horizon_too() -> None:
    assert horizon([entry(str(minute), minute) for minute in (10, 20, 30)]) == NOW + timedelta(minutes=10)


@given(st.lists(st.integers(0, 50), max_size=30))
def test_the_horizon_is_the_time_of_an_entry_of_the_page(minutes: list[int]) -> None:
    found = horizon([entry(str(place), minute) for place, minute in enumerate(minutes)])
    assert (found is None) == (not minutes)
    assert found is None or any(found == NOW + timedelta(minutes=minute) for minute in minutes)


def test_entries_of_one_time_with_some_words_in_common_are_one_and_others_are_not() -> None:
    one = ("Lamp out", "The lamp went out at nine")
    assert likeness(one, ("Lamp out again", "Something else entirely"), same_time=True) > 0
    assert likeness(one, ("Whale seen", "Nothing of the kind"), same_time=True) == 0
    assert likeness(one, ("Lamp out again", "Something else entirely"), same_time=False) == 0


def test_a_first_snapshot_is_a_baseline_without_an_end() -> None:
    page = Snapshot("https://a.example", "test", status="ended", entries=(entry(),), summary=(RichText("Point"),))
    found = compare(page, Watched(baseline=True), {}, (), now=NOW, removal_after=timedelta(seconds=60))
    assert [change.entry.kind for change in found.changes if change.entry] == ["entry", "summary"]


def test_an_empty_page_proves_no_removal() -> None:
    known = Known(1, "a", "entry", 1, "digest", published_at=NOW)
    page = Snapshot("https://a.example", "test", whole=True)
    found = compare(page, Watched(baseline=False), {}, (known,), now=NOW, removal_after=timedelta())
    assert (found.changes, found.marks) == ((), ())


def test_what_a_partial_entry_lacks_is_no_edit_and_nothing_of_it_is_kept() -> None:
    told = entry(images=(Image("https://a.example/1.jpg"),))
    known = Known(1, "a", "entry", 1, digest(told), published_at=told.published_at, missing_since=NOW)
    page = Snapshot("https://a.example", "test", entries=(replace(told, images=(), partial=True),))
    found = compare(page, Watched(baseline=False), {"a": known}, (), now=NOW, removal_after=timedelta())
    assert (found.changes, found.refreshed) == ((), ())
    assert [mark.missing_since for mark in found.marks] == [None]
    new = compare(page, Watched(baseline=False), {}, (), now=NOW, removal_after=timedelta())
    assert [change.kind for change in new.changes] == ["new"]


def test_what_the_source_says_it_took_back_is_removed_at_once_however_old_and_much_it_is() -> None:
    known = {str(number): Known(number, str(number), "entry", 1, "x", published_at=NOW) for number in range(9)}
    page = Snapshot("https://a.example", "test", entries=(entry("9", 9),), complete=False, withdrawn=tuple(known))
    found = compare(page, Watched(baseline=False), known, known.values(), now=NOW, removal_after=timedelta(hours=1))
    assert [(change.kind, change.known and change.known.key) for change in found.changes] == [
        *(("removed", key) for key in known),
        ("new", None),
    ]
    assert (found.marks, found.held, found.unaliased) == ((), "", ())


def test_what_was_taken_back_before_or_is_shown_all_the_same_is_not_removed() -> None:
    shown = entry("a")
    known = {
        "a": Known(1, "a", "entry", 1, digest(shown), published_at=NOW),
        "b": Known(2, "b", "entry", 1, "x", published_at=NOW, removed_at=NOW),
    }
    page = Snapshot("https://a.example", "test", entries=(shown,), withdrawn=("a", "b", "never seen"))
    found = compare(page, Watched(baseline=False), known, (), now=NOW, removal_after=timedelta())
    assert found.changes == ()


def test_a_site_that_moves_to_https_edits_nothing() -> None:
    def told(scheme: str) -> Entry:
        words = RichText("Some words.", (Span(0, 4, "link", f"{scheme}://a.example/x?utm_source=b&y=1"),))
        clips = (Clip(f"{scheme}://a.example/v.mp4"),)
        return entry(body=words, images=(Image(f"{scheme}://a.example/1.jpg"),), clips=clips)

    assert digest(told("http")) == digest(told("https"))


def test_a_picture_is_the_same_in_every_size_and_another_under_another_name() -> None:
    def told(*urls: str) -> int:
        return len({digest(entry(images=(Image(url),))) for url in urls})

    site = "https://i.example"
    assert told(f"{site}/1.jpg", f"{site}/1.jpg?width=300&s=ab", f"{site}/1.jpg?anything#x") == 1
    assert told(f"{site}/pic?id=7", f"{site}/pic?id=7&w=300&h=200&q=80", f"{site}/pic?id=7&utm_source=b") == 1
    assert told(f"{site}/a/640/1.png", f"{site}/a/320x200/1.png", "http://i.example/a/1024/1.png") == 1
    assert told(f"{site}/pic?id=7", f"{site}/pic?id=8", f"{site}/1.jpg", f"{site}/2.jpg") == 4
