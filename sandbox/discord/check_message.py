"""What Discord holds messages to, coded by hand: the published specification cannot say most of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from .check_components import Problem, components
from .refusal import malformed, refuse

CONTENT, EMBEDS, EMBED_TOTAL, FIELDS, NONCE = 2000, 10, 6000, 25, 25
CREATE_KEYS = frozenset(
    [
        "content",
        "embeds",
        "allowed_mentions",
        "components",
        "flags",
        "attachments",
        "message_reference",
        "nonce",
        "enforce_nonce",
        "tts",
    ]
)
# Discord passes over `tts` in an edit; discord.py sends it with every message.
EDIT_KEYS = frozenset(["content", "embeds", "flags", "allowed_mentions", "components", "attachments", "tts"])
WEBHOOK_KEYS = CREATE_KEYS - {"message_reference", "nonce", "enforce_nonce"}
_EMBED_KEYS = frozenset(
    [
        "type",
        "url",
        "title",
        "color",
        "timestamp",
        "description",
        "author",
        "image",
        "thumbnail",
        "footer",
        "fields",
        "provider",
        "video",
        "flags",
    ]
)
_LENGTHS = {
    ("title",): 256,
    ("description",): 4096,
    ("author", "name"): 256,
    ("footer", "text"): 2048,
}
_FIELD_LENGTHS = {"name": 256, "value": 1024}
_LINKS: tuple[tuple[str, ...], ...] = (
    ("url",),
    ("image", "url"),
    ("thumbnail", "url"),
    ("author", "url"),
    ("author", "icon_url"),
)
_LINKS += (("footer", "icon_url"), ("video", "url"))


def check(body: Any, keys: frozenset[str], *, files: int = 0, flags: int = 0) -> None:
    """Raise Refusal where a body for a message is not what Discord takes; `flags` are those that it has already."""
    if not isinstance(body, dict):
        raise malformed([((), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")])
    problems = [*_strangers(body, keys, ()), *_content(body), *_embeds(body), *components(body, flags), *_nonce(body)]
    problems += [*_attachments(body, files), *_mentions(body)]
    if problems:
        raise malformed(problems)


def refuse_empty(message: Mapping[str, Any], *, files: int = 0) -> None:
    """Raise Refusal for a message that would show nothing."""
    said = (message.get("content") or "").strip()
    if not said and not files and not any(message.get(part) for part in ("embeds", "components", "attachments")):
        raise refuse(400, 50006)


def _strangers(body: Mapping[str, Any], keys: frozenset[str], path: tuple[str | int, ...]) -> Iterator[Problem]:
    for key in body:
        if key not in keys:
            yield (*path, key), "UNKNOWN_KEY", f"This stand-in takes no {key} here; Discord would not see it"


def _content(body: Mapping[str, Any]) -> Iterator[Problem]:
    content = body.get("content")
    if content is not None and not isinstance(content, str):
        yield ("content",), "STRING_TYPE_CONVERT", f'Could not interpret "{content}" as string.'
    elif content and units(content.strip()) > CONTENT:
        yield ("content",), *_too_long(CONTENT)


def _embeds(body: Mapping[str, Any]) -> Iterator[Problem]:
    embeds = body.get("embeds") or []
    if not isinstance(embeds, list) or not all(isinstance(embed, dict) for embed in embeds):
        yield ("embeds",), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
        return
    if len(embeds) > EMBEDS:
        yield ("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length."
    for number, embed in enumerate(embeds):
        yield from _embed(embed, ("embeds", number))
    if sum(_size(embed) for embed in embeds) > EMBED_TOTAL:
        yield ("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}"


def _embed(embed: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Problem]:
    yield from _strangers(embed, _EMBED_KEYS, path)
    for place, most in _LENGTHS.items():
        text = _at(embed, place)
        if text is not None and not isinstance(text, str):
            yield (*path, *place), "STRING_TYPE_CONVERT", f'Could not interpret "{text}" as string.'
        elif text and units(text.strip()) > most:
            yield (*path, *place), *_too_long(most)
    yield from _fields(embed, path)
    for place in _LINKS:
        if (link := _at(embed, place)) is not None and not _is_link(link, place):
            yield (*path, *place), "URL_TYPE_INVALID_URL", "Not a well formed URL."
    yield from _other_parts(embed, path)
    if not _size(embed) and not any(embed.get(part) for part in ("image", "thumbnail", "video", "url", "timestamp")):
        yield (*path, "description"), "BASE_TYPE_REQUIRED", "This field is required"


def _other_parts(embed: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Problem]:
    if (moment := embed.get("timestamp")) is not None and not _is_moment(moment):
        yield (*path, "timestamp"), "DATE_TIME_TYPE_PARSE", f"Could not parse {moment}. Should be ISO8601."
    colour = embed.get("color")
    if colour is not None and not (type(colour) is int and 0 <= colour <= 0xFFFFFF):
        yield (*path, "color"), "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215."
    for place in (("author", "name"), ("footer", "text")):
        if embed.get(place[0]) and not str(_at(embed, place) or "").strip():
            yield (*path, *place), *_REQUIRED


def _fields(embed: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Problem]:
    fields = embed.get("fields") or []
    if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
        yield (*path, "fields"), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
        return
    if len(fields) > FIELDS:
        yield (*path, "fields"), "BASE_TYPE_MAX_LENGTH", f"Must be {FIELDS} or fewer in length."
    for number, field in enumerate(fields):
        for key, most in _FIELD_LENGTHS.items():
            text = str(field.get(key) or "").strip()
            if not text:
                yield (*path, "fields", number, key), *_REQUIRED
            elif units(text) > most:
                yield (*path, "fields", number, key), *_too_long(most)


def _mentions(body: Mapping[str, Any]) -> Iterator[Problem]:
    """What is named must not be allowed as a whole, too (documentation, "Allowed Mentions Reference")."""
    allowed = body.get("allowed_mentions")
    for kind in ("roles", "users"):
        if not isinstance(allowed, dict) or not (named := allowed.get(kind)):
            continue
        if kind in (allowed.get("parse") or []):
            yield ("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", f"parse:[{kind}] excludes {kind}."
        if len(named) > 100:
            yield ("allowed_mentions", kind), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length."


def _nonce(body: Mapping[str, Any]) -> Iterator[Problem]:
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > NONCE:
        yield ("nonce",), *_too_long(NONCE)
    elif nonce is not None and (isinstance(nonce, bool) or not isinstance(nonce, int | str)):
        yield ("nonce",), "NONCE_TYPE_INVALID", "Nonce must be a string or an integer"


def _attachments(body: Mapping[str, Any], files: int) -> Iterator[Problem]:
    if max(files, len(body.get("attachments") or [])) > 10:
        yield ("attachments",), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length."


_REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


def _too_long(most: int) -> tuple[str, str]:
    return "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."


def units(text: str) -> int:
    """Return a text's length in UTF-16 units: Discord does not say what it counts, and these are never fewer."""
    return len(text) + sum(char > "\uffff" for char in text)


def _size(embed: Mapping[str, Any]) -> int:
    texts = [_at(embed, place) for place in _LENGTHS]
    texts += [field.get(key) for field in _dicts(embed.get("fields")) for key in _FIELD_LENGTHS]
    return sum(units(str(text).strip()) for text in texts if text)


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _at(embed: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    value: Any = embed
    for step in place:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _is_link(link: Any, place: tuple[str, ...]) -> bool:
    if not isinstance(link, str) or len(link) > 2048 or link != link.strip() or " " in link:
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.scheme == "attachment":
        return place[-1] != "url" or len(place) > 1
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_moment(moment: Any) -> bool:
    try:
        datetime.fromisoformat(str(moment))
    except ValueError:
        return False
    return isinstance(moment, str)
