"""Playing a seed in a process of its own, and what comes back from there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog


class Story(Protocol):
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


Play = Callable[[int, Path], Coroutine[Any, Any, tuple[Story, list[str]]]]


@dataclass(frozen=True)
class Played:
    """What a seed went through, as it comes back from the process that played it."""

    seed: int
    wrong: list[str]
    told: list[str]
    counts: Counter[str]
    equal_after: float
    repeats: int
    unheard: int


def play_one(how: Play, seed: int, folder: Path) -> Played:
    """Play a seed of that kind; its files go into the folder."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    story, wrong = asyncio.run(how(seed, folder))
    return Played(seed, wrong, story.told, story.counts, story.equal_after, story.repeats, story.unheard)
