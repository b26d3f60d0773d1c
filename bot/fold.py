"""Whether two entries tell the same event, so that one message can speak for both. Pure.

No measure over headlines is right every time, so nothing is ever dropped for it: what is folded stands, with its
headline and its link, under the message that told the event first. The measure is the share of stems that two
headlines have in common, with two guards. Where each has a name or number that the other lacks ("attack on Kyiv",
"attack on Odesa") they tell different events; so they do where one sentence is filled in two ways ("court blocks plan
to close mines", "court blocks plan to close schools"). `benchmarks/folding.py` tells how often it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from .filters.words import folded_words
from .stems import told_words

WITHIN = timedelta(hours=2)
"""Entries further apart than this, and messages that have stood longer, are not looked at."""
MOST_FOLDED = 3
"""So many other sources are named under a message; the next one's entry is sent by itself."""
ALIKE = 0.30
"""The share of stems in common from which two headlines tell one event (tried on pairs of headlines)."""
_STILL_ALIKE = ALIKE / 2
# Headlines of fewer words ("Full time", "Breaking news") say too little to be compared.
_LEAST_WORDS, _LEAST_SHARED = 3, 2
# A name is spelt in many ways (Zelensky, Zelenskyy; Ukraine, Ukrainian): so many first letters make it the same.
_SAME_NAME = 5


@dataclass(frozen=True, slots=True)
class Story:
    """What of a headline tells which event it is about: its stems, and those of them that are names or numbers."""

    order: tuple[str, ...]
    stems: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """An entry as folding sees it; `at` is when it was published, or first seen. `url` is "" where it is its page's."""

    source: int
    at: datetime
    headline: str
    url: str = ""
    breaking: bool = False


@lru_cache(maxsize=8192)
def story(headline: str, language: str) -> Story:
    """Return what a headline tells; `language` is the chat's, for a headline that does not show its own."""
    told = told_words(headline, language)
    names = frozenset(word.stem for word in told if word.name)
    numbers = frozenset(word.stem for word in told if word.number)
    order = tuple(word.stem for word in told)
    return Story(order, frozenset(order), names, numbers)


def likeness(one: Story, other: Story) -> float:
    """Return the share of stems that two headlines have in common: 0 to 1; 0 where there are too few to tell."""
    shared = len(one.stems & other.stems)
    if shared < _LEAST_SHARED or min(len(one.stems), len(other.stems)) < _LEAST_WORDS:
        return 0.0
    return shared / (len(one.stems) + len(other.stems) - shared)


def same_event(one: Story, other: Story) -> bool:
    """Whether two headlines tell the same event, as far as their words can say."""
    return likeness(one, other) >= ALIKE and not (_own(one, other) and _own(other, one)) and not _refilled(one, other)


def still_same_event(one: Story, other: Story) -> bool:
    """Whether two headlines that were taken for one event may go on being so after one of them was corrected.

    Numbers grow while an event goes on ("3 dead", "5 dead"): only other names, or quite other words, make it another.
    """
    parted = _own_names(one, other) and _own_names(other, one)
    return likeness(one, other) >= _STILL_ALIKE and not parted


def folds_into(new: Report, standing: Sequence[Report], language: str) -> int | None:
    """Return the place in `standing` of the report whose message may speak for a new one; None for none.

    They are of different sources, and not more than two hours apart. What is marked as breaking rings for itself,
    unless what stands was, too. The same address is the same entry, whatever the headlines say.
    """
    told = story(new.headline, language)
    best, place = 0.0, None
    for number, other in enumerate(standing):
        if other.source == new.source or abs(other.at - new.at) > WITHIN or (new.breaking and not other.breaking):
            continue
        if new.url and new.url == other.url:
            return number
        there = story(other.headline, language)
        if told.stems.isdisjoint(there.stems) or not same_event(told, there):
            continue
        if (alike := likeness(told, there)) > best:
            best, place = alike, number
    return place


def parts_from(one: Report, other: Report, language: str) -> bool:
    """Whether two reports that stand in one message tell different events since one was corrected."""
    same = bool(one.url) and one.url == other.url
    return not same and not still_same_event(story(one.headline, language), story(other.headline, language))


def _own(one: Story, other: Story) -> bool:
    """Whether a headline has a name or number of its own."""
    return bool(one.numbers - other.stems) or _own_names(one, other)


def _own_names(one: Story, other: Story) -> bool:
    return any(not _spelt_otherwise(name, other.stems) for name in one.names - other.stems)


def _refilled(one: Story, other: Story) -> bool:
    """Whether both say the same words in the same order but for one place, where each says something of its own."""
    begin = _shared(one.order, other.order)
    left, right = one.order[begin:], other.order[begin:]
    end = _shared(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    return bool(left) and bool(right) and set(left).isdisjoint(right)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


def _spelt_otherwise(name: str, others: frozenset[str]) -> bool:
    begin = _bare(name)[:_SAME_NAME]
    return len(begin) == _SAME_NAME and any(_bare(other).startswith(begin) for other in others)


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    return "".join(folded_words(word))
