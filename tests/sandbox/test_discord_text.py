"""Markdown as a person sees it on Discord."""

from __future__ import annotations

import pytest

from sandbox.discord.shown import plain


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("plain words, 2*3*4 = 24", "plain words, 234 = 24"),
        ("**bold** *italic* __under__ ~~gone~~ ||secret|| _also_", "bold italic under gone secret also"),
        ("***both*** and **bold *and italic***", "both and bold and italic"),
        (r"\*not\* \_this\_ \[x\] 1\. \#", "*not* _this_ [x] 1. #"),
        ("[the *map*](https://example.org/a_(b)_c)", "the map"),
        ("[the map](<https://example.org/m>)", "the map"),
        (r"[a \[b\] c](https://example.org)", "a [b] c"),
        ("[https://a.org](https://b.org/)", "[https://a.org](https://b.org/)"),
        (
            "see https://example.org/a_b_c and <https://e.org/__x__>",
            "see https://example.org/a_b_c and https://e.org/__x__",
        ),
        ("snake_case_names stay", "snake_case_names stay"),
        ("`a *b* \\*` and ```py\nx = **y**\n```", "a *b* \\* and x = **y**\n"),
        ("# Title\n> quoted\n-# small\n#hashtag", "Title\nquoted\nsmall\n#hashtag"),
        ("\\`*x*\\`", "`x`"),
        ("\\\\`*x*`", "\\*x*"),
    ],
)
def test_markup_goes_and_words_stay(written: str, seen: str) -> None:
    assert plain(written) == seen
