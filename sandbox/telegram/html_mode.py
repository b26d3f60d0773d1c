"""parse_mode HTML: the same tags, and the same complaints, as the Bot API server's parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .entities import Draft, Entity, MarkupError

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+)))?"""
)


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str] = field(default_factory=dict)


def parse(source: str) -> tuple[str, list[Entity]]:
    """Return the text without markup, and its entities. Raises MarkupError."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.draft = Draft()
        self.open: list[_Open] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._plain()
        if self.open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return self.draft.finish()

    def _plain(self) -> None:
        end = self.source.find("<", self.at)
        end = len(self.source) if end < 0 else end
        self.draft.add(_decoded(self.source[self.at : end]))
        self.at = end

    def _start_tag(self) -> None:
        begin = self.at
        name = re.compile(r"[^\s>]*").match(self.source, begin + 1)
        assert name is not None
        if name.end() == len(self.source):
            raise MarkupError(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        tag = name[0].lower()
        if tag not in KINDS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(name.end(), begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self.open.append(_Open(tag, self.draft.length, attributes))

    def _attributes(self, at: int, begin: int) -> dict[str, str]:
        """Read attributes up to the ">" and move behind it."""
        found: dict[str, str] = {}
        while True:
            while at < len(self.source) and self.source[at].isspace():
                at += 1
            if at < len(self.source) and self.source[at] == ">":
                self.at = at + 1
                return found
            match = _ATTRIBUTE.match(self.source, at)
            if match is None or match.end() >= len(self.source) or self.source[match.end()] in "=\"'":
                raise MarkupError(f"Unclosed start tag at byte offset {self._bytes(begin)}")
            value = match["double"] or match["single"] or match["bare"] or ""
            found[match["name"].lower()] = _decoded(value)
            at = match.end()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        match = re.compile(r"</([^\s>]*)\s*>").match(self.source, begin)
        if match is None:
            raise MarkupError(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        tag, opened = match[1].lower(), self.open.pop()
        if tag and tag != opened.tag:
            raise MarkupError(
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        self._close(opened)
        self.at = match.end()

    def _close(self, opened: _Open) -> None:
        kind = KINDS[opened.tag]
        if kind == "text_link":
            self.draft.link(opened.attributes.get("href") or self.draft.since(opened.offset), opened.offset)
        elif kind == "custom_emoji":
            self.draft.mark(kind, opened.offset, custom_emoji_id=opened.attributes.get("emoji-id", ""))
        elif kind == "blockquote" and "expandable" in opened.attributes:
            self.draft.mark("expandable_blockquote", opened.offset)
        else:
            self.draft.mark(kind, opened.offset)

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())


def _decoded(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if name := match[1]:
        return _NAMED[name]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]
