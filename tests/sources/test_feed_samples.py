"""Real feeds, and those that other readers are tested with: counted, and checked by hand where it says so."""

from __future__ import annotations

import json
import re
from dataclasses import replace
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


def facts(entry: Entry) -> tuple[Any, ...]:
    """Return what was compared with the feed by eye: of texts two words and the length, of pictures the end."""
    told = (_glimpse(entry.headline), str(entry.published_at), _glimpse(entry.body.text), _glimpse(entry.author))
    return (*told, entry.label, [image.url[-10:] for image in entry.images], len(entry.clips))


def _glimpse(text: str | None) -> str | None:
    return f"{' '.join(text.split()[:2])} +{len(text)}" if text else None


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
    last = max(body.rfind(end) + len(end) for end in (b"</item>", b"</entry>"))
    broken = body[:last] + b"<x:junk>& <br></x:junk>" + body[last:]
    assert read_bytes(broken, URL, NOW).entries == reading(samples_dir, name).entries


# Three of each feed, read by a person in the feed itself and then in what the reader made of it.
CHECKED: list[tuple[str, int, tuple[Any, ...]]] = [
    (
        "bbc/bbc-news-rss-2024-08-08.xml",
        0,
        ("Suspended Labour +65", "2024-08-08 15:39:03+00:00", "Labour says +84", None, None, ["8b8f06.jpg"], 0),
    ),
    (
        "bbc/bbc-news-rss-2024-08-08.xml",
        25,
        ("Lyles sets +51", "2024-08-07 19:24:00+00:00", "American Noah +169", None, None, ["5d7c5b.jpg"], 0),
    ),
    (
        "bbc/bbc-news-rss-2024-08-08.xml",
        49,
        ("Police Scotland +67", "2024-08-08 15:31:58+00:00", "The chief +126", None, None, ["1bf5cd.png"], 0),
    ),
    (
        "bbc/bbc-news-world-rss-2017-01-20.xml",
        0,
        ("Rigopiano avalanche: +68", "2017-01-20 12:55:28+00:00", "Two children +92", None, None, ["382118.jpg"], 0),
    ),
    (
        "bbc/bbc-news-world-rss-2017-01-20.xml",
        1,
        ("Gambia crisis: +68", "2017-01-20 12:45:16+00:00", "Regional leaders +91", None, None, ["gambia.jpg"], 0),
    ),
    (
        "bbc/bbc-news-world-rss-2017-01-20.xml",
        2,
        ("Syria: IS +50", "2017-01-20 12:42:59+00:00", "IS militants +78", None, None, ["g_wv02.png"], 0),
    ),
    (
        "nytimes/nytimes-rss-2024.xml",
        0,
        (
            "Israel-Hamas War: +82",
            "2024-08-08 18:54:00+00:00",
            "Israel said +170",
            "The New +18",
            None,
            ["reAt3X.jpg"],
            0,
        ),
    ),
    (
        "nytimes/nytimes-rss-2024.xml",
        30,
        (
            "Counterprotesters Gather +59",
            "2024-08-08 07:42:34+00:00",
            "Extra police +131",
            "Megan Specia +31",
            None,
            ["reAt3X.jpg"],
            0,
        ),
    ),
    (
        "nytimes/nytimes-rss-2024.xml",
        59,
        (
            "Can Freed +63",
            "2024-08-07 01:11:07+00:00",
            "The release +150",
            "Valerie Hopkins, +54",
            None,
            ["reAt3X.jpg"],
            0,
        ),
    ),
    (
        "feeds/feedbin/feed.json",
        0,
        ("Special #2 +26", "2014-05-29 05:00:00-07:00", "This episode +3557", "Brent Simmons +31", None, [], 1),
    ),
    (
        "feeds/feedbin/feed.json",
        5,
        ("Seattle Before +39", "2014-03-14 13:00:00-07:00", "This episode +2565", "Brent Simmons +31", None, [], 1),
    ),
    (
        "feeds/feedbin/feed.json",
        10,
        ("Seattle Before +43", "2014-01-03 11:10:00-08:00", "This episode +2053", "Brent Simmons +31", None, [], 1),
    ),
    (
        "feeds/miniflux/encoding_ISO-8859-1.xml",
        0,
        ("Red Dead +74", "2018-10-28 13:48:00+01:00", "Viele Spieler +265", None, None, ["538_rc.jpg"], 0),
    ),
    (
        "feeds/miniflux/encoding_ISO-8859-1.xml",
        20,
        (
            "Quartalszahlen: Intel +55",
            "2018-10-26 08:51:00+01:00",
            "Ungeachtet der +261",
            None,
            None,
            ["441_rc.jpg"],
            0,
        ),
    ),
    (
        "feeds/miniflux/encoding_ISO-8859-1.xml",
        39,
        ("Xiaomi: Das +68", "2018-10-25 11:49:00+01:00", "Das Display +256", None, None, ["370_rc.jpg"], 0),
    ),
    (
        "feeds/miniflux/encoding_WINDOWS-1251.xml",
        0,
        ("Цитата #17703 +13", "2018-03-21 10:27:32+03:00", "xxx: есть +171", None, None, [], 0),
    ),
    (
        "feeds/miniflux/encoding_WINDOWS-1251.xml",
        25,
        ("Цитата #17354 +13", "2018-03-15 09:50:41+03:00", "Nick> Что +339", None, None, [], 0),
    ),
    (
        "feeds/miniflux/encoding_WINDOWS-1251.xml",
        49,
        ("Цитата #17220 +13", "2018-03-15 09:16:48+03:00", "xxx: конструктор +111", None, None, [], 0),
    ),
    (
        "feeds/miniflux/small_atom.xml",
        0,
        ("Parse podcast +24", "2024-03-12 05:30:27+00:00", None, "fguillot +8", None, [], 0),
    ),
    (
        "feeds/miniflux/small_atom.xml",
        10,
        ("First steps +41", "2024-03-11 03:14:30+00:00", "First steps +238", "jvoisin +7", None, [], 0),
    ),
    (
        "feeds/miniflux/small_atom.xml",
        19,
        ("Reuse a +71", "2024-03-05 01:36:10+00:00", None, "jvoisin +7", None, [], 0),
    ),
    (
        "feeds/miniflux/large_atom.xml",
        0,
        ("Using vale +19", "2024-03-10 17:15:00+01:00", "LWN recently +1684", "jvoisin +7", "sysadmin", [], 0),
    ),
    (
        "feeds/miniflux/large_atom.xml",
        12,
        ("Managing a +29", "2023-11-24 16:30:00+01:00", "I'm an +822", "jvoisin +7", "sysadmin", [], 0),
    ),
    (
        "feeds/miniflux/large_atom.xml",
        24,
        ("A sneaky +19", "2023-08-02 13:15:00+02:00", "Today at +1414", "jvoisin +7", "dev", [], 0),
    ),
    (
        "feeds/miniflux/rdf_UTF8.xml",
        0,
        ("OLED-TVs: Vorsichtsmaßnahmen +45", "None", "Wer gerade +143", None, None, [], 0),
    ),
    ("feeds/miniflux/rdf_UTF8.xml", 30, ("Webhosting und +71", "None", "1&1 bietet +155", None, None, [], 0)),
    ("feeds/miniflux/rdf_UTF8.xml", 59, ("Mi Mix +63", "None", "Xiaomis nächstes +147", None, None, [], 0)),
    (
        "feeds/miniflux/no_encoding_ISO-8859-1.xml",
        0,
        ("Perturbateurs endocriniens +58", "2018-10-17 10:30:00+00:00", "Si leur +185", None, None, [], 0),
    ),
    (
        "feeds/miniflux/no_encoding_ISO-8859-1.xml",
        4,
        ("L'enfant doué +70", "2018-10-17 10:30:00+00:00", "On ne +345", None, None, [], 0),
    ),
    (
        "feeds/miniflux/no_encoding_ISO-8859-1.xml",
        8,
        ("Psychologue à +53", "2018-10-17 10:30:00+00:00", "Si tu +206", None, None, [], 0),
    ),
]


@pytest.mark.parametrize(("name", "place", "expected"), CHECKED)
def test_an_entry_is_as_a_person_reads_it_in_the_feed(
    samples_dir: Path, name: str, place: int, expected: tuple[Any, ...]
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


CHARSETS = {
    "big5": "big5",
    "eucjp": "euc-jp",
    "euckr": "euc-kr",
    "gb2312": "gb2312",
    "koi8r": "koi8-r",
    "shiftjis": "shift_jis",
    "tis620": "tis-620",
    "windows1255": "windows-1255",
}


@pytest.mark.parametrize(("name", "charset"), CHARSETS.items())
def test_a_feed_that_declares_no_charset_is_read_as_if_its_header_did(
    samples_dir: Path, name: str, charset: str
) -> None:
    body = (samples_dir / f"feeds/feedparser-illformed/chardet/{name}.xml").read_bytes()
    told = re.search(rb"<(?:title|description)>\s*(.{12,}?)</", body, re.DOTALL)
    assert told is not None
    guessed, declared = (read_bytes(body, URL, NOW, header) for header in ("", f"text/xml; charset={charset}"))
    assert replace(guessed, entries=()) == replace(declared, entries=())
    assert guessed.entries == declared.entries
    words = " ".join(filter(None, (guessed.title, *(f"{e.headline} {e.body.text}" for e in guessed.entries))))
    assert " ".join(told[1].decode(charset, "ignore").split())[:10] in words


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
