"""Reading one page as the program does, and what that took."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.compare import Watched, compare
from bot.digest import digest
from bot.errors import UnreadablePage
from bot.exploring import lies_here
from bot.model import Page, Snapshot
from bot.sources.discovery import discover
from bot.sources.read import read
from bot.telling import as_json, as_text, as_ways

from .seeds import NOW

SECONDS, MEGABYTES = 5.0, 200.0
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(slots=True)
class Tally:
    """What was tried, and the worst of it; `failed` says how an input broke what is promised, and where it is kept."""

    inputs: int = 0
    read: int = 0
    seconds: float = 0
    worst_seconds: float = 0
    worst_megabytes: float = 0
    failed: list[str] = field(default_factory=list)

    def try_page(self, body: bytes, url: str, keep: Path) -> None:
        """Read a page; one that breaks a promise is written into the folder `keep`."""
        last = keep / "last"
        last.write_bytes(body)
        problem = ""
        before, began = _resident(), time.process_time()
        try:
            self.read += _use(body, url)
        except Exception as error:  # noqa: BLE001  # any that escapes is what we look for
            problem = f"{type(error).__name__}: {str(error)[:120]}"
        took, grew = time.process_time() - began, _peak() - before
        self.inputs += 1
        self.seconds += took
        self.worst_seconds = max(self.worst_seconds, took)
        self.worst_megabytes = max(self.worst_megabytes, grew)
        if took > SECONDS or grew > MEGABYTES:
            problem = problem or f"{took:.1f} s, {grew:.0f} MB"
        if problem:
            where = keep / f"failed-{len(self.failed)}"
            last.replace(where)
            self.failed.append(f"{problem} ({where})")

    def write(self, path: Path) -> None:
        """Write it down for the process that started this one."""
        path.write_text(json.dumps(asdict(self)))


def _use(body: bytes, url: str) -> bool:
    """Do with a page what the program does with it; whether it could be read."""
    page = Page(body, url, NOW)
    try:
        offers = discover(page)
        snapshot = read(page)
    except UnreadablePage as error:
        _check_sentence(str(error))
        return False
    _check(snapshot)
    as_json(snapshot)
    as_text(snapshot)
    as_ways(lies_here(page, snapshot, offers).ways)
    compare(snapshot, Watched(baseline=False), {}, (), now=NOW, removal_after=timedelta())
    return True


def _check_sentence(said: str) -> None:
    if not said or "\n" in said or len(said) > 3000:
        raise AssertionError(f"this is no sentence: {said[:100]}")


def _check(snapshot: Snapshot) -> None:
    keys = {entry.key for entry in snapshot.entries}
    if len(keys) != len(snapshot.entries) or "" in keys:
        raise AssertionError("two entries have one key, or one has none")
    for entry in snapshot.entries:
        digest(entry)
        if entry.published_at is not None and entry.published_at.tzinfo is None:
            raise AssertionError("a time without a zone")
        if not all(0 <= span.start < span.end <= len(entry.body) for span in entry.body.spans):
            raise AssertionError("a span outside of its text")


def _resident() -> float:
    """Return the memory that this process has now, in MB, and forget its earlier peak where the system can do that."""
    if not _CLEAR.exists():
        return _peak()
    _CLEAR.write_text("5")
    return _status("VmRSS")


def _peak() -> float:
    if _STATUS.exists():
        return _status("VmHWM")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


def _status(name: str) -> float:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024
