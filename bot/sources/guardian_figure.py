"""A figure in the HTML of a Guardian live blog: a picture, a film or an embedded post.

What it is stands in `data-spacefinder-type`, the type that the page model gives its element. Only a picture is there
as HTML; all else is an island, whose `props` are the element, or its fields.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from . import guardian_block
from .body import Body
from .html import attribute, plain_text
from .told import record, unpacked


def add_figure(body: Body, figure: LexborNode) -> None:
    """Add to a body what the figure shows."""
    kind = attribute(figure, "data-spacefinder-type")
    linked = attribute(figure, "data-canonical-url")
    if guardian_block.kind_of(kind) == "Image" or not (kind or linked or figure.css_first("img") is None):
        _image(body, figure)
        return
    island = figure.css_first("gu-island[props]")
    props = record(unpacked(attribute(island, "props"))) if island is not None else {}
    element = record(props.get("element")) or props
    if element:
        guardian_block.add(body, {"_type": kind, **element})
    else:
        _embed(body, figure)


def _image(body: Body, figure: LexborNode) -> None:
    image = figure.css_first("img")
    if image is None:
        return
    url = guardian_block.picture_address(attribute(image, "src"))
    caption = figure.css_first("figcaption")
    spans = caption.css("span") if caption is not None else []
    words = next((words for span in spans if (words := plain_text(span))), "")
    said = plain_text(caption) if caption is not None else ""
    body.image(url, attribute(image, "alt"), words or said, said.removeprefix(words) if words else "")


def _embed(body: Body, figure: LexborNode) -> None:
    """Add the link of a figure that is no island: the frame in it, or the address that it names."""
    frame = figure.css_first("iframe[src]")
    link = figure.css_first("a[href]")
    told = attribute(figure, "data-canonical-url") or (attribute(frame, "src") if frame is not None else "")
    body.embed(told or (attribute(link, "href") if link is not None else ""))
