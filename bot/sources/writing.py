"""Builds a RichText from pieces as they are met: collapses white space, keeps paragraphs, list items and spans."""

from __future__ import annotations

import re
from enum import IntEnum

from bot.richtext import RichText, Span, SpanKind

BULLET = "• "
_SPACES = re.compile(r"\s+")
# Zero-width and soft-hyphen characters that pages sprinkle into words, control characters, and halves of surrogate
# pairs, which JSON can spell and no platform accepts.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")


class Gap(IntEnum):
    """What stands between two pieces; the greatest one asked for counts."""

    NONE = 0
    SPACE = 1
    LINE = 2
    PARAGRAPH = 3


_WRITTEN = {Gap.NONE: "", Gap.SPACE: " ", Gap.LINE: "\n", Gap.PARAGRAPH: "\n\n"}


def plain(text: str) -> str:
    """Return a text as one line, without invisible characters."""
    return " ".join(_INVISIBLE.sub("", text).split())


class Writer:
    """A RichText under construction. White space never stands at the ends of the text, a line or a span."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._gap = Gap.NONE
        self._bullet = False
        self._lists = 0
        self._open: list[tuple[SpanKind, str, int | None]] = []
        self._unbegun = False
        self._spans: list[Span] = []

    def text(self, words: str) -> None:
        """Add words; runs of white space count as one space."""
        if not words.isascii() or not words.isprintable():
            words = _SPACES.sub(" ", _INVISIBLE.sub("", words))
        stripped = " ".join(words.split())
        if words[:1] == " ":
            self._ask(Gap.SPACE)
        if not stripped:
            return
        self._separate()
        if self._unbegun:
            self._begin_spans()
        self._put(stripped)
        if words[-1] == " ":
            self._gap = Gap.SPACE

    def line(self) -> None:
        """End the line; twice in a row, the paragraph."""
        self._ask(Gap.PARAGRAPH if self._gap == Gap.LINE and not self._lists else Gap.LINE)

    def block(self) -> None:
        """End the paragraph (inside a list: the line)."""
        self._ask(Gap.LINE if self._lists else Gap.PARAGRAPH)

    def begin_list(self) -> None:
        """Begin a list; inside another one its items follow those of the outer."""
        self.block()
        self._lists += 1

    def end_list(self) -> None:
        """End the list begun last."""
        self._lists = max(0, self._lists - 1)
        self.end_item()
        self.block()

    def begin_item(self) -> None:
        """Begin a list item: a line with a bullet, once there are words for it."""
        self._ask(Gap.LINE)
        self._bullet = True

    def end_item(self) -> None:
        """End the item; one without words leaves no bullet."""
        self._bullet = False
        self._ask(Gap.LINE)

    def begin(self, kind: SpanKind, url: str = "") -> None:
        """Begin a span with the next words."""
        self._open.append((kind, url, None))
        self._unbegun = True

    def end(self) -> None:
        """End the span begun last; one without words leaves none."""
        kind, url, start = self._open.pop()
        if start is not None:
            self._spans.append(Span(start, self._length, kind, url))

    def rich_text(self) -> RichText:
        """Return what was written; spans still open end here."""
        while self._open:
            self.end()
        spans = sorted(self._spans, key=lambda span: (span.start, -span.end))
        return RichText("".join(self._pieces), tuple(spans))

    def _begin_spans(self) -> None:
        self._open = [(kind, url, self._length if start is None else start) for kind, url, start in self._open]
        self._unbegun = False

    def _ask(self, gap: Gap) -> None:
        self._gap = max(self._gap, gap)

    def _separate(self) -> None:
        if self._length:
            self._put(_WRITTEN[self._gap])
        if self._bullet:
            self._put(BULLET)
        self._gap, self._bullet = Gap.NONE, False

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
