"""What a chat must show, in a few lines of obvious code that shares nothing with the program.

Every line that the newsroom writes names its entry and version ("e3 v2 line 1"), so that a chat can be judged by
counting lines. `judge` returns what is wrong, in sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_LINE = re.compile(r"(e\d+) v(\d+) (\w+ \d+)")


@dataclass
class Model:
    """The page as the newsroom sees it, and what may excuse a difference."""

    page: dict[str, tuple[int, int]] = field(default_factory=dict)  # key → version, number of lines
    baseline: set[str] = field(default_factory=set)
    deleted_by_people: set[str] = field(default_factory=set)
    nobody_knows: set[str] = field(default_factory=set)  # people deleted it while our own removal was cut short
    said_plainly: set[str] = field(default_factory=set)
    unheard: Counter[str] = field(default_factory=Counter)  # sends that were accepted, and we never heard of it
    troubled: set[str] = field(default_factory=set)  # may come out of order: their first send went wrong
    withdrawn: set[str] = field(default_factory=set)

    def lines(self, key: str) -> list[str]:
        """What an entry says."""
        version, count = self.page[key]
        return [f"{key} v{version} line {number}" for number in range(count)]

    def judge(self, shown: list[str], *, nonces: bool, skips: bool) -> list[str]:
        """Compare the messages in a chat, oldest first, with the page."""
        found = Counter(found.group() for text in shown for found in _LINE.finditer(text))
        wrong: list[str] = []
        for key in self.page.keys() | {line.split()[0] for line in found}:
            mine = Counter({line: count for line, count in found.items() if line.split()[0] == key})
            wrong += self._judge_entry(key, mine, nonces=nonces, skips=skips)
        order = [int(key[1:]) for key in _first_sends(shown) if key not in self.troubled | self.withdrawn]
        if order != sorted(order):
            wrong.append(f"the order is {order}")
        return wrong

    def _judge_entry(self, key: str, mine: Counter[str], *, nonces: bool, skips: bool) -> list[str]:
        owed = key in self.page and key not in self.baseline | self.deleted_by_people
        wanted = Counter(self.lines(key)) if owed else Counter[str]()
        if key in self.nobody_knows and key in self.page:
            wanted = mine & Counter(self.lines(key))
        if key in self.said_plainly:
            wanted, mine = wanted & mine, mine & wanted
        if nonces or not self.unheard[key]:
            return [] if mine == wanted else [f"{key} should say {sorted(wanted)} and says {sorted(mine.elements())}"]
        if wanted - mine and not skips:
            return [f"{key} is lost: {sorted(wanted - mine)}"]
        copies = max(mine.values(), default=0)
        most = self.unheard[key] + (not skips)
        return [f"{key} is there {copies} times, {self.unheard[key]} answers were lost"] if copies > most else []


def _first_sends(shown: list[str]) -> list[str]:
    keys = [found[1] for text in shown if (found := _LINE.search(text)) and found[3] == "line 0"]
    return list(dict.fromkeys(keys))
