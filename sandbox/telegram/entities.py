"""Text under construction: what both parse modes write into, counted in UTF-16 code units as the Bot API does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

_ADDRESS = re.compile(r"(?:https?://|tg://|ton://)?[^\s/?#]+\.[^\s/?#.]{2,}(?:[:/?#]\S*)?|https?://\S+|tg://\S+", re.I)
_FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)'»”’]", re.I)),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w/])#\w*[^\W\d]\w*")),
)


class MarkupError(Exception):
    """The markup cannot be parsed; the text is the server's own wording, without its prefix."""


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_address(url: str) -> bool:
    """Whether the server makes a link of it; it drops other links without a word."""
    return bool(_ADDRESS.fullmatch(url.strip()))


@dataclass(slots=True)
class Draft:
    """A text that grows, and the entities over it."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append plain text."""
        self.pieces.append(text)
        self.length += units(text)

    def since(self, offset: int) -> str:
        """Return the text from `offset` on."""
        return "".join(self.pieces).encode("utf-16-le")[offset * 2 :].decode("utf-16-le")

    def mark(self, kind: str, offset: int, **more: Any) -> None:
        """Put an entity over everything since `offset`; an empty one is dropped, as the server does."""
        if self.length > offset:
            self.entities.append({"type": kind, "offset": offset, "length": self.length - offset, **more})

    def link(self, url: str, offset: int) -> None:
        """Make a link of everything since `offset`; one that leads nowhere is dropped."""
        if is_address(url):
            self.mark("text_link", offset, url=url if "://" in url else f"http://{url}")

    def finish(self) -> tuple[str, list[Entity]]:
        """Return the text and its entities in the server's order."""
        return "".join(self.pieces), sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))


def found_in(text: str, taken: list[Entity]) -> list[Entity]:
    """Return what the server finds by itself outside code and links: addresses, commands, mentions, hashtags."""
    closed = [entity for entity in taken if entity["type"] in ("code", "pre", "text_link", "text_mention")]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            entity = {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
            if not any(_overlap(entity, other) for other in (*closed, *found)):
                found.append(entity)
    return found


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
