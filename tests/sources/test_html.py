"""HTML to rich text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.richtext import RichText, join
from bot.sources.html import DEEPEST, rich_text

BASE = "https://live.example.org/news/live/1"


def rich(html: str) -> RichText:
    body = LexborHTMLParser(html).body
    assert body is not None
    return rich_text(body, BASE)


def marks(text: RichText) -> list[tuple[str, str]]:
    return [(span.kind, text.text[span.start : span.end]) for span in text.spans]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n  two</p><p> three </p>", "One two\n\nthree"),
        ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<ul><li>a</li><li><p>b</p></li></ul>after", "• a\n• b\n\nafter"),
        ("<p>x</p><ol><li>a<ul><li>b</li></ul></li><li> </li><li>c</li></ol>", "x\n\n• a\n• b\n• c"),
        ("a<script>b()</script><style>c</style><!-- d --><template>e</template>f", "af"),
        ("a <span class='visually-hidden x'>b</span><span hidden>c</span>d", "a d"),
        ("He said <q>yes</q>", "He said “yes”"),
        ("a\u00a0b\u200bc\u00add", "a bcd"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
        ("x &amp; &lt;b&gt; y", "x & <b> y"),
        ("<?php x ?><>a</>", "<>a"),
        ("", ""),
    ],
)
def test_what_people_see_becomes_text(html: str, text: str) -> None:
    assert rich(html).text == text


def test_marks_cover_their_words_and_no_white_space() -> None:
    text = rich("<p>a <b> bold <i>both</i> </b> <code>x = 1</code></p><blockquote>said</blockquote>")
    assert text.text == "a bold both x = 1\n\nsaid"
    assert marks(text) == [("bold", "bold both"), ("italic", "both"), ("code", "x = 1"), ("quote", "said")]


def test_only_web_links_are_links_and_they_are_absolute() -> None:
    hrefs = (
        "/a",
        "//b.example/c",
        "javascript:x",
        "mailto:a@b",
        "http://[bad",
        "data:text/html,x",
        " https://d.example/ e ",
    )
    text = rich("".join(f"<a href='{href}'>l</a> " for href in hrefs))
    assert [span.url for span in text.spans] == [
        "https://live.example.org/a",
        "https://b.example/c",
        "https://d.example/e",
    ]


def test_the_helper_word_of_an_external_link_is_dropped_from_links_only() -> None:
    text = rich("<a href='/a'>the guild, external</a>, external reviewers say")
    assert text.text == "the guild, external reviewers say"
    assert marks(text) == [("link", "the guild")]


def test_deep_nesting_keeps_the_words_and_loses_the_marks() -> None:
    deep = "<span>" * (DEEPEST + 5) + "deep <b>down</b>" + "</span>" * (DEEPEST + 5)
    assert rich(f"<p>{deep}</p>").text == "deep down"
    assert rich("<div><b>" * 3000 + "x").text == "x"


TAGS = st.sampled_from(
    ["p", "b", "i", "a href='/x'", "ul", "li", "br", "blockquote", "td", "q", "svg", "?", "", "code", "h2"]
)
PIECES = st.one_of(TAGS.map("<{}>".format), TAGS.map(lambda tag: f"</{tag.split(' ')[0]}>"), st.text(max_size=6))


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_markup_gives_text_with_marks_inside_its_bounds(html: str) -> None:
    text = rich(html)
    assert text.text == text.text.strip()
    assert "\n\n\n" not in text.text
    for span in text.spans:
        assert 0 <= span.start < span.end <= len(text.text)
        assert text.text[span.start : span.end].strip() == text.text[span.start : span.end]


@pytest.mark.attack("bombs")
def test_a_page_of_nothing_but_links_that_end_in_a_helper_is_read_at_once() -> None:
    """From every link to the end of the text it took half an hour."""
    begun = time.process_time()
    text = rich("<p><a href='/a'>word, external</a> " * 20_000)
    assert len(text.paragraphs()) == 20_000
    assert join("\n\n", text.paragraphs()).text == "\n\n".join(["word"] * 20_000)
    assert time.process_time() - begun < 20
