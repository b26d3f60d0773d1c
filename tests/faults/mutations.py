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

from .__main__ import say

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutation:
    """A rule, and what in which file makes the program ignore it."""

    rule: int
    file: str
    old: str
    new: str


MUTATIONS = (
    Mutation(1, "bot/planner.py", 'if owed.act and owed.act != "edit"', 'if owed.act == "never"'),
    Mutation(2, "bot/store/answers.py", "else literal(result.shown)", "else delivery.c.wanted"),
    Mutation(3, "bot/store/outbox.py", "/{self.owed.generation}/{number}", "/{self.owed.attempts}/{number}"),
    Mutation(4, "bot/delivering.py", "if outcome.message_id and not parts[number].message_id:", "if number == 0:"),
    Mutation(5, "bot/store/senders.py", 'values(state="due", due_at=now)', 'values(state="claimed")'),
    Mutation(6, "bot/settling.py", '(tried.policy == "skip" or not owed.wanted)', "True"),
    Mutation(7, "bot/store/planning.py", 'else change.kind == "new"', "else True"),
    Mutation(8, "bot/compare.py", "if self.snapshot.complete and self.snapshot.absence_tells:", "if True:"),
    Mutation(9, "bot/compare.py", "return since is not None and now - since >= after", "return True"),
    Mutation(10, "bot/settling.py", '_kept(owed, state="gone", note=reason)', "_done(tried)"),
)


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
        for seed in range(seeds):
            one = os.environ | {"FIRST": str(seed), "SEEDS": "1"}
            command = [sys.executable, "-m", "tests.faults"]
            played = subprocess.run(command, cwd=folder, env=one, capture_output=True, text=True, check=False)
            if played.returncode:
                why = re.search(rf"seed {seed}: .*|\\w+(Error|Exception).*", played.stdout + played.stderr)
                say(f"rule {mutation.rule}: seed {seed}: {why.group()[:160] if why else 'it failed'}")
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
