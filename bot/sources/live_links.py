"""Links to live pages, known by the shape of their addresses; pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# The part of a path by which publishers of several languages name their live pages.
_LIVE = re.compile(
    r"/(?:live|live[-_]?blogs?|live[-_]?ticker|live[-_]?updates?|live[-_]?news|live[-_]?coverage|ticker|en[-_]direct|"
    r"directo|en[-_]directo|diretta|ao[-_]vivo)/(?=[^/?#]*[a-z0-9])",
    re.IGNORECASE,
)


def is_live(url: str) -> bool:
    """Whether an address looks like a live page's."""
    return bool(_LIVE.search(url))


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are of one host, "www." aside."""
    return _host(url) == _host(other)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
