"""Real feeds, and those that other readers are tested with: counted, and checked by hand where it says so."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UnreadablePage
from bot.model import Entry, Snapshot

from .telling import read_bytes

pytestmark = pytest.mark.samples

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://feeds.example.org/all"
BBC = "bbc/bbc-news-rss-2024-08-08.xml"
# What is counted as an item there and says nothing here: a template's empty item; an article told twice.
NO_ENTRIES = {"feeds/miniflux/no_encoding_ISO-8859-1.xml": 1, BBC: 4}
COUNTED = [
    BBC,
    "bbc/bbc-news-world-rss-2017-01-20.xml",
    "feeds/feedbin/feed.json",
    "feeds/feedbin/feed_single.json",
    "feeds/feedbin/microposts.xml",
    "feeds/miniflux/encoding_ISO-8859-1.xml",
    "feeds/miniflux/encoding_WINDOWS-1251.xml",
    "feeds/miniflux/large_atom.xml",
    "feeds/miniflux/large_rss.xml",
    "feeds/miniflux/no_encoding_ISO-8859-1.xml",
    "feeds/miniflux/rdf_UTF8.xml",
    "feeds/miniflux/small_atom.xml",
    "feeds/miniflux/urdu_UTF8.xml",
    "nytimes/nytimes-rss-2024.xml",
]
XML = [name for name in COUNTED if name.endswith(".xml")]


def reading(samples: Path, name: str) -> Snapshot:
    return read_bytes((samples / name).read_bytes(), URL, NOW)


def facts(entry: Entry) -> dict[str, Any]:
    """Return what was compared with the feed by eye; the body's beginning stands for it."""
    return {
        "headline": entry.headline,
        "at": entry.published_at.isoformat() if entry.published_at else None,
        "body": entry.body.text[:40],
        "images": [image.url.rpartition("/")[2] for image in entry.images],
        "author": entry.author,
        "label": entry.label,
    }


@pytest.mark.parametrize("name", COUNTED)
def test_a_feed_has_as_many_entries_as_were_counted_in_it(samples_dir: Path, name: str) -> None:
    counted = json.loads((samples_dir / "COUNTS.json").read_text())[name]["entries"]
    snapshot = reading(samples_dir, name)
    assert snapshot.reader == "feed"
    assert len(snapshot.entries) == counted - NO_ENTRIES.get(name, 0)
    assert snapshot.title


def test_every_feed_that_was_counted_is_read(samples_dir: Path) -> None:
    counts = json.loads((samples_dir / "COUNTS.json").read_text())
    assert sorted(COUNTED) == sorted(name for name, told in counts.items() if "version" in told and "entries" in told)


def test_the_bbcs_guids_without_their_fragments_are_its_keys(samples_dir: Path) -> None:
    text = (samples_dir / BBC).read_text()
    guids = dict.fromkeys(re.findall(r"<guid[^>]*>([^<#]+)#\d+</guid>", text))
    snapshot = reading(samples_dir, BBC)
    assert [entry.key for entry in snapshot.entries] == list(guids)
    assert all(entry.key == entry.url for entry in snapshot.entries)
    assert all(len(entry.images) == 1 and entry.published_at for entry in snapshot.entries)


@pytest.mark.parametrize("name", XML)
def test_a_feed_that_turns_ill_formed_has_the_same_entries(samples_dir: Path, name: str) -> None:
    body = (samples_dir / name).read_bytes()
    broken = re.sub(rb"(</(?:channel|feed|rdf:RDF)>\s*(?:</rss>)?\s*)\Z", rb"<x:junk>& <br></x:junk>\1", body)
    assert broken != body
    assert read_bytes(broken, URL, NOW).entries == reading(samples_dir, name).entries


CHECKED: list[tuple[str, int, dict[str, Any]]] = []


@pytest.mark.parametrize(("name", "place", "expected"), CHECKED)
def test_an_entry_is_as_a_person_reads_it_in_the_feed(
    samples_dir: Path, name: str, place: int, expected: dict[str, Any]
) -> None:
    assert facts(reading(samples_dir, name).entries[place]) == expected


ILL_FORMED = {
    "aaa_illformed.xml": 0,
    "always_strip_doctype.xml": 0,
    "chardet/big5.xml": 0,
    "chardet/eucjp.xml": 1,
    "chardet/euckr.xml": 1,
    "chardet/gb2312.xml": 1,
    "chardet/koi8r.xml": 1,
    "chardet/shiftjis.xml": 1,
    "chardet/tis620.xml": 1,
    "chardet/windows1255.xml": 1,
    "geo/georss_point_no_coords.xml": 0,  # an entry that has nothing but a place, as the next two
    "geo/georss_polygon_insufficient_coords.xml": 0,
    "geo/gml_point.xml": 0,
    "http_high_bit_date.xml": 0,
    "rdf_channel_empty_textinput.xml": 1,
    "rss_incomplete_cdata.xml": 0,  # its only item was cut
    "rss_item_link_corrupted_ampersands.xml": 1,
    "undeclared_namespace.xml": 0,
}


def test_the_ill_formed_files_are_all_named_here(samples_dir: Path) -> None:
    folder = samples_dir / "feeds/feedparser-illformed"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.xml")}
    assert found == {*ILL_FORMED, "rss_empty_document.xml"}


@pytest.mark.parametrize(("name", "entries"), ILL_FORMED.items())
def test_an_ill_formed_feed_is_read(samples_dir: Path, name: str, entries: int) -> None:
    assert len(reading(samples_dir, f"feeds/feedparser-illformed/{name}").entries) == entries


def test_what_the_ill_formed_files_expect_is_so(samples_dir: Path) -> None:
    folder = "feeds/feedparser-illformed"
    (item,) = reading(samples_dir, f"{folder}/rss_item_link_corrupted_ampersands.xml").entries
    assert item.url == "http://link/get?a=1&b=2"
    assert reading(samples_dir, f"{folder}/always_strip_doctype.xml").title == "found"
    (crashes,) = reading(samples_dir, f"{folder}/rdf_channel_empty_textinput.xml").entries
    assert (crashes.key, crashes.headline) == ("https://example.com/1", "crashes here")
    assert not reading(samples_dir, f"{folder}/rss_incomplete_cdata.xml").complete
    with pytest.raises(UnreadablePage):
        reading(samples_dir, f"{folder}/rss_empty_document.xml")


CHARSETS = {"eucjp": "euc-jp", "euckr": "euc-kr", "gb2312": "gb2312", "koi8r": "koi8-r", "shiftjis": "shift_jis"}


@pytest.mark.parametrize(("name", "charset"), CHARSETS.items())
def test_a_feed_without_a_declaration_is_decoded_by_its_header(samples_dir: Path, name: str, charset: str) -> None:
    body = (samples_dir / f"feeds/feedparser-illformed/chardet/{name}.xml").read_bytes()
    title = re.search(rb"<title>(.*?)</title>", body)
    assert title is not None
    (entry,) = read_bytes(body, URL, NOW, f"text/xml; charset={charset}").entries
    assert entry.headline == " ".join(title[1].decode(charset).split())


@pytest.mark.parametrize(
    "kind", ["atom10_feed", "atom03_feed", "rdf_feed", "rss_feed", "rss_feed_bom", "rss_feed_leading_spaces"]
)
def test_gofeeds_feeds_are_known_whatever_stands_before_them(samples_dir: Path, kind: str) -> None:
    snapshot = reading(samples_dir, f"feeds/gofeed/universal/{kind}.xml")
    assert (snapshot.title, snapshot.entries) == ("Feed Title", ())


@pytest.mark.parametrize(
    "name",
    ["universal/unknown_feed.xml", "universal/empty_feed.xml", "universal/invalid.json", "json/invalid/invalid.json"],
)
def test_gofeeds_other_files_are_no_feeds(samples_dir: Path, name: str) -> None:
    with pytest.raises(UnreadablePage):
        reading(samples_dir, f"feeds/gofeed/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "json/version_json_10",
        "json/version_json_11",
        "json/version_json_11_deprecated_author",
        "universal/json10_feed",
        "universal/json11_feed",
        "universal/sample",
    ],
)
def test_gofeeds_json_feeds_say_what_is_expected(samples_dir: Path, name: str) -> None:
    folder = samples_dir / "feeds/gofeed"
    written = folder / f"{name}_expected.json"
    expected = json.loads((written if written.exists() else folder / f"{name}.json").read_text())
    snapshot = reading(samples_dir, f"feeds/gofeed/{name}.json")
    (entry,), (item,) = snapshot.entries, expected["items"]
    assert snapshot.title == expected["title"]
    assert (entry.key, entry.url) == (item["id"], item["url"])
    assert entry.published_at == datetime.fromisoformat(item["date_published"])
    assert entry.author == (item.get("authors") or [item["author"]] if "author" in item else item["authors"])[0]["name"]
    assert entry.standfirst is not None
    assert entry.standfirst.text == item["summary"]
    assert f"<p>{entry.body.text}</p>" == item["content_html"]
    assert [image.url for image in entry.images] == [item["image"]]
    assert [clip.url for clip in entry.clips] == [item["attachments"][0]["url"]]


def test_a_feed_and_its_single_entry_agree(samples_dir: Path) -> None:
    (single,) = reading(samples_dir, "feeds/feedbin/feed_single.json").entries
    assert single == reading(samples_dir, "feeds/feedbin/feed.json").entries[0]


def test_microposts_have_no_headline(samples_dir: Path) -> None:
    entries = reading(samples_dir, "feeds/feedbin/microposts.xml").entries
    assert [entry.headline for entry in entries] == [None, None]
    assert all(entry.body for entry in entries)
    assert [len(entry.images) for entry in entries] == [0, 3]
    assert [len(entry.clips) for entry in entries] == [0, 1]


def test_feeds_without_ids_or_dates_have_keys_that_differ(samples_dir: Path) -> None:
    for name in ("feeds/miniflux/rdf_UTF8.xml", "feeds/miniflux/no_encoding_ISO-8859-1.xml"):
        entries = reading(samples_dir, name).entries
        assert len({entry.key for entry in entries}) == len(entries)
        assert not any(entry.key_derived or "wt_mc" in entry.key for entry in entries)
    assert not any(entry.published_at for entry in reading(samples_dir, "feeds/miniflux/rdf_UTF8.xml").entries)
