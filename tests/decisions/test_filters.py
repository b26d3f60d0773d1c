"""Filters: whole words of any language, excluded words, exact phrases; refused with the place of the mistake."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.filters import parse, passes
from bot.model import Entry
from bot.richtext import RichText


def told(headline: str | None, body: str = "") -> Entry:
    return Entry(key="k", headline=headline, body=RichText(body))


STRIKE = told("Zelensky’s visit to Kyïv", "Air-defence units were active.\n\nFire in ten districts, officials say.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "kyiv",
        "KYIV fire",
        "fire KYIV",
        "zelensky visit",
        "-sport",
        "kyiv -sport -moscow",
        '"air defence"',
        "air-defence",
        '"to Kyïv"',
        '-"defence fire"',
        "“air defence”",
        "„air defence“",
        "«ten districts»",
        '"districts, officials"',
    ],
)
def test_an_entry_passes_that_satisfies_every_term(text: str) -> None:
    assert passes(text, STRIKE)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("kyiv moscow", "it does not mention “moscow”"),
        ("-fire", "it mentions “fire”"),
        ("–fire", "it mentions “fire”"),
        ("district", "it does not mention “district”"),
        ('"fire defence"', "it does not mention “fire defence”"),
        ('"active fire"', "it does not mention “active fire”"),
        ('"kyiv air"', "it does not mention “kyiv air”"),
        ('kyiv -"air  defence"', "it mentions “air defence”"),
    ],
)
def test_an_entry_that_does_not_pass_is_told_why(text: str, because: str) -> None:
    verdict = parse(text).judge(STRIKE)
    assert (verdict.passes, verdict.because) == (False, because)


def test_an_entry_that_passes_is_told_why_too() -> None:
    assert parse("kyiv -sport").judge(STRIKE).because == "it mentions “kyiv” and it does not mention “sport”"
    assert parse("").judge(STRIKE).because == "there is no filter"


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("київ", "КИЇВ: повітряна тривога"),
        ("élan", "Sa foi, son ELAN"),
        ("strasse", "Unfall in der Hauptstraße und STRAẞE"),
        ("हिन्दी", "यह हिन्दी है"),
        ("مرحبا", "قال: مَرحَبا".replace("\u064e", "")),
        ("基辅", "乌克兰首都基辅遭袭"),
        ("キエフ", "首都キエフで爆発"),
        ("กรุงเทพ", "ฝนตกที่กรุงเทพวันนี้"),
        ("می‌خواهم", "من می‌خواهم بروم"),
        ("istanbul", "İSTANBUL’da deprem"),
        ("10,000", "More than 10,000 homes"),
        ("c++", "Written in C today"),
    ],
)
def test_words_are_whole_words_of_any_language(text: str, headline: str) -> None:
    assert passes(text, told(headline))


@pytest.mark.parametrize(("text", "headline"), [("київ", "київський"), ("हिन्द", "यह हिन्दी है"), ("art", "Party start")])
def test_a_part_of_a_word_is_no_match(text: str, headline: str) -> None:
    assert not passes(text, told(headline))


def test_an_entry_without_a_headline_is_judged_by_its_body() -> None:
    assert passes("fire", told(None, "Fire!"))
    assert not passes("fire", told(None))


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("kyiv (fire", 6, "parentheses are not understood yet"),
        ("kyiv fire)", 10, "parentheses"),
        ("kyiv|lviv", 5, "“|” is not understood yet"),
        ("kyiv OR lviv", 6, "“OR” is not understood yet"),
        ("kyiv AND lviv", 6, "leave “AND” out"),
        ("NOT kyiv", 1, "write -word"),
        ("/ky.v/", 1, "patterns between slashes"),
        ("kyiv author:smith", 6, "“author:” is not understood yet"),
        ("-is:breaking", 2, "“is:” is not understood yet"),
        ('kyiv "air defence', 6, "never closed"),
        ("kyiv - fire", 6, "no word here"),
        ('""', 1, "no word here"),
        ("kyiv 🔴", 6, "no word here"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(text: str, place: int, what: str) -> None:
    with pytest.raises(CommandError) as refused:
        parse(text)
    assert f"at character {place}," in str(refused.value)
    assert what in str(refused.value)


def test_what_will_mean_something_later_may_be_quoted() -> None:
    assert passes('"or" "(live)" "9:30"', told("Now or never (live) at 9:30"))
    assert passes("9:30", told("At 9:30"))


# ── against the obvious reference ────────────────────────────────────────────────────────────────────────────────

_WORD = st.text("ab", min_size=1, max_size=2)
_TEXT = st.lists(st.tuples(_WORD, st.sampled_from([" ", ", ", "-", ". ", "’"]))).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
_TERM = st.tuples(st.booleans(), st.lists(_WORD, min_size=1, max_size=3))


def _stands_side_by_side(words: list[str], text: str) -> bool:
    for mark in string.punctuation + "’":
        text = text.replace(mark, " ")
    there = text.split()
    return any(there[at : at + len(words)] == words for at in range(len(there)))


@given(st.lists(_TERM, max_size=3), _TEXT, _TEXT)
def test_filters_do_what_looking_for_the_words_one_by_one_would(
    terms: list[tuple[bool, list[str]]], headline: str, body: str
) -> None:
    typed = " ".join(("-" if excluded else "") + f'"{" ".join(words)}"' for excluded, words in terms)
    expected = all(
        excluded != (_stands_side_by_side(words, headline) or _stands_side_by_side(words, body))
        for excluded, words in terms
    )
    assert passes(typed, told(headline, body)) == expected


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_filter_or_is_refused_with_one_sentence(text: str) -> None:
    try:
        said = parse(text).judge(STRIKE).because
    except CommandError as refused:
        said = str(refused) if "goes wrong at character" in str(refused) else ""
    assert said


@given(st.text(max_size=60))
def test_an_entry_mentions_what_it_says(text: str) -> None:
    quoted = text.replace('"', "").replace("“", "").replace("”", "").replace("»", "")
    try:
        wanted = parse(f'"{quoted}"')
    except CommandError:
        return
    headline = " ".join(quoted.split())
    assert wanted.judge(told(headline)).passes
