"""Our own pages, each with what is expected of it beside it: one page for every shape, between them every quirk."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from .telling import read_bytes, told

PAGES = Path(__file__).parent.parent / "data" / "pages"
NAMES = sorted(path.name.removesuffix(".json") for path in PAGES.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_is_written_beside_it(name: str) -> None:
    expected = json.loads((PAGES / f"{name}.json").read_text())
    fetched_at = datetime.fromisoformat(expected["at"])
    assert told(read_bytes((PAGES / name).read_bytes(), expected["url"], fetched_at)) == expected["told"]


def test_every_page_has_its_expectation() -> None:
    assert sorted(path.name for path in PAGES.iterdir() if path.suffix != ".json") == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_helper_word_is_left_in_any_text(name: str) -> None:
    expected = json.loads((PAGES / f"{name}.json").read_text())
    snapshot = read_bytes((PAGES / name).read_bytes(), expected["url"], datetime.fromisoformat(expected["at"]))
    words = [snapshot.title or "", *(point.text for point in snapshot.summary)]
    for entry in snapshot.entries:
        words += [entry.headline or "", entry.body.text, entry.label or "", entry.author or ""]
        words += [said for image in entry.images for said in (image.alt, image.caption, image.credit)]
        words += [clip.caption for clip in entry.clips]
    for helper in (
        "published at 1",
        ", external,",
        "external and the",
        "Image source",
        "Image caption",
        "Media caption",
    ):
        assert not any(helper in word for word in words)
