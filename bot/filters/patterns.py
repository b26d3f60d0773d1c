"""Patterns between slashes, by RE2: time grows with the text and never explodes, whatever a person types. Pure.

RE2 knows word edges and word characters of ASCII only; here `\\b` and `\\w` are those of any language. An edge is
made from what stands beside the word, so it can be asked for at the beginning and the end of a pattern only. Case
makes no difference (unless the pattern says `(?-i)`); `^` and `$` are the ends of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..languages import N_, _

try:
    import re2
except ImportError:  # no wheel for this system: an installation without the extra `patterns`
    re2 = None

# So much of a text is looked through; live pages' entries are far shorter.
LONGEST_TEXT = 4_000
# What keeps one look at an entry about a millisecond even for a pattern made to be slow: how often things may be
# repeated by number, taken together (each is a place where RE2 may stand at once), and the size of its program.
MOST_REPEATS, LARGEST_PROGRAM, _MEMORY = 100, 30_000, 1 << 21

_LETTERS = r"\p{L}\p{M}\p{N}_"
_BEGINNING, _END = rf"(?:^|[^{_LETTERS}])", rf"(?:[^{_LETTERS}]|$)"
_NAMED = re.compile(r"\\[pPx]\{\^?\w+\}")
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_SENTENCES = {
    "missing )": N_("this parenthesis in the pattern is never closed"),
    "unexpected )": N_("nothing was opened in the pattern that this could close"),
    "missing ]": N_("this bracket in the pattern is never closed"),
    "invalid perl operator": N_("patterns can look neither ahead nor behind"),
    "invalid escape sequence": N_("patterns do not know this sign after “\\”"),
    "no argument for repetition operator": N_("there is nothing before this that could repeat"),
    "bad repetition operator": N_("a repetition cannot be repeated"),
    "invalid character class range": N_("patterns do not know this kind of character"),
    "pattern too large": N_("this pattern is too large"),
}
_ESCAPES = {
    "w": f"[{_LETTERS}]",
    "W": f"[^{_LETTERS}]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "/": "/",
}
_ESCAPES_IN_CLASS = {"w": _LETTERS, "d": r"\p{Nd}", "D": r"\P{Nd}", "/": "/"}
_REFUSED = {
    "B": N_("patterns do not know “\\B”"),
    "C": N_("patterns look at characters, not at bytes"),
    "Q": N_("patterns do not know “\\Q”; write “\\” before each sign that has a meaning"),
}


class PatternMistake(Exception):
    """A pattern cannot be understood, at a place of it."""

    def __init__(self, place: int, problem: str) -> None:
        super().__init__(problem)
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was understood."""

    typed: str
    compiled: Any

    def fits(self, text: str) -> bool:
        """Whether the pattern fits anywhere in the text."""
        return self.compiled.search(_bytes(text)) is not None


@lru_cache(maxsize=64)
def _bytes(text: str) -> bytes:
    return text[:LONGEST_TEXT].encode("utf-8", "replace")


def understand(typed: str) -> Pattern:
    """Return a pattern as it was typed between its slashes. Raises PatternMistake."""
    if re2 is None:
        raise PatternMistake(0, _("patterns are not installed here (the extra “patterns”)"))
    walk = _Translation(typed)
    translated = "".join(walk.pieces())
    try:
        compiled = _compiled(translated)
        places = _compiled("".join(walk.shape)).programsize
    except re2.error as error:
        raise _mistake(typed, error) from None
    if compiled.programsize > LARGEST_PROGRAM:
        raise PatternMistake(0, _(_SENTENCES["pattern too large"]))
    if places > len(typed) + 2 * MOST_REPEATS:  # what may be repeated, or not, takes two
        too_often = _("this pattern repeats things more than {most} times in all")
        raise PatternMistake(0, too_often.format(most=MOST_REPEATS))
    return Pattern(typed, compiled)


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(("(?im)" + pattern).encode("utf-8", "replace"), options)


def _mistake(typed: str, error: Exception) -> PatternMistake:
    """Say in words what RE2 says, and find the place that it names."""
    said = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
    what, _colon, fragment = said.partition(": ")
    place = max(0, typed.rfind(fragment)) if fragment else 0
    if what == "missing )":
        place = max(0, typed.rfind("("))
    sentence = _SENTENCES.get(what.partition(" - ")[0])
    return PatternMistake(place, _(sentence) if sentence else _("patterns cannot say this"))


class _Translation:
    """A walk through a pattern: where it is, how deep in parentheses, and whether an alternative just began.

    `shape` is the pattern with one letter for everything that stands for a single character.
    """

    def __init__(self, typed: str) -> None:
        self._typed = typed
        self._place = 0
        self._depth = 0
        self._fresh = True
        self.shape: list[str] = []

    def pieces(self) -> list[str]:
        """Return the pattern in RE2's own words, piece by piece."""
        found = []
        while self._place < len(self._typed):
            start = self._place
            found.append(self._piece())
            single = self._typed[start] in "\\[."
            self.shape.append("x" if single else self._typed[start : self._place])
            self._fresh = self._depth == 0 and self._typed[start] == "|"
        return found

    def _piece(self) -> str:
        match self._typed[self._place]:
            case "\\":
                return self._escape()
            case "[":
                return self._class()
            case "{":
                self._check_repeat()
            case "(":
                self._depth += 1
            case ")":
                self._depth -= 1
        return self._taken(1)

    def _taken(self, length: int) -> str:
        taken = self._typed[self._place : self._place + length]
        self._place += length
        return taken

    def _escape(self, escapes: dict[str, str] = _ESCAPES, *, in_class: bool = False) -> str:
        place, escaped = self._place, self._typed[self._place + 1 : self._place + 2]
        if escaped in _REFUSED:
            raise PatternMistake(place, _(_REFUSED[escaped]))
        if in_class and escaped in ("W", "b"):
            raise PatternMistake(place, _("“{sign}” cannot stand in brackets").format(sign=f"\\{escaped}"))
        named = _NAMED.match(self._typed, place)
        taken = self._taken(len(named[0]) if named else 2)
        return self._edge(place) if escaped == "b" else escapes.get(escaped, taken)

    def _edge(self, place: int) -> str:
        if self._depth == 0 and self._fresh:
            return _BEGINNING
        if self._depth == 0 and self._typed[self._place : self._place + 1] in ("", "|"):
            return _END
        raise PatternMistake(place, _("“\\b” can stand at the beginning and at the end of a pattern only"))

    def _class(self) -> str:
        found = [self._taken(2 if self._typed.startswith("[^", self._place) else 1)]
        if self._typed.startswith("]", self._place):
            found.append(self._taken(1))
        while self._place < len(self._typed) and self._typed[self._place] != "]":
            named = re.compile(r"\[:\^?\w+:\]").match(self._typed, self._place)
            if self._typed[self._place] == "\\":
                found.append(self._escape(_ESCAPES_IN_CLASS, in_class=True))
            else:
                found.append(self._taken(len(named[0]) if named else 1))
        return "".join([*found, self._taken(1)])

    def _check_repeat(self) -> None:
        repeat = _REPEAT.match(self._typed, self._place)
        if repeat and any(int(count) > MOST_REPEATS for count in repeat.groups() if count):
            too_often = _("nothing can be repeated more than {most} times")
            raise PatternMistake(self._place, too_often.format(most=MOST_REPEATS))
