"""Live blogs in JSON-LD and microdata: identity, repairs, state, changes, and whatever else publishers get wrong."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnreadablePage
from bot.model import Entry, Page, Snapshot
from bot.sources.marked_text import line, marked_text
from bot.sources.read import read
from bot.sources.update_ids import keys, normal_id

from .comparing import changes, compared
from .telling import read_bytes

PAGES = Path(__file__).parent.parent / "data" / "pages"
URL = "https://gazette.example.org/live/harbour"
NOW = datetime(2025, 9, 1, 18, tzinfo=UTC)


def update(n: int, minute: int = 0, **more: Any) -> dict[str, Any]:
    told = {
        "@type": "BlogPosting",
        "url": f"{URL}#{n}",
        "headline": f"Ship number {n}",
        "datePublished": f"2025-09-01T12:{minute:02}:00Z",
        "articleBody": f"It carries {n} lamps and nothing else.",
    }
    return {name: value for name, value in {**told, **more}.items() if value is not None}


def blog(*updates: Any, **more: Any) -> dict[str, Any]:
    return {"@type": "LiveBlogPosting", "url": URL, "headline": "The harbour", "liveBlogUpdate": list(updates), **more}


def page_of(*blocks: Any, body: str = "<h1>The harbour</h1>") -> str:
    texts = (block if isinstance(block, str) else json.dumps(block) for block in blocks)
    scripts = "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{scripts}</head><body>{body}</body></html>"


def reading(page: str, url: str = URL, at: datetime = NOW) -> Snapshot:
    return read(Page(page.encode(), url, at, "text/html"))


def only(page: str) -> Entry:
    (entry,) = reading(page).entries
    return entry


# ── where the data stands ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "block",
    [
        blog(update(101)),
        [{"@type": "WebPage"}, blog(update(101))],
        {"@graph": [{"@type": "WebSite"}, blog(update(101))]},
        {"@type": "WebPage", "mainEntity": blog(update(101))},
        {**blog(), "liveBlogUpdate": update(101)},
        {**blog(), "liveBlogUpdate": [[update(101)], None, "words", 7]},
        {**blog(update(101)), "@type": ["Article", "schema:LiveBlogPosting"]},
        {**blog(update(101)), "@type": "http://schema.org/LiveBlogPosting"},
        "<!-- " + json.dumps(blog(update(101))) + " -->",
        "//<![CDATA[\n" + json.dumps(blog(update(101))) + "\n//]]>",
        json.dumps(blog(update(101))) + ";",
        json.dumps(blog(update(101))).replace("}]", "},]"),
        json.dumps(blog(update(101))).replace("carries 101", "carries\n101"),
        json.dumps(blog(update(101))).replace('"', "&quot;"),
        # as the Wall Street Journal does, whose page has no JSON-LD at first
        '{}</script><script id="__NEXT_DATA__" type="application/json">'
        + json.dumps({"props": {"pageProps": {"seoSchema": [{"@type": "WebPage"}, blog(update(101))]}}}),
    ],
)
def test_a_live_blog_is_found_however_it_is_put(block: Any) -> None:
    snapshot = reading(page_of(block))
    assert (snapshot.reader, snapshot.title, snapshot.complete) == ("liveblog", "The harbour", True)
    assert [(entry.key, entry.headline) for entry in snapshot.entries] == [("101", "Ship number 101")]
    assert snapshot.entries[0].body.text.split() == ["It", "carries", "101", "lamps", "and", "nothing", "else."]


@pytest.mark.parametrize(
    "spelled",
    [
        "2025-09-01T12:07:00Z",
        "2025-09-01T13:07:00+01:00",
        "2025-09-01T12:07:00+0000",
        "2025-09-01 12:07:00 +0000",
        "2025-09-01T12:07:00.0000000Z",
        "Mon, 01 Sep 2025 12:07:00 GMT",
        "September 1, 2025 12:07 UTC",
        1756728420,
        "1756728420000",
        {"@type": "DateTime", "@value": "2025-09-01T12:07:00Z"},
    ],
)
def test_a_time_is_understood_however_it_is_spelled(spelled: Any) -> None:
    assert only(page_of(blog(update(101, datePublished=spelled)))).published_at == datetime(
        2025, 9, 1, 12, 7, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("of_page", "hour"),
    [
        ({"dateModified": "2025-09-01T14:00:00+02:00"}, 10),
        ({"datePublished": "2025-09-01T14:00:00.000-0500"}, 17),
        ({"coverageStartTime": ["2025-09-01T09:00+05:30"]}, 6),
        ({"dateModified": "2025-09-01T14:00:00Z"}, 12),
        ({"dateModified": "2025-09-01T14:00:00"}, 12),
        ({}, 12),
    ],
)
def test_a_time_without_a_zone_is_in_that_of_the_page(of_page: dict[str, Any], hour: int) -> None:
    bare = update(101, datePublished="2025-09-01T12:00:00", dateModified="2025-09-01 12:05:00")
    entry = only(page_of(blog(bare, **of_page)))
    minute = 30 if hour == 6 else 0
    assert entry.published_at == datetime(2025, 9, 1, hour, minute, tzinfo=UTC)
    assert entry.updated_at == datetime(2025, 9, 1, hour, minute + 5, tzinfo=UTC)
    zoned = update(101, datePublished="2025-09-01T12:00:00Z")
    assert only(page_of(blog(zoned, **of_page))).published_at == datetime(2025, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("spelled", ["0001-01-01T00:00:00Z", "yesterday", "01 Jan 0001 00:00:00 GMT", None, [], {}])
def test_what_is_no_time_is_none(spelled: Any) -> None:
    assert only(page_of(blog(update(101, datePublished=spelled)))).published_at is None


@pytest.mark.parametrize(
    "of_update", ["/lead.jpg?width=320", "/lead.jpg?crop=1:1#x", "http://gazette.example.org/lead.jpg"]
)
def test_the_pages_picture_is_no_updates_in_any_size(of_update: str) -> None:
    page = page_of(blog(update(101, image=of_update), image={"url": "https://gazette.example.org/lead.jpg?width=1200"}))
    assert only(page).images == ()


def test_a_broken_block_beside_a_good_one_costs_nothing() -> None:
    snapshot = reading(page_of('{"@type": "NewsArticle", "x": {,}}', blog(update(101)), '{"@type'))
    assert len(snapshot.entries) == 1
    assert snapshot.complete


def test_of_a_live_blog_with_a_broken_update_the_others_are_kept_and_nothing_is_concluded() -> None:
    broken = json.dumps(blog(update(104, 9), update(103, 8, author={"name": "Bo"}), update(102, 7), update(101, 6)))
    snapshot = reading(page_of(broken.replace("carries 103", 'carries "103"')))
    assert [entry.key for entry in snapshot.entries] == ["104", "102", "101"]
    assert snapshot.title == "The harbour"
    assert not snapshot.complete


def test_a_live_blog_that_breaks_before_its_first_update_ends_is_refused() -> None:
    with pytest.raises(UnreadablePage, match="breaks off"):
        reading(page_of(json.dumps(blog(update(101)))[:150]))


def test_microdata_gives_the_same_keys_as_json_would() -> None:
    items = "".join(
        f'<div itemprop="liveBlogUpdate" itemscope><meta itemprop="url" content="{URL}#{n}"><h3 itemprop="headline">'
        f'Ship number {n}</h3><time itemprop="datePublished" datetime="2025-09-01T12:0{n - 100}:00Z">now</time>'
        f'<p itemprop="articleBody">It carries {n} lamps and nothing else.</p></div>'
        for n in (102, 101)
    )
    marked = reading(page_of(body=f'<div itemscope itemtype="https://schema.org/LiveBlogPosting">{items}</div>'))
    found = compared(reading(page_of(blog(update(102, 2), update(101, 1)))), marked)
    assert (found.changes, found.aliases, len(found.refreshed)) == ((), (), 2)


def test_a_live_blog_split_over_blocks_is_one_and_another_pages_is_none() -> None:
    other = {**blog(update(900), update(901), update(902)), "url": "https://gazette.example.org/live/other"}
    snapshot = reading(page_of(other, blog(update(102, 5)), blog(update(101, 4))))
    assert [entry.key for entry in snapshot.entries] == ["102", "101"]


def test_an_article_that_is_part_of_a_live_blog_is_none() -> None:
    with pytest.raises(UnreadablePage, match="not a live page"):
        reading(page_of({"@type": "NewsArticle", "isPartOf": blog(update(101))}))


def test_coverage_that_has_not_begun_is_an_empty_snapshot() -> None:
    without = {name: value for name, value in blog().items() if name != "liveBlogUpdate"}
    for unbegun in (without, blog(), {**without, "liveBlogUpdate": None}):
        snapshot = reading(page_of(unbegun))
        assert (snapshot.entries, snapshot.status, snapshot.complete) == ((), "unknown", True)


def test_updates_that_are_only_named_are_taken_from_where_they_stand_once() -> None:
    named = {"@id": f"{URL}#101"}
    told = {**update(101), "@id": f"{URL}#101"}
    snapshot = reading(page_of({"@graph": [blog(named, named, {"@id": "#gone"}), told]}))
    assert [entry.key for entry in snapshot.entries] == ["101"]


# ── identity ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("liveblogPost1288914", "1288914"),
        ("post-1288914", "1288914"),
        ("block-646219928f08e408b758af95", "646219928f08e408b758af95"),
        ("post-asset%3A00000000-0000-4000-8000-00000000000A", "asset:00000000-0000-4000-8000-00000000000a"),
        ("80", "80"),
        ("event-of-day-3", "event-of-day-3"),
        ("post1", ""),
        ("post1499", ""),
        ("entry-2", ""),
        ("liveblog", ""),
        ("", ""),
        ("1" * 300, ""),
    ],
)
def test_an_id_is_the_same_in_data_and_markup_and_a_position_is_none(told: str, key: str) -> None:
    assert normal_id(told) == key


def test_a_fragment_that_all_updates_share_is_no_id_of_any() -> None:
    updates = [update(n, n, url=f"{URL}?post={n}#post-777") for n in (3, 2, 1)]
    times = [datetime(2025, 9, 1, 12, n, tzinfo=UTC) for n in (3, 2, 1)]
    assert keys(updates, times, URL) == [f"/live/harbour?post={n}" for n in (3, 2, 1)]


def test_numbers_from_the_top_are_positions_and_numbers_from_the_start_are_ids() -> None:
    top = reading(page_of(blog(*[update(n, 10 - n) for n in (1, 2, 3)])))
    start = reading(page_of(blog(*[update(n, n) for n in (3, 2, 1)])))
    oldest_first = reading(page_of(blog(*[update(n, n) for n in (1, 2, 3)])))
    assert all(entry.key_derived and entry.url == URL for entry in top.entries)
    assert [entry.key for entry in start.entries] == ["3", "2", "1"]
    assert [entry.key for entry in oldest_first.entries] == ["1", "2", "3"]


def test_ids_survive_another_address_of_the_page() -> None:
    page = page_of(blog(update(101)))
    moved = page.replace(URL, "http://www.gazette.example.org/amp/harbour")
    assert only(page).key == only(moved).key == "101"


def test_a_copy_at_the_top_is_pinned_and_a_retimed_update_is_the_same() -> None:
    snapshot = reading(page_of(blog(update(101, 1), update(103, 9), update(102, 5), update(101, 1))))
    assert [(entry.key, sorted(entry.flags)) for entry in snapshot.entries] == [
        ("101", ["pinned"]),
        ("103", []),
        ("102", []),
    ]


# ── what is the page's is not an update's ────────────────────────────────────────────────────────────────────────


def test_headlines_of_the_page_or_of_most_updates_are_none() -> None:
    page = page_of(blog(*[update(n, n - 100, headline="The cup ") for n in (104, 103, 102)], update(101, 0)))
    assert [entry.headline for entry in reading(page).entries] == [None, None, None, "Ship number 101"]
    assert only(page_of(blog(update(101, headline="THE HARBOUR")))).headline is None


def test_pictures_of_the_page_or_of_most_updates_are_none() -> None:
    both = ["https://i.example.org/all.jpg", {"url": "/own.jpg"}]
    shared = [update(103, 3, image=both), update(102, 2, image=both[0]), update(101, 1, image=both[0]), update(100)]
    found = reading(page_of(blog(*shared, update(99, image="/other.jpg")))).entries
    assert [[image.url[-8:] for image in entry.images] for entry in found] == [["/own.jpg"], [], [], [], ["ther.jpg"]]
    own = blog(update(101, image="https://i.example.org/p.jpg"), image={"url": "https://i.example.org/p.jpg"})
    assert only(page_of(own)).images == ()


def test_one_time_for_all_updates_is_the_pages_and_the_markup_tells_theirs() -> None:
    updates = [update(n, 0, dateModified="2025-09-01T13:00:00Z") for n in (103, 102, 101)]
    shown = '<article id="block-102"><h2>Ship number 102</h2><time datetime="2025-09-01T12:44:00Z">12.44</time>'
    page = page_of(blog(*updates), body=f"{shown}<p>It carries 102 lamps and nothing else.</p></article>")
    told = [entry.published_at for entry in reading(page).entries]
    assert told == [None, datetime(2025, 9, 1, 12, 44, tzinfo=UTC), None]
    assert not any(entry.updated_at for entry in reading(page).entries)


def test_the_whole_staff_of_a_page_and_its_publisher_wrote_no_update() -> None:
    staff = [{"name": "Ann Gull"}, {"name": "Bo Tern"}]
    page = blog(author=staff, publisher={"name": "Gazette"})
    page["liveBlogUpdate"] = [
        update(103, 3, author=staff),
        update(102, 2, author={"name": "Bo Tern"}),
        update(101, 1, author={"@type": "Organization", "name": "Gazette"}),
    ]
    assert [entry.author for entry in reading(page_of(page)).entries] == [None, "Bo Tern", None]


# ── times and state ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("modified", "edited"),
    [
        ("2025-09-01T11:00:00Z", False),
        ("2025-09-01T13:00:00+01:00", False),
        ("2025-09-01T13:00:01+01:00", True),
        ("0001-01-01T00:00:00Z", False),
        ("soon", False),
        (None, False),
    ],
)
def test_an_update_is_edited_by_the_instant_not_by_its_spelling(modified: str | None, edited: bool) -> None:
    assert bool(only(page_of(blog(update(101, dateModified=modified)))).updated_at) == edited


def test_published_is_the_first_that_is_told_of_published_created_uploaded() -> None:
    stamps: dict[str, Any] = {
        "datePublished": "2025-09-01T12:00:00.000Z",
        "dateCreated": 1756720800,
        "uploadDate": "2025-09-01T08:00:00+0000",
    }
    told = []
    for name in list(stamps):
        told.append(only(page_of(blog(update(101, **{"datePublished": None, **stamps})))).published_at)
        del stamps[name]
    assert [moment.hour for moment in told if moment] == [12, 10, 8]


@pytest.mark.parametrize(
    ("end", "minute", "status"),
    [
        ("2025-09-01T11:59:00Z", None, "ended"),
        ("2025-09-01T12:01:00Z", None, "unknown"),
        ("2025-09-01T11:00:00Z", 30, "unknown"),
        ("2025-09-02T11:00:00Z", 30, "unknown"),
        ("2025-08-31T11:00:00+0000", None, "ended"),
        (None, 30, "unknown"),
    ],
)
def test_the_planned_end_counts_hours_later_and_only_if_nothing_came_since(
    end: str | None, minute: int | None, status: str
) -> None:
    updates = [] if minute is None else [update(101, minute)]
    assert reading(page_of(blog(*updates, coverageEndTime=end))).status == status


def test_a_page_that_says_live_is_live() -> None:
    over = blog(update(101), coverageEndTime="2025-08-01T11:00:00Z")
    assert reading(page_of(over, body='<script>x = {"isLive":true}</script>')).status == "live"
    assert reading(page_of(over, body='<script>x = [{"isLive":true},{"isLive":false}]</script>')).status == "unknown"


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("Plain\n\n words \n of two", "Plain\n\nwords\n\nof two"),
        ("It&#39;s &quot;so&quot; &egrave;", 'It\'s "so" è'),
        ("It&amp;#39;s &amp;quot;so&amp;quot;", 'It\'s "so"'),
        ("Fish &amp; chips, AT&T", "Fish & chips, AT&T"),
        ("<p>One</p><p>two<br>three</p>", "One\n\ntwo\nthree"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "One\n\ntwo"),
        ("Read <a href='/x'>this</a>\nand that", "Read this\n\nand that"),
        ("5 < 6 and <3 and a<b", "5 < 6 and <3 and a<b"),
        ("A [[ge:rep:1]] placeholder [[x]]", "A placeholder"),
        ("zero\u200bwidth\u00ad", "zerowidth"),
        ("<div><script>no()</script><style>p{}</style>yes</div>", "yes"),
        ("", ""),
    ],
)
def test_texts_are_read_as_they_were_meant(told: str, text: str) -> None:
    assert marked_text(told, URL).text == text
    assert line(told) == " ".join(text.split())


def test_a_text_nested_beyond_reason_is_taken_without_its_tags() -> None:
    assert marked_text("<b><i>" * 40_000 + "deep", URL).text == "deep"


def test_a_headline_repeated_at_the_start_of_the_body_is_told_once() -> None:
    entry = only(page_of(blog(update(101, articleBody="Ship number 101\nIt sails."))))
    assert (entry.headline, entry.body.text) == ("Ship number 101", "It sails.")


def test_an_update_with_nothing_to_tell_is_left_out_and_one_with_a_headline_stays() -> None:
    page = page_of(blog(update(101, headline=None, articleBody=""), update(102, articleBody=None)))
    assert [(entry.headline, entry.body.text) for entry in reading(page).entries] == [("Ship number 102", "")]


# ── what the page shows of an update ─────────────────────────────────────────────────────────────────────────────


def window() -> str:
    return (PAGES / "liveblog-window.html").read_text()


def at_regatta(page: str) -> Snapshot:
    return read_bytes(page.encode(), "https://post.example.com/live/regatta-33386398", NOW)


def test_an_element_that_only_happens_to_have_an_updates_id_says_nothing_of_it() -> None:
    page = page_of(blog(update(101), update(102)), body='<div id="post-101"><p>Buy our paper every day.</p></div>')
    first, second = reading(page).entries
    assert first.body.text == "It carries 101 lamps and nothing else."
    assert not second.partial


def test_an_update_that_the_page_no_longer_shows_in_full_is_partial() -> None:
    assert [entry.partial for entry in at_regatta(window()).entries] == [False, False, False, True]


def test_markup_without_the_newest_update_is_no_window() -> None:
    page = page_of(blog(update(102, 9), update(101, 1)), body='<div id="101"><p>Ship number 101</p></div>')
    assert not any(entry.partial for entry in reading(page).entries)


def test_an_update_that_leaves_the_window_is_not_edited_by_that() -> None:
    page = window()
    begin, end = page.index('<section class="body">'), page.index("</section>")
    found = compared(at_regatta(page), at_regatta(page[:begin] + page[end:]))
    assert (found.changes, found.aliases) == ((), ())
    assert len(found.refreshed) == 2


def test_a_page_cut_before_its_markup_edits_nothing() -> None:
    page = window()
    found = compared(at_regatta(page), at_regatta(page[: page.index('<div class="entry"')]))
    assert (found.changes, found.aliases) == ((), ())


# ── changes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_a_removal_a_new_order_and_a_new_update_are_what_they_are() -> None:
    before = [update(n, n - 100) for n in range(110, 100, -1)]
    after = [update(111, 11), before[2], before[0], *before[4:]]
    after[4] = update(105, 5, articleBody="It carries other lamps.", dateModified="2025-09-01T12:59:00Z")
    old, new = reading(page_of(blog(*before))), reading(page_of(blog(*after)))
    assert set(changes(old, new)) == {("new", "111"), ("edited", "105"), ("removed", "109"), ("removed", "107")}


def test_a_new_spelling_of_the_same_is_no_change() -> None:
    before = [update(n, n - 100) for n in (103, 102, 101)]
    after = [
        update(
            n,
            url=f"http://gazette.example.org/live/harbour/?utm_source=x#liveblogPost{n}",
            datePublished=f"2025-09-01T14:0{n - 100}:00.000+02:00",
            articleBody=f"<p>It carries {n} lamps&nbsp;and\n nothing else.</p>",
        )
        for n in (103, 102, 101)
    ]
    found = compared(reading(page_of(blog(*before))), reading(page_of(blog(*after))))
    assert (found.changes, found.aliases, len(found.refreshed)) == ((), (), 3)


def test_positions_that_move_on_are_one_new_update() -> None:
    told = [update(0, n, headline=f"Call {n}", articleBody=f"Boat {n} is at pier {n}.") for n in range(6)]
    before = [{**one, "url": f"{URL}#post{n}"} for n, one in enumerate(told[4::-1], 1)]
    after = [{**one, "url": f"{URL}#post{n}"} for n, one in enumerate(told[::-1], 1)]
    old, new = reading(page_of(blog(*before))), reading(page_of(blog(*after)))
    assert set(changes(old, new)) == {("new", new.entries[0].key)}


def test_an_edit_of_an_update_without_an_id_is_found_by_its_time_and_words() -> None:
    before = [update(n, n - 100, url=None) for n in (103, 102, 101)]
    after = [before[0], {**before[1], "articleBody": "It carries 102 lamps and three bells."}, before[2]]
    old, new = reading(page_of(blog(*before))), reading(page_of(blog(*after)))
    assert set(changes(old, new)) == {("edited", new.entries[1].key)}


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────

BLOGS = [path.read_bytes() for path in sorted(PAGES.glob("liveblog-*.html"))]
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["<p>a", "#1", URL])
)
# Two levels by hand: `st.recursive` warns, and so fails, when by chance a run never goes down.
INNER = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.sampled_from(["@id", "url", "name"]), LEAVES)
VALUES = INNER | st.lists(INNER, max_size=3) | st.dictionaries(st.sampled_from(["@id", "url", "name"]), INNER)
NAMES = ["@id", "url", "headline", "datePublished", "dateModified", "articleBody", "image", "author", "video", "@type"]


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """A live blog of ours with stretches cut out, doubled or overwritten."""
    body = draw(st.sampled_from(BLOGS))
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(body))] * 2)))
        piece = draw(st.sampled_from([b"", body[start:end] * 2, b"}", b"]", b'"', b"\\ud800", b"</script>", b"<div>"]))
        body = body[:start] + piece + body[min(end, start + 400) :]
    return body


def check(body: bytes) -> None:
    try:
        snapshot = read(Page(body, URL, NOW, "text/html"))
    except UnreadablePage:
        return
    found = [entry.key for entry in snapshot.entries]
    assert len(set(found)) == len(found)
    assert all(found)
    for entry in snapshot.entries:
        assert entry.published_at is None or entry.published_at.tzinfo is not None
        assert not entry.url or entry.url.startswith(("http://", "https://"))
        entry.body.text.encode()


@settings(max_examples=200, deadline=None)
@given(mutilated())
def test_any_mutilation_of_a_live_blog_gives_a_snapshot_or_a_refusal(body: bytes) -> None:
    check(body)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES), max_size=4),
    st.dictionaries(st.sampled_from(NAMES), VALUES),
)
def test_any_values_in_a_live_blog_give_a_snapshot_or_a_refusal(updates: list[Any], facts: dict[str, Any]) -> None:
    check(page_of({**facts, "@type": "LiveBlogPosting", "liveBlogUpdate": updates}).encode())


@pytest.mark.parametrize(
    "page",
    [
        page_of("[" * 200_000 + '"LiveBlogPosting"'),
        page_of('{"@type": "LiveBlogPosting", "liveBlogUpdate": [' + '{"a": ' * 100_000),
        page_of('{"@type": "LiveBlogPosting", "liveBlogUpdate": [' + '{"@type": "BlogPosting", "a": [' * 100_000),
        page_of(blog(*[update(n, articleBody="<b><i>" * 100) for n in range(1000, 5000)])),
        page_of(blog(*[update(n, articleBody="&lt;a " * 200 + " " * 900) for n in range(1000, 3000)])),
        page_of(" " * 2_000_000 + '{"@type": "LiveBlogPosting"' + "," + " " * 2_000_000),
        page_of(blog(*[{"@id": "#900"}] * 100_000), {"@id": "#900", "articleBody": "x " * 500_000}),
        page_of(blog(update(900)), body='<div id="900">' + "<div><h2><a>x</a></h2>Ship number 900" * 9_000),
        page_of(
            blog(*[update(n) for n in range(1000, 3000)]), body="".join(f'<p id="{n}">' for n in range(1000, 3000))
        ),
        page_of(blog(), body='<div itemprop="liveBlogUpdate" itemscope><p itemprop="articleBody">' * 4_000),
    ],
    ids=[
        "lists",
        "objects",
        "breaks",
        "tags",
        "escaped",
        "spaces",
        "references",
        "teasers",
        "nested-ids",
        "nested-items",
    ],
)
def test_a_hostile_live_blog_costs_seconds_at_most(page: str) -> None:
    began = time.process_time()
    check(page.encode())
    assert time.process_time() - began < 5
