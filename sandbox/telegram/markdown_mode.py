"""parse_mode MarkdownV2: every character that must be escaped must be, and the complaints are the server's own."""

from __future__ import annotations

from dataclasses import dataclass

from .entities import Draft, Entity, MarkupError

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = {"*": "Bold", "~": "Strikethrough", "`": "Code"}
KINDS = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
}
_ENDS = {
    "Bold": "*",
    "Italic": "_",
    "Underline": "__",
    "Strikethrough": "~",
    "Spoiler": "||",
    "Code": "`",
    "Pre": "```",
}


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    offset: int
    at: int
    language: str = ""


def parse(source: str) -> tuple[str, list[Entity]]:
    """Return the text without markup, and its entities. Raises MarkupError."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.draft = Draft()
        self.open: list[_Open] = []
        self.quote: int | None = None

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            self._step()
        self._end_quote()
        if self.open:
            raise self._unended(self.open[-1])
        return self.draft.finish()

    def _step(self) -> None:
        char = self.source[self.at]
        if self._in_code():
            self._code_step(char)
        elif char == "\\" and self._escapes_next():
            self._take(self.source[self.at + 1], 2)
        elif self._line_starts() and self._quote_step():
            return
        elif char not in RESERVED:
            self._take(char, 1)
        elif not self._closes():
            self._opens(char)

    def _in_code(self) -> bool:
        return bool(self.open) and self.open[-1].name in ("Code", "Pre")

    def _code_step(self, char: str) -> None:
        if char == "\\" and self._escapes_next():
            self._take(self.source[self.at + 1], 2)
        elif not self._closes():
            if char == "`":
                raise self._unended(self.open[-1])
            self._take(char, 1)

    def _escapes_next(self) -> bool:
        return self.at + 1 < len(self.source) and 0 < ord(self.source[self.at + 1]) <= 126

    def _take(self, text: str, width: int) -> None:
        self.draft.add(text)
        self.at += width

    # ── quotes: lines that begin with ">" ────────────────────────────────────────────────────────────────────────

    def _line_starts(self) -> bool:
        return self.at == 0 or self.source[self.at - 1] == "\n"

    def _quote_step(self) -> bool:
        """Begin, go on with or end a quote at the start of a line; return whether a mark was taken."""
        fresh = self.source.startswith("**>", self.at)
        if self.quote is not None and (fresh or self.source[self.at] != ">"):
            self._end_quote()
        if not fresh and self.source[self.at] != ">":
            return False
        if self.quote is None:
            self.quote = self.draft.length
        self.at += 3 if fresh else 1
        return True

    def _end_quote(self) -> None:
        if self.quote is None:
            return
        folds = (
            bool(self.open) and self.open[-1].name == "Spoiler" and not self.draft.since(self.open[-1].offset).strip()
        )
        if folds:
            self.open.pop()
        if self.open and self.open[-1].offset >= self.quote:
            raise self._unended(self.open[-1])
        self.draft.mark("expandable_blockquote" if folds else "blockquote", self.quote)
        self.quote = None

    # ── marks ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _closes(self) -> bool:
        """Close the innermost entity if its end stands here."""
        if not self.open:
            return False
        opened = self.open[-1]
        if opened.name == "TextUrl":
            return self._close_link(opened)
        end = _ENDS[opened.name]
        if not self.source.startswith(end, self.at) or (end == "_" and self._double("_")):
            return False
        self.open.pop()
        self.at += len(end)
        if opened.name == "Pre":
            self.draft.mark("pre", opened.offset, **({"language": opened.language} if opened.language else {}))
        else:
            self.draft.mark(KINDS[opened.name], opened.offset)
        return True

    def _double(self, char: str) -> bool:
        return self.source.startswith(char * 2, self.at)

    def _triple(self, char: str) -> bool:
        return self.source.startswith(char * 3, self.at)

    def _close_link(self, opened: _Open) -> bool:
        if self.source[self.at] != "]":
            return False
        self.open.pop()
        self.at += 1
        url = self.draft.since(opened.offset)
        if self.source.startswith("(", self.at):
            url = self._url()
        self.draft.link(url, opened.offset)
        return True

    def _url(self) -> str:
        self.at += 1
        begin, url = self.at, ""
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "\\" and self._escapes_next():
                self.at += 1
            url += self.source[self.at]
            self.at += 1
        if self.at >= len(self.source):
            raise MarkupError(f"Can't find end of a URL at byte offset {self._bytes(begin)}")
        self.at += 1
        return url

    def _opens(self, char: str) -> None:
        if char == "[":
            self._push("TextUrl", 1)
        elif self._triple("`"):
            self._open_block()
        elif char in "*~`":
            self._push(MARKS[char], 1)
        elif char == "_":
            self._push("Underline" if self._double("_") else "Italic", 2 if self._double("_") else 1)
        elif self._double("|"):
            self._push("Spoiler", 2)
        else:
            raise MarkupError(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")

    def _push(self, name: str, width: int, language: str = "") -> None:
        self.open.append(_Open(name, self.draft.length, self.at, language))
        self.at += width

    def _open_block(self) -> None:
        """Three backticks, an optional language, one line break that does not count."""
        end = self.at + 3
        while end < len(self.source) and not self.source[end].isspace() and self.source[end] != "`":
            end += 1
        language = self.source[self.at + 3 : end]
        if end >= len(self.source) or self.source[end] == "`":
            language, end = "", self.at + 3
        self._push("Pre", end - self.at, language)
        if self.source.startswith("\n", self.at):
            self.at += 1

    def _unended(self, opened: _Open) -> MarkupError:
        name = "PreCode" if opened.language else opened.name
        return MarkupError(f"Can't find end of {name} entity at byte offset {self._bytes(opened.at)}")

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())
