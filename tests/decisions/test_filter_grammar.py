"""The whole language of filters against a slow and obvious evaluator."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.filters import parse, passes
from bot.model import Entry

from .filter_reference import Node, entries, nodes, should_pass, typed


@settings(max_examples=400)
@given(nodes, entries)
def test_a_filter_says_what_looking_term_by_term_would(node: Node, entry: Entry) -> None:
    assert passes(typed(node), entry) == should_pass(node, entry)


@settings(max_examples=30)
@given(st.lists(nodes, min_size=10, max_size=20), st.lists(entries, min_size=5, max_size=10))
def test_many_filters_judge_many_entries_and_each_verdict_has_its_reason(wishes: list[Node], told: list[Entry]) -> None:
    for entry in told:
        for wish in wishes:
            verdict = parse(typed(wish)).judge(entry)
            assert verdict.because
            assert verdict.passes == should_pass(wish, entry)
