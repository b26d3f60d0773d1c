"""Live-blog platforms: their own answers, what two polls of them change, and where an article says that they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.model import Page, Snapshot
from bot.sources import arena, live24, sourcefabric, tickaroo, wordpress
from bot.sources.document import Document
from bot.sources.platforms import embedded

from .comparing import changes
from .telling import read_bytes

PAGES = Path(__file__).parent.parent / "data" / "pages"
NOW = datetime(2025, 7, 1, 16, tzinfo=UTC)
WORDPRESS = "https://blog.example.org/wp-json/liveblog/v1/77/entries/0/9999999999"
BLOG = "https://live.example.org/api/client_blogs/5f0000000000000000000001/posts"
NEWER = BLOG.replace("/api/", "/api/v2/")

Told = dict[str, Any]


def nothing(told: Told) -> None:
    """Change nothing."""


def answer(name: str, url: str, change: Callable[[Told], None] = nothing) -> Snapshot:
    told = json.loads((PAGES / f"{name}.json.txt").read_text())
    change(told)
    return read_bytes(json.dumps(told).encode(), url, NOW, "application/json")


def both(name: str, url: str, change: Callable[[Told], None]) -> list[tuple[str, str]]:
    """What changes between the answer as it lies there and a later one."""
    return sorted(changes(answer(name, url), answer(name, url, change)))


# ── WordPress ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_wordpress_edits_and_deletions_keep_the_id() -> None:
    def later(told: Told) -> None:
        entry = {"authors": [], "share_link": "https://blog.example.org/race/#14"}
        told["entries"] = [
            {"id": 15, "type": "new", "render": "<p>Finish</p>", "timestamp": 1751383400, "entry_time": 1751383400},
            {"id": 14, "type": "update", "render": "<p>By two</p>", "timestamp": 1751383300, "entry_time": 1751383000}
            | entry,
            {"id": 11, "type": "delete", "render": "", "timestamp": 1751383200, "entry_time": 1751381000},
            *told["entries"][::-1],
        ]

    found = both("wordpress", WORDPRESS, later)
    assert found == [("edited", "14"), ("new", "15"), ("removed", "11")]


def test_wordpress_changes_since_a_moment_prove_no_removal() -> None:
    def since(told: Told) -> None:
        told["entries"] = [told["entries"][0], told["entries"][-1]]

    url = WORDPRESS.replace("/0/", "/1751382990/")
    assert changes(answer("wordpress", WORDPRESS), answer("wordpress", url, since)) == []
    assert both("wordpress", WORDPRESS, since) == [("removed", "11")]


def test_wordpress_order_of_the_revisions_does_not_matter() -> None:
    def turn(told: Told) -> None:
        told["entries"].reverse()

    assert both("wordpress", WORDPRESS, turn) == []


# ── Sourcefabric ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "url"), [("sourcefabric-v1", BLOG), ("sourcefabric-v2", NEWER)])
def test_sourcefabric_posts_that_are_deleted_or_unpublished_are_removed(name: str, url: str) -> None:
    def later(told: Told) -> None:
        posts = {post["_id"].rpartition(":")[2]: post for post in told["_items"]}
        posts["p8"]["deleted"] = True
        posts["p4"]["unpublished_date"] = "2025-07-01T15:40:00+00:00"
        posts["p7"]["post_status"] = "open"
        posts["p2"] |= {"_updated": "2025-07-01T15:50:00+00:00"}
        told["_items"].reverse()

    found = both(name, url, later)
    told = [(kind, key.rpartition(":")[2]) for kind, key in found]
    assert told == [("new", "p7"), ("removed", "p4"), ("removed", "p8")]


@pytest.mark.parametrize(
    "url", [f"{NEWER}?sticky=0", f"{NEWER}?highlight=1", f"{BLOG}?source=%7B%7D", f"{NEWER}?limit=3"]
)
def test_a_sourcefabric_list_of_some_kinds_proves_no_removal(url: str) -> None:
    def pin(told: Told) -> None:
        told["_items"] = [post for post in told["_items"] if not post["sticky"]]
        del told["_items"][0]

    assert both("sourcefabric-v2", url, pin) == []


def test_sourcefabric_versions_have_the_same_entries() -> None:
    assert changes(answer("sourcefabric-v1", BLOG), answer("sourcefabric-v2", BLOG)) == []


@pytest.mark.parametrize(
    ("page", "total", "expected"),
    [(1, 8, None), (1, 9, f"{BLOG}?max_results=8&page=2"), (3, 25, f"{BLOG}?max_results=8&page=4"), (4, 25, None)],
)
def test_sourcefabric_counts_tell_the_next_page(page: int, total: int, expected: str | None) -> None:
    def counted(told: Told) -> None:
        told["_meta"] = {"page": page, "max_results": 8, "total": total}

    url = f"{BLOG}?max_results=8" + (f"&page={page}" if page > 1 else "")
    assert answer("sourcefabric-v1", url, counted).next_page == expected


def test_an_empty_sourcefabric_blog_is_one_without_entries() -> None:
    told = {"_items": [], "_links": {"self": {"href": "client_blogs/x/posts"}}, "_meta": {"total": 0}}
    snapshot = read_bytes(json.dumps(told).encode(), BLOG, NOW)
    assert (snapshot.reader, snapshot.entries, snapshot.whole) == ("sourcefabric", (), False)


POSTS = "sourcefabric/posts.json"


@pytest.mark.samples
def test_a_real_sourcefabric_answer_has_its_posts(samples_dir: Path) -> None:
    body = (samples_dir / POSTS).read_bytes()
    counts = json.loads((samples_dir / "COUNTS.json").read_text())[POSTS]
    posts = json.loads(body)["_items"]
    drafts = [post for post in posts if post["post_status"] == "submitted"]
    snapshot = read_bytes(body, f"{BLOG}?max_results=20", NOW)
    assert len(snapshot.entries) == counts["_items"] - len(drafts) == 14
    assert sum(entry.updated_at is not None for entry in snapshot.entries) == counts["updated!=created"] == 9
    assert [entry.key for entry in snapshot.entries] == [post["_id"] for post in posts if post not in drafts]
    assert all(entry.body for entry in snapshot.entries)
    assert snapshot.whole


@pytest.mark.samples
def test_a_real_sourcefabric_answer_at_three_places(samples_dir: Path) -> None:
    entries = read_bytes((samples_dir / POSTS).read_bytes(), BLOG, NOW).entries
    told = [
        (f"{e.published_at:%d %H:%M:%S}", len(e.body.text), [image.credit for image in e.images], e.embeds)
        for e in (entries[0], entries[8], entries[13])
    ]
    assert told == [
        ("29 13:41:31", 21, ["Max Mustermann, dpa"], ()),
        ("29 13:33:12", 31, [], ("https://twitter.com/dpa/status/714764384812269568",)),
        ("14 14:47:05", 213, [], ()),
    ]
    assert {entry.author for entry in entries} == {"dpa ・live Desk", "dpa・live Desk"}


@pytest.mark.samples
def test_a_real_sourcefabric_post_with_one_item_of_every_kind(samples_dir: Path) -> None:
    post = json.loads((samples_dir / "sourcefabric/post_to_convert.json").read_text())
    (entry,) = read_bytes(json.dumps({"_items": [post]}).encode(), BLOG, NOW).entries
    assert [line for line in entry.body.text.splitlines() if line.startswith("• ")] == [
        f"• {item}" for item in ("Eins", "Zwei", "Drei", "u1", "u2", "u3")
    ]
    assert {span.kind for span in entry.body.spans} == {"bold", "italic", "link", "quote"}
    assert [(image.caption, image.credit) for image in entry.images] == [("Gähn", "Mich")]
    assert entry.embeds == ("https://twitter.com/dpa_live/status/775991579676909568",)
    assert entry.author == "Admini Strator"


# ── 24LiveBlog, Arena, Tickaroo ──────────────────────────────────────────────────────────────────────────────────

EVENT = "https://data.24liveplus.com/v1/retrieve_server/x/event/3000000001/news/?inverted_order=1&last_nid=&limit=4"


def test_two_polls_of_24liveblog() -> None:
    def later(told: Told) -> None:
        news = told["data"]["news"]
        news.insert(0, {"nid": "990000000000000009", "newstitle": "Finish", "contents": "", "created": 1751383500})
        news[1]["contents"] = "<p>By two lengths.</p>"
        del news[2]
        news.reverse()

    expected = [("edited", "3"), ("new", "9"), ("removed", "2")]
    assert [(kind, key[-1]) for kind, key in both("24liveblog", EVENT, later)] == expected


def test_two_polls_of_arena() -> None:
    def later(told: Told) -> None:
        posts = told["posts"]
        posts[0]["message"]["title"] = "Gull wins"
        posts[1]["message"]["text"] += " And how."
        posts.insert(0, {"_id": "post4", "message": {"title": "Finish"}, "createdAt": 1751383500000})

    kinds = both("arena", "https://cached-api.arena.im/v1/liveblog/f/r", later)
    assert [kind for kind, _ in kinds] == ["edited", "edited", "new"]


def test_two_polls_of_tickaroo() -> None:
    def later(told: Told) -> None:
        told["html"] = (
            told["html"].replace("Fog lifts", "Fog has lifted").replace("length &amp;", "length &amp; a half &amp;")
        )

    kinds = both("tickaroo", "https://cdn.tickaroo.com/api/embed/v4/prefetch/liveblog.json", later)
    assert [kind for kind, _ in kinds] == ["edited", "edited"]


def test_a_tickaroo_page_is_read_like_its_prefetch() -> None:
    html = json.loads((PAGES / "tickaroo.json.txt").read_text())["html"]
    snapshot = read_bytes(f"<!DOCTYPE html><html><body>{html}</body></html>".encode(), "https://news.example.org/", NOW)
    assert snapshot.reader == "tickaroo"
    assert changes(answer("tickaroo", "https://news.example.org/"), snapshot) == []


# ── found from an article ────────────────────────────────────────────────────────────────────────────────────────


def article(inside: str) -> Document:
    html = f"<!DOCTYPE html><html><body><article><h1>The race</h1>{inside}</article></body></html>"
    return Document(Page(html.encode(), "https://news.example.org/race", NOW, "text/html"))


SETTINGS = r'var liveblog_settings = {"endpoint_url":"https:\/\/news.example.org\/wp-json\/liveblog\/v1\/77\/"};'
LIVE_BLOG = (
    '<script>window.LB = {"api_host": "https://live.example.org/", '
    '"blog": {"title": "Race", "_id": "5f0000000000000000000001"}}; // liveblog</script>'
)

ARTICLES = {
    wordpress.NAME: (
        f"<div id='wpcom-liveblog-container'></div><script>{SETTINGS}</script>",
        "https://news.example.org/wp-json/liveblog/v1/77/entries/0/9999999999",
    ),
    sourcefabric.NAME: (LIVE_BLOG, f"{NEWER}?ordering=newest_first&limit=100"),
    live24.NAME: (
        '<div id="LB24_LIVE_CONTENT" data-eid="3000000001"></div><script src="https://v.24liveblog.com/24.js"></script>',
        EVENT.replace("limit=4", "limit=100"),
    ),
    arena.NAME: (
        '<div class="arena-liveblog" data-publisher="ferrow" data-event="race-1"></div>',
        "https://cached-api.arena.im/v1/liveblog/ferrow/race-1",
    ),
    tickaroo.NAME: (
        '<tickaroo-liveblog clientid="c1" liveblogid="b1"></tickaroo-liveblog>',
        "https://cdn.tickaroo.com/api/embed/v4/prefetch/liveblog.json?client_id=c1&liveblogId=b1",
    ),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_tells_where_its_live_blog_is_answered(name: str) -> None:
    inside, expected = ARTICLES[name]
    assert embedded(article(inside)) == {name: expected}


OTHERS = [
    (f'<script src="{BLOG}?max_results=20"></script>', f"{NEWER}?ordering=newest_first&limit=100"),
    (
        '<script src="https://go.arena.im/public/js/arenalib.js?p=ferrow&amp;e=race"></script>',
        "https://cached-api.arena.im/v1/liveblog/ferrow/race",
    ),
    (
        '<iframe src="https://cdn.tickaroo.com/embed.html?client_id=c1&liveblogId=b1"></iframe>',
        "https://cdn.tickaroo.com/api/embed/v4/prefetch/liveblog.json?client_id=c1&liveblogId=b1",
    ),
    ("<p>We wrote about liveblog software, arena.im, 24liveblog.com and tickaroo.com.</p>", None),
    ('<div class="arena-liveblog" data-publisher="a/../b" data-event="x y"></div>', None),
    ("", None),
]


@pytest.mark.parametrize(("inside", "expected"), OTHERS)
def test_other_ways_of_embedding_and_mere_mentions(inside: str, expected: str | None) -> None:
    assert list(embedded(article(inside)).values()) == ([expected] if expected else [])
