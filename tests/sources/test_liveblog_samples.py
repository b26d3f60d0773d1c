"""Real live blogs with schema.org data, read where they lie: no sentence of theirs is in this repository.

The counts are those of the samples' COUNTS.json. The first, a middle and the last entry of each page were compared
with the page by hand; here stand the first and last word of their texts, with times, pictures and flags.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.model import Entry, Page, Snapshot
from bot.sources import liveblog
from bot.sources.document import Document
from bot.sources.html import attribute

from .comparing import changes, compared
from .telling import read_bytes

pytestmark = pytest.mark.samples

MIRROR = "mirror/mirror-2024-08-05.html"
INDEPENDENT = "independent/independent-2023-08-14.html"
TELEGRAPH = "telegraph/telegraph-2024-03-02-luton-villa.html"
REPUBBLICA = "repubblica/repubblica-2023-11-02.html"
NDTV = "ndtv/ndtv-sports-2023-11-02.html"
BBC = "bbc/bbc-live-2020-05-12-lx-stream-world-52627824.html"
GUARDIAN = "guardian/theguardian-live-2023-05-15.html"
PAGES = (MIRROR, INDEPENDENT, TELEGRAPH, REPUBBLICA, NDTV)
DAY_OF = {
    MIRROR: "2024-08-05T20:05:00+00:00",
    INDEPENDENT: "2023-08-14T10:00:00+00:00",
    TELEGRAPH: "2024-03-02T21:00:00+00:00",
    REPUBBLICA: "2023-11-02T16:05:00+00:00",
    NDTV: "2023-11-02T16:00:00+00:00",
}
LATER = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def counts(samples_dir: Path) -> dict[str, Any]:
    told = json.loads((samples_dir / "COUNTS.json").read_text())
    assert isinstance(told, dict)
    return told


@pytest.fixture(scope="module")
def pages(samples_dir: Path) -> dict[str, Snapshot]:
    return {name: reading((samples_dir / name).read_bytes(), name) for name in PAGES}


def reading(body: bytes, name: str, fetched_at: datetime | None = None) -> Snapshot:
    return read_bytes(body, "", fetched_at or datetime.fromisoformat(DAY_OF[name]), "text/html")


# ── what was counted ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PAGES)
def test_every_update_is_read_once(name: str, pages: dict[str, Snapshot], counts: dict[str, Any]) -> None:
    snapshot, told = pages[name], counts[name]
    assert snapshot.reader == "liveblog"
    assert len({entry.key for entry in snapshot.entries}) == len(snapshot.entries)
    assert len(snapshot.entries) == (told["jsonld_updates"] or told["dom_entries"])
    assert sum(entry.key_derived for entry in snapshot.entries) == told.get("no_url_or_id", 0)
    assert snapshot.url == told["canonical"]
    assert snapshot.complete
    assert not snapshot.whole


@pytest.mark.parametrize("name", [MIRROR, INDEPENDENT, TELEGRAPH, REPUBBLICA])
def test_times_and_bodies_are_as_many_as_were_counted(
    name: str, pages: dict[str, Snapshot], counts: dict[str, Any]
) -> None:
    entries, told = pages[name].entries, counts[name]
    assert len({entry.published_at for entry in entries}) == told["distinct_datePublished"]
    assert sum(not entry.body for entry in entries) == told["empty_bodies"]
    assert len({entry.headline for entry in entries}) <= told["distinct_headlines"]


def test_only_those_updates_are_edited_that_changed_after_they_were_published(pages: dict[str, Snapshot]) -> None:
    """The Mirror spells the same instant in two ways 428 times, and edited 88."""
    assert {name: sum(bool(entry.updated_at) for entry in pages[name].entries) for name in PAGES} == {
        MIRROR: 88,
        INDEPENDENT: 2,
        TELEGRAPH: 0,
        REPUBBLICA: 0,
        NDTV: 0,
    }


@pytest.mark.parametrize("name", PAGES)
def test_no_markup_entity_or_placeholder_is_left_in_any_text(name: str, pages: dict[str, Snapshot]) -> None:
    for entry in pages[name].entries:
        for text in (entry.headline or "", entry.body.text):
            assert not any(mark in text for mark in ("<p", "</", "&quot;", "&#", "&amp;", "[[", "]]", "\u200b"))


# ── what was compared by hand ────────────────────────────────────────────────────────────────────────────────────

CHECKED: dict[str, dict[int, tuple[object, ...]]] = {
    # key, headline's first word and length, published, edited, pictures' credits, flags, body's ends, its paragraphs
    MIRROR: {
        0: ("751105", "Loud", 33, "2024-08-05T20:00:18.921", None, [], [], "Local", "incident.", 2),
        1: (
            "751101",
            "Plymouth",
            91,
            "2024-08-05T19:42:30.565",
            "2024-08-05T19:49:50",
            ["Anadolu via Getty Images"],
            ["key"],
            "Multiple",
            "stones'",
            4,
        ),
        214: ("750393", "We", 63, "2024-08-04T01:23:55.949", None, [], [], "A", "criminality.”", 1),
        427: ("749874", "UK", 60, "2024-08-02T17:42:00.475", None, [], [], "Police", 'boats".', 1),
    },
    INDEPENDENT: {
        0: ("1288914", None, 0, "2023-08-14T04:20:06", None, [], [], "The", "one.”", 3),
        5: (
            "1288930",
            None,
            0,
            "2023-08-14T04:38:21",
            None,
            ["The FA via Getty Images"] * 3,
            [],
            "England",
            "playoff.",
            2,
        ),
        9: ("1288906", None, 0, "2023-08-14T04:15:52", None, [], [], "England", "blog.", 4),
    },
    TELEGRAPH: {
        0: (
            "1709409720930",
            "Watkins",
            19,
            "2024-03-02T20:02:00.930",
            None,
            ["Reuters/Peter Cziborra"],
            [],
            "I",
            "before.",
            1,
        ),
        23: (
            "1709404022638",
            "HT:",
            19,
            "2024-03-02T18:27:02.638",
            None,
            ["Reuters/Chris Radburn"],
            [],
            "A",
            "play.",
            1,
        ),
        46: ("1709398197381", "Match", 13, "2024-03-02T16:49:57.381", None, [], [], "Aston", "absentees.", 17),
    },
    REPUBBLICA: {
        0: ("", "Oms:", 64, "2023-11-02T15:56:32", None, [], [], "E'", 'andare".', 3),
        39: ("", "Sale", 37, "2023-11-02T10:45:54", None, [], [], "Il", "bambini.", 1),
        78: ("", "Israele:", 54, "2023-11-01T23:30:20", None, [], [], "L'esercito", "anticarro.", 1),
    },
    NDTV: {
        0: ("80", "India", 32, "2023-11-02T15:36:52", None, [], [], "Okay,", "goodbye.", 1),
        20: ("60", "IND", 25, "2023-11-02T12:24:37", None, [], [], "OUT!!!", "overs)", 2),
        39: ("41", "IND", 37, "2023-11-02T10:30:24", None, [], [], "Maheesh", "(25)", 2),
    },
}


def seen(entry: Entry) -> tuple[object, ...]:
    """Return what was written down of an entry, in the same form."""
    words = entry.body.text.split()
    return (
        "" if entry.key_derived else entry.key,
        entry.headline and entry.headline.split()[0],
        len(entry.headline or ""),
        _instant(entry.published_at),
        _instant(entry.updated_at),
        [image.credit for image in entry.images],
        sorted(entry.flags),
        words[0],
        words[-1],
        len(entry.body.paragraphs()),
    )


def _instant(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    spec = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=spec)


@pytest.mark.parametrize("name", PAGES)
def test_the_first_a_middle_and_the_last_entry_are_as_the_page_shows_them(
    name: str, pages: dict[str, Snapshot]
) -> None:
    found = {position: seen(pages[name].entries[position]) for position in CHECKED[name]}
    assert found == CHECKED[name]


def test_key_events_are_those_that_the_pages_list(samples_dir: Path, pages: dict[str, Snapshot]) -> None:
    for name, selector, named in ((MIRROR, "[data-type=key-event]", "id"), (TELEGRAPH, ".key-moments a", "href")):
        document = Document(_page(samples_dir, name))
        listed = {attribute(node, named).lstrip("#") for node in document.all(selector)}
        assert {entry.key for entry in pages[name].entries if "key" in entry.flags} == listed
        assert len(listed) == {MIRROR: 9, TELEGRAPH: 5}[name]


def _page(samples_dir: Path, name: str) -> Page:
    return Page((samples_dir / name).read_bytes(), "", LATER, "text/html")


def test_only_updates_in_the_mirrors_window_are_full(pages: dict[str, Snapshot]) -> None:
    assert [entry.partial for entry in pages[MIRROR].entries] == [False] * 30 + [True] * 398
    assert not any(entry.partial for name in PAGES[1:] for entry in pages[name].entries)


def test_a_tweet_is_an_embed_and_no_text(pages: dict[str, Snapshot]) -> None:
    (tweet,) = (entry for entry in pages[TELEGRAPH].entries if not entry.body)
    assert tweet.headline
    assert [embed.split("/")[2] for embed in tweet.embeds] == ["twitter.com"]


def test_the_states_are_what_the_planned_ends_prove(samples_dir: Path, pages: dict[str, Snapshot]) -> None:
    assert {pages[name].status for name in PAGES} == {"unknown"}
    later = {name: reading((samples_dir / name).read_bytes(), name, LATER).status for name in PAGES}
    # The Mirror plans no end, and the Telegraph wrote on after it.
    assert later == {
        MIRROR: "unknown",
        INDEPENDENT: "ended",
        TELEGRAPH: "unknown",
        REPUBBLICA: "ended",
        NDTV: "ended",
    }


# ── pages that have readers of their own ─────────────────────────────────────────────────────────────────────────


def test_what_a_publishers_own_reader_reads_could_be_read_from_its_data_too(
    samples_dir: Path, counts: dict[str, Any]
) -> None:
    for name in (BBC, GUARDIAN):
        snapshot = liveblog.read(Document(_page(samples_dir, name)))
        assert len(snapshot.entries) == counts[name]["jsonld_updates"]
        assert len({entry.published_at for entry in snapshot.entries}) == counts[name]["dom_entries"]
        assert all(entry.body for entry in snapshot.entries)


# ── before and after ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_that_moves_out_of_the_mirrors_window_is_no_edit(samples_dir: Path, pages: dict[str, Snapshot]) -> None:
    page = (samples_dir / MIRROR).read_bytes()
    begin = page.index(b'<div class="live-event-entry" id="751035"')
    end = page.index(b"</figcaption></div></div></div>", begin) + len(b"</figcaption></div></div></div>")
    after = reading(page[:begin] + page[end:], MIRROR)
    assert sum(entry.partial for entry in after.entries) == 399
    assert compared(pages[MIRROR], after).changes == ()


def test_changes_of_a_real_page_are_what_they_are(samples_dir: Path, pages: dict[str, Snapshot]) -> None:
    """Repubblica has no ids: an edit is found by time and words, a removal by what stands around it."""
    before = pages[REPUBBLICA]
    page = (samples_dir / REPUBBLICA).read_text()
    update = {entry.position: entry for entry in before.entries}
    first = page.index('"BlogPosting"')
    begin, middle, end = (_place(page, '"BlogPosting"', first, number) for number in (10, 11, 12))
    removed = page[:begin] + page[middle:]
    assert set(changes(before, reading(removed.encode(), REPUBBLICA))) == {("removed", update[10].key)}
    edited = page[:end] + page[end:].replace('"articleBody": "', '"articleBody": "Corretto: ', 1)
    edited_page = reading(edited.encode(), REPUBBLICA)
    assert set(changes(before, edited_page)) == {("edited", edited_page.entries[12].key)}


def _place(text: str, word: str, start: int, number: int) -> int:
    """Return where the object begins that holds the word for the nth time."""
    for _ in range(number):
        start = text.index(word, start + 1)
    return text.rindex("{", 0, start)
