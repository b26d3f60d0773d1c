"""The keys of a feed's entries: the same while the feed moves, re-orders, is tracked, or turns ill-formed for a day.

An item's own id (guid, id, rdf:about) comes first, then its link, then what it says. Ids and links that are
addresses lose what is not of them: the difference of http and https, letter case of the host, tracking parameters.
The BBC counts the republications of an item in its guid's fragment (#0, #1, …); there that is left out, too.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

from bot.urls import without_tracking

from .feed_item import Item

LONGEST = 300
"""Characters of a key; a longer id is hashed."""

BODY_START = 200
_COUNTER = re.compile(r"#\d+\Z")
_BBC = re.compile(r"(?:^|\.)(?:bbc\.co\.uk|bbc\.com|bbci\.co\.uk)\Z")
_PORT = {"http": ":80", "https": ":443"}


def address_key(url: str) -> str:
    """Return an address as it is compared: without what may change while it names the same thing. Never raises."""
    try:
        parts = urlsplit(without_tracking(url))
        host = parts.netloc.lower().removesuffix(_PORT.get(parts.scheme, ":80"))
        if parts.scheme not in ("http", "https") or not host:
            return url
        known = urlunsplit(("https", host, parts.path or "/", parts.query, parts.fragment))
    except ValueError:
        return url
    return _COUNTER.sub("", known) if _BBC.search(host) else known


def native_key(item: Item, common: frozenset[str]) -> str:
    """Return the key that an item brings with it; "" where it brings none. `common` are ids that tell nothing."""
    told = item.id if item.id and item.id not in common else item.link
    key = address_key(" ".join(told.split()))
    return key if len(key) <= LONGEST else f"hash:{_hash(key)}"


def told_key(headline: str, body: str, told: object, moment: datetime | None) -> str:
    """Return the key of an item without id and link: its title and its date, as it is spelled where it is no time.

    The text's beginning stands for a title that is missing.
    """
    when = moment.astimezone(UTC).isoformat() if moment else str(told).strip()
    what = " ".join((headline or body[:BODY_START]).split()).casefold()
    return f"derived:{_hash(when + chr(31) + what)}"


def common_ids(items: Sequence[Item]) -> frozenset[str]:
    """Return the id that all items of a feed share though they lead to different pages: a template's mistake."""
    counts = Counter(item.id for item in items)
    if len(items) < 3 or len(counts) > 1 or len({item.link for item in items}) < len(items):
        return frozenset()
    return frozenset(counts)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
