"""The filter language: which entries a subscription wants, and why not. Pure.

    kyiv drone        both words, in the headline or the body, in any order
    -sport            not this word
    "air defence"     these words side by side; -"air defence" is its contrary

A word is a whole word of any language; case and accents make no difference. Where a script writes no spaces (Chinese,
Japanese, Thai), a word is found wherever its characters stand side by side.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .errors import CommandError
from .model import Entry

# Phones put typographic quotes and dashes where a person typed plain ones.
_OPENING, _CLOSING, _MINUS = '"“”„«', '"“”»', "-–—−"
# Scripts written without spaces: Thai, Lao, Burmese, Khmer, the Japanese syllabaries, Chinese characters.
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
_FIELD = re.compile(r"[^\W\d_]+:")
_OPERATORS = {
    "OR": "“OR” is not understood yet; make a filter of one of the words",
    "AND": "leave “AND” out: words side by side must all be there",
    "NOT": "write -word instead of “NOT word”",
}
_EDGE = "\x1f"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an entry passes, and why: a clause that follows "because"."""

    passes: bool
    because: str


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side, or (`excluded`) must not. `typed` is how a person wrote them."""

    words: tuple[str, ...]
    typed: str
    excluded: bool = False

    def judge(self, told: str) -> Verdict:
        """Judge an entry's words, as `_told` gives them."""
        found = _edged(self.words) in told
        return Verdict(found != self.excluded, f"it {'mentions' if found else 'does not mention'} “{self.typed}”")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries a subscription wants: those that satisfy every term. Without terms, all."""

    terms: tuple[Term, ...] = ()

    def judge(self, entry: Entry) -> Verdict:
        """Return whether the entry passes, and why; of several reasons against it, the first."""
        if not self.terms:
            return Verdict(passes=True, because="there is no filter")
        told = _told(entry.headline or "", entry.body.text)
        verdicts = [term.judge(told) for term in self.terms]
        for verdict in verdicts:
            if not verdict.passes:
                return verdict
        return Verdict(passes=True, because=" and ".join(verdict.because for verdict in verdicts))


@lru_cache(maxsize=1024)
def parse(text: str) -> Filter:
    """Return the filter that a person typed. Raises CommandError with the place of the mistake."""
    terms, place = [], 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        term, place = _term(text, place)
        terms.append(term)
    return Filter(tuple(terms))


def passes(text: str, entry: Entry) -> bool:
    """Whether an entry passes a filter that `parse` accepts."""
    return parse(text).judge(entry).passes


def _term(text: str, start: int) -> tuple[Term, int]:
    """Return the term that begins at `start`, and where it ends."""
    excluded = text[start] in _MINUS
    place = start + excluded
    if text[place : place + 1] and text[place] in _OPENING:
        end = next((at for at in range(place + 1, len(text)) if text[at] in _CLOSING), None)
        if end is None:
            raise _mistake(text, place, "this quotation mark is never closed")
        typed, end = text[place + 1 : end], end + 1
    else:
        end = next((at for at in range(place, len(text)) if text[at].isspace() or text[at] in _OPENING), len(text))
        typed = text[place:end]
        _refuse_reserved(text, place, typed)
    words = tuple(_words(typed))
    if not words:
        raise _mistake(text, start, "there is no word here to look for")
    return Term(words, " ".join(typed.split()), excluded), end


def _refuse_reserved(text: str, place: int, typed: str) -> None:
    """Refuse what is to mean something later, so that no filter changes its meaning then."""
    for offset, character in enumerate(typed):
        if character in "()":
            raise _mistake(text, place + offset, "parentheses are not understood yet")
        if character == "|":
            raise _mistake(text, place + offset, "“|” is not understood yet; make a filter of one of the words")
    if typed.startswith("/"):
        raise _mistake(text, place, "patterns between slashes are not understood yet; leave the slash out")
    if field := _FIELD.match(typed):
        raise _mistake(text, place, f"“{field[0]}” is not understood yet; to look for the word, put it in quotes")
    if typed in _OPERATORS:
        raise _mistake(text, place, _OPERATORS[typed])


def _mistake(text: str, place: int, what: str) -> CommandError:
    shown = text[place : place + 20] + ("…" if len(text) > place + 20 else "")
    return CommandError(f"That filter goes wrong at character {place + 1}, “{shown}”: {what}.")


def _fold(text: str) -> str:
    """Return the text without case, accents and invisible characters."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _ACCENTS.sub("", "".join(character for character in folded if unicodedata.category(character) != "Cf"))


def _words(text: str) -> list[str]:
    """Return the folded words of a text: unbroken letters, digits and the marks on them."""
    split = "".join(character if unicodedata.category(character)[0] in "LMN" else " " for character in _fold(text))
    return _UNSPACED.sub(r" \1 ", split).split()


@lru_cache(maxsize=64)
def _told(headline: str, body: str) -> str:
    """Return an entry's words, line by line, so that no phrase reaches from one line into the next."""
    return "\n".join(_edged(_words(line)) for line in (headline, *body.splitlines()))


def _edged(words: tuple[str, ...] | list[str]) -> str:
    return _EDGE + _EDGE.join(words) + _EDGE
