"""Judging entries by filters: many random filters times many entries, against `re` looking for one word.

`python -m benchmarks.filtering` plays 10,000 filters over 1,000 entries, and tells the slowest single judgement;
`make bench` plays 1,000 over 100.
"""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass

from bot.filters import Filter, parse
from bot.model import Author, Clip, Entry, Image
from bot.richtext import RichText

from .yardstick import Figure

_WORDS = [
    "kyiv",
    "fire",
    "élan",
    "Москва",
    "київ",
    "market",
    "vote",
    "storm",
    "the",
    "of",
    "and",
    "in",
    "says",
    "near",
    "基辅",
    "ceasefire",
    "talks",
    "10,000",
]


@dataclass(frozen=True, slots=True)
class Judged:
    """What playing filters over entries took: microseconds for one judgement on average, milliseconds for the slowest.

    Counted is the time of our own thread. A judgement that was slow once is measured three times; the fastest counts.
    """

    count: int
    average: float
    slowest: float
    slowest_filter: str


def a_filter(chance: random.Random, depth: int = 3) -> str:
    """Return a random filter as a person might type it."""
    kind = chance.choice(("word", "word", "quoted", "pattern", "field", "not", "all", "either"))
    if kind in ("all", "either") and depth:
        inner = [a_filter(chance, depth - 1) for _ in range(chance.randint(2, 4))]
        return f"({(' OR ' if kind == 'either' else ' ').join(inner)})"
    if kind == "not" and depth:
        return f"-({a_filter(chance, depth - 1)})"
    if kind == "pattern":
        return chance.choice(
            (r"/\b{}\w*/", r"/{}.{{0,40}}fire/", r"/({}|vote)s?\b/", r"/\w+ {} \w+/", "/[{}]+$/")
        ).format(chance.choice(_WORDS))
    if kind == "field":
        return chance.choice(("author:smith", "is:breaking", "has:video", "(in:headline fire)", "has:link"))
    words = " ".join(chance.choices(_WORDS, k=chance.randint(1, 3)))
    return f'"{words}"' if kind == "quoted" else words


def an_entry(chance: random.Random) -> Entry:
    """Return a random entry of up to about 600 words."""
    words = chance.choices(_WORDS, k=chance.randint(5, 600))
    lines = [" ".join(words[at : at + 40]) for at in range(0, len(words), 40)]
    return Entry(
        key="k",
        headline=" ".join(chance.choices(_WORDS, k=8)),
        body=RichText("\n\n".join(lines)),
        authors=(Author(chance.choice(("Jane Smith", "Tom Jones"))),),
        images=(Image("https://pictures.example/1"),) * chance.randint(0, 1),
        clips=(Clip("https://clips.example/1"),) * chance.randint(0, 1),
    )


def play(filters: int, entries: int) -> Judged:
    """Judge every entry by every filter."""
    chance = random.Random(1)  # the same filters each time
    texts = [a_filter(chance) for _ in range(filters)]
    wishes = [(text, parse(text)) for text in texts]
    total, slowest, worst = 0.0, 0.0, ""
    for told in [an_entry(chance) for _ in range(entries)]:
        # What is worked out once for an entry (its words, its bytes) is not part of one judgement.
        parse("a").judge(told), parse('"a"').judge(told), parse("/a/").judge(told)
        for text, wish in wishes:
            took = _timed(wish, told)
            total += took
            if took > slowest:
                took = min(took, *(_timed(wish, told) for _ in range(2)))
            if took > slowest:
                slowest, worst = took, text
    return Judged(filters * entries, total / filters / entries * 1e6, slowest * 1e3, worst)


def _timed(wish: Filter, told: Entry) -> float:
    begun = time.thread_time()
    wish.judge(told)
    return time.thread_time() - begun


def filtering() -> Figure:
    """Measure one judgement beside `re` finding one word in such an entry."""
    judged = play(1000, 100)
    told = an_entry(random.Random(1))
    word = re.compile(r"\bceasefires\b", re.IGNORECASE)
    begun = time.thread_time()
    for _ in range(1000):
        word.search(told.body.text)
    yardstick = (time.thread_time() - begun) * 1e3
    return Figure("judge an entry by a filter", judged.average, "re: one word", yardstick, "µs")


if __name__ == "__main__":
    result = play(10_000, 1_000)
    print(f"{result.count} judgements, {result.average:.1f} µs on average, none over {result.slowest:.3f} ms")
    print(f"the slowest filter: {result.slowest_filter}")
