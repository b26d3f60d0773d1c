"""Whether two entries tell the same event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fold import WITHIN, Report, folds_into, likeness, parts_from, same_event, still_same_event, story
from bot.languages import LANGUAGES
from bot.stems import COMMON, language_of, stem, told_words

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
# Of each language: one event told twice, and another that sounds alike. benchmarks/headlines.py has many more.
TOLD = {
    "en": ("Ferry sinks off Port Ansel", "Ferry with 40 aboard sinks near Port Ansel", "Ferry sinks off Castelo"),
    "de": ("Waldbrand bedroht Dörfer bei Tornau", "Tornau: Waldbrand bedroht zwei Dörfer", "Waldbrand bei Werda"),
    "fr": ("Une explosion secoue Morvane", "Explosion à Morvane : une rue secouée", "Une explosion secoue Cassel"),
    "es": ("Una explosión sacude Valdoria", "Explosión en Valdoria sacude el centro", "Una explosión sacude Arnela"),
    "uk": ("Вибух у центрі Лугомиля", "У центрі Лугомиля пролунав вибух", "Вибух у центрі Зорянська"),
}
HEADLINES = [headline for told in TOLD.values() for headline in told]
SPOKEN = st.sampled_from(["", "en", "de", "fr", "es", "uk", "ru"])
TEXTS = st.one_of(
    st.sampled_from(HEADLINES),
    st.text(max_size=80),
    st.lists(st.sampled_from(["Kyiv", "Odesa", "attack", "3", "5", "on"])).map(" ".join),
)
REPORTS = st.builds(
    Report,
    source=st.integers(1, 3),
    at=st.integers(-300, 300).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    headline=TEXTS,
    url=st.sampled_from(["", "https://a.example/1", "https://a.example/2"]),
    breaking=st.booleans(),
)


def alike(one: str, other: str, language: str = "en") -> bool:
    return same_event(story(one, language), story(other, language))


@given(TEXTS, TEXTS, SPOKEN)
def test_it_is_the_same_whichever_is_asked_first(one: str, other: str, language: str) -> None:
    left, right = story(one, language), story(other, language)
    assert likeness(left, right) == likeness(right, left)
    assert same_event(left, right) == same_event(right, left)
    assert still_same_event(left, right) == still_same_event(right, left)


@given(TEXTS, SPOKEN)
def test_what_says_enough_tells_the_same_as_itself(text: str, language: str) -> None:
    told = story(text, language)
    assert same_event(told, told) == (len(told.stems) >= 3)


@given(TEXTS, TEXTS, SPOKEN)
def test_what_is_folded_stays_folded_while_nothing_is_corrected(one: str, other: str, language: str) -> None:
    left, right = story(one, language), story(other, language)
    assert still_same_event(left, right) or not same_event(left, right)


@given(TEXTS, TEXTS, SPOKEN)
def test_headlines_with_names_or_numbers_of_their_own_on_both_sides_are_never_one(
    one: str, other: str, language: str
) -> None:
    left, right = story(f"{one} mit 7007", language), story(f"{other} mit 9009", language)
    assert not same_event(left, right)


@given(REPORTS, st.lists(REPORTS, max_size=6), SPOKEN)
def test_nothing_folds_into_its_own_source_or_what_is_two_hours_away_or_rings_less(
    new: Report, standing: list[Report], language: str
) -> None:
    place = folds_into(new, standing, language)
    if place is not None:
        into = standing[place]
        assert into.source != new.source
        assert abs(into.at - new.at) <= WITHIN
        assert into.breaking or not new.breaking
        assert not parts_from(into, new, language)


def test_of_several_that_tell_it_the_likest_speaks_for_it() -> None:
    new = Report(1, NOON, "Ferry sinks off Port Ansel")
    standing = [
        Report(2, NOON, "Ferry with 40 aboard sinks in storm off Port Ansel"),
        Report(3, NOON, "Ferry sinks near Port Ansel"),
    ]
    assert folds_into(new, standing, "en") == 1


def test_the_same_address_is_the_same_entry_whatever_its_headline_says() -> None:
    one = Report(1, NOON, "Live: latest updates", "https://a.example/1")
    other = Report(2, NOON, "What we know so far", "https://a.example/1")
    assert folds_into(one, [other], "en") == 0
    assert not parts_from(one, other, "en")
    assert folds_into(one, [replace(other, url="https://a.example/2")], "en") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Attack on Kyiv kills three", "Attack on Odesa kills three"),
        ("Attack on Kyiv Kills Three People", "Attack on Odesa Kills Three People"),
        ("Rovers 1-0 United: first goal of the final", "Rovers 1-1 United: first goal of the final"),
        ("Quake of magnitude 6.1 in the north", "Quake of magnitude 4.2 in the north"),
        ("Court blocks plan to close mines", "Court blocks plan to close schools"),
        ("Goal!", "Goal!"),
        ("Breaking news", "Breaking news"),
    ],
)
def test_these_are_two_events(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Zelensky visits Paris for talks on arms", "Zelenskyy in Paris for arms talks", "en"),
        ("10,000 march through Halmouth against the budget", "March against budget: 10.000 in Halmouth", "en"),
        ("Пожар на складе в Морске потушен", "В Морске потушили пожар на складе", "ru"),
        ("ドローン攻撃で港の倉庫が炎上", "港の倉庫がドローン攻撃で炎上", "ja"),
        ("انفجار كبير في ميناء المدينة القديمة", "انفجار في ميناء المدينة القديمة", ""),
    ],
)
def test_these_are_one_event_whatever_the_script(one: str, other: str, language: str) -> None:
    assert alike(one, other, language)


@pytest.mark.parametrize(
    ("headline", "language"),
    [
        ("The ferry has sunk off the coast", "en"),
        ("Die Fähre ist vor der Küste gesunken", "de"),
        ("Le ferry a coulé au large de la côte", "fr"),
        ("El ferry se ha hundido frente a la costa", "es"),
        ("Пором затонув біля узбережжя, але всі живі", "uk"),
        ("Ferry gesunken", ""),
    ],
)
def test_a_headline_shows_its_language_by_its_common_words(headline: str, language: str) -> None:
    assert language_of(headline.casefold().split()) == language


def test_a_headline_that_does_not_show_its_language_is_taken_for_the_chats() -> None:
    assert {word.stem for word in told_words("Explosionen Halmstadt", "de")} == {"explosion", "halmstadt"}


def test_capitals_at_the_beginning_and_of_german_nouns_make_no_names() -> None:
    assert [word.stem for word in told_words("Bombs fall on Kyiv") if word.name] == ["kyiv"]
    assert [word.stem for word in told_words("Der Angriff auf Kiew und die Folgen") if word.name] == ["kiew"]


def test_words_without_a_stemmer_are_compared_by_how_they_begin() -> None:
    assert stem("вибухи", "uk") == stem("вибухів", "uk") == stem("вибухом", "uk")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_every_language_that_is_spoken(language: str) -> None:
    first, again, another = TOLD[language]
    assert alike(first, again, language)
    assert not alike(first, another, language)


def test_every_language_that_is_spoken_has_its_common_words() -> None:
    assert set(COMMON) == set(LANGUAGES)
