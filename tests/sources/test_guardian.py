"""The Guardian's three layers: which says what, that they agree, and what changes between two polls of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.digest import digest
from bot.errors import UnreadablePage
from bot.model import Entry, Snapshot
from bot.sources import guardian_block
from bot.sources.body import Body

from .comparing import changes
from .telling import read_bytes

PAGES = Path(__file__).parent.parent / "data" / "pages"
NOW = datetime(2025, 7, 1, 16, tzinfo=UTC)
URL = "https://www.example.org/sport/live/2025/jul/01/ferry-race-live"
API = "https://content.guardianapis.com/sport/live/2025/jul/01/ferry-race-live?api-key=not-to-be-told"
FIRST, SECOND, THIRD = (f"64620000000000000000000{n}" for n in (5, 4, 3))

Model = dict[str, Any]


def page() -> str:
    return (PAGES / "guardian-page.html").read_text()


def model(change: Callable[[Model], None] = lambda told: None) -> Snapshot:
    told = json.loads((PAGES / "guardian-model.json.txt").read_text())
    change(told)
    return read_bytes(json.dumps(told).encode(), f"{URL}.json?dcr=true", NOW)


def api(change: Callable[[Model], None] = lambda told: None) -> Snapshot:
    told = json.loads((PAGES / "guardian-api.json.txt").read_text())
    change(told["response"]["content"])
    return read_bytes(json.dumps(told).encode(), API, NOW)


def html(text: str) -> Snapshot:
    return read_bytes(text.encode(), URL, NOW)


# ── the layers agree ─────────────────────────────────────────────────────────────────────────────────────────────


def test_page_and_model_say_the_same_of_every_block() -> None:
    assert [_told(entry) for entry in html(page()).entries] == [_told(entry) for entry in model().entries]


def _told(entry: Entry) -> tuple[Any, ...]:
    return entry.key, digest(entry), entry.published_at, entry.updated_at, entry.url, entry.flags, entry.body


def test_a_change_from_model_to_page_and_back_is_no_news() -> None:
    assert changes(model(), html(page())) == []
    assert changes(html(page()), model()) == []


def test_the_api_keeps_the_keys_and_times_of_the_model() -> None:
    times = {entry.key: (entry.published_at, entry.updated_at) for entry in model().entries}
    told = {entry.key: (entry.published_at, entry.updated_at) for entry in api().entries}
    assert told == {key: times[key] for key in (FIRST, SECOND, THIRD)}


def test_the_key_of_the_api_is_never_told() -> None:
    assert "not-to-be-told" not in repr(api())


# ── single rules ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pinned_block_that_stands_among_the_others_is_marked_there() -> None:
    def pin(told: Model) -> None:
        told["pinnedPost"] = told["blocks"][2]

    entries = model(pin).entries
    assert [entry.key for entry in entries] == [FIRST, SECOND, THIRD]
    assert ["pinned" in entry.flags for entry in entries] == [False, True, False]

    repeated = (
        page()
        .replace("646200000000000000000001#", f"{SECOND}#")
        .replace("page=with:block-646200000000000000000001", f"page=with:block-{SECOND}")
    )
    assert [_told(entry) for entry in html(repeated).entries] == [_told(entry) for entry in entries]


def test_a_dead_blog_has_ended_and_one_page_is_the_whole() -> None:
    def end(told: Model) -> None:
        told["format"]["design"] = "DeadBlogDesign"
        told["pagination"] = {"currentPage": 1, "totalPages": 1}

    snapshot = model(end)
    assert (snapshot.status, snapshot.whole, snapshot.next_page) == ("ended", True, None)
    assert html(page().replace('"isLive":true', '"isLive":false')).status == "ended"


def test_a_later_page_is_not_the_whole() -> None:
    def last(told: Model) -> None:
        told["pagination"] = {"currentPage": 2, "totalPages": 2, "newer": "?page=with:block-1"}

    snapshot = model(last)
    assert (snapshot.whole, snapshot.next_page) == (False, None)


def test_a_model_that_came_with_the_page_continues_as_a_page() -> None:
    told = (PAGES / "guardian-model.json.txt").read_bytes()
    assert read_bytes(told, URL, NOW).next_page == f"{URL}?page=with:block-646200000000000000000002"


@pytest.mark.parametrize(
    ("served", "asked"),
    [
        ("0_0_7016_4676/master/7016.jpg?width=465&s=none", "0_0_7016_4676/1000.jpg"),
        ("0_155_734_440/734.png", "0_155_734_440/734.png"),
    ],
)
def test_a_picture_has_one_address_however_it_is_served(served: str, asked: str) -> None:
    name = "b85eeabca3167f481f10644c8e09e8e4ac54ff16"
    told = f"https://media.guim.co.uk/{name}/{asked}"
    assert guardian_block.picture_address(f"https://i.guim.co.uk/img/media/{name}/{served}") == told
    assert guardian_block.picture_address(told) == told


def test_a_cut_page_gives_the_blocks_that_arrived_whole() -> None:
    whole = page()
    snapshot = html(whole[: whole.index("The Heron is past")])
    assert [entry.key for entry in snapshot.entries][1:] == [FIRST, SECOND]
    assert not snapshot.complete
    with pytest.raises(UnreadablePage):
        html(whole[: whole.index("Gull 3-2")].replace("pinned-post", "nothing"))


def test_elements_of_kinds_never_seen_leave_the_rest_alone() -> None:
    body = Body(URL)
    for element in ({}, {"_type": 7}, {"_type": "x.NewBlockElement", "html": "<iframe src='https://a.example/x'>"}):
        guardian_block.add(body, element)
    assert (body.rich_text().text, body.embeds) == ("", ["https://a.example/x"])


# ── two polls ────────────────────────────────────────────────────────────────────────────────────────────────────


def _news(told: Model) -> None:
    """A new block above, an edit in the first, the second taken away, the third re-ordered above it."""
    blocks = [block for block in told["blocks"] if isinstance(block, dict) and block.get("id")]
    first, _, third = blocks
    late = json.loads(json.dumps(third))
    late |= {"id": "646200000000000000000006", "title": "Finish", "blockFirstPublished": 1751384000000}
    first["elements"][0]["html"] = "<p>Gull 4-2 Heron.</p>"
    first["blockLastUpdated"] += 60000
    told["blocks"] = [late, third, first]
    told["keyEvents"] = []


EXPECTED = [("edited", FIRST), ("new", "646200000000000000000006"), ("removed", SECOND)]


def test_two_polls_of_the_model() -> None:
    assert sorted(changes(model(), model(_news))) == EXPECTED


def test_a_block_that_moved_to_the_next_page_is_not_removed() -> None:
    def move(told: Model) -> None:
        _news(told)
        told["blocks"] = [told["blocks"][0], json.loads((PAGES / "guardian-model.json.txt").read_text())["blocks"][0]]

    known = [entry.key for entry in model(move).entries]
    assert SECOND not in known
    assert THIRD not in known
    assert changes(model(), model(move)) == [("new", "646200000000000000000006")]


def test_a_pin_that_is_taken_off_or_put_on_is_no_news() -> None:
    def unpin(told: Model) -> None:
        del told["pinnedPost"]

    def pin(told: Model) -> None:
        told["pinnedPost"] = told["blocks"][2]

    assert changes(model(), model(unpin)) == []
    assert changes(model(unpin), model(pin)) == []


def test_two_polls_of_the_page() -> None:
    before = page()
    start, second, third, end = _marks(before)
    first_block, third_block = before[start:second], before[third:end]
    late = third_block.replace(THIRD, "646200000000000000000006").replace("2025-07-01T14:56", "2025-07-01T15:40")
    after = before[:start] + late + third_block + first_block.replace("Gull 3-2", "Gull 4-2") + before[end:]
    assert sorted(changes(html(before), html(after))) == EXPECTED


def _marks(text: str) -> tuple[int, int, int, int]:
    first, second, third = (text.index(f'<article id="block-{key}"') for key in (FIRST, SECOND, THIRD))
    return first, second, third, text.index('<nav id="liveblog-navigation"')


def test_a_block_that_the_api_calls_unpublished_is_removed() -> None:
    def withdraw(told: Model) -> None:
        told["blocks"]["body"][2]["published"] = False

    assert changes(api(), api(withdraw)) == [("removed", SECOND)]


def test_only_the_newest_blocks_prove_that_one_is_missing() -> None:
    """An answer that also has the key events of all pages says nothing of what lies between these."""

    def with_key_events(told: Model) -> None:
        old = {"id": "646200000000000000000aaa", "published": True, "firstPublishedDate": "2023-05-15T01:00:00Z"}
        old |= {"bodyHtml": "<p>Long ago</p>", "attributes": {"keyEvent": True}}
        told["blocks"]["requestedBodyBlocks"] = {"body:key-events": [old, told["blocks"]["body"][0]]}

    def key_events_alone(told: Model) -> None:
        told["blocks"] = {"requestedBodyBlocks": {"body:key-events": told["blocks"]["body"][1:]}}

    assert changes(api(), api(with_key_events)) == []
    assert changes(api(), api(key_events_alone)) == []
    assert len(api(key_events_alone).entries) == 2


def test_a_pinned_block_of_an_earlier_hour_stands_above_the_newest() -> None:
    def pin(told: Model) -> None:
        pinned = {"id": "646200000000000000000aaa", "published": True, "attributes": {"pinned": True}, "title": "Pin"}
        told["blocks"]["requestedBodyBlocks"] = {"body:latest:3": told["blocks"].pop("body"), "body:pinned": [pinned]}

    entries = api(pin).entries
    assert [entry.headline for entry in entries][:1] == ["Pin"]
    assert [entry.key for entry in entries][1:] == [entry.key for entry in api().entries]


# ── real pages ───────────────────────────────────────────────────────────────────────────────────────────────────

PAGE = "guardian/theguardian-live-2023-05-15.html"
MODEL = "guardian/dcr-fe-article-LiveBlogSingleContributor.json"
KEY_EVENTS = "guardian/dcr-live-blog-key-events.json"


@pytest.fixture(scope="module")
def counts(samples_dir: Path) -> Any:
    return json.loads((samples_dir / "COUNTS.json").read_text())


@pytest.fixture(scope="module")
def real_page(samples_dir: Path) -> Snapshot:
    return read_bytes((samples_dir / PAGE).read_bytes(), "", NOW)


@pytest.fixture(scope="module")
def real_model(samples_dir: Path) -> Snapshot:
    return read_bytes((samples_dir / MODEL).read_bytes(), "", NOW)


def _row(entry: Entry) -> tuple[Any, ...]:
    """What was looked up in the page by hand: key, whether it has a headline, times, pictures, flags, authors."""
    times = [f"{moment:%H:%M:%S}" if moment else None for moment in (entry.published_at, entry.updated_at)]
    pictures = [(image.url.rpartition("/")[2], image.credit) for image in entry.images]
    return entry.key, (entry.headline or "")[:12], *times, pictures, sorted(entry.flags), entry.author


@pytest.mark.samples
def test_the_real_page_has_what_was_counted_in_it(counts: Any, real_page: Snapshot) -> None:
    told = counts[PAGE]
    assert len(real_page.entries) == told["dom_entries"] == 10
    assert real_page.entries[0].key == told["first_id"]
    assert real_page.url == told["canonical"]
    assert (real_page.title or "").startswith(told["title"])
    assert not any(entry.key_derived for entry in real_page.entries)
    times = [entry.published_at for entry in real_page.entries if entry.published_at]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 10
    assert all(entry.body for entry in real_page.entries)


@pytest.mark.samples
def test_the_real_page_at_three_places(real_page: Snapshot) -> None:
    assert [_row(real_page.entries[n]) for n in (0, 5, 9)] == [
        ("646219928f08e408b758af95", "", "11:50:54", None, [], [], "Jennifer Rankin"),
        ("646210cc8f0822aea831dd91", "Sunak: 'not ", "11:05:09", "11:08:24", [], ["key", "pinned"], None),
        ("64620b708f08e408b758aedb", "Zelenskiy di", "10:42:56", None, [("1000.jpg", "Reuters")], ["key"], None),
    ]
    assert (real_page.status, real_page.whole) == ("live", False)
    assert (real_page.next_page or "").endswith("-live?page=with:block-64620b428f08e408b758aed8")


@pytest.mark.samples
def test_the_real_pages_json_ld_and_blocks_have_the_same_words(samples_dir: Path, real_page: Snapshot) -> None:
    text = (samples_dir / PAGE).read_text()
    told, _ = json.JSONDecoder(strict=False).raw_decode(text, text.index("[", text.index("ld+json")))
    assert _same_words(real_page, told) == 10


@pytest.mark.samples
def test_the_real_models_json_ld_and_blocks_have_the_same_words(samples_dir: Path, real_model: Snapshot) -> None:
    assert _same_words(real_model, json.loads((samples_dir / MODEL).read_text())["linkedData"]) == 11


def _same_words(snapshot: Snapshot, linked: Any) -> int:
    """Hold the entries against the page's own plain text of them, which it cuts at 1,000 characters."""
    bodies = {update["@id"]: update["articleBody"] for update in linked[0]["liveBlogUpdate"]}
    entries = {entry.key: entry for entry in snapshot.entries}
    for key, body in bodies.items():
        words = "".join(entries[key].body.text.replace("•", "").split())
        assert words.startswith("".join(body.split())[:800])
    return len(bodies)


@pytest.mark.samples
def test_the_real_model_has_what_was_counted_in_it(counts: Any, real_model: Snapshot) -> None:
    told = counts[MODEL]
    pinned, *blocks = real_model.entries
    assert pinned.key == told["pinned"]
    assert len(blocks) == told["blocks"] == 11
    assert sum(entry.headline is not None for entry in blocks) == told["titled_blocks"]
    assert sum(entry.updated_at is not None for entry in blocks) == 5
    assert real_model.url == told["url"]
    assert (real_model.next_page or "").endswith("?page=with:block-6579c37e8f08e3b7ab1a2fd6")


@pytest.mark.samples
def test_the_real_model_at_three_places(real_model: Snapshot) -> None:
    assert [_row(real_model.entries[n]) for n in (0, 1, 5, 11)] == [
        ("6579a60c8f08c4c875ceac82", "PMQs – snap ", "13:24:43", "14:29:25", [], ["key", "pinned"], None),
        (
            "6579e3a48f08e3b7ab1a3236",
            "Afternoon su",
            "17:25:40",
            "17:35:51",
            [("1000.jpg", "Jessica Taylor/UK Parliament/Reuters")],
            ["key"],
            None,
        ),
        ("6579d56d8f08e3b7ab1a3130", "", "16:04:43", None, [], [], None),
        ("6579c7638f0839cf977236eb", "Immigration ", "15:14:47", "16:48:28", [], ["key"], None),
    ]


@pytest.mark.samples
def test_real_key_events_are_read_block_by_block(samples_dir: Path, counts: Any) -> None:
    lists = json.loads((samples_dir / KEY_EVENTS).read_text())
    read = {name: [guardian_block.entry(block, URL) for block in blocks] for name, blocks in lists.items()}
    assert {name: len(list(filter(None, entries))) for name, entries in read.items()} == counts[KEY_EVENTS]
    assert all(entry and entry.headline and entry.published_at for entries in read.values() for entry in entries)
