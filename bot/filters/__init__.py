"""The filter language: which entries a subscription wants, and why not. Pure.

    kyiv drone          both words, in the headline or the body, in any order
    -sport              not this word; the minus goes before everything below, too
    "Air Defence"       these words side by side, in this very spelling
    kyiv OR lviv        either; OR binds less than words side by side
    (a OR b) c          parentheses
    /dron\\w+/           a pattern of RE2, which no pattern can keep busy
    author:smith  is:breaking  has:video  in:headline

A word is a whole word of any language; case and accents make no difference unless it is quoted. Where a script writes
no spaces (Chinese, Japanese, Thai), a word is found wherever its characters stand side by side.
"""

from __future__ import annotations

from ..model import Entry
from .parsing import Filter, parse
from .terms import Verdict

__all__ = ["Filter", "Verdict", "parse", "passes"]


def passes(text: str, entry: Entry) -> bool:
    """Whether an entry passes a filter that `parse` accepts."""
    return parse(text).judge(entry).passes
