"""Choosing a reader, decoding, bounds, and what is no live page."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UnreadablePage
from bot.model import Entry, Image, Page, Snapshot
from bot.sources.document import DEEPEST, LARGEST
from bot.sources.keys import finished
from bot.sources.read import READERS, read

PAGES = Path(__file__).parent.parent / "data" / "pages"
NOW = datetime(2025, 7, 1, 18, tzinfo=UTC)
URL = "https://live.example.org/news/live/cq0ferrow1t"
POST = (
    '<article data-testid="content-post" id="asset:00000000-0000-4000-8000-00000000000{n}"><header><h3>'
    '<span role="text"><span>{headline}</span></span></h3></header><p>{text}</p></article>'
)


def page_of(*posts: str, head: str = "", above: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{above}<main>{''.join(posts)}</main></body></html>"


def post(n: int = 1, headline: str = "Café", text: str = "Crème brûlée") -> str:
    return POST.format(n=n, headline=headline, text=text)


def reading(body: bytes | str, url: str = URL, content_type: str = "text/html") -> Snapshot:
    return read(Page(body.encode() if isinstance(body, str) else body, url, NOW, content_type))


def refusal(body: bytes | str, url: str = URL) -> str:
    with pytest.raises(UnreadablePage) as refused:
        reading(body, url)
    return str(refused.value)


# ── what is no live page ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n ",
        "Hello",
        "\x00\x01\x02",
        '{"isLive": true}',
        "<html><body><h1>An article</h1><p>published at 10:00</p></body></html>",
        "It was\n1. printed and published at nine\n2. sold",
        "A report that was published at 10:15\n\nand more",
    ],
)
def test_what_is_no_live_page_is_refused_in_one_sentence(body: str) -> None:
    sentence = refusal(body)
    assert sentence.endswith(".")
    assert sentence.count(".") == 1


def test_a_page_that_is_too_large_is_refused() -> None:
    assert "larger than 5 MB" in refusal(b"x" * (LARGEST + 1))


def test_a_page_that_is_nested_too_deeply_is_refused_quickly() -> None:
    assert "nested too deeply" in refusal(page_of(post(), "<div>" * (DEEPEST + 1)))
    assert "nested too deeply" in refusal(page_of(post(), "<span></div>" * (DEEPEST + 1)))


def test_many_elements_side_by_side_are_no_nesting() -> None:
    assert reading(page_of(post(), "<div><p>x<br></div>" * (DEEPEST + 1))).entries


def test_a_topic_page_is_refused_with_what_to_do() -> None:
    assert "choose one of those" in refusal(page_of(post()), "https://sport.example.org/football/teams/gulls")


def test_a_page_cut_before_its_first_post_ended_is_refused() -> None:
    assert "cut off" in refusal(page_of(post())[: -len("cut</article></main></body></html>")])


@pytest.mark.parametrize("tag", ["div", "span", "h3", "li", "b", "figure", "blockquote", "article"])
@pytest.mark.parametrize("name", ["", "x-Contributor", "x-HeadlineWrap", "x-MediaPlayer", "visually-hidden"])
def test_a_post_may_be_nested_as_deeply_as_the_parser_bears(tag: str, name: str) -> None:
    deep = f'<{tag} class="{name}">' * (DEEPEST // 4)
    body = page_of(post(), POST.format(n=2, headline=f"{deep}x", text=f"{deep}Summary"), f"{deep}<h2>Summary</h2>")
    assert reading(body + "</html>").entries[0].headline == "Café"


HOSTILE = {
    "spaces": "  1. Tidepublished at 09:15 GMT\n\n    a" + " " * 2_000_000 + "b",
    "posts": "  1. Tidepublished at 09:15 GMT\n" + "xpublished at 09:15 GMT\n" * 150_000,
    "tags": "<html>lx-stream-post__ lx-stream-post--pinned "
    "Morph.setPayload('/data/bbc-morph-lx-commentary-data-paged/1', "
    '{"body": {"results": []}})</script>' + "<article " * 400_000,
    "payloads": "<html>" + "Morph.setPayload('/data/bbc-morph-lx-commentary-data-paged/', {" * 60_000,
    "json": "<html><script>Morph.setPayload('/data/bbc-morph-lx-commentary-data-paged/1', " + '{"body":' * 100_000,
    "articles": "<html>" + "<div>" * 5000 + POST.format(n=1, headline="a", text="b") * 9000 + "</html>",
    "headings": "<html>" + POST.format(n=1, headline="a", text="b") + "<h1>x<h2>Summary" * 200_000 + "</html>",
    "figure": page_of(POST.format(n=1, headline="a", text="<figure>" + "<span>x" * 3000 + "</figure>")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_of_less_than_five_megabytes_costs_seconds_at_most(name: str) -> None:
    body = HOSTILE[name].encode()
    assert len(body) < LARGEST
    began = time.process_time()
    check(body)
    assert time.process_time() - began < 10


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("charset", "content_type", "meta"),
    [
        ("utf-8", "text/html", ""),
        ("utf-8-sig", "text/html; charset=iso-8859-1", ""),
        ("iso-8859-1", "text/html; charset=ISO-8859-1", ""),
        ("iso-8859-1", "text/html", "<meta charset=iso-8859-1>"),
        ("cp1252", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'),
        ("cp1252", "text/html", ""),
        ("utf-16", "text/html", ""),
        ("utf-8", "text/html; charset=no-such-thing", ""),
        ("utf-8", "text/html; charset=hex", ""),
        ("utf-8", "text/html; charset=unicode_escape", ""),
        ("utf-8", "text/html; charset=undefined", ""),
    ],
)
def test_a_page_is_decoded_by_mark_header_meta_or_what_fits(charset: str, content_type: str, meta: str) -> None:
    body = page_of(post(text="“Crème” brûlée" if charset != "iso-8859-1" else "Crème brûlée"), head=meta)
    (entry,) = reading(body.encode(charset), content_type=content_type).entries
    assert entry.headline == "Café"
    assert entry.body.text.endswith("brûlée")


def test_a_text_cut_inside_a_character_ends_before_it() -> None:
    text = "  1. Tide turnspublished at 09:15 GMT\n\n    It is highé".encode()
    (entry,) = reading(text[:-1], content_type="text/plain").entries
    assert entry.body.text.rstrip("\ufffd") == "It is high"


# ── the page as a whole ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_readers_have_names_of_their_own() -> None:
    names = [reader.name for reader in READERS]
    assert len(set(names)) == len(names)
    assert reading(page_of(post())).reader in names


@pytest.mark.parametrize(
    ("above", "status"),
    [
        ('<script>{"isLive":true}</script><h1>x</h1>', "live"),
        ('<script>"{\\"isLive\\": false}"</script><h1>x</h1>', "ended"),
        ('<script>{"isLive":true} {"isLive":false}</script><h1>x</h1>', "unknown"),
        ('<div><h1>x</h1><span class="ssrcss-1-LiveLabel">Live</span></div>', "live"),
        ('<h1><span data-testid="live-label">Live</span> x</h1>', "live"),
        ('<div data-testid="live-header"><h1>x</h1><p data-testid="ended-label">over</p></div>', "ended"),
        ('<nav><span data-testid="live-label">Live elsewhere</span></nav><h1>x</h1>', "unknown"),
        ("<h1>x</h1>", "unknown"),
    ],
)
def test_a_page_is_live_or_ended_where_it_says_so(above: str, status: str) -> None:
    assert reading(page_of(post(), above=above)).status == status


def test_silence_is_not_taken_for_the_end_of_a_page_that_does_not_say_whether_it_is_live() -> None:
    old = post().replace("</h3>", '<time datetime="2025-07-01T11:59:00Z"></time></h3>')
    assert reading(page_of(old, above="<h1>x</h1>")).status == "unknown"
    assert reading(page_of(old)).status == "unknown"


@pytest.mark.parametrize(
    ("url", "paging", "expected"),
    [
        (URL, f'<a href="{URL}?page=2">Older</a>', f"{URL}?page=2"),
        (f"{URL}?page=2", '<a href="?page=1">1</a><a href="?page=3">3</a>', f"{URL}?page=3"),
        (URL, '<a href="/elsewhere?page=2">Other</a>', None),
        (URL, "<nav>Page 1 of 3</nav>", f"{URL}?page=2"),
        (f"{URL}?page=3", "<nav>Page 3 of 3</nav>", None),
        (f"{URL}?page=50", '<a href="?page=51">51</a>', None),
    ],
)
def test_the_next_page_is_where_older_posts_are(url: str, paging: str, expected: str | None) -> None:
    snapshot = reading(page_of(post(), paging), url)
    assert snapshot.next_page == expected
    assert not snapshot.whole or (expected is None and url == URL)


def test_only_a_short_first_page_without_another_is_all_there_is() -> None:
    assert reading(page_of(post())).whole
    assert not reading(page_of(post()), f"{URL}?page=2").whole
    assert not reading(page_of(*(post().replace("00001", f"{n:05}") for n in range(20)))).whole


def test_a_summary_that_was_cut_is_left_out() -> None:
    points = "<section><h2>Summary</h2><ul><li>One</li><li>Two</li></ul></section>"
    whole = f"<html><body>{post()}{points}</body></html>"
    assert [point.text for point in reading(whole).summary] == ["One", "Two"]
    cut = reading(whole[: whole.index("wo</li>")])
    assert cut.summary == ()
    assert [entry.headline for entry in cut.entries] == ["Café"]


def test_a_lone_key_point_is_a_bare_paragraph() -> None:
    above = '<section aria-label="Summary"><h2>Summary</h2><p>Only this</p></section>'
    assert [point.text for point in reading(page_of(post(), above=above)).summary] == ["Only this"]


def test_an_empty_summary_takes_nothing_from_around_it() -> None:
    above = "<div><h2>Summary</h2></div><div><h2>Related</h2><ul><li>Elsewhere</li></ul></div>"
    assert reading(page_of(post(), above=above)).summary == ()


@pytest.mark.parametrize("cut", range(0, 700, 7))
def test_wherever_a_page_is_cut_what_is_read_of_it_is_whole(cut: int) -> None:
    body = page_of(
        post(1, "First"), '<!-- c --><img alt="x>">', post(2, "Second"), "<script>'</article>'</script>", post(3)
    )
    whole = {entry.key: entry for entry in reading(body).entries}
    try:
        snapshot = reading(body[: len(body) - 10 - cut])
    except UnreadablePage:
        return
    assert not snapshot.complete
    for entry in snapshot.entries:
        assert entry == whole[entry.key]


def test_credits_and_captions_outside_a_figure_are_no_text_either() -> None:
    text = 'A</p><div><img alt="Pier" src="/p.jpg"><span>Image source, EPA</span></div><p>Image caption, Dawn</p><p>B'
    (entry,) = reading(page_of(post(text=text))).entries
    assert entry.body.text == "A\n\nB"
    assert [(image.alt, image.credit, image.caption) for image in entry.images] == [("Pier", "EPA", "Dawn")]


def test_a_headline_may_be_copied_on_a_line_of_its_own() -> None:
    (entry,) = reading("  1. Tide turns\n    published at 09:15 GMT\n\n    Slowly.", content_type="text/plain").entries
    assert (entry.headline, entry.label, entry.body.text) == ("Tide turns", None, "Slowly.")


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────

SAMPLES = [path.read_bytes() for path in sorted(PAGES.iterdir()) if path.suffix != ".json"]


@st.composite
def mutilated(draw: st.DrawFn) -> bytes:
    """A page of ours with stretches cut out, put elsewhere, doubled or overwritten."""
    body = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 5))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(body))] * 2)))
        at = draw(st.integers(0, len(body)))
        piece = draw(
            st.sampled_from([b"", body[start:end], b"<div>", b"</article>", b'"', b"\xff\xfe", b"<table>", b"{"])
        )
        body = draw(st.sampled_from([body[:start] + body[end:], body[:at] + piece + body[at:]]))
    return body


def check(body: bytes, url: str = URL) -> None:
    try:
        snapshot = read(Page(body, url, NOW, "text/html"))
    except UnreadablePage:
        return
    keys = [entry.key for entry in snapshot.entries]
    assert len(set(keys)) == len(keys)
    assert all(keys)
    assert [entry.position for entry in snapshot.entries] == list(range(len(keys)))
    for entry in snapshot.entries:
        assert entry.published_at is None or entry.published_at.tzinfo is not None
        for span in entry.body.spans:
            assert 0 <= span.start < span.end <= len(entry.body.text)
            assert not span.url or span.url.startswith(("http://", "https://"))


@settings(max_examples=150, deadline=None)
@given(mutilated())
def test_any_mutilation_of_a_page_gives_a_snapshot_or_a_refusal(body: bytes) -> None:
    check(body)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_from_any_address_give_a_snapshot_or_a_refusal(body: bytes, url: str) -> None:
    check(body, url)
    check(b"<!DOCTYPE html>" + post().encode() + body, url)


COPIED = """
  1. apublished at 09:15 GMT
  2. b
Summary
  • c
    Image caption,
    dImage source, e
    Media caption,
Live Reporting
    Ab Cd
    role
  3. Postpublished at 1:00
"""


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(COPIED.split("\n")), max_size=14))
def test_any_order_of_copied_lines_gives_a_snapshot_or_a_refusal(lines: list[str]) -> None:
    check("\n".join(lines).encode())


def test_one_post_without_the_picture_that_all_others_show_does_not_bring_it_back_to_them() -> None:
    shared = (Image("https://a.example/page.jpg"),)
    entries = [Entry(f"k{number}", images=shared) for number in range(5)]
    assert not any(entry.images for entry in finished([Entry("new"), *entries]))
    assert all(entry.images for entry in finished(entries[:2]))
