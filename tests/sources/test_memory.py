"""What is left of a page once it was read: its Snapshot, and nothing of the trees that it was read from."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from .formats import FORMATS
from .stories import story_of

STORY = story_of(20)
TREE = 1_000_000
"""Bytes that the smallest tree takes."""


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    """What only the collector of cycles would free stays: on a busy day it comes late."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", FORMATS)
def test_reading_a_page_keeps_no_tree_alive(name: str) -> None:
    page = FORMATS[name].page(STORY)
    FORMATS[name].read(STORY)
    tracemalloc.start()
    snapshot = FORMATS[name].read(STORY)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(snapshot.entries) == 20
    assert kept < TREE / 2
    assert peak < 5 * TREE + 10 * len(page.body)
