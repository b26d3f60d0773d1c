"""Every file that the samples' COUNTS.json lists, as `liverelay read --json` tells it.

Where the two differ it is said here by how much, and why.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

pytestmark = pytest.mark.samples

Told = dict[str, Any]
ReadJson = Callable[[Path], Told]

LX = "bbc/bbc-live-2020-05-12-lx-stream-world-52627824.html"
STREAM = "bbc/bbc-live-2020-05-12-bbc-morph-lx-commentary-data-paged.json"
LOCATORS = "bbc/bbc-live-2020-05-12-bbc-morph-lx-commentary-latest-paged-data.json"
GUARDIAN = "guardian/theguardian-live-2023-05-15.html"
MODEL = "guardian/dcr-fe-article-LiveBlogSingleContributor.json"
KEY_EVENTS = "guardian/dcr-live-blog-key-events.json"

DIFFERENT = {
    # counted with a selector of another renderer's; it holds one post
    "bbc/bbc-content-post-fragment.html": 1,
    # the pinned block comes from an older page and is none of this page's
    MODEL: 1,
    # four articles stand there twice, once as republished (#0 and #2)
    "bbc/bbc-news-rss-2024-08-08.xml": -4,
    # one item is an empty template
    "feeds/miniflux/no_encoding_ISO-8859-1.xml": -1,
    # one post was only submitted
    "sourcefabric/posts.json": -1,
}
NO_PAGES = {LOCATORS, KEY_EVENTS}
"""Lists of ids, and of blocks that somebody arranged: read together with what they belong to."""


def _counts() -> dict[str, Any]:
    """Return what was counted; nothing where the samples are not there, and the tests are skipped."""
    path = Path(os.environ.get("LIVERELAY_SAMPLES", "")) / "COUNTS.json"
    counted = json.loads(path.read_text()) if path.is_file() else {}
    assert isinstance(counted, dict)
    return counted


COUNTS = _counts()
FILES = sorted(COUNTS.keys() - NO_PAGES)


@pytest.fixture(scope="module")
def seen() -> dict[Path, Told]:
    """What was told of a file before: each is read once."""
    return {}


@pytest.fixture
def read_json(samples_dir: Path, seen: dict[Path, Told], capsys: pytest.CaptureFixture[str]) -> ReadJson:
    def told(path: Path) -> Told:
        if path not in seen:
            seen[path] = _read(path)
        return seen[path]

    def _read(path: Path) -> Told:
        assert main(["read", str(samples_dir / path), "--at", "2026-05-01T12:00:00+00:00", "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert isinstance(answer, dict)
        return answer

    return told


def _counted(told: Told) -> int:
    names = ("jsonld_updates", "dom_entries", "entries", "blocks", "results", "_items")
    return next((told[name] for name in names if told.get(name)), 0)


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_as_many_entries_as_were_counted_in_it(name: str, read_json: ReadJson) -> None:
    entries = read_json(Path(name))["entries"]
    assert len(entries) == _counted(COUNTS[name]) + DIFFERENT.get(name, 0)
    assert len({entry["key"] for entry in entries}) == len(entries)


@pytest.mark.parametrize("name", [name for name in FILES if COUNTS[name].get("canonical")])
def test_a_page_is_what_was_counted_of_it(name: str, read_json: ReadJson) -> None:
    told, counted = read_json(Path(name)), COUNTS[name]
    entries = told["entries"]
    assert told["url"] == counted["canonical"]
    assert told["title"]
    assert all(entry["published_at"] for entry in entries)
    if "empty_bodies" in counted:
        assert sum(not entry["text"] for entry in entries) == counted["empty_bodies"]
    if counted.get("first_id") and name != LX:
        assert counted["first_id"].endswith(entries[0]["key"])
    if "newest_first" in counted:
        times = [datetime.fromisoformat(entry["published_at"]) for entry in entries]
        assert (times == sorted(times, reverse=True)) == counted["newest_first"]


@pytest.mark.parametrize("name", [name for name in FILES if "distinct_headlines" in COUNTS[name]])
def test_headlines_are_as_many_as_were_counted_unless_they_are_the_pages(name: str, read_json: ReadJson) -> None:
    entries, counted = read_json(Path(name))["entries"], COUNTS[name]
    headlines = {entry["headline"] for entry in entries}
    if counted["distinct_headlines"] > 3:
        # The data of the Telegraph and the Mirror has a few that differ only in what is no headline of its own.
        assert counted["distinct_headlines"] - 1 <= len(headlines) <= counted["distinct_headlines"]
    assert COUNTS[name]["title"] not in headlines


def test_the_older_page_has_everything_that_was_counted_in_it(read_json: ReadJson) -> None:
    told, counted = read_json(Path(LX)), COUNTS[LX]
    entries = told["entries"]
    images = [image for entry in entries for image in entry["images"]]
    assert {
        "breaking": sum("breaking" in entry["flags"] for entry in entries),
        "images": len(images),
        "captions": sum(bool(image["caption"]) for image in images),
        "contributors": sum(bool(entry["author"]) for entry in entries),
        "summary_points": len(told["summary"]),
        "page_headline": told["title"],
        "modified_after_published": sum(bool(entry["updated_at"]) for entry in entries),
        "distinct_datePublished": len({entry["published_at"] for entry in entries}),
    }.items() <= counted.items()


def test_the_list_of_ids_is_the_one_of_the_page_and_of_its_stream(samples_dir: Path, read_json: ReadJson) -> None:
    listed = json.loads((samples_dir / LOCATORS).read_text())["body"]["posts"]
    assert len(listed) == COUNTS[LOCATORS]["posts"]
    for name in (LX, STREAM):
        assert [f"urn:{entry['key']}" for entry in read_json(Path(name))["entries"]] == listed


def test_the_guardians_model_has_what_was_counted_in_it(read_json: ReadJson) -> None:
    told, counted = read_json(Path(MODEL)), COUNTS[MODEL]
    pinned, *blocks = told["entries"]
    assert (told["url"], told["status"]) == (counted["url"], "live")
    assert (pinned["key"], pinned["flags"]) == (counted["pinned"], ["key", "pinned"])
    assert sum(bool(block["headline"]) for block in blocks) == counted["titled_blocks"]
    edited = counted["edited_blocks(blockLastUpdated>blockFirstPublished)"]
    assert sum(bool(block["updated_at"]) for block in blocks) == edited
    assert sum("key" in block["flags"] for block in blocks) == 6


@pytest.mark.parametrize("length", ["SingleKeyEvent", "ShortKeyEvents", "LongKeyEvents"])
def test_the_guardians_key_events_are_read_as_blocks(
    length: str, samples_dir: Path, tmp_path: Path, read_json: ReadJson
) -> None:
    blocks = json.loads((samples_dir / KEY_EVENTS).read_text())[length]
    model = {"webURL": "https://www.theguardian.com/x", "format": {"design": "LiveBlogDesign"}, "blocks": blocks}
    (tmp_path / "model.json").write_text(json.dumps(model))
    entries = read_json(tmp_path / "model.json")["entries"]
    assert len(blocks) == COUNTS[KEY_EVENTS][length]
    # The longest list holds the four of the short one twice.
    assert [entry["key"] for entry in entries] == list(dict.fromkeys(block["id"] for block in blocks))
    assert all(entry["headline"] and (entry["text"] or entry["images"]) for entry in entries)


def test_everything_that_was_counted_is_held_to(samples_dir: Path) -> None:
    assert json.loads((samples_dir / "COUNTS.json").read_text()) == COUNTS
    assert len(FILES) == 28 - len(NO_PAGES)
