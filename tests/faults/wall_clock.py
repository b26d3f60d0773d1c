"""A wall clock that jumps under a running process, where libfaketime is installed (Debian's package `faketime`)."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path


@cache
def library() -> str:
    """Return what a process must load before everything else, "" where it is not there; its own command knows it."""
    command = shutil.which("faketime")
    if command is None:
        return ""
    asked = [command, "-m", "-f", "+0", "printenv", "LD_PRELOAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


class WallClock:
    """The clock that a process sees; a file in the folder says how far it is from the machine's."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.show(0)

    def environment(self) -> dict[str, str]:
        """What the process is told; the clock that only measures spans is left alone.

        A jump is noticed within a second: to read the file at every question takes a whole processor.
        """
        if not library():
            return {}
        return {
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Its guess cuts waits short for Python's interpreter lock, over which threads would fight all the time.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "NO_FAKE_STAT": "1",
        }

    def show(self, ahead: int) -> None:
        """Let it be so many seconds ahead of the machine's from now on, or behind it."""
        written = self._file.with_suffix(".new")
        written.write_text(f"{ahead:+d}\n")
        written.replace(self._file)
