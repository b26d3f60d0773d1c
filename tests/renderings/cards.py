"""Pictures of the two ways in which Discord could show an entry: an embed, and Components V2; for docs/discord.md.

Our own drawing after the look of Discord's dark theme, to compare the two at the width of a phone and of a desktop:
sizes of text, margins and greatest widths are those of its clients, as far as these can be measured by eye.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from .discord import Card

PHONE, DESKTOP = 340, 640
PICTURES = {"discord-phone.svg": PHONE, "discord-desktop.svg": DESKTOP}
"""The pictures in docs/, and how wide each way may be there."""
_EMBED_WIDTH, _CONTAINER_WIDTH = 432, 600  # on a desktop; on a phone both fill the width
_PAD, _LINE = 12, 1.35
_GROUND, _BOX, _TEXT, _QUIET, _LINK, _PICTURE = "#313338", "#2b2d31", "#dbdee1", "#b5bac1", "#00a8fc", "#3f4147"
_MOST_LINES = 14


@dataclass(slots=True)
class _Column:
    """One box under construction: SVG elements, and how far down it has come."""

    width: int
    y: float = _PAD
    drawn: list[str] = field(default_factory=list)

    def text(self, words: str, size: float, colour: str, *, bold: bool = False, gap: float = 4) -> None:
        """Write a text in as many lines as it takes."""
        fits = int((self.width - 2 * _PAD - 6) / (size * (0.6 if bold else 0.53)))
        lines = [line for part in words.split("\n") for line in textwrap.wrap(part, fits) or [""]]
        for line in [*lines[:_MOST_LINES], *(["…"] if len(lines) > _MOST_LINES else [])]:
            self.y += size * _LINE
            place = f'x="{_PAD + 6}" y="{self.y:.0f}" font-size="{size}" font-weight="{600 if bold else 400}"'
            self.drawn.append(f'<text {place} fill="{colour}">{escape(line)}</text>')
        self.y += gap

    def picture(self, share: float) -> None:
        """Put a picture in, which is as wide as there is room."""
        width = self.width - 2 * _PAD - 6
        self.y += 6
        place = f'x="{_PAD + 6}" y="{self.y:.0f}" width="{width}" height="{width * share:.0f}"'
        self.drawn.append(f'<rect {place} rx="6" fill="{_PICTURE}"/>')
        self.y += width * share + 6

    def svg(self, x: float, y: float, colour: int) -> str:
        """Return the box with its bar."""
        height = self.y + _PAD
        box = f'<rect width="{self.width}" height="{height:.0f}" rx="6" fill="{_BOX}"/>'
        bar = f'<rect width="4" height="{height:.0f}" rx="2" fill="#{colour:06x}"/>'
        return f'<g transform="translate({x:.0f},{y:.0f})">{box}{bar}{"".join(self.drawn)}</g>'


def _as_embed(card: Card, room: int) -> _Column:
    column = _Column(min(room, _EMBED_WIDTH))
    if card.author:
        column.text(card.author, 14, _TEXT, bold=True)
    column.text(card.title, 16, _LINK, bold=True, gap=6)
    column.text(card.body, 14, _TEXT)
    for _ in card.pictures[:1]:
        column.picture(0.56)
    if card.footer:
        column.text(card.footer, 12, _QUIET)
    return column


def _as_components(card: Card, room: int) -> _Column:
    """A container of texts and a gallery: small print above, a heading, the body, the gallery, small print below."""
    column = _Column(min(room, _CONTAINER_WIDTH))
    body, _, last = card.body.rpartition("\n")
    if card.author:
        column.text(card.author, 13, _QUIET)
    column.text(card.title, 20, _LINK, bold=True, gap=8)
    column.text(body.strip(), 16, _TEXT, gap=6)
    for _ in card.pictures[:1]:
        column.picture(0.56)
    column.text(" · ".join(filter(None, (last, card.footer))), 13, _QUIET)
    return column


def draw(cards: Sequence[Card], room: int) -> str:
    """Return a picture: each card as an embed on the left and of components on the right."""
    gap, left, y = 24, 12, 40.0
    rows: list[str] = []
    for card in cards:
        pair = _as_embed(card, room), _as_components(card, room)
        rows += [one.svg(left + place * (room + gap), y, card.colour) for place, one in enumerate(pair)]
        y += max(one.y for one in pair) + _PAD + gap
    width = 2 * room + gap + 2 * left
    return "\n".join([*_head(width, y, room + gap + left), *rows, "</svg>", ""])


def _head(width: float, height: float, second: float) -> Iterator[str]:
    font = 'font-family="gg sans, Noto Sans, Helvetica, Arial, sans-serif"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" {font}>'
    yield f'<rect width="100%" height="100%" fill="{_GROUND}"/>'
    yield f'<text x="12" y="26" font-size="13" fill="{_QUIET}">an embed</text>'
    yield f'<text x="{second:.0f}" y="26" font-size="13" fill="{_QUIET}">Components V2</text>'
