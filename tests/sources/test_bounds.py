"""What the HTML parser is spared."""

from __future__ import annotations

import time

import pytest

from bot.sources.bounds import MOST_ATTRIBUTES, MOST_ELEMENTS, MOST_IN_TAGS, bounded

pytestmark = pytest.mark.attack("bombs")


def attributes(count: int) -> bytes:
    return b" ".join(b"a%d" % number for number in range(count))


def test_an_ordinary_page_is_left_as_it_is() -> None:
    page = b"<p class=x data-y='a > b' hidden>Words &lt; more</p>" * 1000
    assert bounded(page) == page


def test_a_tag_of_too_many_attributes_is_closed_and_the_rest_is_text() -> None:
    html = bounded(b"<p " + attributes(MOST_ATTRIBUTES + 1) + b">Words</p>")
    assert html == b"<p " + attributes(MOST_ATTRIBUTES) + b"> a%d>Words</p>" % MOST_ATTRIBUTES


@pytest.mark.parametrize("hidden", [b'<!-- <x y=" -->', b"<script>'<x y='</script>", b"<x y=\"z' "])
def test_no_tag_hides_in_what_seems_to_be_the_value_of_another(hidden: bytes) -> None:
    html = bounded(hidden + b"<p " + attributes(1000) + b"> \" ' >")
    assert html is not None
    assert b"<p " + attributes(MOST_ATTRIBUTES) + b">" in html


def test_a_long_value_is_one_attribute() -> None:
    page = b"<div data-all='" + b"word " * 2000 + b"' data-more=\"" + b"a=b " * 2000 + b'">x</div>'
    assert bounded(page) == page


@pytest.mark.parametrize(
    "html",
    [b"<p>" * (MOST_ELEMENTS + 1), b"<p a b c d e f g h>" * (MOST_IN_TAGS // 7), b"<p " + b"a " * (MOST_IN_TAGS + 1)],
    ids=["elements", "attributes", "one tag"],
)
def test_more_than_can_be_held_is_not_parsed(html: bytes) -> None:
    assert bounded(html) is None


@pytest.mark.parametrize(
    "html",
    [
        b"<a" * 190_000 + b"x" * 4_500_000,
        b"<a/x=" * 190_000 + b"x" * 4_000_000,
        b"<a" * 1000 + (b" " + b"x" * 20_000) * 240,
        (b"<a " + b"x" * 22) * 190_000,
        (b"<a x=\"" + b"x" * 19) * 190_000,
    ],
    ids=["one name", "one value", "one tag that begins everywhere", "full of attributes", "full of quotes"],
)  # fmt: skip
def test_what_would_be_looked_at_again_and_again_is_let_go_soon(html: bytes) -> None:
    """Each is at most 5 MB; to look from every place to the end of a tag takes up to a day."""
    begun = time.process_time()
    bounded(html)
    assert time.process_time() - begun < 10
