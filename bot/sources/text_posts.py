"""Where the posts of a copied live page begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from .times import FOREIGN, TOLD

_NUMBERED = re.compile(r"(?P<indent>\s*)(?P<number>\d{1,4})\.\s+(?P<rest>\S.*)")
_STAMPED = re.compile(
    rf"(?P<headline>.*?)published at (?P<told>{TOLD}{FOREIGN}?)\s*(?P<breaking>Breaking)?\s*", re.IGNORECASE
)
# Said by the older renderer before its posts, which tell no times.
_OLDER = frozenset(("live reporting", "all times stated are uk"))
_AFTER = re.compile(r"Page \d+ of \d+|Navigate to the (?:next|previous|last|first) page", re.IGNORECASE)
MOST_POSTS = 1000
_LABEL_LINES = 3
"""Within how many lines below its number and label a post's headline stands."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it was copied: what its heading says, and the lines below it. `followed`: another one comes next."""

    headline: str
    told: str = ""
    label: str = ""
    breaking: bool = False
    lines: tuple[str, ...] = ()
    followed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A copied page: the lines before its first post, and its posts."""

    before: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a post begins: the line of its number, and the line after its heading."""

    line: int
    body: int
    post: Post


def split(text: str) -> Text:
    """Return the page's parts; without posts where none are to be found."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    starts = list(islice(_stamped_starts(lines), MOST_POSTS)) or list(islice(_older_starts(lines), MOST_POSTS))
    if not starts:
        return Text(tuple(lines))
    ends = [start.line for start in starts[1:]] + [_end(lines, starts[-1])]
    posts = tuple(
        replace(start.post, lines=tuple(lines[start.body : end]), followed=start is not starts[-1])
        for start, end in zip(starts, ends, strict=True)
    )
    return Text(tuple(lines[: starts[0].line]), posts)


def _stamped_starts(lines: Sequence[str]) -> Iterator[_Start]:
    """Find the posts of the present renderer: those with a time, and between them numbered ones without."""
    if not any("published at" in line for line in lines):
        return
    indent, number, after = -1, 0, 0
    for at, line in enumerate(lines):
        if at < after:
            continue
        found = _NUMBERED.fullmatch(line)
        counts = found is not None and int(found["number"]) == number + 1 and indent in (-1, len(found["indent"]))
        start = _heading(lines, at, found["rest"] if found and counts else None)
        if start is None and found and counts and indent > 0:
            start = _Start(at, at + 1, Post(found["rest"].partition("published at")[0]))
        if start is not None:
            if found and counts:
                indent, number = len(found["indent"]), number + 1
            after = start.body
            yield start


def _heading(lines: Sequence[str], at: int, numbered: str | None) -> _Start | None:
    """Return the post whose heading is at this line; None where there is none.

    Without a number it counts only where the time is glued to the headline as on the page: a sentence may well say
    when something was published.
    """
    line = lines[at].strip() if numbered is None else numbered
    if stamped := _STAMPED.fullmatch(line):
        if numbered is None and stamped["headline"][-1:].isspace():
            return None
        return _Start(at, at + 1, _post(stamped))
    if numbered is None:
        return None
    below = (row for row in range(at + 1, min(len(lines), at + 1 + _LABEL_LINES)) if lines[row])
    row = next(below, None)
    stamped = _STAMPED.fullmatch(lines[row].strip()) if row is not None else None
    if row is None or stamped is None or _NUMBERED.fullmatch(lines[row]):
        return None
    return _Start(at, row + 1, _post(stamped, label=numbered))


def _post(stamped: re.Match[str], label: str = "") -> Post:
    """Return a post; where its time stands alone on a line, the line of its number is its headline."""
    headline, label = stamped["headline"].strip(), label.strip()
    if not headline:
        headline, label = label, ""
    return Post(headline, stamped["told"], label, bool(stamped["breaking"]))


def _older_starts(lines: Sequence[str]) -> Iterator[_Start]:
    """Find the posts of the older renderer: the numbered lines after the words that it says before them."""
    ready, indent, number = False, -1, 0
    for at, line in enumerate(lines):
        ready = ready or line.strip().lower() in _OLDER
        found = _NUMBERED.fullmatch(line) if ready else None
        if found and int(found["number"]) == number + 1 and indent in (-1, len(found["indent"])):
            indent, number = len(found["indent"]), number + 1
            yield _Start(at, at + 1, Post(found["rest"].strip()))


def _end(lines: Sequence[str], last: _Start) -> int:
    """Return where the last post ends: where the page's own words go on further left, or say that they page."""
    heading = lines[last.line]
    indent = len(heading) - len(heading.lstrip())
    for at in range(last.body, len(lines)):
        line = lines[at]
        outside = line and len(line) - len(line.lstrip()) < indent
        if outside or _AFTER.fullmatch(line.strip()):
            return at
    return len(lines)
