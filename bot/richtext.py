"""Text with spans: the only form in which an entry's words travel through the program.

A span marks a stretch of the text as bold, italic, code, a quote or a link; spans may overlap and nest.
Offsets count Unicode code points of `text` (adapters convert to what their platform counts in). Markup never
appears in `text`; list items are lines that begin with "• ". Adapters render it; entry text therefore can
never become markup, a mention or a command.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from string import Formatter
from typing import Literal

_GAP = re.compile(r"\n[ \t]*\n\s*")

SpanKind = Literal["bold", "italic", "code", "quote", "link"]


@dataclass(frozen=True, slots=True)
class Span:
    """A marked stretch of a text: `start` inclusive, `end` exclusive, in code points."""

    start: int
    end: int
    kind: SpanKind
    url: str = ""


@dataclass(frozen=True, slots=True)
class RichText:
    """An immutable text and the spans over it."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)

    def __len__(self) -> int:
        return len(self.text)

    def __add__(self, other: RichText | str) -> RichText:
        added = RichText(other) if isinstance(other, str) else other
        by = len(self.text)
        return RichText(self.text + added.text, (*self.spans, *(_moved(span, by) for span in added.spans)))

    def cut(self, start: int, end: int) -> RichText:
        """Return the stretch from `start` to `end`, with the spans clipped to it."""
        start, end = max(0, start), min(len(self.text), end)
        inside = (span for span in self.spans if span.start < end and span.end > start)
        return RichText(self.text[start:end], tuple(_clipped(span, start, end) for span in inside))

    def stretches(self, places: Iterable[tuple[int, int]]) -> Iterator[RichText]:
        """Yield what `cut` would for each place (start, end), which follow one another.

        A span is looked at where it stands only: a text of very many spans is cut into very many pieces at once.
        """
        waiting = deque(sorted(enumerate(self.spans), key=lambda numbered: numbered[1].start))
        begun: list[tuple[int, Span]] = []
        for start, end in places:
            while waiting and waiting[0][1].start < end:
                begun.append(waiting.popleft())
            begun = [numbered for numbered in begun if numbered[1].end > start]
            inside = (span for _number, span in sorted(begun, key=itemgetter(0)) if span.start < end)
            yield RichText(self.text[start:end], tuple(_clipped(span, start, end) for span in inside))

    def without(self, places: Iterable[tuple[int, int]]) -> RichText:
        """Return the text without what stands at these places (start, end), which follow one another."""
        edges = [0, *chain.from_iterable(places), len(self.text)]
        return join("", self.stretches(zip(edges[::2], edges[1::2], strict=True)))

    def strip(self) -> RichText:
        """Return the text without white space around it."""
        left = len(self.text) - len(self.text.lstrip())
        return self.cut(left, len(self.text.rstrip()))

    def paragraphs(self) -> tuple[RichText, ...]:
        """Return the paragraphs, which blank lines separate; empty ones left out."""
        edges = [0, *chain.from_iterable(gap.span() for gap in _GAP.finditer(self.text)), len(self.text)]
        whole = (each.strip() for each in self.stretches(zip(edges[::2], edges[1::2], strict=True)))
        return tuple(paragraph for paragraph in whole if paragraph)

    def marked(self, kind: SpanKind, url: str = "") -> RichText:
        """Return the text with one more span over all of it."""
        if not self.text:
            return self
        return RichText(self.text, (Span(0, len(self.text), kind, url), *self.spans))

    @classmethod
    def filled(cls, template: str, **fields: RichText | str) -> RichText:
        """Return a plain sentence with its `{fields}` filled in, in whatever order its language has them."""
        told = cls()
        for words, name, _, _ in Formatter().parse(template):
            told = told + words + (fields[name] if name else "")
        return told

    def to_json(self) -> list[object]:
        """Return `[text, [[start, end, kind, url], …]]`, the form in which the database keeps it."""
        return [self.text, [[span.start, span.end, span.kind, span.url] for span in self.spans]]

    @classmethod
    def from_json(cls, stored: list[object]) -> RichText:
        """Return what `to_json` was given."""
        text, spans = stored
        assert isinstance(text, str)
        assert isinstance(spans, list)
        return cls(text, tuple(Span(*span) for span in spans))


def join(separator: str, parts: Iterable[RichText | str]) -> RichText:
    """Return the parts as one text with `separator` between them; empty parts are left out."""
    texts: list[str] = []
    spans: list[Span] = []
    length = 0
    for part in parts:
        if not part:
            continue
        if texts:
            texts.append(separator)
            length += len(separator)
        rich = RichText(part) if isinstance(part, str) else part
        spans += (_moved(span, length) for span in rich.spans)
        texts.append(rich.text)
        length += len(rich)
    return RichText("".join(texts), tuple(spans))


def _moved(span: Span, by: int) -> Span:
    return replace(span, start=span.start + by, end=span.end + by)


def _clipped(span: Span, start: int, end: int) -> Span:
    return replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
