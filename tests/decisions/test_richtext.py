"""Text with spans, cut up and put together."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.richtext import RichText, Span, join

_PLACES = st.lists(st.integers(0, 30), min_size=2, max_size=6).map(sorted)


@st.composite
def texts(draw: st.DrawFn) -> RichText:
    text = draw(st.text("ab \n", max_size=30))
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda ends: ends[0] < ends[1])
    spans = draw(st.lists(ends, max_size=6)) if text else []
    return RichText(text, tuple(Span(start, end, "bold") for start, end in spans))


@given(texts(), _PLACES)
def test_many_stretches_are_what_each_cut_alone_would_be(text: RichText, edges: list[int]) -> None:
    places = [(min(start, len(text)), min(end, len(text))) for start, end in pairwise(edges)]
    assert list(text.stretches(places)) == [text.cut(start, end) for start, end in places]


@given(texts(), st.integers(0, 30), st.integers(0, 30))
def test_what_is_taken_out_leaves_what_stands_before_and_behind(text: RichText, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    left = text.without([(start, end)])
    assert left.text == text.text[:start] + text.text[end:]
    assert left == join("", [text.cut(0, start), text.cut(end, len(text))])


@given(st.lists(texts() | st.text("xy", max_size=3)))
def test_joining_is_adding_one_after_the_other(parts: list[RichText | str]) -> None:
    added = RichText()
    for part in parts:
        if part:
            added = added + ", " + part if added else added + part
    assert join(", ", parts) == added
