"""`make faults`: plays seeds in one process, then with real processes, and prints what they went through.

SEEDS (1000) and LIVE (100) say how many of each, FIRST=n begins with another, MINUTES (30) bounds both together: half
for the first kind, for the second what that left. WORKERS play at a time: as many as there are cores, and one more of
those with real processes, which also wait. STOP=1 ends at the first seed that fails. Such a seed prints its history and
can be played again: SEEDS=1 LIVE=0 FIRST=n, or SEEDS=0 LIVE=1 FIRST=n.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from .live import play_live
from .playing import Play, Played, play_one
from .story import play
from .wall_clock import library

REAL = "real processes"
_FIRST, _SEEDS, _LIVE, _MINUTES, _STOP = (
    int(os.environ.get(name, default))
    for name, default in (("FIRST", 0), ("SEEDS", 1000), ("LIVE", 100), ("MINUTES", 30), ("STOP", 0))
)
_CORES = os.cpu_count() or 1


@dataclass
class Sum:
    """What the seeds of one kind went through."""

    kind: str
    workers: int
    played: int = 0
    repeats: int = 0
    unheard: int = 0
    slowest: float = 0.0
    survived: Counter[str] = field(default_factory=Counter)
    failed: list[int] = field(default_factory=list)

    def add(self, played: Played) -> None:
        """Count a story."""
        self.played += 1
        self.survived.update(played.counts)
        self.repeats += played.repeats
        self.unheard += played.unheard
        if played.wrong:
            self.failed.append(played.seed)
            say(f"{self.kind} seed {played.seed}: " + "; ".join(played.wrong), *played.told)
        else:
            self.slowest = max(self.slowest, played.equal_after)

    def tell(self, seconds: float, wanted: int) -> None:
        """Print it."""
        say(f"{self.kind}: {self.played} of {wanted} seeds from {_FIRST} on in {seconds:.0f} s, "
            f"{self.workers} at a time, failed: {sorted(self.failed) or 'none'}")  # fmt: skip
        say("  survived: " + ", ".join(f"{kind} {count}" for kind, count in sorted(self.survived.items())))
        if self.kind == REAL:
            jumps = sum(count for kind, count in self.survived.items() if kind.startswith("clock "))
            say(f"  clocks jumped {jumps} times" if library() else "  no clock jumped: faketime is not installed")
        say(f"  equal again after at most {self.slowest:.0f} s")
        say(f"  without nonces {self.unheard} sends were accepted unheard; {self.repeats} messages stand there again")
        if kills := sum(count for kind, count in self.survived.items() if "kill" in kind.lower()):
            say(f"  {kills} kills; repeats per thousand of them, other lost answers included: "
                f"{1000 * self.repeats / kills:.0f}")  # fmt: skip


def main() -> int:
    """Play, print, and return 1 if a seed failed."""
    kinds: tuple[tuple[str, Play, int], ...] = (("in one process", play, _SEEDS), (REAL, play_live, _LIVE))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        sums = [
            _play_all(Sum(kind, _workers(kind)), how, seeds, Path(folder), until=begun + _seconds(kind))
            for kind, how, seeds in kinds
            if seeds
        ]
    return any(each.failed for each in sums)


def _workers(kind: str) -> int:
    return int(os.environ.get("WORKERS", _CORES + (kind == REAL)))


def _seconds(kind: str) -> int:
    return _MINUTES * (60 if kind == REAL else 30)


def _play_all(told: Sum, how: Play, seeds: int, folder: Path, *, until: float) -> Sum:
    """Play so many seeds; after the moment `until` none is begun."""
    begun, waiting = time.monotonic(), iter(range(_FIRST, _FIRST + seeds))
    # Forked processes would share what the parent's loops and connections left behind.
    with ProcessPoolExecutor(told.workers, get_context("spawn")) as pool:
        running: set[Future[Played]] = set()
        while True:
            if time.monotonic() < until and not (_STOP and told.failed):
                running |= {
                    pool.submit(play_one, how, seed, folder) for seed in islice(waiting, told.workers - len(running))
                }
            if not running:
                break
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for each in ended:
                told.add(each.result())
    told.tell(time.monotonic() - begun, seeds)
    return told


def say(*lines: str) -> None:
    """Print at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
