"""One block of a Guardian live blog as its page model tells it (`.json?dcr`, and in the page's own islands).

Checked on three stored pages. A block's body is a list of elements; what an element is stands in the last part of
its `_type`. `blockCreatedOn` is the time of the draft; people are shown `blockFirstPublished`, and "Updated at" where
`blockLastUpdated` is later. A picture is served in fixed widths below one address, so that it has the same address
here as in the page's HTML, whose links are signed for one width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.model import Author, Entry, Flag

from .body import Body, inline
from .told import later, moment, record, records, string, words

WIDEST = 1000
"""Pixels: the width that is asked for. Pictures are kept in 140, 500, 1000, 2000 and their own width."""

_PICTURE = re.compile(
    r"https?://(?:media\.guim\.co\.uk|i\.guim\.co\.uk/img/media)/([0-9a-f]{20,64})/(\d+_\d+_(\d+)_\d+)/"
    r"(?:master/)?\d+\.(jpe?g|png|gif)(?:\?.*)?",
    re.IGNORECASE,
)
_WORDS = frozenset(("Text", "Subheading", "Blockquote", "Pullquote", "Table", "Code", "List", "Comment", "Qa"))
_FILMS = frozenset(
    ("GuVideo", "Video", "VideoYoutube", "VideoVimeo", "VideoFacebook", "Youtube", "MediaAtom", "Audio", "AudioAtom")
)
_FILM_ADDRESSES = ("originalUrl", "url", "trackUrl", "embedUrl")
_EMBED_ADDRESSES = ("url", "originalUrl", "embedUrl", "permalink", "source")


def block_id(told: Any) -> str:
    """Return a block's own id, without the prefix that it has in HTML; "" for what is none."""
    return words(told).removeprefix("block-")[:100]


def block_address(page: str, key: str) -> str:
    """Return the address that opens the page at this block, on whichever of its pages that stands."""
    return f"{page}?page=with:block-{key}#block-{key}"


def picture_address(url: str) -> str:
    """Return the address at which a picture of the Guardian is served about 1,000 pixels wide; others as they are."""
    found = _PICTURE.fullmatch(url)
    if not found:
        return url
    name, crop, width, kind = found.groups()
    return f"https://media.guim.co.uk/{name}/{crop}/{min(int(width[:6]), WIDEST)}.{kind}"


def entry(block: Mapping[str, Any], page: str) -> Entry | None:
    """Return what a block says; None for what has no id, and is none."""
    key = block_id(block.get("id"))
    if not key:
        return None
    body = Body(page)
    for element in records(block.get("elements")):
        add(body, element)
    published = moment(block.get("blockFirstPublished")) or moment(block.get("blockCreatedOn"))
    return Entry(
        key=key,
        headline=inline(string(block.get("title"))) or None,
        body=body.rich_text(),
        published_at=published,
        updated_at=later(moment(block.get("blockLastUpdated")), published),
        url=block_address(page, key),
        authors=authors(records(block.get("contributors"))),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=flags(record(block.get("attributes"))),
    )


def authors(contributors: Iterable[Mapping[str, Any]]) -> tuple[Author, ...]:
    """Return the contributors who have a name."""
    return tuple(Author(name) for contributor in contributors if (name := words(contributor.get("name"))))


def flags(attributes: Mapping[str, Any]) -> frozenset[Flag]:
    """Return a block's flags; a summary of the day so far is a key event, too."""
    found: set[Flag] = set()
    if attributes.get("keyEvent") is True or attributes.get("summary") is True:
        found.add("key")
    if attributes.get("pinned") is True:
        found.add("pinned")
    return frozenset(found)


def add(body: Body, element: Mapping[str, Any]) -> None:
    """Add one element to a body."""
    kind = kind_of(element.get("_type"))
    if kind in _WORDS:
        body.html(string(element.get("html")) or string(element.get("body")))
        for item in records(element.get("elements")):
            if kind_of(item.get("_type")) in _WORDS - {"List"}:
                body.html(string(item.get("html")))
    elif kind == "Image":
        _image(body, element)
    elif kind in _FILMS:
        _film(body, element)
    else:
        _embed(body, element)


def kind_of(told: Any) -> str:
    """Return what an element is: the last part of its type, without the words that all of them end with."""
    return string(told).rpartition(".")[2].removesuffix("BlockElement")


def _image(body: Body, element: Mapping[str, Any]) -> None:
    told = record(element.get("data"))
    credit = inline(string(told.get("credit"))) if element.get("displayCredit") is not False else ""
    caption = inline(string(told.get("caption")))
    if url := _widest(records(record(element.get("media")).get("allImages"))):
        body.image(picture_address(url), inline(string(told.get("alt"))), caption, credit)


def _widest(images: list[dict[str, Any]]) -> str:
    """Return the widest picture of those that are not too wide, else the first one."""
    told = [(words(record(image.get("fields")).get("width")), words(image.get("url"))) for image in images]
    sized = [(int(width), url) for width, url in told if re.fullmatch(r"[0-9]{1,6}", width) and url]
    fitting = [found for found in sized if found[0] <= WIDEST]
    return max(fitting)[1] if fitting else next((url for _, url in told if url), "")


def _film(body: Body, element: Mapping[str, Any]) -> None:
    asset = words(element.get("assetId"))
    url = f"https://www.youtube.com/watch?v={asset}" if asset else _first(element, _FILM_ADDRESSES)
    assets = [words(found.get("url")) for found in records(element.get("assets"))]
    caption = next((told for name in ("caption", "mediaTitle", "title") if (told := string(element.get(name)))), "")
    body.clip(url or next(filter(None, assets), ""), inline(caption))


def _embed(body: Body, element: Mapping[str, Any]) -> None:
    if url := _first(element, _EMBED_ADDRESSES):
        body.embed(url)
    elif html := string(element.get("html")):
        framed = Body(body.base)
        framed.html(html)
        for url in framed.embeds:
            body.embed(url)


def _first(element: Mapping[str, Any], names: Iterable[str]) -> str:
    addresses = (words(element.get(name)) for name in names)
    return next((url for url in addresses if url.startswith(("http://", "https://"))), "")
