"""What a Message looks like on Discord, and that no Message breaks Discord's limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import render
from adapters.discord.markdown import units
from bot.languages import LANGUAGES, speaking
from bot.message import Message, MessageKind
from bot.model import Image
from bot.richtext import RichText, Span, join

from .discord_markdown import read
from .test_discord_markdown import URLS, WORDS, rich_texts

AT = datetime(2026, 2, 14, 9, 15, tzinfo=UTC)
LINK = "https://news.example/live#post-7"


def a_message(**what: Any) -> Message:
    told: dict[str, Any] = {
        "kind": "entry",
        "headline": "The ferry has docked",
        "body": RichText("All passengers are ashore."),
        "time": AT,
        "time_text": "09:15, 14 Feb",
        "source_name": "Harbour News",
        "link": LINK,
    }
    return Message(**(told | what))


def first_embed(message: Message, part: int = 0) -> dict[str, Any]:
    return dict(render.embeds(message, part)[0].to_dict())


# ── what stands where ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_headline_leads_to_the_entry() -> None:
    shown = first_embed(a_message())
    assert (shown["title"], shown["url"]) == ("The ferry has docked", LINK)


def test_the_last_line_names_the_source_as_a_link_to_the_entry_and_the_time_for_every_reader() -> None:
    last = first_embed(a_message())["description"].split("\n")[-1]
    assert last == f"[Harbour News](<{LINK}>) · <t:1771060500:f>"


def test_discord_shows_no_second_time_and_none_where_the_chat_wants_none() -> None:
    assert "timestamp" not in first_embed(a_message())
    assert "<t:" not in first_embed(a_message(time=None, time_text=""))["description"]


def test_breaking_is_said_in_words_and_in_red() -> None:
    calm, breaking = first_embed(a_message()), first_embed(a_message(breaking=True))
    assert breaking["title"] == "🔴 Breaking: The ferry has docked"
    assert breaking["color"] != calm["color"]


def test_a_source_has_its_colour_and_what_is_no_news_has_none_of_these() -> None:
    sources = [first_embed(a_message(source_name=f"Paper {number}"))["color"] for number in range(40)]
    assert len(set(sources)) > 5
    assert first_embed(a_message(kind="summary"))["color"] == first_embed(a_message())["color"]
    said = [first_embed(a_message(kind=kind))["color"] for kind in ("end", "note", "withdrawn")]
    assert len({*said, *sources}) == len(said) + len(set(sources))


def test_a_message_without_a_headline_begins_with_its_body() -> None:
    shown = first_embed(a_message(headline=""))
    assert "title" not in shown
    assert shown["description"].startswith("All passengers are ashore.")


def test_breaking_news_without_a_headline_still_says_that_it_is() -> None:
    assert first_embed(a_message(headline="", breaking=True))["title"] == "🔴 Breaking"


def test_a_message_that_says_nothing_is_still_one_that_discord_takes() -> None:
    assert first_embed(Message("entry"))["description"] == "…"


def test_the_author_and_the_label_stand_in_their_places_unescaped() -> None:
    shown = first_embed(a_message(author="A. O'Neill_Ray", label="Analysis"))
    assert (shown["author"]["name"], shown["footer"]["text"]) == ("A. O'Neill_Ray", "Analysis")


def test_a_picture_has_its_caption_and_credit_below_the_body() -> None:
    picture = Image("https://img.example/1.jpg", alt="a quay", caption="The quay at dawn", credit="Reuters")
    shown = first_embed(a_message(images=(picture,)))
    assert shown["image"]["url"] == "https://img.example/1.jpg"
    assert "\n📷 The quay at dawn — Reuters\n" in shown["description"]


def test_further_pictures_share_the_address_so_that_discord_draws_one_frame() -> None:
    pictures = tuple(Image(f"https://img.example/{number}.jpg") for number in range(6))
    shown = [embed.to_dict() for embed in render.embeds(a_message(images=pictures))]
    assert [embed["url"] for embed in shown] == [LINK] * 4
    assert [embed["image"]["url"][-5:] for embed in shown] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]


def test_a_picture_whose_address_is_none_is_left_out() -> None:
    pictures = (Image("data:image/png;base64,AA"), Image("https://img.example/2.jpg"))
    shown = render.embeds(a_message(images=pictures))
    assert [embed.image.url for embed in shown] == ["https://img.example/2.jpg"]


def test_footnotes_stand_between_the_body_and_the_source() -> None:
    note = RichText("▶ Watch the docking").marked("link", "https://video.example/9")
    lines = first_embed(a_message(footnotes=(note,)))["description"].split("\n")
    assert lines[0] == "All passengers are ashore."
    assert lines[-2] == "[▶ Watch the docking](<https://video.example/9>)"


def test_a_long_body_is_cut_and_keeps_the_source() -> None:
    shown = first_embed(a_message(body=RichText("A sentence of some length. " * 400)))
    body, _, last = shown["description"].rpartition("\n\n")
    assert body.endswith("A sentence of some length. …")
    assert last.startswith("[Harbour News]")


def test_a_headline_is_read_back_as_it_was() -> None:
    message = a_message(headline="Why *this*? [1]", breaking=True)
    assert render.headline_of(first_embed(message)["title"]) == "Why *this*? [1]"


def test_a_breaking_headline_is_read_back_whatever_language_it_was_marked_in() -> None:
    for language in LANGUAGES:
        with speaking(language):
            title = first_embed(a_message(headline="Storm", breaking=True))["title"]
        assert render.headline_of(title) == "Storm"


# ── digests ──────────────────────────────────────────────────────────────────────────────────────────────────────


def a_digest(lines: int) -> Message:
    told = (RichText(f"Line {number} " + "x" * 90).marked("link", f"{LINK}{number}") for number in range(lines))
    return a_message(kind="digest", headline="While you were away", body=join("\n", told))


def test_a_long_digest_takes_several_messages_and_breaks_between_lines() -> None:
    digest = a_digest(100)
    shown = [first_embed(digest, part) for part in range(len(render.parts(digest)))]
    assert len(shown) > 2
    told = read("\n".join(part["description"] for part in shown)).shown
    assert [f"Line {number} " in told for number in range(100)] == [True] * 100
    assert all(part["description"].startswith("[Line") for part in shown)


def test_only_the_first_part_has_the_headline_and_only_the_last_the_source() -> None:
    digest = a_digest(100)
    shown = [first_embed(digest, part) for part in range(len(render.parts(digest)))]
    assert ["title" in part for part in shown] == [True] + [False] * (len(shown) - 1)
    assert ["Harbour News" in part["description"] for part in shown] == [False] * (len(shown) - 1) + [True]


def test_every_part_of_a_digest_has_an_address_by_which_it_is_found_again() -> None:
    digest = a_digest(100)
    found = [render.part_of(first_embed(digest, part)["url"]) for part in range(len(render.parts(digest)))]
    assert found == [(digest.link, part) for part in range(len(found))]


def test_a_part_that_a_shorter_digest_no_longer_has_shows_its_last() -> None:
    assert first_embed(a_digest(3), 5)["description"] == first_embed(a_digest(3))["description"]


def test_a_digest_without_an_end_is_cut() -> None:
    assert len(render.parts(a_digest(3000))) == 10


# ── limits, whatever comes ───────────────────────────────────────────────────────────────────────────────────────

IMAGES = st.lists(st.builds(Image, url=URLS, alt=WORDS, caption=WORDS, credit=WORDS), max_size=5).map(tuple)


def test_who_else_reported_it_stands_above_the_source_and_is_never_left_out() -> None:
    also = tuple(
        RichText(f"Also reported by {name}: ") + RichText("Ferry sinks").marked("link", f"https://{name}.example/")
        for name in ("Gull", "Tern", "Knot")
    )
    long = RichText("long words " * 500)
    told = first_embed(a_message(body=long, footnotes=(long,) * 6, also=also))["description"]
    assert told.split("\n")[-4:-1] == [
        f"Also reported by {name}: [Ferry sinks](<https://{name}.example/>)" for name in ("Gull", "Tern", "Knot")
    ]
    assert units(told) <= 4096


@st.composite
def messages(draw: st.DrawFn) -> Message:
    times = draw(st.sampled_from([1, 3, 50]))
    body = draw(rich_texts())
    return Message(
        kind=draw(st.sampled_from(get_args(MessageKind))),
        headline=draw(WORDS) * times,
        body=RichText(body.text * times, tuple(Span(s.start, s.end, s.kind, s.url) for s in body.spans)),
        breaking=draw(st.booleans()),
        label=draw(WORDS) * times,
        author=draw(WORDS) * times,
        time=AT + timedelta(minutes=draw(st.integers(0, 9))),
        time_text=draw(WORDS) * times,
        source_name=draw(WORDS) * times,
        link=draw(URLS) * draw(st.sampled_from([1, 40])),
        images=draw(IMAGES),
        footnotes=tuple(draw(st.lists(rich_texts(), max_size=4))) * draw(st.sampled_from([1, 5])),
        also=tuple(draw(st.lists(rich_texts(), max_size=3))),
        split=draw(st.booleans()),
        ping=draw(st.sampled_from(["", "55", "@everyone", "1> @everyone", "٣"])),
    )


@settings(deadline=None, max_examples=40)
@given(messages())
def test_every_part_of_every_message_keeps_discords_limits(message: Message) -> None:
    for part in range(len(render.parts(message))):
        shown = [embed.to_dict() for embed in render.embeds(message, part)]
        assert len(shown) <= 10
        assert sum(check_limits(dict(embed)) for embed in shown) <= 6000


def check_limits(embed: dict[str, Any]) -> int:
    """Return how much the embed counts towards the 6000 of a message."""
    counted = {
        256: [embed.get("title"), embed.get("author", {}).get("name")],
        4096: [embed.get("description")],
        2048: [embed.get("footer", {}).get("text")],
    }
    told = [(text, limit) for limit, texts in counted.items() for text in texts if text is not None]
    assert all(0 < units(text) <= limit and text.strip() for text, limit in told)
    for url in (embed.get("url"), embed.get("image", {}).get("url")):
        assert url is None or (url.startswith(("http://", "https://")) and len(url) <= 2048)
    return sum(units(text) for text, _ in told)


@settings(deadline=None, max_examples=40)
@given(messages())
def test_no_message_holds_a_mention_an_emoji_a_timestamp_or_a_heading(message: Message) -> None:
    told = "\n".join(first_embed(message, part)["description"] for part in range(len(render.parts(message))))
    if message.time:  # its own, in the last line, is no word of the entry's
        before, own, after = told.rpartition(f"<t:{int(message.time.timestamp())}:f>")
        told = before + after if own else told
    seen = read(told)
    assert seen.names() <= {"bold", "italic", "code", "quote", "link", "own address"}
    assert read(first_embed(message).get("title", "")).names() == set()
    assert render.mention(message) in (None, "<@&55>")
    assert 0 < len(render.thread_name(message)) <= 100


# ── answers to commands ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_long_text_goes_on_in_another_message_where_the_style_wants_that() -> None:
    body = RichText("\n\n".join(f"{number}. The board shall see to it." for number in range(300)))
    cut, whole = a_message(body=body), a_message(body=body, split=True)
    assert (len(render.parts(cut)), len(render.parts(whole))) == (1, 3)
    told = "\n\n".join(first_embed(whole, part)["description"] for part in range(3))
    assert all(f"{number}\\. The board" in told for number in range(300))


@settings(deadline=None)
@given(rich_texts(), st.sampled_from([1, 100]))
def test_an_answer_is_split_into_messages_that_discord_takes(text: RichText, times: int) -> None:
    contents = render.reply(RichText(text.text * times, text.spans))
    assert contents
    assert all(0 < units(content) <= 2000 and content.strip() for content in contents)


@pytest.mark.parametrize("text", ["", "   ", "\x00"])
def test_an_answer_without_words_is_no_empty_message(text: str) -> None:
    assert render.reply(RichText(text)) == ["…"]
