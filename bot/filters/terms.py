"""What a filter is made of: each term judges an entry and says why. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ..languages import N_, _, both
from ..model import Entry, Flag
from ..summary import first_sentence
from .patterns import Pattern
from .words import edged, exact, folded

Place = Literal["headline", "body"]
Thing = Literal["image", "video", "link"]

_THINGS: dict[Thing, tuple[str, str, Callable[[Entry], bool]]] = {
    "image": (N_("it has a picture"), N_("it has no picture"), lambda entry: bool(entry.images)),
    "video": (N_("it has a video"), N_("it has no video"), lambda entry: bool(entry.clips)),
    "link": (
        N_("it has a link"),
        N_("it has no link"),
        lambda entry: bool(entry.embeds) or any(span.kind == "link" for span in entry.body.spans),
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an entry passes, and why: a clause that follows "because"."""

    passes: bool
    because: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand side by side; `spelt`: in this very spelling. `typed` is how a person wrote them."""

    words: tuple[str, ...]
    typed: str
    spelt: bool = False
    place: Place | None = None

    def judge(self, entry: Entry) -> Verdict:
        """Judge by the words of the place."""
        texts, wanted = _texts(entry, self.place), edged(self.words)
        found = any(wanted in (exact(text) if self.spelt else folded(text)) for text in texts)
        told = _(_MENTIONS[found, self.spelt and not found, self.place])
        return Verdict(found, told.format(words=self.typed))


@dataclass(frozen=True, slots=True)
class Fits:
    """A pattern that fits somewhere."""

    pattern: Pattern
    place: Place | None = None

    def judge(self, entry: Entry) -> Verdict:
        """Judge by the pattern."""
        found = any(self.pattern.fits(text) for text in _texts(entry, self.place))
        told = _(_FITS[found, self.place])
        return Verdict(found, told.format(pattern=f"/{self.pattern.typed}/"))


@dataclass(frozen=True, slots=True)
class By:
    """Words that stand side by side in an author's name."""

    words: tuple[str, ...]
    typed: str
    spelt: bool = False

    def judge(self, entry: Entry) -> Verdict:
        """Judge by who wrote it."""
        wanted = edged(self.words)
        names = (exact(author.name) if self.spelt else folded(author.name) for author in entry.authors)
        found = any(wanted in name for name in names)
        told = _("it is by “{name}”") if found else _("it is not by “{name}”")
        return Verdict(found, told.format(name=self.typed))


@dataclass(frozen=True, slots=True)
class Marked:
    """What the newsroom marked an entry as."""

    flag: Flag

    def judge(self, entry: Entry) -> Verdict:
        """Judge by the marks."""
        found = self.flag in entry.flags
        told = _("it is marked as {flag}") if found else _("it is not marked as {flag}")
        return Verdict(found, told.format(flag=self.flag))


@dataclass(frozen=True, slots=True)
class Has:
    """What an entry brings with it."""

    thing: Thing

    def judge(self, entry: Entry) -> Verdict:
        """Judge by what it brings."""
        yes, no, has = _THINGS[self.thing]
        found = has(entry)
        return Verdict(found, _(yes) if found else _(no))


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a term."""

    term: Term

    def judge(self, entry: Entry) -> Verdict:
        """Judge the contrary, for the same reason."""
        verdict = self.term.judge(entry)
        return Verdict(not verdict.passes, verdict.because)


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these terms; none at all is satisfied by everything."""

    terms: tuple[Term, ...] = ()

    def judge(self, entry: Entry) -> Verdict:
        """Judge by all; of several reasons against an entry, the first."""
        because = []
        for term in self.terms:
            verdict = term.judge(entry)
            if not verdict.passes:
                return verdict
            because.append(verdict.because)
        return Verdict(passes=True, because=both(because) if because else _("there is no filter"))


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these terms."""

    terms: tuple[Term, ...]

    def judge(self, entry: Entry) -> Verdict:
        """Judge by any; of several reasons for an entry, the first."""
        because = []
        for term in self.terms:
            verdict = term.judge(entry)
            if verdict.passes:
                return verdict
            because.append(verdict.because)
        return Verdict(passes=False, because=" and ".join(because))


Term = Words | Fits | By | Marked | Has | Not | All | Either


def looking_in(term: Term, place: Place) -> Term:
    """Return a term whose words and patterns are looked for in one place, where they name none themselves."""
    match term:
        case Words(place=None) | Fits(place=None):
            return replace(term, place=place)
        case Not(inner):
            return Not(looking_in(inner, place))
        case All(terms):
            return All(tuple(looking_in(each, place) for each in terms))
        case Either(terms):
            return Either(tuple(looking_in(each, place) for each in terms))
        case _:
            return term


def _texts(entry: Entry, place: Place | None) -> tuple[str, ...]:
    """Return what is looked through; the first sentence stands in for a headline that an entry lacks."""
    body = entry.body.text
    if place == "headline":
        return (entry.headline or body[: first_sentence(body)],)
    return (body,) if place == "body" else (entry.headline or "", body)


# By whether the words were found, whether it matters how they are spelt, and where they were looked for.
_MENTIONS: dict[tuple[bool, bool, Place | None], str] = {
    (True, False, None): N_("it mentions “{words}”"),
    (True, False, "headline"): N_("it mentions “{words}” in its headline"),
    (True, False, "body"): N_("it mentions “{words}” in its text"),
    (False, False, None): N_("it does not mention “{words}”"),
    (False, False, "headline"): N_("it does not mention “{words}” in its headline"),
    (False, False, "body"): N_("it does not mention “{words}” in its text"),
    (False, True, None): N_("it does not mention “{words}”, spelt so"),
    (False, True, "headline"): N_("it does not mention “{words}”, spelt so, in its headline"),
    (False, True, "body"): N_("it does not mention “{words}”, spelt so, in its text"),
}
_FITS: dict[tuple[bool, Place | None], str] = {
    (True, None): N_("{pattern} fits"),
    (True, "headline"): N_("{pattern} fits in its headline"),
    (True, "body"): N_("{pattern} fits in its text"),
    (False, None): N_("{pattern} does not fit"),
    (False, "headline"): N_("{pattern} does not fit in its headline"),
    (False, "body"): N_("{pattern} does not fit in its text"),
}
