"""RSS, Atom and RDF in all their dialects, to Items; the only module that knows feedparser, which has no types.

feedparser is given a stream and nothing else: what it takes for an address it fetches, what it takes for a path it
opens. It neither sanitises nor resolves links here (that costs half of its time, and RichText needs neither), and its
dates are not used. Its dicts answer for keys that they do not have; they are only asked as plain dicts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import feedparser

from bot.errors import UnreadablePage
from bot.model import Clip

from ..languages import stored
from .feed_item import Channel, Item, Markup, Words
from .feed_media import Medium, clips, pictures
from .feed_xml import Xml

_HTML = ("text/html", "application/xhtml+xml")
# What feedparser is known to raise on broken numbers, dates and nesting; to us it is all the same: no feed.
_BREAKS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_NOBODY = frozenset(("unknown", "(unknown)", "none", "null", "admin"))
MOST_AUTHORS = 10
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def parsed(xml: Xml) -> Channel:
    """Return what the XML says. Raises UnreadablePage where feedparser breaks on it."""
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + xml.text.encode("utf-8", "replace")
    try:
        feed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    except _BREAKS:
        raise UnreadablePage(stored("The feed is too broken to be read.")) from None
    atom = str(feed.version).startswith("atom")
    told = dict(feed.feed)
    return Channel(
        title=_words(told.get("title_detail"), atom=atom),
        home="" if atom else _text(told.get("link")),
        updated=_text(told.get("updated")) or _text(told.get("published")),
        items=tuple(_item(dict(entry), atom=atom) for entry in feed.entries),
        complete=xml.complete,
        every=_every(told),
        hub=_linked(told, "hub"),
        topic=_linked(told, "self"),
        deleted=xml.deleted,
    )


def _linked(told: dict[str, Any], rel: str) -> str:
    """Return where the feed's own link of a kind leads."""
    links = (link for link in _dicts(told.get("links")) if _text(link.get("rel")).lower() == rel)
    return next((href for link in links if (href := _text(link.get("href")).strip())), "")


def _every(told: dict[str, Any]) -> timedelta | None:
    """Return how often a feed asks to be read: RSS's ttl (minutes), else the syndication module's period."""
    ttl = _text(told.get("ttl")).strip()
    if re.fullmatch(r"[0-9]{1,5}", ttl) and int(ttl):
        return timedelta(minutes=int(ttl))
    period = _PERIODS.get(_text(told.get("sy_updateperiod")).strip().lower())
    often = _text(told.get("sy_updatefrequency")).strip() or "1"
    return period / int(often) if period and re.fullmatch(r"[1-9][0-9]{0,3}", often) else None


def _item(entry: dict[str, Any], *, atom: bool) -> Item:
    media = list(_media(entry))
    contents = (_words(content, atom=atom) for content in _dicts(entry.get("content")))
    content = next((words for words in contents if words), Words())
    return Item(
        id=_text(entry.get("id")),
        link=_text(entry.get("link")),
        title=_words(entry.get("title_detail"), atom=atom),
        content=content,
        summary=_words(entry.get("summary_detail"), atom=atom) or _described(entry),
        published=_text(entry.get("published")) or _text(entry.get("created")),
        updated=_text(entry.get("updated")),
        authors=tuple(_authors(entry)),
        label=_label(entry),
        images=pictures(media, _credit(entry), _text(entry.get("media_item-description"))),
        clips=tuple(Clip(url) for url in clips(media)),
    )


def _text(told: object) -> str:
    return told.strip() if isinstance(told, str) else ""


def _dicts(told: object) -> list[dict[str, Any]]:
    return [dict(one) for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _words(detail: object, *, atom: bool) -> Words:
    """Return a text with its kind; nothing for what is no text (a picture as content)."""
    told = dict(detail) if isinstance(detail, dict) else {}
    kind = _text(told.get("type")) or "text/plain"
    if kind not in _HTML and not kind.startswith("text/"):
        return Words()
    markup: Markup = "html" if kind in _HTML else "text" if atom else "either"
    return Words(_text(told.get("value")), markup, _text(told.get("base")))


def _described(entry: dict[str, Any]) -> Words:
    """Return what stands for a text where an item has none: of a video or an episode."""
    told = _text(entry.get("media_item-description")) or _text(entry.get("itunes_item-summary"))
    return Words(told, "either")


def _authors(entry: dict[str, Any]) -> Iterator[str]:
    """Return the authors' names, each once; an address alone is no name."""
    seen = set()
    for author in _dicts(entry.get("authors"))[:MOST_AUTHORS]:
        name = " ".join(_text(author.get("name")).split())
        if name and "@" not in name and name.lower() not in _NOBODY and name not in seen:
            seen.add(name)
            yield name


def _label(entry: dict[str, Any]) -> str:
    """Return the category of an item that has just one; several are keywords, and tell a reader nothing."""
    tags = _dicts(entry.get("tags"))
    return (_text(tags[0].get("label")) or _text(tags[0].get("term"))) if len(tags) == 1 else ""


def _credit(entry: dict[str, Any]) -> str:
    credits_ = (_text(credit.get("content")) for credit in _dicts(entry.get("media_credit")))
    return next((credit for credit in credits_ if credit), "")


def _media(entry: dict[str, Any]) -> Iterator[Medium]:
    """Return what an item shows beside its text: content first, then enclosures, then small pictures."""
    for told in _dicts(entry.get("media_content")):
        kind = _text(told.get("type")) or _text(told.get("medium"))
        yield Medium(_text(told.get("url")), kind, _text(told.get("width")))
    for link in _dicts(entry.get("links")):
        if link.get("rel") == "enclosure":
            yield Medium(_text(link.get("href")), _text(link.get("type")))
    for told in _dicts(entry.get("media_thumbnail")):
        yield Medium(_text(told.get("url")), "thumbnail", _text(told.get("width")))
    image = entry.get("image")
    if isinstance(image, dict):
        yield Medium(_text(dict(image).get("href")), "thumbnail")
