"""Where a text ends that is too long: never in the middle of what a reader sees as one thing, if that can be helped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cutting import cut, split, utf16
from bot.richtext import RichText, Span

FAMILY = "👨‍👩‍👧‍👦"

_TEXTS = st.lists(
    st.sampled_from(["word ", "A sentence. ", "\n", "\n\n", FAMILY, "🇺🇦", "e\u0301", "👍🏽", "…", "x" * 50, "。"]),
    max_size=60,
).map("".join)


def length(text: RichText) -> int:
    return utf16(text.text)


@given(_TEXTS, st.integers(10, 300))
def test_what_is_cut_has_room_and_says_so(text: str, limit: int) -> None:
    shortened = cut(RichText(text), limit, length)
    assert length(shortened) <= limit
    if utf16(text) <= limit:
        assert shortened.text == text
    else:
        assert shortened.text.endswith("…")
        assert text.lstrip().startswith(shortened.text.removesuffix("…").rstrip())


@given(_TEXTS, st.integers(10, 300))
def test_what_is_split_has_room_and_loses_nothing_but_space(text: str, limit: int) -> None:
    pieces = split(RichText(text), limit, length)
    assert all(length(piece) <= limit for piece in pieces)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "limit", "shortened"),
    [
        ("First line of it\nsecond line of it", 25, "First line of it …"),
        ("It began well. Then it went on and on", 24, "It began well. …"),
        ("Some words without any end", 20, "Some words without…"),
        ("onelongwordwithoutspaces", 10, "onelongw…"),
        ("Short. " + "x" * 60, 30, "Short. xxxxxxxxxxxxxxxxxxxxx…"),
    ],
)
def test_a_line_is_a_better_end_than_a_sentence_and_that_than_a_word(text: str, limit: int, shortened: str) -> None:
    assert cut(RichText(text), limit, length).text == shortened


@pytest.mark.parametrize("character", [FAMILY, "👍🏽", "🇺🇦", "e\u0301", "☝️"])
def test_what_is_seen_as_one_character_stays_whole(character: str) -> None:
    for limit in range(utf16(character) + 2, 4 * utf16(character) + 2):
        shortened = cut(RichText(character * 20), limit, length)
        assert shortened.text.removesuffix("…").replace(character, "") == ""


def test_a_character_without_end_is_cut_all_the_same() -> None:
    assert length(cut(RichText("e" + "\u0301" * 500), 50, length)) <= 50


def test_spans_are_cut_with_their_words() -> None:
    shortened = cut(RichText("Bold words that go on and on", (Span(0, 28, "bold"),)), 15, length)
    assert shortened == RichText("Bold words…", (Span(0, 10, "bold"),))
