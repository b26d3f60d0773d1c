"""The pictures and clips that stand beside an item's text.

Feeds list one picture in several sizes (the widest counts), repeat it as a thumbnail (then that is left out), and
show the author's portrait as an icon (left out, too).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.model import Image

ICON = 100
"""Pixels; a picture that says that it is narrower is an icon."""

MOST_MEDIA = 20
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|\Z)", re.IGNORECASE)
_PLAYED = re.compile(r"\.(?:mp[34]|m4[av]|webm|ogg|mov)(?:[?#]|\Z)", re.IGNORECASE)
_PORTRAITS = re.compile(r"//[\w.]{0,40}gravatar\.com/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Medium:
    """Something to see or hear: `kind` is its MIME type, its medium ("image", "video"), "thumbnail", or ""."""

    url: str
    kind: str = ""
    width: str = ""

    @property
    def pixels(self) -> int:
        """Its width; 0 where it is not told."""
        return int(self.width) if re.fullmatch(r"[0-9]{1,5}", self.width) else 0

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture worth showing."""
        told = self.kind.startswith(("image", "thumbnail")) or (not self.kind and bool(_PICTURE.search(self.url)))
        return bool(self.url) and told and not 0 < self.pixels < ICON and not _PORTRAITS.search(self.url)

    @property
    def is_played(self) -> bool:
        """Whether it is a video or audio."""
        told = self.kind.startswith(("video", "audio")) or (not self.kind and bool(_PLAYED.search(self.url)))
        return bool(self.url) and told


def pictures(media: Iterable[Medium], credit: str = "", caption: str = "") -> tuple[Image, ...]:
    """Return each picture once, at its widest; a thumbnail only where there is nothing else."""
    shown = [medium for medium in media if medium.is_picture][:MOST_MEDIA]
    full = [medium for medium in shown if medium.kind != "thumbnail"]
    if not full:
        widest = max(shown, key=lambda medium: medium.pixels, default=None)
        full = [widest] if widest else []
    best: dict[str, Medium] = {}
    for medium in full:
        same = medium.url.partition("?")[0]
        if same not in best or medium.pixels > best[same].pixels:
            best[same] = medium
    told = caption if len(best) == 1 else ""
    return tuple(Image(medium.url, caption=told, credit=credit) for medium in best.values())


def clips(media: Iterable[Medium]) -> Iterator[str]:
    """Return the addresses of what is played."""
    yield from list(dict.fromkeys(medium.url for medium in media if medium.is_played))[:MOST_MEDIA]
