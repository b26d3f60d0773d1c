"""Switches off one rule of the mirror after the other, in a copy, and says which seed of the harness notices.

python -m tests.faults.mutations [RULE …]; SEEDS says after how many seeds a rule counts as unnoticed (300).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

AT_ONCE = 25  # seeds that one process plays: starting one takes longer than playing a seed
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutation:
    """A rule, and what in which file makes the program ignore it."""

    rule: int
    file: str
    old: str
    new: str


_SHOWN = 'bindparam("now_shown", type_=Integer)'
MUTATIONS = (
    Mutation(1, "bot/planner.py", 'if owed.act and owed.act != "edit"', 'if owed.act == "never"'),
    Mutation(
        2,
        "bot/store/answers.py",
        f"coalesce({_SHOWN}",
        f"coalesce(case(({_SHOWN} > 0, delivery.c.wanted), else_={_SHOWN})",
    ),
    Mutation(
        3,
        "bot/delivering.py",
        "part.number, part.nonce)",
        "part.number, part.nonce + str(prepared.claim.owed.attempts))",
    ),
    Mutation(4, "bot/delivering.py", "if outcome.message_id and not parts", "if part.number == 0 and not parts"),
    Mutation(5, "bot/store/senders.py", 'values(state="due", due_at=now)', 'values(state="claimed")'),
    Mutation(6, "bot/settling.py", 'idempotent_send and tried.policy == "skip"', "idempotent_send"),
    Mutation(7, "bot/store/planning.py", 'else change.kind == "new"', "else True"),
    Mutation(8, "bot/compare.py", "if self.snapshot.complete and self.snapshot.absence_tells:", "if True:"),
    Mutation(9, "bot/compare.py", "return since is not None and now - since >= after", "return True"),
    Mutation(
        10, "bot/settling.py", '_kept(owed, state="gone", note=gone.reason)', "replace(_rested(tried, ''), shown=0)"
    ),
)


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def noticed(mutation: Mutation, seeds: int) -> int | None:
    """Return the first seed that fails without the rule; None if none of so many does."""
    with tempfile.TemporaryDirectory() as folder:
        for part in ("bot", "tests", "sandbox", "adapters"):
            shutil.copytree(ROOT / part, Path(folder) / part, ignore=shutil.ignore_patterns("__pycache__", "data"))
        path = Path(folder) / mutation.file
        text = path.read_text()
        if mutation.old not in text:
            raise SystemExit(f"rule {mutation.rule}: {mutation.file} no longer says {mutation.old!r}")
        path.write_text(text.replace(mutation.old, mutation.new))
        for first in range(0, seeds, AT_ONCE):
            some = os.environ | {
                "FIRST": str(first),
                "SEEDS": str(min(AT_ONCE, seeds - first)),
                "STOP": "1",
                "LIVE": "0",
            }
            command = [sys.executable, "-m", "tests.faults"]
            played = subprocess.run(command, cwd=folder, env=some, capture_output=True, text=True, check=False)
            if played.returncode:
                why = re.search(r"seed (\d+): .*", played.stdout)
                seed = int(why[1]) if why else first
                error = played.stderr.strip().rpartition("\n")[2]
                say(f"rule {mutation.rule}: {(why.group() if why else error)[:160]}")
                return seed
    say(f"rule {mutation.rule}: not noticed in {seeds} seeds")
    return None


def main() -> int:
    """Return 1 if a rule can be switched off unnoticed."""
    wanted = {int(rule) for rule in sys.argv[1:]} or {mutation.rule for mutation in MUTATIONS}
    seeds = int(os.environ.get("SEEDS", "300"))
    found = [noticed(mutation, seeds) for mutation in MUTATIONS if mutation.rule in wanted]
    return None in found


if __name__ == "__main__":
    sys.exit(main())
