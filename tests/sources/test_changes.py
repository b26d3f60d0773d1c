"""One table: for every format that is read, what may happen between two polls, and the Changes that this must give.

The story and what happens to it are those of `stories`; how a format tells it stands in `story_pages` and
`story_answers`. All formats give the Changes of HAPPENINGS, except where it is said here why one cannot.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import UnreadablePage
from bot.model import Snapshot
from bot.sources.read import READERS, read

from .comparing import Memory, changes
from .formats import FORMATS
from .stories import HAPPENINGS, STORY, Story, number_of, reworded, without

Told = list[tuple[str, int]]

FEEDS = [name for name, form in FORMATS.items() if form.reader == "feed"]
OUTSPOKEN = ["guardian-api", "liveblog in an AMP live list", "wordpress-liveblog", "sourcefabric 1", "sourcefabric 2"]
"""These say themselves what was deleted, however much at once; what merely vanishes so is held back."""

EXCEPT: dict[tuple[str, str], Told] = {
    # What leaves a feed has only made room.
    **{(name, "a removal"): [] for name in FEEDS},
    **{(name, "all at once"): [("edited", 6), ("new", 9)] for name in FEEDS},
    **{(name, "nearly all gone at once"): [("removed", number) for number in range(3, 9)] for name in OUTSPOKEN},
}


def told(before: Snapshot, after: Snapshot) -> Told:
    """Return what changed, as kind and number of the post, sorted."""
    numbers = {entry.key: number_of(entry) for entry in (*before.entries, *after.entries)}
    return sorted((kind, numbers[key]) for kind, key in changes(before, after))


@pytest.mark.parametrize("happening", HAPPENINGS)
@pytest.mark.parametrize("name", FORMATS)
def test_what_happens_to_a_story_is_told_and_nothing_else(name: str, happening: str) -> None:
    form = FORMATS[name]
    happen, usual = HAPPENINGS[happening]
    before, after = form.read(STORY), form.read(happen(STORY))
    assert (before.reader, after.reader) == (form.reader, form.reader)
    assert len(before.entries) == len(STORY.posts)
    assert told(before, after) == EXCEPT.get((name, happening), usual)


# ── over several polls ───────────────────────────────────────────────────────────────────────────────────────────


def told_by(name: str, *stories: Story) -> list[Told]:
    """Return what is told at every poll but the first."""
    snapshots = [FORMATS[name].read(story) for story in stories]
    numbers = {entry.key: number_of(entry) for snapshot in snapshots for entry in snapshot.entries}
    memory = Memory()
    return [[(kind, numbers[key]) for kind, key in memory.told(snapshot)] for snapshot in snapshots][1:]


@pytest.mark.parametrize("name", FORMATS)
def test_a_copy_that_lacks_a_post_once_tells_nothing(name: str) -> None:
    lacking = without(STORY, 4)
    assert told_by(name, STORY, lacking, STORY, lacking, STORY) == [[], [], [], []]


@pytest.mark.parametrize("name", FORMATS)
def test_an_old_copy_in_between_takes_no_edit_back(name: str) -> None:
    assert told_by(name, STORY, reworded(STORY), STORY, reworded(STORY)) == [[("edited", 4)], [], []]


SILENT = [*FEEDS, "sourcefabric 2"]
"""Of these absence proves nothing: what leaves a feed has made room, and a post may have become a sticky one."""


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in SILENT])
def test_a_post_that_is_back_for_good_is_told_so(name: str) -> None:
    gone = without(STORY, 4)
    polls = told_by(name, STORY, gone, gone, STORY, STORY, STORY)
    assert polls == [[], [("removed", 4)], [], [("returned", 4)], []]


OTHER_PARSERS = [
    ("bbc", "bbc with its model"),
    ("guardian", "guardian-json"),
    ("guardian-json", "guardian-api"),
    ("guardian", "guardian-api"),
    ("sourcefabric 1", "sourcefabric 2"),
    ("liveblog without ids", "liveblog with positions as ids"),
]


@pytest.mark.parametrize(("one", "other"), OTHER_PARSERS)
def test_going_from_one_way_of_reading_to_another_tells_nothing(one: str, other: str) -> None:
    first, second = FORMATS[one].read(STORY), FORMATS[other].read(STORY)
    assert [entry.key for entry in first.entries] == [entry.key for entry in second.entries]
    assert told(first, second) == told(second, first) == []


# What feedparser's strict way does not take, so that it goes its loose one.
JUNK = [b"<x:y>&</x:y>", b"<b><i></b></i>", b"</nothing>", b"&nosuch; &", b"<br>"]
XML = [name for name in FEEDS if FORMATS[name].tell(STORY).startswith(b"<")]


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("junk", JUNK)
def test_a_feed_that_turns_ill_formed_for_a_day_tells_nothing(name: str, junk: bytes) -> None:
    well = FORMATS[name].page(STORY)
    last = max(well.body.rfind(end) + len(end) for end in (b"</item>", b"</entry>"))
    ill = replace(well, body=well.body[:last] + junk + well.body[last:])
    first, second = read(well), read(ill)
    assert [entry.key for entry in first.entries] == [entry.key for entry in second.entries]
    assert told(first, second) == told(second, first) == []


CUT = [name for name, form in FORMATS.items() if form.tell(STORY).lstrip().startswith(b"<")]


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("share", [0.35, 0.6, 0.85, 0.99])
def test_a_page_that_is_cut_off_tells_nothing(name: str, share: float) -> None:
    """Whatever is missing behind the cut, the posts before it say what they said; or it is no page at all."""
    form, page = FORMATS[name], FORMATS[name].page(STORY)
    try:
        cut = read(replace(page, body=page.body[: int(len(page.body) * share)]))
    except UnreadablePage:
        return
    assert not cut.complete
    assert told(form.read(STORY), cut) == []


def test_every_reader_has_its_rows() -> None:
    assert {form.reader for form in FORMATS.values()} == {reader.name for reader in READERS}
