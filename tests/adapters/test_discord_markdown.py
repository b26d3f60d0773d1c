"""Nothing an entry says becomes markup on Discord, and what we mean as markup does."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.discord.cut import cut, split
from adapters.discord.markdown import clean, escape, markdown, unescape, units, web_address
from bot.richtext import RichText, Span, SpanKind

from .discord_markdown import read

HOSTILE = st.sampled_from(
    [
        "**", "*", "_", "__", "~~", "||", "`", "```", "# ", "## ", "-# ", "> ", ">>> ", "- ", "* ", "1. ", "2) ",
        "<@1>", "<@&1>", "<#1>", "<t:1:R>", "<:e:1>", "<a:e:1>", "</c:1>", "<id:guide>", "@everyone", "@here",
        "[a](https://evil.example)", "[", "]", "(", ")", "<", ">", "\\", "https://a.example/b_c*d_e?f=g", "http://",
        ":smile:", "steam://x", "\n", "\n\n", " ", "a", "Bb", "9", ":",
        "-", "#", "@", "\u200b", "😀", "\ud800", "\x00", "é", "|",
    ]
)  # fmt: skip
WORDS = st.one_of(st.text(max_size=60), st.lists(HOSTILE, max_size=14).map("".join))
URLS = st.one_of(
    st.sampled_from(["https://news.example/a", "https://news.example/a_(b)*c*", "javascript:alert(1)", "", "http://"]),
    st.text(max_size=20).map(lambda tail: f"https://news.example/{tail}"),
)
KINDS: list[SpanKind] = ["bold", "italic", "code", "quote", "link"]


@st.composite
def rich_texts(draw: st.DrawFn) -> RichText:
    text = draw(WORDS)
    edge = st.integers(0, len(text))
    spans = []
    for _ in range(draw(st.integers(0, 5))):
        start, end = sorted((draw(edge), draw(edge)))
        kind = draw(st.sampled_from(KINDS))
        spans.append(Span(start, end, kind, draw(URLS) if kind == "link" else ""))
    return RichText(text, tuple(spans))


@pytest.mark.attack("markup and mentions")
@settings(deadline=None)
@given(WORDS)
@example("https://a.example/**b**")
@example(":a:b:")
@example("::0:")
@example("- - 1. x")
def test_plain_text_is_shown_as_it_stands_and_makes_no_construct(text: str) -> None:
    seen = read(escape(text))
    assert seen.shown == clean(text)
    assert seen.names() <= {"own address"}


@settings(deadline=None)
@given(WORDS)
def test_an_address_in_a_text_leads_where_it_says(text: str) -> None:
    assert all(address in clean(text) for address in read(escape(text)).of("own address"))


@settings(deadline=None)
@given(WORDS)
def test_a_headline_can_be_read_back(text: str) -> None:
    assert unescape(escape(text, addresses=False)) == clean(text)


@pytest.mark.attack("markup and mentions")
@settings(deadline=None)
@given(rich_texts())
def test_rich_text_makes_only_the_constructs_that_its_spans_ask_for(text: RichText) -> None:
    meant = {span.kind for span in text.spans}
    seen = read(markdown(text))
    assert seen.names() <= meant | {"own address"}


@pytest.mark.attack("markup and mentions")
@settings(deadline=None)
@given(rich_texts())
def test_links_lead_only_where_a_span_leads(text: RichText) -> None:
    targets = {web_address(span.url) for span in text.spans}
    assert set(read(markdown(text)).of("link")) <= targets


@settings(deadline=None)
@given(rich_texts(), st.integers(1200, 2000))
def test_a_text_that_is_cut_keeps_the_limit(text: RichText, limit: int) -> None:
    long = RichText(text.text * 40, tuple(Span(s.start, s.end, s.kind, s.url) for s in text.spans))
    assert units(markdown(cut(long, limit))) <= limit


@settings(deadline=None)
@given(rich_texts())
def test_a_text_that_is_split_keeps_the_limit_and_loses_no_word(text: RichText) -> None:
    long = RichText(text.text * 60, text.spans)
    pieces = split(long, 1200)
    assert all(units(markdown(piece)) <= 1200 for piece in pieces)
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(long.text.split())


def test_bold_italic_code_quotes_and_links_are_written_as_discord_reads_them() -> None:
    text = RichText(
        "He said so. See here.\nA quote",
        (Span(0, 2, "bold"), Span(3, 7, "italic"), Span(8, 10, "code"), Span(16, 20, "link", "https://news.example/a"),
         Span(22, 29, "quote")),
    )  # fmt: skip
    assert markdown(text) == "**He** *said* `so`. See [here](<https://news.example/a>).\n> A quote"


def test_bold_that_holds_italic_nests() -> None:
    seen = read(markdown(RichText("abcd", (Span(0, 4, "bold"), Span(1, 3, "italic")))))
    assert seen.constructs == [("bold", "a*bc*d"), ("italic", "bc")]
    assert seen.shown == "abcd"


def test_marks_stand_close_to_the_words_and_white_space_outside() -> None:
    assert markdown(RichText("a bold one", (Span(1, 7, "bold"),))) == "a **bold** one"


def test_bold_next_to_italic_stays_apart() -> None:
    seen = read(markdown(RichText("ab", (Span(0, 1, "bold"), Span(1, 2, "italic")))))
    assert seen.names() == {"bold", "italic"}
    assert seen.shown.replace("\u200b", "") == "ab"


@pytest.mark.parametrize(
    "label", ["paypal.com", "https://paypal.com/login", "www.paypal.com", "see https://paypal.com"]
)
@pytest.mark.attack("markup and mentions")
def test_a_link_that_names_another_host_shows_where_it_leads(label: str) -> None:
    seen = read(markdown(RichText(label).marked("link", "https://evil.example/x")))
    assert seen.of("link") == []
    assert seen.shown == f"{label} (https://evil.example/x)"


def test_a_link_that_names_its_own_host_is_masked() -> None:
    written = markdown(RichText("www.news.example/story").marked("link", "https://news.example/story?at=1"))
    assert read(written).of("link") == ["https://news.example/story?at=1"]


@pytest.mark.attack("markup and mentions")
def test_a_link_to_anything_but_the_web_is_plain_text() -> None:
    assert markdown(RichText("run").marked("link", "javascript:alert(1)")) == "run"


def test_an_address_that_would_close_the_link_is_written_with_percent_signs() -> None:
    written = markdown(RichText("map").marked("link", "https://news.example/a_(b)> <c"))
    assert written == "[map](<https://news.example/a_%28b%29%3E%20%3Cc>)"


@pytest.mark.parametrize(
    ("label", "shown"),
    [("see [this] one", "see [this] one"), ("see [this", "see ［this"), ("a [b [c]]", "a ［b ［c］］")],
)
def test_brackets_stay_in_a_label_where_discord_can_pair_them(label: str, shown: str) -> None:
    seen = read(markdown(RichText(label).marked("link", "https://news.example/a")))
    assert seen.shown == shown
    assert seen.of("link") == ["https://news.example/a"]


def test_a_cut_ends_at_a_sentence_and_says_that_something_is_missing() -> None:
    text = RichText("One sentence stands here. " * 10)
    assert cut(text, 90).text == "One sentence stands here. One sentence stands here. One sentence stands here. …"


def test_a_cut_prefers_the_end_of_a_paragraph() -> None:
    text = RichText("First paragraph, long enough.\n\nSecond one. It goes on and on and on.")
    assert cut(text, 50).text == "First paragraph, long enough. …"


def test_what_fits_is_not_touched() -> None:
    assert cut(RichText("short"), 100).text == "short"
