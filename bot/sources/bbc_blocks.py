"""Texts of the BBC's present post model: trees of blocks `{type, model{blocks, …}}`.

The model is the one of the World Service's renderer (github.com/bbc/simorgh, `live/[id]/Post`): paragraphs and lists
hold fragments, which name their marks, and links, which hold fragments; beside them stand images, clips and posts of
social networks. What is not known to be anything is read for the blocks inside it.
"""

from __future__ import annotations

from typing import Any

from bot.model import Clip, Image
from bot.richtext import RichText, SpanKind

from .links import absolute
from .told import record, records, string, words
from .writing import Writer, plain

DEEPEST = 60
MOST_MEDIA = 60
PICTURES = "https://ichef.bbci.co.uk/ace"
"""Where pictures are served: below it the recipe, the width, the picture's origin and its place there."""

_MARKS: dict[str, SpanKind] = {"bold": "bold", "italic": "italic"}
_PARAGRAPHS = frozenset(("paragraph", "headline", "subheadline", "subheading", "quote", "blockquote"))
_LISTS = frozenset(("unorderedList", "orderedList"))
_PLAYED = frozenset(("video", "audio", "clip", "media"))

Block = dict[str, Any]


def blocks_of(told: Any) -> list[Block]:
    """Return the blocks below a block, or a content (`{model{blocks}}`)."""
    return records(record(record(told).get("model")).get("blocks"))


def first_below(told: Any, kind: str) -> Block:
    """Return the first block of a kind below one, at any depth; {} where there is none."""
    waiting = [(child, 0) for child in blocks_of(told)[::-1]]
    while waiting:
        block, depth = waiting.pop()
        if block.get("type") == kind:
            return block
        if depth < DEEPEST:
            waiting.extend((child, depth + 1) for child in blocks_of(block)[::-1])
    return {}


def line(told: Any) -> str:
    """Return the words below a block as one line."""
    return plain(text_of(told, "").text)


def text_of(told: Any, base: str) -> RichText:
    """Return the words below a block."""
    blocks = Blocks(base)
    blocks.add(told)
    return blocks.writer.rich_text()


class Blocks:
    """A body under way: its words, and what stands beside them. `recipe` and `width` are those of its pictures."""

    def __init__(self, base: str, recipe: str = "standard", width: int = 976) -> None:
        self.base = base
        self.writer = Writer()
        self.images: list[Image] = []
        self.clips: list[Clip] = []
        self.embeds: list[str] = []
        self._served = (recipe, width)

    def add(self, told: Any) -> None:
        """Add what is below a block, or a content."""
        self._below(record(told), 0)

    def _below(self, block: Block, depth: int) -> None:
        for child in blocks_of(block) if depth < DEEPEST else ():
            self._block(child, depth + 1)

    def _block(self, block: Block, depth: int) -> None:
        kind, model = string(block.get("type")), record(block.get("model"))
        if kind == "fragment":
            self._fragment(model)
        elif kind == "urlLink":
            self._link(block, model, depth)
        elif kind in _PARAGRAPHS:
            self.writer.block()
            self._told(block, model, depth)
            self.writer.block()
        elif kind in _LISTS:
            self.writer.begin_list()
            self._below(block, depth)
            self.writer.end_list()
        elif kind == "listItem":
            self.writer.begin_item()
            self._told(block, model, depth)
            self.writer.end_item()
        else:
            self._beside(block, kind, model, depth)

    def _told(self, block: Block, model: Block, depth: int) -> None:
        """Add the blocks of a block, or, where it has none, the text that it repeats them in."""
        if blocks_of(block):
            self._below(block, depth)
        else:
            self.writer.text(string(model.get("text")))

    def _fragment(self, model: Block) -> None:
        told = model.get("attributes")
        names = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
        marks = [_MARKS[name] for name in names if name in _MARKS]
        for mark in marks:
            self.writer.begin(mark)
        self.writer.text(string(model.get("text")))
        for _ in marks:
            self.writer.end()

    def _link(self, block: Block, model: Block, depth: int) -> None:
        url = absolute(self.base, words(model.get("locator")))
        if url:
            self.writer.begin("link", url)
        self._told(block, model, depth)
        if url:
            self.writer.end()

    # ── beside the words ─────────────────────────────────────────────────────────────────────────────────────────

    def _beside(self, block: Block, kind: str, model: Block, depth: int) -> None:
        if len(self.images) + len(self.clips) + len(self.embeds) >= MOST_MEDIA:
            return
        if kind == "image":
            self._image(block)
        elif kind in _PLAYED:
            self._clip(block)
        elif kind == "social":
            self._embed(block, model)
        else:
            self._below(block, depth)

    def _image(self, block: Block) -> None:
        raw = record(first_below(block, "rawImage").get("model"))
        url = self._picture(raw)
        alt, caption = (line(first_below(block, kind)) for kind in ("altText", "caption"))
        if url or alt:
            self.images.append(Image(url, alt, caption, words(raw.get("copyrightHolder"))))

    def _picture(self, raw: Block) -> str:
        """Return where a picture is served: its locator is an address, or its place at its origin."""
        place, origin = words(raw.get("locator")), words(raw.get("originCode"))
        if place.startswith(("http://", "https://", "//")):
            return absolute(self.base, place)
        recipe, width = self._served
        return absolute("", f"{PICTURES}/{recipe}/{width}/{origin}/{place.lstrip('/')}") if place and origin else ""

    def _clip(self, block: Block) -> None:
        media = record(first_below(block, "clipMedia").get("model"))
        url = absolute(self.base, words(record(media.get("link")).get("path")))
        caption = line(first_below(block, "caption")) or words(record(media.get("video")).get("title"))
        if url or caption:
            still = next((words(image.get("url")) for image in records(media.get("images"))), "")
            self.clips.append(Clip(url, caption, absolute(self.base, still)))

    def _embed(self, block: Block, model: Block) -> None:
        oembed = record(record(first_below(block, "aresOEmbed").get("model")).get("oembed"))
        url = absolute("", words(model.get("source")) or words(oembed.get("url")))
        if url and url not in self.embeds:
            self.embeds.append(url)
