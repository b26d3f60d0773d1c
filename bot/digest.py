"""What makes two texts of an entry the same to a reader: normalised words, links and the identity of media.

White space, tracking parameters, the difference of http and https, the size at which a picture is served, times and
pins do not count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from .model import Entry, Image
from .urls import without_tracking

# A path segment that is only a size ("976", "640x360") changes with the layout, not with the picture.
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)\Z", re.IGNORECASE)
_SERVED = re.compile(
    r"(?:w|h|q|s|width|height|quality|fit|crop|rect|auto|format|fm|dpr|scale|size|resize|im|imwidth|imheight|sig)(?:=|\Z)|\Z",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<=/)\d{2,4}(?:x\d{2,4})?(?=/)")


def digest(entry: Entry) -> str:
    """Return 32 hex digits that change exactly when a reader would notice a difference."""
    told = "\x1e".join("\x1f".join(field) for field in _told(entry))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def normal(text: str) -> str:
    """Return the text with white space collapsed."""
    return " ".join(text.split())


def image_identity(image: Image) -> str:
    """Return what stays the same while a picture is served in other sizes; its words where it has no address."""
    return picture_identity(image.url) or normal(image.alt)


def picture_identity(url: str) -> str:
    """Return what an address of a picture has in common with those of its other sizes.

    Behind the name of a file a query only says how it is served; else it may say which picture it is.
    """
    path, _, query = url.partition("#")[0].partition("?")
    told = "" if _FILE.search(path) else "&".join(pair for pair in query.split("&") if not _SERVED.match(pair))
    return _SIZE.sub("*", _address(f"{path}?{told}" if told else path))


def _told(entry: Entry) -> Iterator[Iterable[str]]:
    yield (
        entry.kind,
        normal(entry.headline or ""),
        normal(entry.label or ""),
        "breaking" * ("breaking" in entry.flags),
    )
    yield (normal(entry.body.text), normal(entry.standfirst.text) if entry.standfirst else "")
    yield sorted(_address(span.url) for span in entry.body.spans if span.kind == "link")
    yield (f"{normal(author.name)}, {normal(author.role)}" for author in entry.authors)
    yield (f"{image_identity(image)} {normal(image.caption)} {normal(image.credit)}" for image in entry.images)
    yield (f"{_address(clip.url)} {normal(clip.caption)}" for clip in entry.clips)
    yield (_address(embed) for embed in entry.embeds)


def _address(url: str) -> str:
    """Return an address as it is compared: a site that moves to https edits none of its posts."""
    return without_tracking(f"https{url[4:]}" if url.startswith("http://") else url)


def likeness(one: tuple[str, str], other: tuple[str, str], *, same_time: bool) -> float:
    """Return how surely two (headline, body) are one entry under two keys: 0 for no, at most 1.

    Published at the same time they are the same if a third of the words of either headline or body are shared; at
    another time only if nearly all are.
    """
    shared = max(_shared(left, right) for left, right in zip(one, other, strict=True))
    return shared if shared >= (1 / 3 if same_time else 0.8) else 0.0


def _shared(one: str, other: str) -> float:
    """Return the share of words that two texts have in common (Jaccard), over their first 600 characters."""
    left, right = (set(text[:600].casefold().split()) for text in (one, other))
    return len(left & right) / len(left | right) if left and right else 0.0
