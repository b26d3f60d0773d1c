"""One post of the BBC as its present model tells it, and where pages carry that model as JSON.

World Service pages have it in `__NEXT_DATA__`, those of the present renderer in `window.__INITIAL_DATA__`, as JSON or
as JSON within a string of JSON. Under which key is not relied upon: posts are told by having the id of a post, a
header and a content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.model import Author, Entry, Flag

from .bbc_blocks import Blocks, blocks_of, line
from .document import Document
from .times import iso_time
from .told import later, record, string, unpacked, words

KEY = re.compile(r"asset:[0-9a-zA-Z-]{8,64}")
MOST_OBJECTS = 200_000
"""Objects and lists that are looked through; a page of 20 posts has about 5,000."""

_INITIAL = re.compile(rb"window\.__INITIAL_DATA__\s*=\s*(?=[\"{])")
_DECODER = json.JSONDecoder(strict=False)


def key_of(result: Any) -> str:
    """Return the key of a post; "" for what is none."""
    key = string(record(result).get("urn")).removeprefix("urn:")
    return key if KEY.fullmatch(key) else ""


def is_post(told: Any) -> bool:
    """Whether this is a post of the model."""
    return bool(key_of(told)) and isinstance(told.get("header"), dict) and isinstance(told.get("content"), dict)


def post(result: dict[str, Any], blocks: Blocks, url: str) -> Entry:
    """Return what a post says; `blocks` is an empty body, with what it has to know of the page."""
    header = blocks_of(result.get("header"))
    for block in (block for block in header if block.get("type") == "subheadline"):
        blocks.add({"model": {"blocks": [block]}})
    blocks.add(result.get("content"))
    return Entry(
        key=key_of(result),
        headline=_headline(header),
        body=blocks.writer.rich_text(),
        published_at=published_at(result),
        updated_at=updated_at(result),
        url=url,
        authors=tuple(_authors(header)),
        label=_label(result.get("typeCode")),
        images=tuple(blocks.images),
        clips=tuple(blocks.clips),
        embeds=tuple(blocks.embeds),
        flags=flags(result),
    )


def published_at(result: dict[str, Any]) -> datetime | None:
    """Return when a post was first published, else the time that it shows."""
    first, shown = times(result)
    return first or shown


def times(result: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return when a post was first published, and the time that it shows, which its editors may have chosen."""
    dates = record(result.get("dates"))
    return iso_time(dates.get("firstPublished")), iso_time(dates.get("curated"))


def updated_at(result: dict[str, Any]) -> datetime | None:
    """Return when a post was last edited; None where it never was."""
    dates = record(result.get("dates"))
    return later(iso_time(dates.get("lastPublished")), iso_time(dates.get("firstPublished")))


def flags(result: dict[str, Any]) -> frozenset[Flag]:
    """Return a post's flags."""
    return frozenset(("breaking",) if record(result.get("options")).get("isBreakingNews") is True else ())


def repaired(entry: Entry, result: dict[str, Any]) -> Entry:
    """Return an entry of the HTML with what the model knows better: its time to the second, and when it was edited.

    Its words stay those of the HTML, so that nothing is edited on the day on which the model is missing.
    """
    moments = [moment for moment in times(result) if moment]
    shown = entry.published_at
    if shown:
        moments = [moment for moment in moments if timedelta() <= moment - shown < timedelta(minutes=1)]
    published = next(iter(moments), shown)
    edited = later(updated_at(result), published)
    return replace(entry, published_at=published, updated_at=edited, flags=entry.flags | flags(result))


def initial_data(document: Document) -> Any:
    """Return what a page of the present renderer carries for its scripts; None where it is missing or broken."""
    found = _INITIAL.search(document.body) if b"__INITIAL_DATA__" in document.body else None
    if found is None:
        return None
    end = document.body.find(b"</script", found.end())
    told = document.body[found.end() : end if end >= 0 else None].decode("utf-8", "replace")
    try:
        value = _DECODER.raw_decode(told)[0]
    except (ValueError, RecursionError):
        return None
    return unpacked(value) if isinstance(value, str) else value


def found_in(told: Any, wanted: Callable[[Any], bool]) -> Iterator[dict[str, Any]]:
    """Return the objects that are wanted, in their order; what is in them is not looked through."""
    waiting = [told]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            if wanted(value):
                yield value
                continue
            value = list(value.values())
        if isinstance(value, list):
            waiting.extend(inner for inner in reversed(value) if isinstance(inner, dict | list))


def _headline(header: list[dict[str, Any]]) -> str | None:
    told = next((line(block) for block in header if block.get("type") == "headline"), "")
    return told if told and told != "Post" else None


def _authors(header: list[dict[str, Any]]) -> Iterator[Author]:
    for block in header:
        model = record(block.get("model"))
        if block.get("type") == "contributor" and (name := words(model.get("name"))):
            yield Author(name, words(model.get("subtitle")))


def _label(told: Any) -> str | None:
    kind = words(told)
    return kind.replace("_", " ").capitalize() if kind and kind != "POST" else None
