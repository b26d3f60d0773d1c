"""An item of a feed, in whichever dialect it was written: what the XML and the JSON reader hand on to `feed`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from bot.model import Clip, Image

MOST_ITEMS = 1000
"""Items that are read of one feed; feeds show ten to a hundred."""

Markup = Literal["text", "html", "either"]
"""How words are meant: `either` where the format leaves it open (titles of RSS)."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words as the feed has them, still marked up, and where their links begin ("" for the feed's own address)."""

    text: str = ""
    markup: Markup = "html"
    base: str = ""

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class Item:
    """One item; times as they are spelled, addresses as they are written, "" for what is missing."""

    id: str = ""
    link: str = ""
    title: Words = field(default_factory=Words)
    content: Words = field(default_factory=Words)
    summary: Words = field(default_factory=Words)
    published: object = ""
    updated: object = ""
    authors: tuple[str, ...] = ()
    label: str = ""
    images: tuple[Image, ...] = ()
    clips: tuple[Clip, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: `home` is the page that it belongs to; `complete` is False where its end did not arrive.

    `deleted` are the ids of items that it says were deleted, `every` is how often it asks to be read at most. `hub`
    announces what is new in it, under its own address `topic`.
    """

    title: Words
    home: str = ""
    updated: object = ""
    items: tuple[Item, ...] = ()
    complete: bool = True
    every: timedelta | None = None
    hub: str = ""
    topic: str = ""
    deleted: tuple[str, ...] = ()
