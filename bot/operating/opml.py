"""OPML 2.0 (opml.org/spec2.opml): what feed readers hand each other, written and read.

What comes in is read by expat alone, without a DOCTYPE: then there are no entities, nothing is fetched, and nothing
grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.parsers import expat  # no DOCTYPE is let through, see above

from ..errors import UsageError
from ..portable import ChosenSource

LARGEST = 5_000_000
_DEEPEST = 50
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outline:
    """A page or feed that an OPML file names; `line` is where in the file."""

    url: str
    title: str
    line: int
    page: str = ""


def written(sources: Iterable[ChosenSource], now: datetime) -> str:
    """Return an OPML file of these sources: a feed as readers know it, any other page as a link."""
    outlines = "\n".join(map(_outline, sources))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head>\n    <title>LiveRelay</title>\n'
        f"    <dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>\n  </head>\n  <body>\n"
        f"{outlines}\n  </body>\n</opml>\n"
    )


def _outline(source: ChosenSource) -> str:
    text = source.title or source.name or source.url
    if source.reader == "feed":
        told = {"type": "rss", "text": text, "title": text, "xmlUrl": source.asked or source.url}
        told |= {"htmlUrl": source.url} if source.asked else {}
    else:
        told = {"type": "link", "text": text, "url": source.url}
    shown = " ".join(f'{name}="{escape(_NOT_IN_XML.sub("", value))}"' for name, value in told.items())
    return f"    <outline {shown}/>"


def read(content: bytes) -> list[Outline]:
    """Return what an OPML file names, each address once. Raises UsageError for what is no OPML, with the line."""
    if len(content) > LARGEST:
        raise UsageError(f"The OPML file is larger than {LARGEST // 1_000_000} MB.")
    reading = _Reading()
    try:
        reading.parser.Parse(content, True)  # noqa: FBT003  # expat's word for the end
    except expat.ExpatError as error:
        raise UsageError(f"Line {error.lineno} of the OPML file is not XML: {expat.ErrorString(error.code)}.") from None
    if not reading.is_opml:
        raise UsageError("The file is XML, but not OPML: its first element should be <opml>.")
    return list({outline.url: outline for outline in reversed(reading.found)}.values())[::-1]


class _Reading:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.is_opml = False
        self.found: list[Outline] = []
        self._depth = 0

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UsageError(f"Line {self.parser.CurrentLineNumber} of the OPML file is nested too deeply.")
        if self._depth == 1:
            self.is_opml = name.lower() == "opml"
        given = {key.lower(): value.strip() for key, value in attributes.items()}
        page = given.get("htmlurl", "")
        url = given.get("xmlurl") or given.get("url") or page
        if name.lower() == "outline" and url:
            title = given.get("title") or given.get("text") or ""
            self.found.append(Outline(url, title, self.parser.CurrentLineNumber, page))

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _refuse(self, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise UsageError(f"Line {line} of the OPML file holds a DOCTYPE, which OPML has no need of; take it out.")
