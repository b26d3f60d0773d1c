"""From bytes on the wire to typed parameters: query, form, multipart or JSON, as the Bot API server takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .chats import Bot
from .methods import METHODS
from .refusal import bad

_TRUTH = {"true": True, "false": False}
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "media": "there is no media in the request",
    "user_id": "invalid user_id specified",
    "action": "wrong parameter action in request",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes


@dataclass(slots=True)
class Asked:
    """One call of a bot, decoded. `problems` collects where it breaks the specification."""

    bot: Bot
    method: str
    values: dict[str, Any]
    files: dict[str, Upload]
    problems: list[str] = field(default_factory=list)

    def number(self, name: str, default: int = 0) -> int:
        """Return an int parameter."""
        return int(self.values.get(name, default))

    def flag(self, name: str) -> bool:
        """Return a bool parameter; absent is False."""
        return bool(self.values.get(name, False))

    def words(self, name: str) -> str:
        """Return a text parameter; absent is ""."""
        return str(self.values.get(name, ""))


async def read(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Return the raw parameters and the uploads of a request. Raises Refusal for a body that is not what it says."""
    raw: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        raw |= _json_object(await request.text())
        return raw, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.file.read())
        else:
            raw[name] = value
    return raw, files


def _json_object(body: str) -> dict[str, Any]:
    try:
        parsed = json.loads(body) if body else {}
    except ValueError as problem:
        raise bad("can't parse request: JSON object expected") from problem
    if not isinstance(parsed, dict):
        raise bad("can't parse request: JSON object expected")
    return parsed


def decode(asked: Asked, raw: Mapping[str, Any]) -> None:
    """Fill in typed parameters. An unknown one is a problem but no refusal: the server ignores it, too.

    Raises Refusal where a value cannot be what its parameter is, or a required one is missing.
    """
    known = METHODS[asked.method]
    for name, value in raw.items():
        if name in known:
            asked.values[name] = _typed(name, known[name].rstrip("!"), value)
        else:
            asked.problems.append(f"request: {asked.method} has no parameter {name}")
    for name in asked.files:
        if name in known:
            asked.values[name] = f"attach://{name}"
    for name, kind in known.items():
        if kind.endswith("!") and asked.values.get(name) in (None, "", []):
            asked.problems.append(f"request: {name} is missing")
            raise bad(_MISSING.get(name, f"{name} is empty"))


def _typed(name: str, kind: str, value: Any) -> Any:
    if kind == "json":
        return _parsed(name, value)
    if kind == "bool":
        return value if isinstance(value, bool) else _truth(name, str(value))
    if kind == "int" or (kind == "chat" and not str(value).startswith("@")):
        return _integer(name, value)
    return value if isinstance(value, str) else str(value)


def _parsed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as problem:
        raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from problem


def _truth(name: str, value: str) -> bool:
    if value.lower() not in _TRUTH:
        raise bad(f"{name} must be true or false")
    return _TRUTH[value.lower()]


def _integer(name: str, value: Any) -> int:
    try:
        return int(str(value))
    except ValueError as problem:
        raise bad("chat not found" if name == "chat_id" else f"invalid {name} specified") from problem
