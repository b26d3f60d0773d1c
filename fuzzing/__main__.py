"""`make fuzz`: every reader, by crowds, by blows and by coverage in turn; prints what was tried and the worst."""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .measuring import MEGABYTES, SECONDS, Tally
from .seeds import seeds

_PATIENCE = 120
"""Seconds beyond its time after which a process counts as hung; one input may take long."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one reader was tried with."""

    reader: str
    how: str
    tally: dict[str, Any]


def main() -> int:
    """Fuzz, print the table, and return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--reader", action="append", help="only this one (may be given several times)")
    given = parser.parse_args()
    readers = given.reader or list(seeds())
    hows = ["crowds", "blows", *(["coverage"] if importlib.util.find_spec("atheris") else [])]
    if len(hows) == 2:
        print("atheris is not here (it has wheels for Linux on x86-64 only): crowds and blows alone.", flush=True)
    each = given.minutes * 60 / len(readers) / len(hows)
    print(_row("reader", "by", "inputs", "read", "seconds", "worst s", "worst MB"), flush=True)
    folder = Path(tempfile.mkdtemp(prefix="liverelay-fuzz-"))
    results = []
    for reader in readers:
        for how in hows:
            results.append(_run(reader, how, each, folder))
            print(_line(results[-1]), flush=True)
    return _verdict(results)


def _run(reader: str, how: str, seconds: float, folder: Path) -> Result:
    keep = folder / f"{reader}-{how}"
    keep.mkdir()
    command = [sys.executable, "-m", f"fuzzing.by_{how}", reader, str(seconds), str(keep)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=seconds + _PATIENCE, check=False)
        trouble = f"the process ended with {ran.returncode}: {ran.stderr[-300:]}" if ran.returncode else ""
    except subprocess.TimeoutExpired:
        trouble = "the process hung"
    written = keep / f"{how}.json"
    tally: dict[str, Any] = json.loads(written.read_text()) if written.exists() else asdict(Tally())
    if trouble:
        tally["failed"].append(f"{trouble} ({keep / 'last'})")
    return Result(reader, how, tally)


def _line(result: Result) -> str:
    told = result.tally
    counts = (f"{told['inputs']:,}", f"{told['read']:,}", f"{told['seconds']:.0f}")
    return _row(result.reader, result.how, *counts, f"{told['worst_seconds']:.2f}", f"{told['worst_megabytes']:.1f}")


def _row(*cells: str) -> str:
    name, how, *numbers = cells
    return f"{name:20} {how:9}" + "".join(f"{number:>10}" for number in numbers)


def _verdict(results: list[Result]) -> int:
    failed = [f"{result.reader}: {each}" for result in results for each in result.tally["failed"]]
    inputs = sum(result.tally["inputs"] for result in results)
    print(f"{inputs:,} inputs; allowed were {SECONDS:g} s and {MEGABYTES:g} MB each; {len(failed)} broke a promise.")
    for each in failed:
        print(f"  {each}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
