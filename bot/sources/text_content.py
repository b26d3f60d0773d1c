"""The body of a copied post: paragraphs and list items, and the pictures and clips that stand between them.

Paragraphs are followed by a blank line, a picture at the end of a post is not: a line that the next post's number
follows at once is what such a picture shows, where no credit says so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from bot.model import Clip, Image

from .writing import BULLET, plain

BULLETED = re.compile(r"[•▪◦‣·]\s+(?P<item>.*)")
CLIP = re.compile(r".*?(?:Media|Video|Audio) caption[,:]\s*(?P<caption>.*)")
_CREDIT = re.compile(r"(?P<alt>.*?)(?:Image source,|Copyright:) ?(?P<credit>.*?)(?P<rest>Image caption[,:].*)?")
_CAPTION = re.compile(r"(?P<alt>.*?)Image caption[,:]\s*(?P<caption>.*)")
# ", external" ends links for screen readers; where one link followed another, nothing else stands between the words.
_EXTERNAL = re.compile(r"(?<!\binternal)(?: ?, ?external(?!ly|ity|iti|i[sz]))+")
_OPENING = tuple('“‘"(')


def clean(line: str) -> str:
    """Return a line without the helper words of its links, and with single spaces."""
    line = plain(line)

    def between(found: re.Match[str]) -> str:
        following = line[found.end() : found.end() + 1]
        return " " if following.isalnum() or following.startswith(_OPENING) else ""

    return _EXTERNAL.sub(between, line).strip()


class Content:
    """A post's content, read line by line."""

    def __init__(self, blocks: list[list[str]], *, ends_in_picture: bool) -> None:
        self.images: list[Image] = []
        self.clips: list[Clip] = []
        self._paragraphs: list[list[str]] = []
        self._awaited: Literal["", "image", "clip"] = ""
        self._in_block = ""
        last = blocks[-1] if ends_in_picture and len(blocks) > 1 and len(blocks[-1]) == 1 else []
        for block in blocks:
            self._in_block = ""
            for line in block:
                self._line(line, is_picture=block is last)

    @property
    def text(self) -> str:
        """The body, its paragraphs separated by a blank line."""
        return "\n\n".join("\n".join(lines) for lines in self._paragraphs if lines)

    def _line(self, line: str, *, is_picture: bool) -> None:
        if found := CLIP.fullmatch(line):
            self.clips.append(Clip(caption=clean(found["caption"])))
            self._awaited = "" if found["caption"] else "clip"
        elif found := _CREDIT.fullmatch(line):
            self._credit(found)
        elif found := _CAPTION.fullmatch(line):
            self._caption(found)
        elif self._awaited:
            self._awaited_caption(clean(line))
        elif found := BULLETED.fullmatch(line):
            self._item(clean(found["item"]))
        elif is_picture:
            self.images.append(Image("", alt=plain(line)))
        else:
            self._text(clean(line))

    def _credit(self, found: re.Match[str]) -> None:
        """Take down a picture's credit. The older renderer says it twice, and nothing of what the picture shows."""
        credit = plain(found["credit"])
        alt = plain(found["alt"])
        self.images.append(Image("", alt="" if alt == credit else alt, credit=credit))
        self._in_block = "image"
        if found["rest"] and (caption := _CAPTION.fullmatch(found["rest"])):
            self._caption(caption)

    def _caption(self, found: re.Match[str]) -> None:
        if self._in_block != "image":
            alt = plain(found["alt"]) or self._line_above()
            self.images.append(Image("", alt="" if alt == found["caption"] else alt))
            self._in_block = "image"
        self._awaited = "image"
        if found["caption"]:
            self._awaited_caption(clean(found["caption"]))

    def _line_above(self) -> str:
        """Take back the line just above in the same block: it was what a picture without a credit shows."""
        if self._in_block != "text":
            return ""
        line = self._paragraphs[-1].pop()
        if not self._paragraphs[-1]:
            self._paragraphs.pop()
        return line

    def _awaited_caption(self, words: str) -> None:
        if self._awaited == "image":
            self.images[-1] = replace(self.images[-1], caption=words)
        else:
            self.clips[-1] = replace(self.clips[-1], caption=words)
        self._awaited = ""

    def _item(self, words: str) -> None:
        """Add a list item to the list above it, even across a blank line."""
        if not self._paragraphs or not self._paragraphs[-1][-1].startswith(BULLET):
            self._paragraphs.append([])
        self._paragraphs[-1].append(f"{BULLET}{words}")
        self._in_block = "list"

    def _text(self, words: str) -> None:
        if self._in_block == "text":
            self._paragraphs[-1].append(words)
        elif words:
            self._paragraphs.append([words])
            self._in_block = "text"
