"""Pictures and clips in a post of the present renderer.

A figure names what its words are in text for screen readers: "Image source, ", "Image caption, ", "Media caption, ".
Such a word ends in our alt, caption or credit, never in a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from bot.model import Clip, Image

from .html import attribute, has_class, is_hidden, plain_text
from .links import absolute
from .writing import plain

WIDEST = "976"
"""The largest width at which the BBC serves pictures of live pages."""

MOST_PARTS = 50
"""Elements of a figure that are looked at; real ones have about ten."""

_PREFIX = re.compile(
    r"(?:(?P<credit>image source|copyright)|(?P<caption>image caption)|(?P<media>(?:media|video|audio) caption))"
    r"\s*[,:]\s*",
    re.IGNORECASE,
)
_PLAYERS = "video, audio, iframe, smp-toucan-player, [data-testid*='media-player'], [class*='MediaPlayer']"


def is_player(node: LexborNode) -> bool:
    """Whether the element plays something by itself, outside a figure."""
    return node.tag in ("video", "audio") or "media-player" in attribute(node, "data-testid")


@dataclass(slots=True)
class _Words:
    """The elements of a figure that say something about it."""

    credit: LexborNode | None = None
    caption: LexborNode | None = None
    media: LexborNode | None = None


class Figures:
    """The media of one post, in its order."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.images: list[Image] = []
        self.clips: list[Clip] = []

    def add(self, node: LexborNode) -> None:
        """Add what a figure, a picture or a player shows."""
        if node.tag == "img":
            self._image(node, "", "")
            return
        words = _words(node)
        if words.media or is_player(node) or node.css_first(_PLAYERS) is not None:
            self._clip(node, words)
            return
        caption, credit = _caption(words), _said(words.credit)
        for picture in node.css("img"):
            self._image(picture, caption, credit)

    def take(self, node: LexborNode) -> bool:
        """Take down what an element outside a figure tells about the picture above it; False where it is a text."""
        told = _PREFIX.match(node.text(deep=True).lstrip())
        if told is None or node.css_first("img") is not None:
            return False
        said = _said(node)
        if told.lastgroup == "media":
            self.clips.append(Clip("", said))
        elif told.lastgroup == "credit":
            self._amend(credit=said)
        else:
            self._amend(caption=said)
        return True

    def _amend(self, **said: str) -> None:
        last = self.images.pop() if self.images else Image("")
        self.images.append(replace(last, **said))

    def _image(self, picture: LexborNode, caption: str, credit: str) -> None:
        image = Image(picture_address(picture, self.page), plain(attribute(picture, "alt")), caption, credit)
        if image != Image(""):
            self.images.append(image)

    def _clip(self, node: LexborNode, words: _Words) -> None:
        told = [node, *node.css("source[src], video[src], audio[src], a[href]")]
        urls = (absolute(self.page, attribute(part, "src") or attribute(part, "href")) for part in told)
        said = _said(words.media or words.caption)
        self.clips.append(Clip(next((url for url in urls if url), ""), said, self._still(node)))

    def _still(self, node: LexborNode) -> str:
        if (picture := node.css_first("img")) is not None:
            return picture_address(picture, self.page)
        players = [node, *node.css("video[poster]")]
        return next((url for player in players if (url := absolute(self.page, attribute(player, "poster")))), "")


def picture_address(picture: LexborNode, page: str) -> str:
    """Return where a picture is: its source, else the one to be loaded later, else the largest of its set."""
    largest = attribute(picture, "srcset").rpartition(",")[2].strip().partition(" ")[0]
    for told in (attribute(picture, "src"), attribute(picture, "data-src"), largest):
        if url := absolute(page, told.replace("{width}", WIDEST)):
            return url
    return ""


def _words(figure: LexborNode) -> _Words:
    """Find the elements whose first words, hidden or not, say what they tell; else those that are named for it."""
    found = _Words()
    for part in figure.css("span, p, div, figcaption")[:MOST_PARTS]:
        told = _PREFIX.match(part.text(deep=True).lstrip())
        if told and not is_hidden(part):
            role = told.lastgroup or ""
            setattr(found, role, getattr(found, role) or part)
        elif found.credit is None and has_class(part, "Copyright"):
            found.credit = part
    found.caption = found.caption or figure.css_first("figcaption")
    return found


def _caption(words: _Words) -> str:
    """Return the caption; a credit may stand in it."""
    if words.caption is None:
        return ""
    credit = words.credit.mem_id if words.credit else None
    return _without_prefix(plain_text(words.caption, lambda part: part.mem_id == credit or is_hidden(part)))


def _said(node: LexborNode | None) -> str:
    return _without_prefix(plain_text(node)) if node is not None else ""


def _without_prefix(words: str) -> str:
    return _PREFIX.sub("", words, count=1) if _PREFIX.match(words) else words
