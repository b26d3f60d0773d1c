"""From what a person typed to a filter, or to the place of the mistake and what to write instead. Pure.

either := all (OR all)*
all    := term+
term   := -term | (either) | "words" | /pattern/ | field:value | word
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from ..errors import Mistake
from ..languages import N_, _, either
from ..model import Entry, Flag
from .patterns import PatternMistake, understand
from .terms import All, By, Either, Fits, Has, Marked, Not, Place, Term, Thing, Verdict, Words, looking_in
from .words import exact_words, folded_words

# Phones put typographic quotes and dashes where a person typed plain ones.
_OPENING, _CLOSING, _MINUS = '"“”„«', '"“”»', "-–—−"
_FIELD = re.compile(r"([^\W\d_]+):")
_VALUES: dict[str, tuple[str, ...]] = {"is": get_args(Flag), "has": get_args(Thing), "in": get_args(Place)}
_FIELDS = ("author", *_VALUES)
_QUOTE_IT = N_("To look for the word itself, put it in quotes.")
_NO_WORD = N_("there is no word here to look for")
_CORRECTED = N_("Write: {filter}")
# Deeper parentheses than anybody writes.
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries a subscription wants. Without terms, all."""

    term: Term

    def judge(self, entry: Entry) -> Verdict:
        """Return whether the entry passes, and why; of several reasons against it, the first."""
        return self.term.judge(entry)


@lru_cache(maxsize=512)
def parse(text: str) -> Filter:
    """Return the filter that a person typed. Raises Mistake with the place and, where it can, what to write."""
    return Filter(_Parser(text).whole())


class _Parser:
    """A walk through a filter; `_place` is where it is, `_opened` where the open parentheses stand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._opened: list[int] = []

    def whole(self) -> Term:
        """Return the filter; everything passes an empty one."""
        return All() if not self._text.strip() else self._either()

    # ── what terms are put together with ─────────────────────────────────────────────────────────────────────────

    def _either(self) -> Term:
        """Return what stands up to the closing parenthesis that belongs to it, or to the end."""
        found = [self._all()]
        while self._at_or():
            self._place += 1 if self._here() == "|" else 2
            found.append(self._all())
        if self._here() == ")" and not self._opened:
            raise self._mistake(self._place, _("nothing was opened that this could close"))
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _all(self) -> Term:
        """Return the terms that stand side by side, with what `in:` says about them."""
        begun = self._place
        terms: list[Term] = []
        places: list[tuple[Place, int]] = []
        while self._skip() and self._here() != ")" and not self._at_or():
            start = self._place
            if place := self._in():
                places.append((place, start))
            else:
                terms.append(self._term())
        if not terms:
            raise self._nothing(begun, places)
        other = next((start for place, start in places if place != places[0][0]), None)
        if other is not None:
            raise self._mistake(other, _("“in:” stands here twice"), _("Words side by side are looked for in one."))
        whole = terms[0] if len(terms) == 1 else All(tuple(terms))
        return looking_in(whole, places[0][0]) if places else whole

    def _nothing(self, begun: int, places: list[tuple[Place, int]]) -> Mistake:
        """Say what is missing where terms should stand."""
        if places:
            hint = _("Put a word beside it: {example}.").format(example=f"in:{places[0][0]} kyiv")
            return self._mistake(places[0][1], _("“in:” says where to look, but not for what"), hint)
        if self._at_or() or self._text[:begun].rstrip().endswith(("OR", "|")):
            hint = _(_QUOTE_IT) if self._at_or() else ""
            return self._mistake(self._place, _("“OR” needs something on both sides"), hint)
        return self._mistake(self._place, _("there is nothing between these parentheses"))

    def _at_or(self) -> bool:
        if self._here() == "|":
            return True
        return self._text.startswith("OR", self._place) and (
            self._text[self._place + 2 : self._place + 3] in ("", "(", ")", "|", *_OPENING)
            or self._text[self._place + 2].isspace()
        )

    # ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _term(self) -> Term:
        if self._here() in _MINUS:
            return self._contrary()
        if self._here() == "(":
            return self._group()
        if self._here() in _OPENING:
            start = self._place
            return self._spelt(start, self._quoted())
        if self._here() == "/":
            return self._pattern()
        field = _FIELD.match(self._text, self._place)
        return self._field(field) if field else self._word()

    def _contrary(self) -> Term:
        start = self._place
        self._place += 1
        if self._here() in _MINUS:
            raise self._mistake(self._place, _("one minus is enough"), self._instead(start, self._place + 1, "-"))
        if not self._here() or self._here().isspace() or self._here() == ")":
            raise self._mistake(start, _(_NO_WORD))
        if place := self._in():
            other = "body" if place == "headline" else "headline"
            raise self._mistake(start, _("“in:” takes no minus"), self._instead(start, self._place, f"in:{other}"))
        return Not(self._term())

    def _group(self) -> Term:
        if len(self._opened) >= _DEEPEST:
            deep = _("parentheses may stand {most} deep, no deeper").format(most=_DEEPEST)
            raise self._mistake(self._place, deep)
        self._opened.append(self._place)
        self._place += 1
        inner = self._either()
        if self._here() != ")":
            hint = _("Add “{sign}”: {filter}").format(sign=")", filter=f"{self._text})")
            raise self._mistake(self._opened[-1], _("this parenthesis is never closed"), hint)
        self._opened.pop()
        self._place += 1
        return inner

    def _quoted(self) -> str:
        """Return what stands in quotes here."""
        start = self._place
        end = next((at for at in range(start + 1, len(self._text)) if self._text[at] in _CLOSING), None)
        if end is None:
            hint = _("Add one: {filter}").format(filter=f'{self._text}"')
            raise self._mistake(start, _("this quotation mark is never closed"), hint)
        self._place = end + 1
        return self._text[start + 1 : end]

    def _spelt(self, start: int, typed: str) -> Words:
        return Words(self._some(start, exact_words(typed)), " ".join(typed.split()), spelt=True)

    def _pattern(self) -> Term:
        start = self._place
        end = re.compile(r"/(?:[^/\\]|\\.)+/", re.DOTALL).match(self._text, start)
        if end is None:
            hint = _("To look for a word, leave the slash out.")
            raise self._mistake(start, _("this pattern is never closed"), hint)
        self._place = end.end()
        if self._here() and not self._here().isspace() and self._here() not in ")|":
            hint = _("Write “{sign}” for a slash within it.").format(sign="\\/")
            raise self._mistake(self._place - 1, _("the pattern ends at this slash"), hint)
        try:
            return Fits(understand(end[0][1:-1]))
        except PatternMistake as mistake:
            raise self._mistake(start + 1 + mistake.place, mistake.problem) from None

    def _field(self, field: re.Match[str]) -> Term:
        start, name = self._place, field[1].lower()
        if name not in _FIELDS:
            near = difflib.get_close_matches(name, _FIELDS, n=1)
            hint = _(_QUOTE_IT)
            if near:
                hint = f"{_('Did you mean {names}?').format(names=f'{near[0]}:')} {hint}"
            raise self._mistake(start, _("there is no “{typed}”").format(typed=field[0]), hint)
        if name == "author":
            return self._author(field.end())
        value = self._value(name, field.end())
        return Marked(value) if name == "is" else Has(value)  # type: ignore[arg-type]  # `_value` checked it

    def _author(self, start: int) -> By:
        self._place = start
        if self._here() and self._here() in _OPENING:
            typed = self._quoted()
            return By(self._some(start, exact_words(typed)), " ".join(typed.split()), spelt=True)
        typed = self._bare()
        if not typed:
            hint = _("For example {one}, {other}.").format(one="author:smith", other='author:"Jo Smith"')
            raise self._mistake(start, _("there is no name after “author:”"), hint)
        return By(self._some(start, folded_words(typed)), typed)

    def _in(self) -> Place | None:
        """Return the place that an `in:` here names; None where none stands here."""
        field = _FIELD.match(self._text, self._place)
        if field is None or field[1].lower() != "in":
            return None
        return self._value("in", field.end())  # type: ignore[return-value]  # `_value` checked it

    def _value(self, name: str, start: int) -> str:
        """Return one of the values that a field takes."""
        self._place = start
        typed = self._bare()
        if typed.lower() in _VALUES[name]:
            return typed.lower()
        near = difflib.get_close_matches(typed.lower(), _VALUES[name], n=1) or _VALUES[name]
        hint = _("Write {examples}.").format(examples=either(f"{name}:{value}" for value in near))
        unknown = _("“{field}” does not know “{typed}”").format(field=f"{name}:", typed=typed)
        raise self._mistake(start, unknown if typed else _("a word is missing here"), hint)

    def _word(self) -> Words:
        start = self._place
        typed = self._bare()
        if typed == "AND":
            hint = self._instead(start, self._place, "")
            raise self._mistake(start, _("leave “AND” out: words side by side must all be there"), hint)
        if typed == "NOT":
            rest = self._text[self._place :].lstrip()
            hint = _(_CORRECTED).format(filter=f"{self._text[:start]}-{rest}") if rest else ""
            raise self._mistake(start, _("write -word instead of “NOT word”"), hint)
        return Words(self._some(start, folded_words(typed)), typed)

    # ── characters ───────────────────────────────────────────────────────────────────────────────────────────────

    def _here(self) -> str:
        return self._text[self._place : self._place + 1]

    def _skip(self) -> str:
        """Go on to what is no space, and return it."""
        while self._here().isspace():
            self._place += 1
        return self._here()

    def _bare(self) -> str:
        """Return what stands here up to a space, a parenthesis, a bar or a quotation mark."""
        start = self._place
        while self._here() and not self._here().isspace() and self._here() not in ("(", ")", "|", *_OPENING):
            self._place += 1
        return self._text[start : self._place]

    def _some(self, start: int, words: tuple[str, ...]) -> tuple[str, ...]:
        if not words:
            raise self._mistake(start, _(_NO_WORD))
        return words

    def _instead(self, start: int, end: int, words: str) -> str:
        corrected = " ".join(f"{self._text[:start]}{words}{self._text[end:]}".split())
        return _(_CORRECTED).format(filter=corrected) if corrected else ""

    def _mistake(self, place: int, problem: str, hint: str = "") -> Mistake:
        return Mistake("filter", self._text, place, problem, hint)
