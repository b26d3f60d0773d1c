"""A small reader of Discord's markdown, written from how Discord's clients behave and not from our renderer.

It says what a person would see (`shown`) and which constructs Discord would make of a text (`constructs`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_BLOCKS = {
    "heading": re.compile(r"[^\S\n]*#{1,3}[^\S\n]+\S"),
    "subtext": re.compile(r"[^\S\n]*-#[^\S\n]+\S"),
    "list": re.compile(r"[^\S\n]*(?:[-*+]|\d+[.)])[^\S\n]+\S"),
}
_QUOTE = re.compile(r"[^\S\n]*>(?:>>)? ")
_CODE = re.compile(r"(`+)(.*?[^`])\1(?!`)", re.DOTALL)
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\(<([^<>\s]*)>\)", re.DOTALL)
_LOOSE_LINK = re.compile(r"\[[^\[\]]*\]\([^)]*\)")
_AUTOLINK = re.compile(r"<([a-zA-Z][\w+.-]*:/[^ >]*)>")
_ATOMS = {
    "mention": re.compile(r"<(?:@[!&]?|\#)\d+>|<id:\w+>|@everyone|@here"),
    "timestamp": re.compile(r"<t:-?\d+(?::\w)?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:[\w+-]+(?:::skin-tone-\d)?:"),
    "command": re.compile(r"</[^>]+:\d+>"),
    "address": re.compile(r"(?:https?|steam|ftp)://[^\s<]*[^\s<.,:;\"')\]]", re.IGNORECASE),
    "masked link": _LOOSE_LINK,
}
_SPANS = {
    "bold": re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL),
    "italic": re.compile(r"\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)", re.DOTALL),
    "underline": re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL),
    "italic underscore": re.compile(r"\b_((?:__|\\.|[^\\_])+?)_\b", re.DOTALL),
    "strike": re.compile(r"~~((?:\\.|[^\\])+?)~~", re.DOTALL),
    "spoiler": re.compile(r"\|\|((?:\\.|[^\\])+?)\|\|", re.DOTALL),
}


@dataclass
class Seen:
    """What Discord makes of a text: words, and constructs with what they hold."""

    shown: str = ""
    constructs: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        """Return the kinds of constructs."""
        return {name for name, _ in self.constructs}

    def of(self, name: str) -> list[str]:
        """Return what the constructs of one kind hold."""
        return [held for found, held in self.constructs if found == name]


def read(text: str) -> Seen:
    """Return what Discord shows for the text."""
    seen = Seen()
    for number, line in enumerate(text.split("\n")):
        seen.shown += "\n" if number else ""
        _read_line(line, seen)
    return seen


def _read_line(line: str, seen: Seen) -> None:
    if quote := _QUOTE.match(line):
        seen.constructs.append(("quote", line[quote.end() :]))
        line = line[quote.end() :]
    for name, block in _BLOCKS.items():
        if block.match(line):
            seen.constructs.append((name, line))
    _read_inline(line, seen)


def _read_inline(text: str, seen: Seen) -> None:
    at = 0
    while at < len(text):
        at = _read_one(text, at, seen)


def _read_one(text: str, at: int, seen: Seen) -> int:
    if found := _ESCAPED.match(text, at):
        seen.shown += found[1]
        return found.end()
    if found := _CODE.match(text, at):
        seen.constructs.append(("code", found[2]))
        seen.shown += found[2]
        return found.end()
    if found := _LINK.match(text, at):
        seen.constructs.append(("link", found[2]))
        _read_inline(found[1], seen)
        return found.end()
    if found := _AUTOLINK.match(text, at):
        seen.constructs.append(("own address", found[1]))
        seen.shown += found[1]
        return found.end()
    for name, atom in _ATOMS.items():
        if found := atom.match(text, at):
            seen.constructs.append((name, found[0]))
            seen.shown += found[0]
            return found.end()
    return _read_span(text, at, seen)


def _read_span(text: str, at: int, seen: Seen) -> int:
    found = [(name, match) for name, span in _SPANS.items() if (match := span.match(text, at))]
    if not found:
        seen.shown += text[at]
        return at + 1
    name, match = max(found, key=lambda pair: pair[1].end())
    seen.constructs.append((name, match[1]))
    _read_inline(match[1], seen)
    return match.end()
