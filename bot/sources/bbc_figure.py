"""Pictures and clips in a post of the present renderer.

A figure names what its words are in text for screen readers: "Image source, ", "Image caption, ", "Media caption, ".
Such a word ends in our alt, caption or credit, never in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from bot.model import Clip, Image

from .html import attribute, has_class, is_hidden, plain_text
from .links import absolute
from .writing import plain

WIDEST = "976"
"""The largest width at which the BBC serves pictures of live pages."""

_CREDIT = re.compile(r"(?:image source|copyright)\b", re.IGNORECASE)
_CAPTION = re.compile(r"image caption\b", re.IGNORECASE)
_MEDIA = re.compile(r"(?:media|video|audio) caption\b", re.IGNORECASE)
_PREFIX = re.compile(r"(?:image source|copyright|(?:image|media|video|audio) caption)\s*[,:]\s*", re.IGNORECASE)
_PLAYERS = "video, audio, iframe, smp-toucan-player, [data-testid*='media-player'], [class*='MediaPlayer']"


def is_player(node: LexborNode) -> bool:
    """Whether the element plays something by itself, outside a figure."""
    named = has_class(node, "MediaPlayer") or "media-player" in attribute(node, "data-testid")
    return named or node.tag in ("video", "audio")


class Figures:
    """The media of one post, in its order."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.images: list[Image] = []
        self.clips: list[Clip] = []

    def add(self, node: LexborNode) -> None:
        """Add what a figure, a picture or a player shows."""
        if is_player(node) or (node.tag == "figure" and _is_clip(node)):
            self.clips.append(Clip(_played(node, self.page), _clip_caption(node)))
        else:
            self.images.extend(_images(node, self.page))


def _is_clip(figure: LexborNode) -> bool:
    return figure.css_first(_PLAYERS) is not None or _told_by(figure, _MEDIA) is not None


def _played(node: LexborNode, page: str) -> str:
    told = [node, *node.css("source[src], video[src], audio[src], a[href]")]
    urls = (absolute(page, attribute(part, "src") or attribute(part, "href")) for part in told)
    return next((url for url in urls if url), "")


def _clip_caption(node: LexborNode) -> str:
    told = _told_by(node, _MEDIA) or node.css_first("figcaption")
    return _without_prefix(plain_text(told)) if told else ""


def _images(node: LexborNode, page: str) -> Iterator[Image]:
    credit = _told_by(node, _CREDIT) or _with_class(node, "Copyright")
    told = _told_by(node, _CAPTION) or node.css_first("figcaption")
    outside = credit.mem_id if credit else None
    caption = plain_text(told, lambda part: part.mem_id == outside or is_hidden(part)) if told else ""
    for picture in [node] if node.tag == "img" else node.css("img"):
        yield Image(
            url=picture_address(picture, page),
            alt=plain(attribute(picture, "alt")),
            caption=_without_prefix(caption),
            credit=_without_prefix(plain_text(credit)) if credit else "",
        )


def picture_address(picture: LexborNode, page: str) -> str:
    """Return where a picture is: its source, else the one to be loaded later, else the largest of its set."""
    largest = attribute(picture, "srcset").rpartition(",")[2].strip().partition(" ")[0]
    for told in (attribute(picture, "src"), attribute(picture, "data-src"), largest):
        if url := absolute(page, told.replace("{width}", WIDEST)):
            return url
    return ""


def _told_by(node: LexborNode, prefix: re.Pattern[str]) -> LexborNode | None:
    """Return the element whose first words, hidden or not, say what it tells."""
    for part in node.css("span, p, div, figcaption"):
        if prefix.match(plain(part.text(deep=True))) and not is_hidden(part):
            return part
    return None


def _with_class(node: LexborNode, suffix: str) -> LexborNode | None:
    return next((part for part in node.css("[class]") if has_class(part, suffix)), None)


def _without_prefix(words: str) -> str:
    return _PREFIX.sub("", words, count=1) if _PREFIX.match(words) else words
