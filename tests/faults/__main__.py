"""`make faults`: plays seeds until SEEDS of them are done or half an hour is over, and prints what they went through.

FIRST=n begins with another seed; a seed that fails prints its history and can be played again: SEEDS=1 FIRST=n.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import structlog

from .story import play

LONGEST = 30 * 60


def main() -> int:
    """Play, print, and return 1 if a seed failed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    first, seeds = int(os.environ.get("FIRST", "0")), int(os.environ.get("SEEDS", "1000"))
    begun, played, repeats, unheard = time.monotonic(), 0, 0, 0
    survived: Counter[str] = Counter()
    failed: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + seeds):
            if time.monotonic() - begun > LONGEST:
                break
            story, wrong = asyncio.run(play(seed, Path(folder)))
            played += 1
            survived.update(story.counts)
            repeats += story.repeats
            unheard += story.unheard
            if wrong:
                failed.append(seed)
                say(f"seed {seed}: " + "; ".join(wrong), *story.told)
    say(f"{played} seeds in {time.monotonic() - begun:.0f} s, failed: {failed or 'none'}")
    say("survived: " + ", ".join(f"{kind} {count}" for kind, count in sorted(survived.items())))
    say(f"on platforms without nonces {unheard} sends were accepted unheard; {repeats} of them stand twice")
    return bool(failed)


def say(*lines: str) -> None:
    """Print at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
