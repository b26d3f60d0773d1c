"""One update of a schema.org live blog as an Entry: what its data says, repaired by the page's markup of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborNode

from bot.digest import picture_identity
from bot.model import Author, Clip, Entry, Image
from bot.richtext import RichText

from . import post_markup
from .feed_times import spelled_time
from .linked_data import Thing, each, first, is_a, link, words
from .links import absolute
from .marked_text import line, marked_text
from .post_content import Content
from .times import EARLIEST, LATEST, stamp_time

MOST_AUTHORS = 20
MOST_IMAGES = 50

LONGEST_STAMP = 40
_ZONE = re.compile(r"T\d{2}:?\d{2}[:.\d]*([+-]\d{2}:?\d{2})\Z")
_ZONELESS = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?")

PUBLISHED = ("datePublished", "dateCreated", "uploadDate")
BODIES = ("articleBody", "text", "description")


@dataclass(frozen=True, slots=True)
class Common:
    """What is the page's, and therefore no update's own: headlines, pictures, authors, the time of publication.

    `images` are what pictures are in whichever size (`picture_identity`).
    """

    base: str
    headlines: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    authors: tuple[Author, ...] = ()
    names: frozenset[str] = frozenset()
    published_at: datetime | None = None
    key_events: frozenset[str] = frozenset()

    def own_headline(self, told: str) -> str:
        """Return a headline that is one update's own; "" for one of the page's."""
        return "" if told.casefold() in self.headlines else told


def entry(update: Thing, key: str, node: LexborNode | None, common: Common) -> Entry:
    """Return the update as an Entry; `node` is its markup, where the page shows it."""
    said = line(words(update, "headline", "name"))
    headline = common.own_headline(said)
    body = _without_headline(marked_text(words(update, *BODIES), common.base), said)
    published, edited = published_at(update), _moment(update.get("dateModified"))
    if published == common.published_at:
        published = edited = None
    found = Entry(
        key=key,
        headline=headline or None,
        body=body,
        published_at=published,
        updated_at=_updated(edited, published),
        url=_url(update, key, common.base),
        authors=_authors(update, common),
        images=tuple(one for one in images(update, common.base) if picture_identity(one.url) not in common.images),
        clips=tuple(_clips(update, common.base)),
        flags=frozenset({"key"}) if key in common.key_events else frozenset(),
    )
    return found if node is None else _repaired(found, said, node, common)


def published_at(update: Thing) -> datetime | None:
    """Return when an update says that it was published."""
    return next((moment for name in PUBLISHED if (moment := _moment(update.get(name)))), None)


def _moment(told: object) -> datetime | None:
    """Return the time that a property tells, also where it is spelled as schema.org does not allow."""
    told = first(told)
    if isinstance(told, dict):
        told = told.get("@value")
    moment = stamp_time(told) or spelled_time(told)
    return moment if moment and EARLIEST <= moment.year <= LATEST else None


def zoned(updates: list[Thing], facts: Thing) -> list[Thing]:
    """Return the updates, their times that name no zone in the zone of the page's own times, if these name one."""
    told = [_spelled(facts.get(name)) for name in (*PUBLISHED, "dateModified", "coverageStartTime")]
    zone = next((found[1] for stamp in told if (found := _ZONE.search(stamp))), "")
    return [{name: _in_zone(value, zone) for name, value in update.items()} for update in updates] if zone else updates


def _in_zone(value: Any, zone: str) -> Any:
    stamp = _spelled(value)
    return stamp + zone if _ZONELESS.fullmatch(stamp) else value


def _spelled(value: object) -> str:
    value = first(value)
    return value.strip() if isinstance(value, str) and len(value) < LONGEST_STAMP else ""


def images(thing: Thing, base: str) -> tuple[Image, ...]:
    """Return the pictures of an update, or of a page, without those that are said to stand for the page."""
    found = (_image(value, base) for value in each(thing.get("image"))[:MOST_IMAGES])
    return tuple({image.url: image for image in found if image and image.url}.values())


def authors(thing: Thing) -> tuple[Author, ...]:
    """Return who wrote an update or a page."""
    told = [words(value, "name") if isinstance(value, dict) else value for value in each(thing.get("author"))]
    names = (line(name) for name in told[:MOST_AUTHORS] if isinstance(name, str) and "://" not in name)
    return tuple(Author(name) for name in dict.fromkeys(names) if name)


def is_empty(found: Entry) -> bool:
    """Whether there is nothing in an entry that could be told to anybody."""
    return not (found.headline or found.body or found.images or found.clips or found.embeds)


def _repaired(found: Entry, said: str, node: LexborNode, common: Common) -> Entry:
    """Return the entry with what its markup shows better; `said` is the headline in the data, shared or not."""
    content = Content(node, said, found.body.text, common.base)
    headline = found.headline or common.own_headline(content.heading()) or None
    published = found.published_at or post_markup.published_at(node)
    return replace(
        found,
        headline=headline,
        body=_without_headline(content.body(), headline or said) or found.body,
        images=content.images() or found.images,
        embeds=content.embeds(),
        published_at=published,
        updated_at=_updated(found.updated_at or post_markup.updated_at(node), published),
        flags=found.flags | post_markup.flags(node),
    )


def _updated(told: datetime | None, published: datetime | None) -> datetime | None:
    """Return when an update was edited; None if it was not since. Instants count, not how they are spelled."""
    return told if told and (published is None or told > published) else None


def _url(update: Thing, key: str, base: str) -> str:
    """Return where the update is; the page, where its own address may lead to another one tomorrow."""
    told = [link(update.get("url")), link(update.get("@id"))] if key else []
    # A bare "@id" is no address.
    urls = (absolute(base, one) for one in told if one.startswith(("#", "/", "http://", "https://")))
    return next((url for url in urls if url and url != base), base)


def _without_headline(body: RichText, headline: str) -> RichText:
    """Take away a first paragraph that only repeats the headline."""
    start = body.text.partition("\n")[0]
    if headline and start.casefold() == headline.casefold() and len(body) > len(start):
        return body.cut(len(start), len(body)).strip()
    return body


def _authors(update: Thing, common: Common) -> tuple[Author, ...]:
    """Return the update's own authors: not the publisher, nor all those of the page together."""
    found = authors(update)
    if len(found) > 1 and found == common.authors:
        return ()
    return tuple(author for author in found if author.name.casefold() not in common.names)


def _image(value: object, base: str) -> Image | None:
    url = absolute(base, link(value))
    if not isinstance(value, dict):
        return Image(url)
    if value.get("representativeOfPage") in (True, "true", "True"):
        return None
    credit = line(words(value, "creditText", "copyrightHolder", "credit"))
    alt = line(words(value, "alternateName", "alternativeText"))
    return Image(url, alt, line(words(value, "caption")), credit)


def _clips(update: Thing, base: str) -> Iterator[Clip]:
    for value in each(update.get("video"))[:MOST_IMAGES]:
        if isinstance(value, dict) and (not value.get("@type") or is_a(value, "VideoObject")):
            urls = (absolute(base, link(value.get(name))) for name in ("url", "contentUrl", "embedUrl"))
            if url := next(filter(None, urls), ""):
                yield Clip(url, line(words(value, "name", "caption")), _still(value, base))


def _still(video: Thing, base: str) -> str:
    """Return the picture that stands for a video: of one in several sizes, which are listed upwards, the last."""
    told = [*each(video.get("thumbnail")), *each(video.get("thumbnailUrl"))]
    return next((url for one in reversed(told) if (url := absolute(base, link(one)))), "")
