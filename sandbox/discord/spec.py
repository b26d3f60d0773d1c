"""The published OpenAPI specification as the second pair of eyes on every request and answer.

What it cannot say (PLATFORMS 1.2) is coded by hand beside the routes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from referencing import Registry

FILE = "discord-openapi.json"
MOST_PROBLEMS = 5
_BASE = "urn:discord"
_JSON = "application/json"
_MISTYPED = {"default_member_permissions"}
"""Numbers in the specification, strings in Discord's documentation and answers."""

_IDS = {"roles", "users"}
"""Lists of ids, of allowed mentions."""


class Spec:
    """Validators per route, built when first needed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._validators: dict[tuple[str, str, str], Draft202012Validator | None] = {}
        self._registry: Registry[Any] | None = None

    @classmethod
    def load(cls, directory: Path) -> Spec:
        """Read the specification from the directory that holds it. Raises OSError where it is not there."""
        return _load(directory / FILE)

    def request_problems(self, method: str, route: str, body: Any) -> list[str]:
        """Say where a JSON body breaks the specification."""
        operation = self._operation(method, route)
        if operation is None:
            return [f"request: the specification has no {method} {route}"]
        if body is None:
            required = (operation.get("requestBody") or {}).get("required")
            return ["request: the body is missing"] if required else []
        return self._problems(method, route, "request", strings_for_ids(body))

    def answer_problems(self, method: str, route: str, status: int, body: Any) -> list[str]:
        """Say where a successful answer breaks the specification: that would be the stand-in's own mistake."""
        operation = self._operation(method, route)
        if operation is None:
            return [f"answer: the specification has no {method} {route}"]
        if str(status) not in operation["responses"]:
            return [f"answer: the specification has no status {status} for {method} {route}"]
        return [] if body is None else self._problems(method, route, str(status), body)

    def _operation(self, method: str, route: str) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = self._document["paths"].get(route, {}).get(method.lower())
        return operation

    def _problems(self, method: str, route: str, side: str, value: Any) -> list[str]:
        key = (method, route, side)
        if key not in self._validators:
            self._validators[key] = self._build(*key)
        validator = self._validators[key]
        if validator is None:
            return [f"{side}: the specification has no body for {method} {route}"]
        errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        word = "request" if side == "request" else "answer"
        return [f"{word} {error.json_path}: {error.message[:200]}" for error in errors[:MOST_PROBLEMS]]

    def _build(self, method: str, route: str, side: str) -> Draft202012Validator | None:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - a development dependency, needed with specs only

        operation = self._operation(method, route) or {}
        holder = operation.get("requestBody") if side == "request" else operation["responses"][side]
        if _JSON not in (holder or {}).get("content", {}):
            return None
        steps = ["requestBody"] if side == "request" else ["responses", side]
        pointer = "/".join(map(_escaped, ["paths", route, method.lower(), *steps, "content", _JSON, "schema"]))
        return Draft202012Validator({"$ref": f"{_BASE}#/{pointer}"}, registry=self._resources())

    def _resources(self) -> Registry[Any]:
        from referencing import Registry  # noqa: PLC0415 - comes with jsonschema
        from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - the same

        if self._registry is None:
            self._registry = Registry().with_resource(_BASE, DRAFT202012.create_resource(self._document))
        return self._registry


@cache
def _load(path: Path) -> Spec:
    return Spec(json.loads(path.read_text(encoding="utf-8")))


def strings_for_ids(body: Any) -> Any:
    """Return a body with ids as strings: Discord takes numbers for them, and discord.py sends some so."""
    if isinstance(body, list):
        return [strings_for_ids(item) for item in body]
    if not isinstance(body, dict):
        return body
    return {key: _retyped(key, strings_for_ids(value)) for key, value in body.items()}


def _retyped(key: str, value: Any) -> Any:
    if key in _MISTYPED and isinstance(value, str) and value.isdecimal():
        return int(value)
    if key in _IDS and isinstance(value, list):
        return [str(one) if type(one) is int else one for one in value]
    if (key == "id" or key.endswith("_id")) and type(value) is int:
        return str(value)
    return value


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
