"""What a Message becomes on Telegram: whatever an entry says, Telegram takes it and shows just that."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from adapters.telegram import render
from adapters.telegram.entities import MOST, entities, harmless, web_address
from adapters.telegram.render import Words
from bot.compose import compose
from bot.languages import speaking
from bot.message import Message, MessageKind
from bot.model import Author, Clip, Entry, Image, SourceTitle, Style
from bot.richtext import RichText, Span, SpanKind
from sandbox.telegram.formatted import caption as read_caption
from sandbox.telegram.formatted import message_text as read_text

from .contract import a_message

PICTURE = Image("https://pictures.example/ferry.jpg", "A ferry", "The ferry at dawn", "Harbour News")
FAMILY = "👨‍👩‍👧‍👦"

_PIECES = st.sampled_from(
    [
        *("word ", "Sentence. ", "\n", "\n\n", " ", "• item", "@ada", "/start", "https://a.example/x", "tg://resolve"),
        *(
            FAMILY,
            "👍🏽",
            "🇺🇦",
            "e\u0301",
            "שלום",
            "مرحبا",
            "\u202e",
            "\u200d",
            "\ufe0f",
            "\r",
            "\x00",
            "\ud83d",
            "<b>",
        ),
        *("*", "_", "`", "[x](y)", "&amp;", "\u2028", "a" * 300),
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=8), max_size=40).map("".join)
_URLS = st.sampled_from(
    ["https://a.example/", "http://b.example/?q=ж", "javascript:alert(1)", "", "https://", "tg://x"]
)


@st.composite
def rich_texts(draw: st.DrawFn) -> RichText:
    text = draw(_TEXTS)
    place = st.integers(0, len(text))
    span = st.builds(
        lambda one, other, kind, url: Span(min(one, other), max(one, other), kind, url),
        *(place, place, st.sampled_from(["bold", "italic", "code", "quote", "link"]), _URLS),
    )
    return RichText(text, tuple(draw(st.lists(span, max_size=12))))


_IMAGES = st.lists(st.builds(Image, url=_URLS, caption=_TEXTS, credit=_TEXTS), max_size=2).map(tuple)
_MESSAGES = st.builds(
    Message,
    kind=st.sampled_from(["entry", "summary", "end", "digest", "withdrawn"]),
    headline=_TEXTS,
    body=rich_texts(),
    breaking=st.booleans(),
    label=_TEXTS,
    author=_TEXTS,
    time_text=st.sampled_from(["", "09:15, 14 Feb"]),
    source_name=_TEXTS,
    link=_URLS,
    images=_IMAGES,
    footnotes=st.lists(rich_texts(), max_size=3).map(tuple),
    also=st.lists(rich_texts(), max_size=3).map(tuple),
    preview=st.booleans(),
    split=st.booleans(),
)
_ENTRIES = st.builds(
    Entry,
    key=st.just("a"),
    headline=st.none() | _TEXTS,
    body=rich_texts(),
    standfirst=st.none() | rich_texts(),
    published_at=st.none() | st.just(datetime(2026, 2, 14, 9, 15, tzinfo=UTC)),
    url=_URLS,
    authors=st.lists(st.builds(Author, _TEXTS, _TEXTS), max_size=2).map(tuple),
    label=st.none() | _TEXTS,
    images=_IMAGES,
    clips=st.lists(st.builds(Clip, _URLS, _TEXTS, _URLS), max_size=2).map(tuple),
    embeds=st.lists(_URLS, max_size=2).map(tuple),
    flags=st.sampled_from([frozenset(), frozenset({"breaking"})]),
)
_STYLES = st.builds(
    Style,
    detail=st.sampled_from(["headline", "summary", "full"]),
    images=st.sampled_from(["off", "first", "all"]),
    author=st.booleans(),
    time=st.booleans(),
    label=st.booleans(),
    preview=st.booleans(),
    template=st.sampled_from(["", "{headline:bold}\\n{text}", "{time:%H:%M} {summary:200} {author}"]),
    long=st.sampled_from(["cut", "split"]),
)


def read(words: Words, *, as_caption: bool = False) -> list[dict[str, Any]]:
    """Let the stand-in read the words, as strictly as Telegram does; return what it made of them."""
    given_entities = [entity.to_dict() for entity in words.entities]
    problems: list[str] = []
    if as_caption:
        values = {"caption": words.text, "caption_entities": given_entities}
        found = read_caption(values, problems)
    else:
        found = read_text({"text": words.text, "entities": given_entities}, problems, editing=False)
    assert problems == []
    assert found.text == words.text
    return found.entities


def marked(words: Words, kind: str) -> list[str]:
    """Return the stretches that are marked so."""
    raw = words.text.encode("utf-16-le")
    return [
        raw[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
        for entity in words.entities
        if entity.type == kind
    ]


def the_text(message: Message) -> str:
    return render.shown(message).words.text


# ── whatever is said ─────────────────────────────────────────────────────────────────────────────────────────────


@given(_MESSAGES)
def test_telegram_takes_every_message_as_it_is(message: Message) -> None:
    for number, kind in enumerate(render.parts(message)):
        shown = render.shown(message, number)
        assert shown.kind == kind
        read(shown.words, as_caption=kind != render.TEXT)


@given(_ENTRIES, _STYLES, st.integers(0, 2), st.booleans())
def test_telegram_takes_every_entry_in_every_style(entry: Entry, style: Style, form: int, withdrawn: bool) -> None:
    source = SourceTitle("Harbour News", "Live", "https://harbour.example/live")
    message = compose(entry, source=source, style=style, zone=UTC, withdrawn=withdrawn, form=form)
    for number, kind in enumerate(render.parts(message)):
        read(render.shown(message, number).words, as_caption=kind != render.TEXT)


@given(_MESSAGES)
def test_every_message_has_room_under_a_photo_that_stays(message: Message) -> None:
    read(render.caption(message), as_caption=True)


@given(rich_texts())
def test_entities_nest_and_cut_no_character_apart(text: RichText) -> None:
    clean = harmless(text)
    found = entities(clean)
    raw = clean.text.encode("utf-16-le")
    assert len(found) <= MOST
    for entity in found:
        raw[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
    for one, other in combinations([(entity.offset, entity.offset + entity.length) for entity in found], 2):
        apart = one[1] <= other[0] or other[1] <= one[0]
        nested = (one[0] <= other[0] and other[1] <= one[1]) or (other[0] <= one[0] and one[1] <= other[1])
        assert apart or nested


@pytest.mark.attack("markup and mentions")
@given(rich_texts())
def test_only_spans_mark_and_they_mark_what_they_did(text: RichText) -> None:
    clean = harmless(text)
    at = [0]
    for char in clean.text:
        at.append(at[-1] + len(char.encode("utf-16-le")) // 2)
    for kind, name in (("bold", MessageEntity.BOLD), ("italic", MessageEntity.ITALIC), ("quote", "blockquote")):
        spans = [range(at[span.start], at[span.end]) for span in clean.spans if span.kind == kind]
        for entity in entities(clean):
            if entity.type == name:
                assert all(
                    any(unit in span for span in spans) for unit in range(entity.offset, entity.offset + entity.length)
                )


@pytest.mark.attack("markup and mentions")
@given(_MESSAGES)
def test_no_entry_can_give_a_command_or_call_somebody(message: Message) -> None:
    for number, kind in enumerate(render.parts(message)):
        words = render.shown(message, number).words
        # The photos of an album but its first have no caption, which only a text must have.
        assert words.text or kind == render.ALBUM
        found = {entity["type"] for entity in read(words, as_caption=kind != render.TEXT)}
        assert not found & {"mention", "bot_command", "text_mention"}


@given(rich_texts())
def test_every_answer_is_taken_and_loses_nothing_but_space(text: RichText) -> None:
    pieces = render.reply(text)
    for piece in pieces:
        read(piece)
    told = "".join("".join(piece.text.split()) for piece in pieces)
    assert told == "".join(harmless(text).text.split()) or told == "…"


# ── how it looks ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_reads_from_the_headline_to_the_source() -> None:
    message = a_message(breaking=True, label="Analysis", footnotes=(RichText("▶ The harbour, live"),))
    shown = render.shown(message)
    assert shown.words.text == (
        "🔴 BREAKING · Analysis\n"
        "The night ferry has docked\n"
        "\n"
        "All 212 passengers are ashore.\n"
        "\n"
        "▶ The harbour, live\n"
        "09:15, 14 Feb · Ada Quill · Harbour News"
    )
    assert marked(shown.words, "bold") == ["🔴 BREAKING", "The night ferry has docked"]
    assert marked(shown.words, "text_link") == ["Harbour News"]
    assert shown.words.entities[-1].url == message.link
    assert shown.preview.is_disabled


def test_what_is_missing_leaves_no_gap() -> None:
    bare = Message("entry", body=RichText("Only a body."))
    assert the_text(bare) == "Only a body."
    assert the_text(Message("entry", headline="Only a headline")) == "Only a headline"
    assert the_text(Message("end", headline="It is over", source_name="News")) == "It is over\n\nNews"
    assert the_text(Message("entry")) == "…"


def test_a_source_without_a_name_can_still_be_opened() -> None:
    words = render.shown(Message("entry", headline="x", link="https://harbour.example/live")).words
    assert marked(words, "text_link") == ["Source"]


def test_a_picture_brings_its_caption_and_credit_in_small_print() -> None:
    shown = render.shown(a_message(images=(PICTURE, replace(PICTURE, url="https://pictures.example/2.jpg"))))
    assert shown.photo == PICTURE.url
    assert marked(shown.words, "italic") == ["📷 The ferry at dawn — Harbour News"]


def test_what_the_link_leads_to_is_shown_where_the_chat_wants_it_and_there_is_no_picture() -> None:
    message = a_message(preview=True)
    assert render.shown(message).preview.url == message.link
    assert not render.shown(message).preview.is_disabled
    assert render.shown(replace(message, images=(PICTURE,))).photo == PICTURE.url
    assert render.shown(replace(message, link="")).preview.is_disabled


def test_a_text_too_long_for_a_caption_has_the_picture_as_a_preview_above() -> None:
    message = a_message(images=(PICTURE,), body=RichText("A sentence of some length. " * 60))
    shown = render.shown(message)
    assert render.parts(message) == ("text",)
    assert (shown.preview.url, shown.preview.show_above_text) == (PICTURE.url, True)
    assert shown.preview.prefer_large_media
    assert "📷 The ferry at dawn" in shown.words.text


@pytest.mark.parametrize("url", ["", "data:image/png;base64,AAAA", "ftp://a.example/x.jpg", "https:///x.jpg"])
def test_a_picture_without_a_web_address_is_none(url: str) -> None:
    assert render.parts(a_message(images=(replace(PICTURE, url=url),))) == ("text",)


def test_the_first_picture_that_can_be_shown_is_shown() -> None:
    message = a_message(images=(replace(PICTURE, url="data:x"), PICTURE))
    assert render.shown(message).photo == PICTURE.url


# ── length ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_long_body_ends_at_a_sentence_and_the_source_still_stands() -> None:
    words = render.shown(a_message(body=RichText("The harbour master spoke. " * 500))).words
    body, _, tail = words.text.rpartition("\n\n")
    assert body.endswith("spoke. …")
    assert tail.endswith("Harbour News")
    assert 3900 < len(words.text) <= 4096


def test_a_headline_of_five_thousand_characters_leaves_room_for_the_rest() -> None:
    words = render.shown(a_message(headline="Word " * 1000)).words
    read(words)
    assert "All 212 passengers are ashore." in words.text
    assert words.text.endswith("Harbour News")


def test_a_family_is_never_torn_apart() -> None:
    for shift in range(12):
        words = render.shown(a_message(body=RichText("x" * shift + FAMILY * 1000))).words
        body = words.text.split("\n\n")[1].removesuffix("…")
        assert body.removeprefix("x" * shift).replace(FAMILY, "") == ""


def test_a_digest_breaks_between_lines() -> None:
    lines = [f"• {number:03} what happened then, and how it went on" for number in range(200)]
    message = a_message(kind="digest", body=RichText("\n".join(lines)))
    texts = [render.shown(message, number).words.text for number in range(len(render.parts(message)))]
    assert len(texts) > 1
    assert [line for text in texts for line in text.splitlines() if line.startswith("•")] == lines
    assert texts[0].startswith(message.headline)
    assert texts[-1].endswith("Harbour News")


def test_a_part_that_is_no_more_is_the_last_there_is() -> None:
    assert render.shown(a_message(), 3) == render.shown(a_message(), 0)


def test_of_too_many_links_the_source_is_kept() -> None:
    body = RichText()
    for number in range(300):
        body = body + RichText(f"link{number} ").marked("link", f"https://a.example/{number}")
    words = render.shown(a_message(body=body)).words
    assert len(words.entities) == MOST
    assert marked(words, "text_link")[-1] == "Harbour News"


# ── words and marks ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["@ada said", "see /start", "(/stop)", "tg://resolve?domain=x", "TON://x"])
def test_what_telegram_would_act_on_looks_the_same_and_does_nothing(words: str) -> None:
    text = harmless(RichText(words)).text
    assert text != words
    assert "".join(char for char in text if unicodedata.category(char) != "Cf") == words


@pytest.mark.parametrize(
    "words", ["his/her", "24/7", "a@b.example", "https://a.example/@ada/x", "</b>", "a / b", "14:30"]
)
def test_ordinary_words_are_left_alone(words: str) -> None:
    assert harmless(RichText(words)).text == words


def test_a_mark_stays_on_its_words_when_something_is_broken_up_before_it() -> None:
    words = render.shown(a_message(body=RichText("@ada and @bo spoke", (Span(13, 18, "italic"),)))).words
    assert marked(words, "italic") == ["spoke"]


def test_a_link_wins_over_code_and_code_over_bold() -> None:
    text = RichText("abcdef", (Span(0, 6, "bold"), Span(1, 5, "code"), Span(3, 6, "link", "https://a.example/")))
    words = Words(text.text, tuple(entities(text)))
    assert marked(words, "code") == ["bc"]
    assert marked(words, "text_link") == ["def"]
    assert marked(words, "bold") == ["a", "def"]


@pytest.mark.attack("markup and mentions")
def test_links_lead_to_the_web_or_nowhere() -> None:
    assert web_address(" https://a.example/x ") == "https://a.example/x"
    for url in ("javascript:alert(1)", "tg://resolve?domain=x", "https://", "https://a b/", "http://[", "x" * 3000, ""):
        assert web_address(url) == ""


def test_text_that_runs_from_right_to_left_keeps_its_marks() -> None:
    words = render.shown(
        a_message(headline="המעבורת עגנה", body=RichText("كل الركاب بخير", (Span(0, 2, "bold"),)))
    ).words
    assert marked(words, "bold") == ["המעבורת עגנה", "كل"]


def test_our_own_commands_can_be_tapped_in_an_answer_and_no_entry_can_bring_one() -> None:
    answer = RichText("Send /pause. • /pause the presses, /start")
    headline = Span(answer.text.index("• ") + 2, answer.text.index(", /start"), "link", "https://a.example")
    (words,) = render.reply(RichText(answer.text, (headline,)), {"pause"})
    assert words.text.replace("\u2060", "|") == "Send /pause. • /|pause the presses, /|start"


@pytest.mark.attack("markup and mentions")
@pytest.mark.parametrize("kind", ["entry", "digest"])
def test_a_page_full_of_marks_and_mentions_does_not_stop_the_program(kind: MessageKind) -> None:
    times = 4000
    marks: tuple[SpanKind, ...] = ("bold", "italic", "code", "quote", "link")
    spans = [Span(8 * at, 8 * at + 5, mark, "https://a.example/") for at in range(times) for mark in marks]
    began = process_time()
    parts = render.parts(a_message(kind=kind, body=RichText("@ab /cd " * times, tuple(spans))))
    # 0.2 s and 1.6 s on a quiet machine, three times as long on a busy one; weighing each mark against each mention
    # took 8 s and 31 s.
    assert process_time() - began < 7 * (1 if kind == "entry" else 3)
    assert set(parts) == {render.TEXT}


def test_the_same_words_are_marked_in_the_language_of_each_chat() -> None:
    message = a_message(breaking=True)
    told = []
    for language in ("en", "de", "en"):
        with speaking(language):
            told.append(render.shown(message).words.text.partition("\n")[0])
    assert told == [told[0], told[0].replace("BREAKING", "EILMELDUNG"), told[0]]


def test_who_else_reported_it_is_never_left_out() -> None:
    """However long all else is, in a text and under a photo: three lines are the most that are folded."""
    also = tuple(
        RichText(f"Also reported by {name}: ").marked("bold")
        + RichText(headline * 5).marked("link", f"https://{name}.example/")
        for name, headline in (("gull", "Ferry sinks "), ("tern", "Ferry sank "), ("knot", "Fähre sinkt "))
    )
    long = "long words " * 500
    message = a_message(
        headline=long,
        body=RichText(long),
        label=long,
        author=long,
        source_name=long,
        images=(PICTURE,),
        footnotes=(RichText(long),),
        also=also,
        breaking=True,
    )
    for words, most in ((render.shown(message).words, 4096), (render.caption(message), 1024)):
        assert len(words.text) <= most
        read(words, as_caption=most == 1024)
        assert [line for line in words.text.split("\n") if line.startswith("Also")] == [
            line.text.strip() for line in also
        ]
        assert set(marked(words, "text_link")) >= {line.text.partition(": ")[2].strip() for line in also}


def test_of_too_many_links_those_to_who_else_reported_it_stay() -> None:
    also = RichText("Also reported by gull: ") + RichText("Ferry sinks").marked("link", "https://gull.example/")
    body = RichText(" ".join("b" * MOST * 2), tuple(Span(at * 2, at * 2 + 1, "bold") for at in range(MOST * 2)))
    words = render.shown(a_message(body=body, also=(also,) * 3)).words
    assert len(read(words)) == MOST
    assert marked(words, "text_link")[-4:-1] == ["Ferry sinks"] * 3
