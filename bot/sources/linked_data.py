"""JSON-LD in pages, however it is broken: as objects of schema.org, looked for by their type.

Publishers write raw line breaks into strings, escape the whole script for HTML, wrap it in comments, leave commas at
the end of lists, put a broken block beside good ones, and may break off inside a block. What can be read is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

Thing = dict[str, Any]

MOST_OBJECTS = 100_000
"""Objects and lists that are looked through for a type; real pages have a tenth of that."""

_WRAPPING = re.compile(r"(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)\s*")
MOST_BREAKS = 20
"""Broken updates after which the rest of a script is given up; each may cost a look at all that follows."""

_LAST_COMMA = re.compile(r",(?=\s*[\]}])")
_UPDATES = re.compile(r"\"liveBlogUpdates?\"\s*:\s*\[")
_UPDATE = re.compile(r"\{\s*\"@type\"\s*:\s*\"BlogPosting\"")
_TYPE_PREFIX = re.compile(r"[/#:]")
# Another page's, or many pages': what stands there is not what this page is about.
_ELSEWHERE = frozenset(("isPartOf", "itemListElement", "relatedLink", "mentions", "citation", "isBasedOn", "publisher"))
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Block:
    """One `application/ld+json` script: what it says, and whether all of it could be read."""

    value: Any
    whole: bool = True


def block(text: str) -> Block:
    """Read one script. Of a live blog that is broken somewhere, all other updates are kept."""
    text = text.strip()
    if wrapping := _WRAPPING.match(text):
        text = text[wrapping.end() :]
    for attempt in (str, _without_last_commas, unescape):
        try:
            return Block(_DECODER.raw_decode(attempt(text))[0])
        except (ValueError, RecursionError):
            continue
    return Block(_salvaged(text), whole=False)


def things(blocks: Iterable[Block]) -> Iterator[Thing]:
    """Return every object of the blocks that is about this page, the outer before the inner."""
    waiting = [item.value for item in blocks][::-1]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(inner for name, inner in reversed(value.items()) if _leads_on(name, inner))
        elif isinstance(value, list):
            waiting.extend(inner for inner in reversed(value) if isinstance(inner, dict | list))


def is_a(thing: Thing, name: str) -> bool:
    """Whether an object has a type, which may be one of several and written as an address."""
    told = thing.get("@type", thing.get("type"))
    types = told if isinstance(told, list) else [told]
    return any(isinstance(one, str) and _TYPE_PREFIX.split(one.strip())[-1] == name for one in types)


def first(value: object) -> object:
    """Return the value, or of a list its first."""
    return value[0] if isinstance(value, list) and value else value


def each(value: object) -> list[Any]:
    """Return the values of a property that may have one or several, or lists of them."""
    if isinstance(value, list):
        return [inner for item in value for inner in (item if isinstance(item, list) else [item])]
    return [] if value is None else [value]


def words(thing: Thing, *names: str) -> str:
    """Return the first of the properties that has a text; "" where none has."""
    for name in names:
        value = first(thing.get(name))
        if isinstance(value, dict):
            value = value.get("@value")
        if isinstance(value, str) and value.strip():
            return value
    return ""


def link(value: object) -> str:
    """Return the address that a value is, or has as `@id`, `url` or `contentUrl`; "" where it has none."""
    value = first(value)
    if isinstance(value, dict):
        found = (first(value.get(name)) for name in ("contentUrl", "url", "@id"))
        value = next((one for one in found if isinstance(one, str) and one.strip()), "")
    return value.strip() if isinstance(value, str) else ""


def _without_last_commas(text: str) -> str:
    return _LAST_COMMA.sub("", text)


def _leads_on(name: str, value: object) -> bool:
    return isinstance(value, dict | list) and name not in _ELSEWHERE


def _salvaged(text: str) -> Thing | None:
    """Return the live blog that a broken script holds, with the updates that can be read."""
    if not (begin := _UPDATES.search(text)):
        return None
    updates, at, breaks = [], text.find("{", begin.end()), 0
    while at >= 0:
        try:
            update, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            breaks += 1
            next_one = _UPDATE.search(text, at + 1) if breaks <= MOST_BREAKS else None
            at = next_one.start() if next_one else -1
            continue
        updates.append(update)
        at = text.find("{", end) if text[end : end + 80].lstrip()[:1] == "," else -1
    return {**_before(text[: begin.start()]), "@type": "LiveBlogPosting", "liveBlogUpdate": updates}


def _before(text: str) -> Thing:
    """Return what a broken object says of itself before its updates."""
    try:
        found = _DECODER.decode(text.rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
