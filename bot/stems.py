"""The words of a headline, reduced to their stems, and which of them are names or numbers. Pure.

Where there is a stemmer for the language it is used (Snowball's); words of other languages are compared by how they
begin, and those of scripts without spaces by pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol, cast

from .filters.words import exact_words

_STEMMERS = {"en": "english", "de": "german", "fr": "french", "es": "spanish"}
# Words that stand in every headline, and show in which language it is.
_COMMON = {
    "en": "a an the and or but of in on at to for from by with as after before over into near is are was were be been "
    "has have had will would can could may it its he his her she they their this that who what not no new says said "
    "say amid about than more most up out",
    "de": "der die das den dem des ein eine einen einem einer und oder aber von vom zu zum zur im in am an auf aus bei "
    "mit nach vor für gegen über unter um durch ist sind war waren wird werden wurde wurden hat haben sich nicht "
    "kein keine auch noch nur mehr als wie dass er sie es ihr sein seine sagt will soll",
    "fr": "le la les l un une des du de d et ou mais en dans sur sous à au aux par pour avec sans après avant contre "
    "est sont était a ont été sera se sa son ses leur ce cette qui que qu ne pas plus selon il elle on y entre vers",
    "es": "el la los las un una unos unas y o pero de del en a al por para con sin tras sobre contra desde hasta entre "
    "es son era fue ha han será se su sus lo que no más como según este esta ya muy dice",
    "uk": "і й та або але в у на до з із зі за від для про після перед під над між через при по о об не ні що як який "
    "яка які це цей ця є був була було були буде його її їх він вона вони вже ще більше проти",
}
COMMON = {language: frozenset(words.split()) for language, words in _COMMON.items()}
# Before a place or person in the languages whose capitals say little ("Angriff auf Kiew"; Headlines Like This).
_BEFORE_NAMES = frozenset(
    {"in", "auf", "aus", "bei", "nach", "von", "vor", "für", "gegen", "über", "um", "mit"}
    | {"on", "at", "near", "of", "for", "from", "to", "by", "with", "over"}
)
_ENDS_SENTENCE = ".!?:…"
# "10,000", "4.5", "1-0", "18:30"
_NUMBER = re.compile(r"\d+(?:[.,:–-]\d+)*")
# From this share of capitals on a headline is written in them throughout.
_TITLE_CASE = 0.7
# Words without a stemmer are compared by so many of their first letters; endings have one or two.
_BEGIN = 5


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # Snowball's name


@dataclass(frozen=True, slots=True)
class Word:
    """A word that tells something: its stem, and whether it is a name or a number."""

    stem: str
    name: bool = False
    number: bool = False


def told_words(text: str, language: str = "") -> tuple[Word, ...]:
    """Return the words of a headline that tell something; `language` is for one that does not show its own."""
    pieces = _opened(text)
    folded = [word.casefold() for word, _ in pieces]
    language = language_of(folded) or language
    common = COMMON.get(language, frozenset())
    telling = [place for place, word in enumerate(folded) if word not in common]
    guarded = language == "de" or _in_title_case([pieces[place][0] for place in telling])
    found = []
    for place in telling:
        word, opens = pieces[place]
        if len(word) == 1 and not word.isdigit():
            found += _pair(folded, place)
            continue
        number = any(map(str.isdigit, word))
        before = pieces[place - 1][0] if place else ""
        name = not number and not opens and word[:1].isupper() and (not guarded or _names_next(before, word))
        found.append(Word(word if number else stem(folded[place], language), name, number))
    return tuple(found)


def language_of(folded: list[str]) -> str:
    """Return the language whose common words a text has most of; "" where it has none, or two have as many."""
    counts = {language: sum(word in common for word in folded) for language, common in COMMON.items()}
    first, second = sorted(counts, key=counts.__getitem__, reverse=True)[:2]
    return first if counts[first] > counts[second] else ""


@lru_cache(maxsize=16384)
def stem(word: str, language: str) -> str:
    """Return what a word has in common with its other forms; `word` is folded."""
    stemmer = _stemmer(language) if language in _STEMMERS else None
    if stemmer is not None:
        return stemmer.stemWord(word)
    return word[: max(_BEGIN - 1, min(_BEGIN, len(word) - 1))]


@cache
def _stemmer(language: str) -> _Stemmer:
    import snowballstemmer  # noqa: PLC0415  # 3 MB of tables for those who never fold anything

    return cast("_Stemmer", snowballstemmer.stemmer(_STEMMERS[language]))


def _opened(text: str) -> list[tuple[str, bool]]:
    """Return the words as they are spelt, and of each whether a sentence begins with it."""
    found: list[tuple[str, bool]] = []
    opens = True
    for spaced in unicodedata.normalize("NFC", text).split():
        number = _NUMBER.search(spaced)
        for word in (number[0].replace(",", "."),) if number else exact_words(spaced):
            found.append((word, opens))
            opens = False
        opens = opens or spaced[-1] in _ENDS_SENTENCE
    return found


def _in_title_case(words: list[str]) -> bool:
    spelt = [word for word in words if word[:1].isalpha()]
    return sum(word[0].isupper() for word in spelt) > _TITLE_CASE * len(spelt)


def _names_next(before: str, word: str) -> bool:
    """Whether a capital where nearly every word may have one is a name's: after a preposition, or all capitals."""
    return before.casefold() in _BEFORE_NAMES or (len(word) > 1 and word.isupper())


def _pair(folded: list[str], place: int) -> list[Word]:
    """Return a character of a script without spaces together with the next; a lone letter tells nothing."""
    pair = "".join(folded[place : place + 2])
    own = len(pair) == 2 and all(unicodedata.category(letter) == "Lo" for letter in pair)
    return [Word(pair)] if own else []
