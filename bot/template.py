"""A message in a chat's own words: a text with named fields, checked when it is set, filled in when it is sent. Pure.

    {headline:bold}
    {time:%H:%M} {author}

    {summary:200}

After the colon stands how a field is shown: for words `bold`, `italic`, `link` (to the entry) or a length in
characters, several with commas between; for `{time}` what strftime takes; for `{link}` the words that lead there.
`{{` and `}}` are braces, `\\n` begins a new line. A line of which all fields are empty is left out.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

from .errors import Mistake
from .languages import _
from .model import Entry, SourceTitle
from .richtext import RichText
from .summary import lead, shorten
from .wording import clock_text, day_text, month_text, opening, publisher, weekday_text, zone_text

LONGEST_TEMPLATE = 500
TELLING = ("headline", "summary", "text")
"""A template has at least one of these: what else would it say of an entry?"""
FIELDS = (*TELLING, "time", "author", "label", "source", "title", "link")

_WORD_FORMATS = ("bold", "italic", "link")
_DIRECTIVES: dict[str, Callable[[datetime], str]] = {
    "H": lambda at: f"{at.hour:02}",
    "I": lambda at: f"{at.hour % 12 or 12:02}",
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "p": lambda at: "AM" if at.hour < 12 else "PM",
    "d": lambda at: f"{at.day:02}",
    "m": lambda at: f"{at.month:02}",
    "y": lambda at: f"{at.year % 100:02}",
    "Y": lambda at: f"{at.year:04}",
    "a": weekday_text,
    "b": month_text,
    "Z": lambda at: zone_text(at, at.tzinfo) if at.tzinfo else "",
    "%": lambda _: "%",
}
_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """A named field and how it is shown."""

    name: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Lines of words and fields."""

    lines: tuple[tuple[str | Field, ...], ...]

    def fill(self, entry: Entry, source: SourceTitle, zone: tzinfo, summary_length: int) -> tuple[str, RichText]:
        """Return the headline, where the first line is that and nothing else (else ""), and what follows it."""
        words = _words(entry, source, summary_length)
        lines = self.lines
        headline = ""
        if lines[0] == (Field("headline"),) and words["headline"]:
            headline, lines = words["headline"].text, lines[1:]
        filled = [_line(line, entry, source, zone, words) for line in lines]
        told = RichText()
        for number, line in enumerate(_single_gaps(filled)):
            told = told + ("\n" if number else "") + line
        return headline, told.strip()


@lru_cache(maxsize=256)
def parse_template(text: str) -> Template:
    """Return the template that a person typed. Raises Mistake with the place and what to write instead."""
    lines: list[list[str | Field]] = [[]]
    place = 0
    while place < len(text):
        piece, place = _piece(text, place)
        if piece == "\n":
            lines.append([])
        else:
            lines[-1].append(piece)
    if not any(isinstance(piece, Field) and piece.name in TELLING for line in lines for piece in line):
        headline, summary, whole = (f"{{{name}}}" for name in TELLING)
        hint = _("Put {headline}, {summary} or {text} into it.").format(headline=headline, summary=summary, text=whole)
        raise Mistake("template", text, 0, _("it would say nothing of an entry"), hint)
    return Template(tuple(map(tuple, lines)))


def _piece(text: str, place: int) -> tuple[str | Field, int]:
    """Return what stands at a place (a character, a new line or a field) and where it ends."""
    pair = text[place : place + 2]
    if pair in ("{{", "}}"):
        return pair[0], place + 2
    if pair == "\\n":
        return "\n", place + 2
    if text[place] == "}":
        hint = _("A brace is written “{brace}”.").format(brace="}}")
        raise Mistake("template", text, place, _("nothing was opened that this could close"), hint)
    if text[place] != "{":
        return text[place], place + 1
    end = text.find("}", place)
    if end < 0:
        hint = _("A brace is written “{brace}”.").format(brace="{{")
        raise Mistake("template", text, place, _("this brace is never closed"), hint)
    return _field(text, place + 1, text[place + 1 : end]), end + 1


def _field(text: str, place: int, inside: str) -> Field:
    name, _colon, shown = inside.partition(":")
    name = name.strip().lower()
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        hint = _("The fields are {names}.").format(names=", ".join(FIELDS))
        if near:
            hint = _("Did you mean {names}?").format(names=f"{{{near[0]}}}")
        raise Mistake("template", text, place, _("there is no {field}").format(field=f"{{{name}}}"), hint)
    after = place + len(inside) - len(shown)
    if name == "time":
        _check_time(text, after, shown)
    elif name != "link":
        _check_words(text, after, shown)
    return Field(name, shown)


def _check_time(text: str, place: int, shown: str) -> None:
    for directive in _DIRECTIVE.finditer(shown):
        if directive[1] not in _DIRECTIVES or not directive[1]:
            hint = _("There are {names}.").format(names=" ".join(f"%{name}" for name in _DIRECTIVES))
            problem = _("times do not know “{typed}”").format(typed=directive[0])
            raise Mistake("template", text, place + directive.start(), problem, hint)


def _check_words(text: str, place: int, shown: str) -> None:
    for way in filter(None, (each.strip() for each in shown.split(","))):
        if way not in _WORD_FORMATS and not (way.isdecimal() and 0 < int(way) <= 10_000):
            hint = _("There are {names}, or a number of characters.").format(names=", ".join(_WORD_FORMATS))
            problem = _("words cannot be shown as “{typed}”").format(typed=way)
            raise Mistake("template", text, place + shown.index(way), problem, hint)


def _words(entry: Entry, source: SourceTitle, summary_length: int) -> Mapping[str, RichText]:
    headline, rest = opening(entry)
    return {
        "headline": RichText(headline),
        "summary": lead(entry.standfirst or rest, summary_length),
        "text": rest,
        "author": RichText(entry.author or ""),
        "label": RichText(entry.label or ""),
        "source": RichText(publisher(source)),
        "title": RichText(source.title),
    }


def _line(
    line: tuple[str | Field, ...],
    entry: Entry,
    source: SourceTitle,
    zone: tzinfo,
    words: Mapping[str, RichText],
) -> RichText | None:
    """Return a line filled in; None where all of its fields are empty."""
    told, fields, filled = RichText(), 0, 0
    for piece in line:
        if isinstance(piece, str):
            told = told + piece
            continue
        shown = _shown(piece, entry, source, zone, words)
        fields, filled = fields + 1, filled + bool(shown)
        told = told + shown
    return told.strip() if filled or not fields else None


def _shown(
    field: Field, entry: Entry, source: SourceTitle, zone: tzinfo, words: Mapping[str, RichText]
) -> RichText | str:
    url = entry.url or source.url
    if field.name == "link":
        return RichText(field.shown or url).marked("link", url)
    if field.name == "time":
        at = entry.published_at or entry.updated_at
        return _time(at.astimezone(zone), field.shown) if at else ""
    told = words[field.name]
    for way in (each.strip() for each in field.shown.split(",")):
        if way.isdecimal():
            told = shorten(told, int(way))
    for way in (each.strip() for each in field.shown.split(",")):
        if way == "link":
            told = told.marked("link", url)
        elif way in ("bold", "italic"):
            told = told.marked(way)  # type: ignore[arg-type]  # one of the two
    return told


def _time(at: datetime, shown: str) -> str:
    if not shown:
        assert at.tzinfo is not None
        return _("{time}, {day}").format(time=clock_text(at, at.tzinfo), day=day_text(at, at.tzinfo))
    return _DIRECTIVE.sub(lambda directive: _DIRECTIVES[directive[1]](at), shown)


def _single_gaps(lines: list[RichText | None]) -> list[RichText]:
    """Return the lines without those left out, and never two empty ones one after the other."""
    kept: list[RichText] = []
    for line in lines:
        if line is None or (not line and (not kept or not kept[-1])):
            continue
        kept.append(line)
    return kept
