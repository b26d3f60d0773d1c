"""Folding: how often two headlines are told right for one event or two, and what it costs beside plain word sets.

`python -m benchmarks.folding` prints precision (of what is folded, how much is one event) and recall (of what is one
event, how much is folded) for invented pairs in every language that is spoken; `make bench` times the search.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.fold import ALIKE, Report, folds_into, same_event, story

from .headlines import DIFFERENT, SAME, UNSEEN_DIFFERENT, UNSEEN_SAME, Pair
from .yardstick import Figure, fastest

RECENT = 5_000
_NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
_LOOKS = 20

Pairs = Mapping[str, tuple[Pair, ...]]


@dataclass(frozen=True, slots=True)
class Judged:
    """How many pairs of one event and of two were folded, of how many."""

    right: int
    same: int
    wrong: int
    different: int

    def __str__(self) -> str:
        folded = self.right + self.wrong
        precision = self.right / folded if folded else 1.0
        return (
            f"precision {precision:.2f}, recall {self.right / self.same:.2f} "
            f"({self.right} of {self.same} folded, and {self.wrong} of {self.different} that are two events)"
        )


def guarded(one: str, other: str, language: str) -> bool:
    """Return what the program says."""
    return same_event(story(one, language), story(other, language))


def unguarded(one: str, other: str, _language: str) -> bool:
    """Return what the same share of words as they stand would say."""
    left, right = set(one.casefold().split()), set(other.casefold().split())
    return len(left & right) >= ALIKE * len(left | right)


def judged(same: Pairs, different: Pairs, says: Callable[[str, str, str], bool]) -> Judged:
    """Judge all pairs, each as in a chat of its language."""
    folded = [says(*pair, language) for language, pairs in same.items() for pair in pairs]
    mistaken = [says(*pair, language) for language, pairs in different.items() for pair in pairs]
    return Judged(sum(folded), len(folded), sum(mistaken), len(mistaken))


def headlines() -> list[str]:
    """Return so many different headlines as a very busy chat shows in two hours: words of ours in new orders."""
    chance = random.Random(1)  # the same headlines each time
    told = [headline for pairs in (*SAME.values(), *DIFFERENT.values()) for pair in pairs for headline in pair]
    words = sorted({word for headline in told for word in headline.split()})
    return [f"{' '.join(chance.sample(words, 8))} {number}" for number in range(RECENT)]


def folding() -> Figure:
    """Measure a search among the recent headlines beside counting the words that each has in common with it."""
    recent, new = headlines(), [pair[0] for pair in SAME["en"]] * 2
    standing = [Report(1, _NOON, headline) for headline in recent]
    reports = [Report(2, _NOON + timedelta(minutes=5), headline) for headline in new[:_LOOKS]]
    sets = [frozenset(headline.casefold().split()) for headline in recent]
    for report in reports:
        folds_into(report, standing, "en")  # what is worked out once for a headline is no part of a search

    def search() -> None:
        for report in reports:
            folds_into(report, standing, "en")

    def count() -> None:
        for report in reports:
            mine = frozenset(report.headline.casefold().split())
            max(len(mine & theirs) for theirs in sets)

    ours, yardstick = fastest(search) / _LOOKS, fastest(count) / _LOOKS
    return Figure(f"look for one event in {RECENT:,} headlines", ours, "sets of words", yardstick, "ms")


if __name__ == "__main__":
    for language in SAME:
        mine: tuple[Pairs, Pairs] = {language: SAME[language]}, {language: DIFFERENT[language]}
        print(f"{language}: {judged(*mine, guarded)}")
    print(f"all: {judged(SAME, DIFFERENT, guarded)}")
    print(f"written after the guards: {judged(UNSEEN_SAME, UNSEEN_DIFFERENT, guarded)}")
    every: tuple[Pairs, Pairs] = (
        {language: SAME[language] + UNSEEN_SAME[language] for language in SAME},
        {language: DIFFERENT[language] + UNSEEN_DIFFERENT[language] for language in DIFFERENT},
    )
    print(f"together: {judged(*every, guarded)}")
    print(f"together, words as they stand and no guard: {judged(*every, unguarded)}")
    figure = folding()
    print(
        f"{figure.what}: {figure.ours:.2f} ms, {figure.yardstick_name}: {figure.yardstick:.2f} ms: {figure.ratio:.2f}x"
    )
