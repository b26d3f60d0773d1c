"""The pages that fuzzing begins with: our own of tests/data, and real ones where LIVERELAY_SAMPLES names them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import UnreadablePage
from bot.model import Page
from bot.sources.read import READERS, read

PAGES = Path(__file__).parent.parent / "tests" / "data" / "pages"
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LARGEST = 400_000
"""Bytes of a seed; larger ones would leave time for few inputs."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A page that a reader reads."""

    name: str
    body: bytes
    url: str


def seeds() -> dict[str, list[Seed]]:
    """Return the seeds of every reader. Raises RuntimeError for a reader that has none."""
    found: dict[str, list[Seed]] = {reader.name: [] for reader in READERS}
    for seed in (*_ours(), *_real()):
        try:
            found[read(Page(seed.body, seed.url, NOW)).reader].append(seed)
        except UnreadablePage:
            continue
    without = [name for name, pages in found.items() if not pages]
    if without:
        raise RuntimeError(f"There is no page to begin with for {', '.join(without)}.")
    return found


def _ours() -> Iterator[Seed]:
    for beside in sorted(PAGES.glob("*.json")):
        page = beside.with_suffix("")
        if page.is_file():
            yield Seed(page.name, page.read_bytes(), json.loads(beside.read_text())["url"])


def _real() -> Iterator[Seed]:
    folder = os.environ.get("LIVERELAY_SAMPLES")
    for page in sorted(Path(folder).rglob("*")) if folder else ():
        if page.is_file() and page.suffix in {".html", ".json", ".xml", ".txt"} and page.stat().st_size <= LARGEST:
            yield Seed(page.name, page.read_bytes(), "https://www.example.org/live/page")
