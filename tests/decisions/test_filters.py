"""Filters: words of any language, phrases, either-or, patterns, marks; refused with the place of the mistake."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError, Mistake
from bot.filters import parse, passes
from bot.model import Author, Entry, Image
from bot.richtext import RichText


def told(headline: str | None, body: str = "") -> Entry:
    return Entry(key="k", headline=headline, body=RichText(body))


STRIKE = replace(
    told("Zelensky’s visit to Kyïv", "Air-defence units were active.\n\nFire in ten districts, officials say."),
    authors=(Author("Tom Jones-Baker", "Smith"), Author("Jane Smith")),
    flags=frozenset({"breaking"}),
    images=(Image("https://pictures.example/1.jpg"),),
    embeds=("https://posts.example/1",),
)


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
        '"Air-defence units"',
        "air-defence",
        "AIR–DEFENCE kyiv",
        '"to Kyïv"',
        '-"defence fire"',
        "“Air defence”",
        "„Air defence“",
        "«ten districts»",
        "moscow OR kyiv",
        "moscow | (kyiv fire)",
        "moscow|kyiv",
        "(moscow OR kyiv) -sport",
        "-(moscow OR sport)",
        "-(-kyiv)",
        "/k[yiï]+v|lviv/",
        r"/\bofficials? say\.?$/",
        "author:smith",
        'author:"Jane Smith" kyiv',
        "is:breaking",
        "-is:pinned",
        "IS:Breaking",
        "has:image -has:video has:link",
        "in:headline kyiv",
        "in:body fire OR in:headline fire",
        "in:body (fire -kyiv)",
        "in:headline (kyiv (in:body fire))",
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
        ("fire-defence", "it does not mention “fire-defence”"),
        ("active-fire", "it does not mention “active-fire”"),
        ("kyiv-air", "it does not mention “kyiv-air”"),
        ('kyiv -"Air  defence"', "it mentions “Air defence”"),
        ('"air defence"', "it does not mention “air defence”, spelt so"),
        ('"Kyiv"', "it does not mention “Kyiv”, spelt so"),
        ('in:headline "Fire"', "it does not mention “Fire”, spelt so, in its headline"),
        ("in:body kyiv", "it does not mention “kyiv” in its text"),
        ("moscow OR lviv", "it does not mention “moscow” and it does not mention “lviv”"),
        ("-(moscow OR fire)", "it mentions “fire”"),
        ("/fire$/", "/fire$/ does not fit"),
        ("in:headline /fire/", "/fire/ does not fit in its headline"),
        ("author:tom-smith", "it is not by “tom-smith”"),
        ('author:"jane smith"', "it is not by “jane smith”"),
        ("-is:breaking", "it is marked as breaking"),
        ("is:key", "it is not marked as key"),
        ("has:video", "it has no video"),
        ("-has:image", "it has a picture"),
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
        ("kyiv (fire", 6, "this parenthesis is never closed. Add “)”: kyiv (fire)"),
        ("kyiv fire)", 10, "nothing was opened that this could close"),
        ("kyiv ()", 7, "there is nothing between these parentheses"),
        ("OR kyiv", 1, "“OR” needs something on both sides"),
        ("kyiv AND lviv", 6, "leave “AND” out: words side by side must all be there. Write: kyiv lviv"),
        ("NOT kyiv", 1, "write -word instead of “NOT word”. Write: -kyiv"),
        ("--kyiv", 2, "one minus is enough. Write: -kyiv"),
        ("/ky.v", 1, "this pattern is never closed. To look for a word, leave the slash out"),
        ("/ky/v/", 4, "the pattern ends at this slash"),
        ("kyiv /a(b/", 8, "this parenthesis in the pattern is never closed"),
        ("/a)b/", 2, "nothing was opened in the pattern"),
        ("/[ab/", 2, "this bracket in the pattern is never closed"),
        ("/(?=a)/", 2, "patterns can look neither ahead nor behind"),
        (r"/(a)\1/", 5, "patterns do not know this sign"),
        ("/a{500}/", 3, "nothing can be repeated more than 100 times"),
        (r"/\w{50}/", 2, "this pattern is too large"),
        (r"/([ab]{20}){20}/", 2, "this pattern repeats things more than 100 times in all"),
        (r"/a\bc/", 3, "“\\b” can stand at the beginning and at the end of a pattern only"),
        ("autor:smith", 1, "there is no “autor:”. Did you mean author:?"),
        ("https://news.example", 1, "To look for the word itself, put it in quotes"),
        ("author:", 8, ""),
        ("is:braking", 4, "“is:” does not know “braking”. Write is:breaking."),
        ("has:", 5, "Write has:image or has:video or has:link"),
        ("in:headline", 1, "“in:” says where to look, but not for what"),
        ("in:headline in:body kyiv", 13, "“in:” stands here twice"),
        ("-in:headline kyiv", 1, "“in:” takes no minus. Write: in:body kyiv"),
        ('kyiv "air defence', 6, 'never closed. Add one: kyiv "air defence"'),
        ("kyiv - fire", 6, "no word here"),
        ('""', 1, "no word here"),
        ("kyiv 🔴", 6, "no word here"),
        ("(" * 21 + "a" + ")" * 21, 21, "parentheses may stand 20 deep"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place_and_what_to_write(text: str, place: int, what: str) -> None:
    with pytest.raises(Mistake) as refused:
        parse(text)
    assert refused.value.place == place - 1
    assert what in str(refused.value)


@pytest.mark.parametrize("text", ["kyiv OR", "(kyiv OR )", "kyiv | | lviv", "kyiv OR OR lviv"])
def test_or_stands_between_two(text: str) -> None:
    with pytest.raises(Mistake, match="needs something on both sides"):
        parse(text)


def test_what_means_something_may_be_quoted() -> None:
    assert passes('"or" "(live)" "9:30" "OR"', told("Now or never (live) at 9:30, OR else"))
    assert passes("9:30", told("At 9:30"))
    assert passes("oregon ORDER", told("Order in Oregon"))


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (r"/\bélan\b/", "Sa foi, son élan"),
        (r"/\bкиїв|\bлюбов\b/", "Любов"),
        (r"/^the end$/", "The End"),
        (r"/\w{6}/", "Україна"),
        (r"/[\w-]{9}/", "Івано-фр"[:8] + "а"),
        (r"/(?-i)Kyiv/", "In Kyiv"),
        (r"/5\/6/", "Seen by 5/6 of all"),
        (r"/\d[\])]/", "(see 3)"),
    ],
)
def test_patterns_know_the_letters_of_every_language(text: str, headline: str) -> None:
    assert passes(text, told(headline))


@pytest.mark.parametrize(
    ("text", "headline"), [(r"/\bélan\b/", "élançait"), (r"/\bкит/", "скит"), (r"/(?-i)kyiv/", "Kyiv")]
)
def test_patterns_know_the_edges_of_words_of_every_language(text: str, headline: str) -> None:
    assert not passes(text, told(headline))


def test_the_first_sentence_stands_in_for_a_headline() -> None:
    assert passes("in:headline fire", told(None, "Fire! It burns."))
    assert not passes("in:headline burns", told(None, "Fire! It burns."))


# ── whatever is typed ────────────────────────────────────────────────────────────────────────────────────────────


@given(st.text(max_size=60) | st.text('ab ()|"/-OR:\\b[]{}1,is', max_size=40))
def test_whatever_is_typed_is_a_filter_or_is_refused_with_one_sentence(text: str) -> None:
    try:
        said = parse(text).judge(STRIKE).because
    except CommandError as refused:
        said = str(refused) if "goes wrong at" in str(refused) else ""
    assert said


@given(st.text(max_size=60))
def test_an_entry_mentions_what_it_says(text: str) -> None:
    quoted = "".join(character for character in text if character not in '"“”„«»')
    try:
        wanted = parse(f'"{quoted}"')
    except CommandError:
        return
    headline = " ".join(quoted.split())
    assert wanted.judge(told(headline)).passes
