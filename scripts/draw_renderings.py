"""Draws docs/telegram.svg: some of the renderings as a Telegram chat shows them, with what is bold, quoted or a link.

The words and their marks are read from the stand-in, after the real adapter has sent them. A test says when it must be
drawn again:

    .venv/bin/python -m scripts.draw_renderings
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from sandbox.telegram.chats import Post
from tests.renderings import telegram

from .draw_chat import FONT, SIZE, TOP, WIDTH, Canvas, Run, box

TARGET = Path(__file__).parents[1] / "docs" / "telegram.svg"
LEFT = ("Breaking", "A picture", "The summary", "Withdrawn")
RIGHT = ("A quote, a list and links", "A video", "A digest")
COLOURS = {"": "#0f1419", "link": "#2a7ab9", "small": "#6d7f8f"}
LOOKS = {"text_link": "link", "bold": "bold", "italic": "italic", "blockquote": "italic", "code": "small"}


def runs(post: Post) -> Iterator[Run]:
    """Return what the message says, sign by sign, with the looks of its entities."""
    place = 0
    for sign in post.text:
        looks = frozenset(
            LOOKS[entity["type"]]
            for entity in post.entities
            if entity["type"] in LOOKS and entity["offset"] <= place < entity["offset"] + entity["length"]
        )
        yield Run(sign, looks)
        place += len(sign.encode("utf-16-le")) // 2


def column(posts: Sequence[Post], x: float) -> Canvas:
    """Draw messages one below the other."""
    canvas = Canvas(TOP - 30)
    for post in posts:
        bubble, place = canvas.y, len(canvas.drawn)
        canvas.y += 0 if post.photo else 8
        if post.photo:
            canvas.picture(x + 12, WIDTH - 60)
        canvas.write(list(runs(post)), x + 24, WIDTH - 84, COLOURS)
        if post.edited_at:
            canvas.write([Run("edited", frozenset({"small"}))], x + WIDTH - 100, 60, COLOURS)
        canvas.y += 10
        canvas.drawn.insert(place, box((x + 12, bubble), WIDTH - 60, canvas.y - bubble, "#fff"))
        canvas.y += 10
    return canvas


async def draw() -> str:
    """Return the whole drawing."""
    chats = {rendering.name: posts for rendering, posts in await telegram.chats()}
    left, right = (
        column([post for name in names for post in chats[name]], x) for names, x in ((LEFT, 20), (RIGHT, 460))
    )
    bottom = max(left.y, right.y) + 6
    title = "<title>Seven very different entries as Telegram shows them</title>"
    drawn = "\n".join((title, box((20, 12), 2 * WIDTH - 20, bottom - 12, "#cfdde6"), *left.drawn, *right.drawn))
    size = f'width="900" height="{bottom + 12:g}" viewBox="0 0 900 {bottom + 12:g}"'
    fonts = f'font-family="{escape(FONT)}" font-size="{SIZE:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {fonts}>\n{drawn}\n</svg>\n'


if __name__ == "__main__":
    TARGET.write_text(asyncio.run(draw()), encoding="utf-8")
