"""Addresses in pages: made absolute, only http(s), and the page's own address without what points into it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urljoin, urlsplit, urlunsplit

_PAGE_PATH = re.compile(r"/page/(\d{1,3})/?$")
_COMPLETE = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[!-\[\]-~]*)?")
"""An address that needs nothing done to it; most do not."""

_UNSAFE = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]+")


def absolute(base: str, href: str | None) -> str:
    """Return where a link leads; "" for everything that is not http(s)."""
    if not href:
        return ""
    if _COMPLETE.fullmatch(href):
        return href
    try:
        url = urljoin(base, _UNSAFE.sub("", href))
        parts = urlsplit(url)
        leads_on = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return url if leads_on else ""


def page_address(url: str) -> str:
    """Return the address of a live page's first page: without query, fragment and `/page/<n>`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit((parts.scheme, parts.netloc, _PAGE_PATH.sub("", parts.path), "", ""))


def page_number(url: str) -> int:
    """Return which page of a live page an address names: `?page=<n>` or `/page/<n>`; else 1."""
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query).get("page", [])
    except ValueError:
        return 1
    if asked and re.fullmatch(r"[0-9]{1,3}", asked[0]):
        return int(asked[0])
    found = _PAGE_PATH.search(parts.path)
    return int(found[1]) if found else 1


def publisher(url: str) -> str:
    """Return what a reader would call the publisher, from the address alone; "" where there is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    if host.endswith(("bbc.co.uk", "bbc.com", "bbci.co.uk")):
        return "BBC Sport" if parts.path.startswith("/sport") else "BBC News"
    return host
