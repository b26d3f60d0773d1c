"""The catalogues: the sentences of the code, neither more nor fewer, all translated, with the same fields."""

from __future__ import annotations

import string

import pytest
from babel.messages.catalog import Message

from bot.languages import ENGLISH, LANGUAGES, catalogue
from scripts.catalogues import sentences, updated

OTHERS = [each for each in LANGUAGES if each != ENGLISH]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_what_the_code_says_and_all_of_it_is_translated(language: str) -> None:
    known = {(each.id, each.context): forms(each) for each in catalogue(language) if each.id}
    wanted = {(each.id, each.context) for each in sentences()}
    assert known.keys() == wanted, "Run `make catalogues`, and translate what is new."
    count = catalogue(language).num_plurals
    untranslated = [
        id_ for (id_, _), told in known.items() if not all(told) or len(told) != (1 if isinstance(id_, str) else count)
    ]
    assert untranslated == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_translated_has_the_fields_of_the_english_and_nothing_is_guessed(language: str) -> None:
    for message in catalogue(language):
        english = (message.id,) if isinstance(message.id, str) else message.id
        assert not message.id or not message.fuzzy, message.id
        for number, form in enumerate(forms(message) if message.id else ()):
            wanted = [fields(english[-1])]
            if number == 0 and language != "uk":  # its first form is also that of 21 and 31
                wanted.append(fields(english[0]))
            assert not form or fields(form) in wanted, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_catalogues_come_out_the_same_each_time(language: str) -> None:
    marked = sentences()
    assert updated(language, marked) == updated(language, list(reversed(marked)))
