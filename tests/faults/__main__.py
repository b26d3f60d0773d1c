"""`make faults`: plays seeds in one process, then with real processes, and prints what they went through.

SEEDS (1000) and LIVE (100) say how many of each, FIRST=n begins with another, MINUTES (30) bounds both together: half
for each kind. STOP=1 ends at the first seed that fails. Such a seed prints its history and can be played again:
SEEDS=1 LIVE=0 FIRST=n, or SEEDS=0 LIVE=1 FIRST=n.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import structlog

from .live import play_live
from .story import play

_FIRST, _SEEDS, _LIVE, _MINUTES, _STOP = (
    int(os.environ.get(name, default))
    for name, default in (("FIRST", 0), ("SEEDS", 1000), ("LIVE", 100), ("MINUTES", 30), ("STOP", 0))
)


class Played(Protocol):
    """What both kinds of story tell in the end."""

    told: list[str]
    counts: Counter[str]
    equal_after: float

    @property
    def repeats(self) -> int:
        """How many messages stand in a chat of such a platform once more."""

    @property
    def unheard(self) -> int:
        """How many sends were accepted on a platform without nonces while nobody heard of it."""


Play = Callable[[int, Path], Coroutine[Any, Any, tuple[Played, list[str]]]]


@dataclass
class Sum:
    """What the seeds of one kind went through."""

    kind: str
    played: int = 0
    repeats: int = 0
    unheard: int = 0
    slowest: float = 0.0
    survived: Counter[str] = field(default_factory=Counter)
    failed: list[int] = field(default_factory=list)

    def add(self, seed: int, story: Played, wrong: list[str]) -> None:
        """Count a story."""
        self.played += 1
        self.survived.update(story.counts)
        self.repeats += story.repeats
        self.unheard += story.unheard
        if wrong:
            self.failed.append(seed)
            say(f"{self.kind} seed {seed}: " + "; ".join(wrong), *story.told)
        else:
            self.slowest = max(self.slowest, story.equal_after)

    def tell(self, seconds: float) -> None:
        """Print it."""
        say(f"{self.kind}: {self.played} seeds in {seconds:.0f} s, failed: {self.failed or 'none'}")
        say("  survived: " + ", ".join(f"{kind} {count}" for kind, count in sorted(self.survived.items())))
        say(f"  equal again after at most {self.slowest:.0f} s")
        say(f"  without nonces {self.unheard} sends were accepted unheard; {self.repeats} messages stand there again")
        if kills := sum(count for kind, count in self.survived.items() if "kill" in kind.lower()):
            say(f"  {kills} kills; repeats per thousand of them, other lost answers included: "
                f"{1000 * self.repeats / kills:.0f}")  # fmt: skip


def main() -> int:
    """Play, print, and return 1 if a seed failed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    kinds: tuple[tuple[str, Play, int], ...] = (("in one process", play, _SEEDS), ("real processes", play_live, _LIVE))
    with tempfile.TemporaryDirectory() as folder:
        sums = [_play(Sum(kind), how, seeds, Path(folder)) for kind, how, seeds in kinds if seeds]
    return any(each.failed for each in sums)


def _play(told: Sum, how: Play, seeds: int, folder: Path) -> Sum:
    begun = time.monotonic()
    for seed in range(_FIRST, _FIRST + seeds):
        if time.monotonic() - begun > _MINUTES * 30 or (_STOP and told.failed):
            break
        told.add(seed, *asyncio.run(how(seed, folder)))
    told.tell(time.monotonic() - begun)
    return told


def say(*lines: str) -> None:
    """Print at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
