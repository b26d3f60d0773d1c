"""Text with spans: the only form in which an entry's words travel through the program.

A span marks a stretch of the text as bold, italic, code, a quote or a link; spans may overlap and nest.
Offsets count Unicode code points of `text` (adapters convert to what their platform counts in). Markup never
appears in `text`; list items are lines that begin with "• ". Adapters render it; entry text therefore can
never become markup, a mention or a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from string import Formatter
from typing import Literal

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
        moved = (replace(span, start=span.start + by, end=span.end + by) for span in added.spans)
        return RichText(self.text + added.text, (*self.spans, *moved))

    def cut(self, start: int, end: int) -> RichText:
        """Return the stretch from `start` to `end`, with the spans clipped to it."""
        start, end = max(0, start), min(len(self.text), end)
        clipped = (
            replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
            for span in self.spans
            if span.start < end and span.end > start
        )
        return RichText(self.text[start:end], tuple(clipped))

    def strip(self) -> RichText:
        """Return the text without white space around it."""
        left = len(self.text) - len(self.text.lstrip())
        return self.cut(left, len(self.text.rstrip()))

    def paragraphs(self) -> tuple[RichText, ...]:
        """Return the paragraphs, which blank lines separate; empty ones left out."""
        found, start = [], 0
        for gap in (*re.finditer(r"\n[ \t]*\n\s*", self.text), None):
            end = gap.start() if gap else len(self.text)
            paragraph = self.cut(start, end).strip()
            if paragraph:
                found.append(paragraph)
            start = gap.end() if gap else end
        return tuple(found)

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
    joined = RichText()
    for part in parts:
        if not part:
            continue
        joined = joined + separator + part if joined else RichText() + part
    return joined
