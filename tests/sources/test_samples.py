"""Real pages of the BBC, read where they lie: no sentence of theirs is in this repository.

What is expected of them is told by simple code of its own (line by line, JSON by JSON) or by the samples' COUNTS.json.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.model import Snapshot

from .telling import read_bytes

pytestmark = pytest.mark.samples

FOUNDING = "bbc/text/live-2023-02-14-nato-ukraine.txt"
LX = "bbc/bbc-live-2020-05-12-lx-stream-world-52627824.html"
LX_URL = "https://www.bbc.co.uk/news/live/world-52627824"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HEADING = re.compile(r"^  \d+\. (.+?)published at (\d\d:\d\d) Greenwich Mean Time (14 February 2023)$", re.MULTILINE)


@pytest.fixture(scope="module")
def founding(samples_dir: Path) -> str:
    return (samples_dir / FOUNDING).read_text()


@pytest.fixture(scope="module")
def lx(samples_dir: Path) -> bytes:
    return (samples_dir / LX).read_bytes()


def read_text(text: str) -> Snapshot:
    return read_bytes(text.encode(), "", NOW, "text/plain; charset=utf-8")


# ── the text of 14 February 2023 ─────────────────────────────────────────────────────────────────────────────────


def test_the_founding_text_has_its_twelve_headlines_and_times(founding: str) -> None:
    told = [(headline, time) for headline, time, _ in HEADING.findall(founding)]
    read = [(entry.headline, f"{entry.published_at:%H:%M}") for entry in read_text(founding).entries]
    assert read == told
    assert len(told) == 12


def test_the_founding_text_tells_its_times_in_greenwich(founding: str) -> None:
    first = read_text(founding).entries[0].published_at
    assert first is not None
    assert first.isoformat() == "2023-02-14T09:15:00+00:00"


def test_the_founding_text_has_five_summary_points(founding: str) -> None:
    points = re.findall(r"^  • (.+)$", founding, re.MULTILINE)
    assert [point.text for point in read_text(founding).summary] == points
    assert len(points) == 5


def test_credits_are_taken_as_they_stand_even_where_cut_short(founding: str) -> None:
    images = [image for entry in read_text(founding).entries for image in entry.images]
    assert [image.credit for image in images] == re.findall(r"Image source, (.*)$", founding, re.MULTILINE)
    assert {image.credit for image in images} == {"EPA", "Reuters", ".", "Reu"}
    assert sum(bool(image.caption) for image in images) == founding.count("Image caption,") == 3


def test_every_paragraph_of_the_founding_text_is_kept_and_nothing_else(founding: str) -> None:
    snapshot = read_text(founding)
    spoken = "\n".join(entry.body.text for entry in snapshot.entries)
    captions = {image.caption for entry in snapshot.entries for image in entry.images}
    body = founding[HEADING.search(founding).start() :]  # type: ignore[union-attr]  # it has twelve
    lines = [line.strip() for line in HEADING.sub("", body).splitlines()]
    expected = [line for line in lines if line and "Image source," not in line and line != "Image caption,"]
    assert [line for line in spoken.splitlines() if line] == [line for line in expected if line not in captions]


def test_the_founding_text_read_twice_has_the_same_keys_and_they_differ(founding: str) -> None:
    keys = [entry.key for entry in read_text(founding).entries]
    assert keys == [entry.key for entry in read_text(founding).entries]
    assert len(set(keys)) == 12
    assert all(entry.key_derived for entry in read_text(founding).entries)


def test_the_same_page_in_the_present_renderers_html_has_the_same_entries(founding: str) -> None:
    text, html = read_text(founding), read_bytes(present_page(founding).encode(), "https://example.org/live", NOW)
    assert html.reader == "bbc"
    assert [point.text for point in html.summary] == [point.text for point in text.summary]
    assert [_content(entry) for entry in html.entries] == [_content(entry) for entry in text.entries]
    assert [entry.key for entry in html.entries] == [f"asset:00000000-0000-4000-8000-{n:012}" for n in range(12)]


def _content(entry: Any) -> tuple[Any, ...]:
    images = tuple((image.alt, image.caption, image.credit) for image in entry.images)
    return entry.headline, entry.published_at, entry.body.text, images


def present_page(text: str) -> str:
    """Rebuild the page that the text was copied from, line by line."""
    parts = re.split(HEADING, text)
    points = "".join(f"<li><p>{escape(point)}</p></li>" for point in re.findall(r"• (.+)", parts[0]))
    posts = zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True)
    articles = "".join(f"<li>{_article(number, *post)}</li>" for number, post in enumerate(posts))
    summary = f'<section class="ssrcss-1-Box"><h2>Summary</h2><ul role="list">{points}</ul></section>'
    return f"<!DOCTYPE html><html><body><main>{summary}<ol>{articles}</ol></main></body></html>"


def _article(number: int, headline: str, time: str, date: str, body: str) -> str:
    stamp = f"published at {time} Greenwich Mean Time {date}"
    heading = (
        f'<h3><span role="text" class="ssrcss-1-HeadlineWrap"><span>{escape(headline)}</span><span data-testid='
        f'"timestamp"><span data-testid="accessible-timestamp" class="visually-hidden">{stamp}</span><div><span '
        f'aria-hidden="true">{time} GMT {date}</span></div></span></span></h3>'
    )
    content = "".join(_blocks([line.strip() for line in body.splitlines() if line.strip()]))
    key = f"asset:00000000-0000-4000-8000-{number:012}"
    return f'<article data-testid="content-post" id="{key}"><header>{heading}</header><div>{content}</div></article>'


def _blocks(lines: list[str]) -> list[str]:
    blocks = []
    while lines:
        line = lines.pop(0)
        if "Image source, " in line:
            alt, credit = line.split("Image source, ")
            captioned = lines[:1] == ["Image caption,"]
            caption = lines[1] if captioned else ""
            del lines[: 2 * captioned]
            blocks.append(_figure(alt, credit, caption))
        elif line.startswith("• "):
            items = [line, *(lines.pop(0) for _ in lines[:] if lines and lines[0].startswith("• "))]
            blocks.append("<ul>" + "".join(f"<li>{escape(item[2:])}</li>" for item in items) + "</ul>")
        else:
            blocks.append(f'<p class="ssrcss-2-Paragraph">{escape(line)}</p>')
    return blocks


def _figure(alt: str, credit: str, caption: str) -> str:
    hidden = '<span class="visually-hidden ssrcss-3-VisuallyHidden">'
    told = f"<figcaption>{hidden}Image caption,</span><p>{escape(caption)}</p></figcaption>" if caption else ""
    credited = f'<span role="text">{hidden}Image source, </span>{escape(credit)}</span>'
    return f'<figure><img alt="{escape(alt)}" src="/{len(alt)}.jpg">{credited}{told}</figure>'


# ── other copied texts, cut at 2,000 bytes ───────────────────────────────────────────────────────────────────────

TEXTS = {
    "lx-news-uk-politics-69111362-2024-06-13.txt": 2,
    "webcore-news-c9vrrymm10nt-2025-07-01.txt": 2,
    "webcore-news-cgmx8pwvgz0t-sameday-bst.txt": 2,
    "webcore-news-czxrnw5qrprt-page17-2024-11-05.txt": 2,
    "webcore-sport-45682329-page8-2018-12-19.txt": 4,
}


@pytest.mark.parametrize(("name", "entries"), TEXTS.items())
def test_a_copied_text_has_its_entries_and_no_helper_words(samples_dir: Path, name: str, entries: int) -> None:
    text = (samples_dir / "bbc/text" / name).read_bytes()
    snapshot = read_bytes(text, "", NOW)
    assert len(snapshot.entries) == entries
    words = " ".join(
        f"{entry.headline} {entry.body.text} {entry.author} " + " ".join(image.caption for image in entry.images)
        for entry in snapshot.entries
    )
    for helper in ("published at", ", external", "Image caption", "Image source", "Media caption", "TV Licence"):
        assert helper not in words


def test_copied_texts_tell_their_times(samples_dir: Path) -> None:
    def times(name: str, fetched_at: datetime) -> list[str]:
        snapshot = read_bytes((samples_dir / "bbc/text" / name).read_bytes(), "", fetched_at)
        return [entry.published_at.isoformat() for entry in snapshot.entries if entry.published_at]

    assert times("webcore-news-c9vrrymm10nt-2025-07-01.txt", datetime(2025, 7, 2, tzinfo=UTC)) == [
        "2025-07-01T17:16:00+01:00",
        "2025-07-01T16:43:00+01:00",
    ]
    afternoon = datetime(2025, 10, 24, 15, 10, tzinfo=UTC)
    assert times("webcore-news-cgmx8pwvgz0t-sameday-bst.txt", afternoon) == [
        "2025-10-24T16:02:00+01:00",
        "2025-10-24T15:29:00+01:00",
    ]
    assert times("lx-news-uk-politics-69111362-2024-06-13.txt", NOW) == []
    assert times("webcore-sport-45682329-page8-2018-12-19.txt", NOW)[::3] == [
        "2018-12-19T19:28:00+00:00",
        "2018-12-19T19:23:00+00:00",
    ]


def test_copied_texts_name_authors_labels_and_posts_without_headline(samples_dir: Path) -> None:
    def entries(name: str) -> Any:
        return read_bytes((samples_dir / "bbc/text" / name).read_bytes(), "", NOW).entries

    older = entries("lx-news-uk-politics-69111362-2024-06-13.txt")
    assert [(entry.author, entry.authors[0].role, entry.label) for entry in older] == [
        ("Aoife Walsh", "Live reporter", None),
        ("Damian Grammaticas", "Political correspondent, reporting from the spin room", "Analysis"),
    ]
    sport = entries("webcore-sport-45682329-page8-2018-12-19.txt")
    assert [entry.label for entry in sport] == [None, "get involved", None, "get involved"]
    assert [entry.headline is None for entry in sport] == [False, False, True, False]
    assert sport[0].author == "Tom Garry"
    assert sport[0].images[0].credit == "BBC Sport"


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_fragment_of_the_present_renderer_is_read(samples_dir: Path) -> None:
    body = (samples_dir / "bbc/bbc-content-post-fragment.html").read_bytes()
    (entry,) = read_bytes(body, "", datetime(2025, 6, 5, tzinfo=UTC)).entries
    assert entry.key == "asset:d51deea4-5d25-483a-8467-ad25292104d7"
    assert entry.headline == "Goodbye!"
    assert entry.published_at == datetime(2025, 6, 4, 23, 5, tzinfo=ZoneInfo("Europe/London"))
    assert not entry.body


def test_the_older_renderers_page_has_what_was_counted_in_it(samples_dir: Path, lx: bytes) -> None:
    counts = json.loads((samples_dir / "COUNTS.json").read_text())[LX]
    snapshot = read_bytes(lx, LX_URL, NOW)
    images = [image for entry in snapshot.entries for image in entry.images]
    assert len(snapshot.entries) == counts["dom_entries"] == 20
    assert len({entry.headline for entry in snapshot.entries}) == counts["distinct_headlines"]
    assert sum("breaking" in entry.flags for entry in snapshot.entries) == counts["breaking"] == 2
    assert len(images) == counts["images"] == 10
    assert sum(bool(image.caption) for image in images) == counts["captions"] == 4
    assert sum(bool(entry.authors) for entry in snapshot.entries) == counts["contributors"] == 2
    assert len(snapshot.summary) == counts["summary_points"] == 8
    assert snapshot.title == counts["page_headline"]
    assert f"/page/{counts['pages'].split()[1]}" not in (snapshot.next_page or "")
    assert snapshot.next_page == f"{LX_URL}/page/2"


def test_the_older_renderers_page_agrees_with_its_json_and_is_live(samples_dir: Path, lx: bytes) -> None:
    stream = samples_dir / "bbc/bbc-live-2020-05-12-bbc-morph-lx-commentary-data-paged.json"
    results = json.loads(stream.read_text())["body"]["results"]
    snapshot = read_bytes(lx, LX_URL, NOW)
    assert snapshot.status == "live"
    assert [f"urn:{entry.key}" for entry in snapshot.entries] == [result["locator"] for result in results]
    for entry, result in zip(snapshot.entries, results, strict=True):
        assert entry.headline == result["title"]
        assert entry.published_at == datetime.fromisoformat(result["firstPublished"])
        assert entry.updated_at is None
        assert entry.url == f"{LX_URL}?pinned_post_locator={result['locator']}"


# Compared with the page by hand: of headlines and texts the first and last word and the length, of pictures the end.
CHECKED = {
    0: ("Where testing? 35", "15:05:07", [("438-8fc35209545f.png", "Our World In Data")], [], "US case). 798", None),
    10: ("WHO: enough 48", "13:54:36", [("3d6-ea6ad61db16e.jpg", "Reuters")], [], "Some fast. 995", None),
    16: ("Furlough time 41", "13:02:59", [], [], "Over time. 1538", "Faisal Islam"),
    19: ("Russian Covid-19 42", "12:34:40", [], ["breaking"], "Russian Moscow. 193", None),
}


def _checked(entry: Any) -> tuple[Any, ...]:
    images = [(image.url[-20:], image.credit) for image in entry.images]
    ends = [f"{text.split()[0]} {text.split()[-1]} {len(text)}" for text in (entry.headline, entry.body.text)]
    return ends[0], f"{entry.published_at:%H:%M:%S}", images, sorted(entry.flags), ends[1], entry.author


def test_the_older_renderers_page_at_four_places(lx: bytes) -> None:
    entries = read_bytes(lx, LX_URL, NOW).entries
    assert {place: _checked(entries[place]) for place in CHECKED} == CHECKED


WORLD = "bbc/simorgh-live-bff-subset.json"


def test_the_world_services_json_is_read_post_by_post(samples_dir: Path) -> None:
    snapshot = read_bytes((samples_dir / WORLD).read_bytes(), "", NOW)
    assert snapshot.url == "https://www.bbc.com/pidgin/live/c7p765ynk9qt"
    assert [len(point) for point in snapshot.summary] == [20, 30, 26]
    assert (snapshot.status, snapshot.modified_at) == ("ended", datetime(2024, 3, 12, 11, 0, 52, tzinfo=UTC))
    edited = datetime(2023, 12, 7, 15, 59, 50, tzinfo=UTC)
    assert [entry.updated_at for entry in snapshot.entries] == [edited, None, None, None]
    assert [(*_checked(entry), entry.label) for entry in snapshot.entries] == [
        ("Sunak two 45", "15:51:05", [], ["breaking"], "Rushdi Delivery. 351", None, None),
        ("Analysis Analysis 8", "10:33:17", [], [], "This type 53", None, "Analysis"),
        ("X (Twitter) 16", "10:07:36", [], [], "X 2 58", None, None),
        ("A contributors 24", "09:00:01", [], [], "This text 54", "Gahuza contributor", None),
    ]


def test_without_json_the_days_are_those_of_the_json_ld_and_else_of_the_order(lx: bytes) -> None:
    bare = lx.replace(b"bbc-morph-lx-commentary-data-paged", b"gone")
    days = {
        entry.published_at.date().isoformat() for entry in read_bytes(bare, LX_URL, NOW).entries if entry.published_at
    }
    assert days == {"2020-05-12"}
    # Fetched at two in the afternoon, what was posted at five past three is of the day before, and all below it.
    early = datetime(2020, 5, 12, 14, tzinfo=UTC)
    bare = bare.replace(b"ld+json", b"gone")
    days = {
        entry.published_at.date().isoformat() for entry in read_bytes(bare, LX_URL, early).entries if entry.published_at
    }
    assert days == {"2020-05-11"}


def test_without_its_json_the_older_renderers_html_says_the_same(lx: bytes) -> None:
    at_capture = datetime(2020, 5, 12, 15, 9, tzinfo=UTC)
    whole = read_bytes(lx, LX_URL, at_capture)
    bare = read_bytes(lx.replace(b"bbc-morph-lx-commentary-data-paged", b"gone"), LX_URL, at_capture)
    assert all(re.fullmatch("post_[0-9a-f]{24}", entry.key) for entry in bare.entries)
    for one, other in zip(whole.entries, bare.entries, strict=True):
        assert (one.headline, one.body, one.authors, one.images) == (
            other.headline,
            other.body,
            other.authors,
            other.images,
        )
        assert (one.embeds, one.flags) == (other.embeds, other.flags)
        assert one.published_at is not None
        assert other.published_at is not None
        assert abs((one.published_at - other.published_at).total_seconds()) < 60
    assert (whole.title, whole.status, whole.summary) == (bare.title, bare.status, bare.summary)
    assert whole.next_page == bare.next_page


def test_the_older_renderers_page_cut_in_the_middle_brings_whole_posts_under_their_ids(lx: bytes) -> None:
    whole = read_bytes(lx, LX_URL, NOW)
    cut = read_bytes(lx[:600_000], LX_URL, NOW)
    assert not cut.complete
    assert 0 < len(cut.entries) < 20
    assert [entry.key for entry in cut.entries] == [entry.key for entry in whole.entries[: len(cut.entries)]]
    assert [entry.body for entry in cut.entries] == [entry.body for entry in whole.entries[: len(cut.entries)]]
