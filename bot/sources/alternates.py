"""The feeds that an ordinary page offers in its head (`<link rel="alternate">`)."""

from __future__ import annotations

import re

from .document import Document
from .html import attribute
from .links import absolute

MOST = 10
_KINDS = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b|/comments/", re.IGNORECASE)


def alternates(document: Document) -> tuple[str, ...]:
    """Return the addresses of the feeds, in the page's order, those of comments last; relative ones made absolute.

    Raises UnreadablePage where the page is nested too deeply to be parsed.
    """
    if not document.is_html or b"alternate" not in document.body:
        return ()
    base_node = document.first("base[href]")
    url = document.page.url
    base = (absolute(url, attribute(base_node, "href")) if base_node else "") or url
    offered: dict[str, bool] = {}
    for link in document.all("link[href]"):
        told = attribute(link, "rel").lower().split()
        if "alternate" not in told or "stylesheet" in told or not _KINDS.match(attribute(link, "type").strip()):
            continue
        if feed := absolute(base, attribute(link, "href").strip()):
            offered.setdefault(feed, bool(_COMMENTS.search(f"{feed} {attribute(link, 'title')}")))
    return tuple(sorted(offered, key=lambda feed: offered[feed]))[:MOST]
