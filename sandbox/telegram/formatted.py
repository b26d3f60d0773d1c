"""Message texts and captions: parsed, trimmed, counted and refused as the Bot API server does.

Which unit the server counts the length in is disputed (PLATFORMS 4.1); the stricter one, UTF-16, is used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import html_mode, markdown_mode
from .entities import Entity, MarkupError, found_in, is_address, units
from .refusal import bad

LONGEST_TEXT, LONGEST_CAPTION, MOST_ENTITIES = 4096, 1024, 100
LONGEST_RAW = 1 << 15
"""Bytes before parsing (Client.cpp)."""

_STYLES = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "pre",
    "blockquote",
    "expandable_blockquote",
}
_LINKS = {"text_link", "text_mention", "custom_emoji", "date_time"}
_DETECTED = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
_GIVEN = _STYLES | _LINKS | _DETECTED
_QUOTES = ("blockquote", "expandable_blockquote")
_CODES = ("code", "pre")


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as a chat shows it, with the entities over it."""

    text: str
    entities: list[Entity]


def message_text(values: Mapping[str, Any], problems: list[str], *, editing: bool) -> Formatted:
    """Return the text of a message. Raises Refusal."""
    given = _parse(values, "text", "entities", problems)
    if not given.text:
        raise bad("text must be non-empty" if values.get("text") else "message text is empty")
    if units(given.text) > LONGEST_TEXT:
        raise bad("MESSAGE_TOO_LONG" if editing else "message is too long")
    return given


def caption(values: Mapping[str, Any], problems: list[str]) -> Formatted:
    """Return the caption of a photo; it may be empty. Raises Refusal."""
    given = _parse(values, "caption", "caption_entities", problems)
    if units(given.text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    return given


def _parse(values: Mapping[str, Any], text: str, entities: str, problems: list[str]) -> Formatted:
    source = str(values.get(text) or "")
    try:
        raw = source.encode()
    except UnicodeEncodeError as problem:
        raise bad("strings must be encoded in UTF-8") from problem
    if len(raw) > LONGEST_RAW:
        raise bad("text is too long")
    plain, marked = _marked(source, values, entities, problems)
    plain, marked = _trimmed(plain, marked)
    problems += _complaints(marked)
    marked = [*marked, *found_in(plain, marked)]
    return Formatted(plain, sorted(marked, key=_place)[:MOST_ENTITIES])


def _marked(source: str, values: Mapping[str, Any], name: str, problems: list[str]) -> tuple[str, list[Entity]]:
    mode = str(values.get("parse_mode") or "").lower()
    try:
        if mode == "html":
            return html_mode.parse(source)
        if mode == "markdownv2":
            return markdown_mode.parse(source)
    except MarkupError as problem:
        raise bad(f"can't parse entities: {problem}") from problem
    if mode:
        raise bad("unsupported parse_mode")
    given = values.get(name) or []
    if not isinstance(given, list):
        raise bad("can't parse entities: entities must be an array")
    return source, [_checked(entity, source, problems) for entity in given]


def _checked(entity: Any, source: str, problems: list[str]) -> Entity:
    kind = entity.get("type") if isinstance(entity, dict) else None
    if kind not in _GIVEN:
        raise bad(f"can't parse entities: unsupported entity type {kind}")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
        raise bad("ENTITY_BOUNDS_INVALID")
    if offset + length > units(source):
        raise bad("ENTITY_BOUNDS_INVALID")
    _must_not_cut(source, offset, "begins")
    _must_not_cut(source, offset + length, "ends")
    if kind == "text_link" and not is_address(str(entity.get("url", ""))):
        problems.append(f"request: the link {entity.get('url')!r} leads nowhere and would be dropped")
    return dict(entity)


def _must_not_cut(source: str, at: int, verb: str) -> None:
    pair = source.encode("utf-16-le")[at * 2 : at * 2 + 2]
    if len(pair) == 2 and 0xDC <= pair[1] <= 0xDF:
        raise bad(f"entity {verb} in a middle of a UTF-16 symbol at byte offset {at}")


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Strip white space around the text, and move or clip the entities with it."""
    left = units(text) - units(text.lstrip())
    text = text.strip()
    end, kept = units(text), []
    for entity in entities:
        start = max(0, entity["offset"] - left)
        stop = min(end, entity["offset"] + entity["length"] - left)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


def _complaints(entities: list[Entity]) -> list[str]:
    """What the server would drop without a word: the reader would not see what the bot meant."""
    found = []
    if len(entities) > MOST_ENTITIES:
        found.append(f"request: {len(entities)} entities, and all after the hundredth would be dropped")
    for entity in entities:
        inside = [other for other in entities if other is not entity and _holds(entity, other)]
        if entity["type"] in _QUOTES and any(other["type"] in _QUOTES for other in inside):
            found.append("request: a quote stands in a quote")
        if entity["type"] in _CODES and any(other["type"] not in _CODES for other in inside):
            found.append("request: an entity stands in code")
    return found


def _holds(outer: Entity, inner: Entity) -> bool:
    end = outer["offset"] + outer["length"]
    return bool(outer["offset"] <= inner["offset"] and inner["offset"] + inner["length"] <= end)


def _place(entity: Entity) -> tuple[int, int]:
    return entity["offset"], -entity["length"]
