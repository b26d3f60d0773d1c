"""The published Bot API specification as JSON Schema: the second pair of eyes on every request and answer.

The file is no JSON Schema: limits and discriminators stand in its prose ("2-10 items", "must be photo") and are read
from there. What it cannot say (parse errors, rights, whether a chat exists) is coded by hand beside the methods.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FILE = "telegram-api.json"
MOST_PROBLEMS = 5
_PLAIN: dict[str, dict[str, Any]] = {
    "Integer": {"type": "integer"},
    "Float": {"type": "number"},
    "Float number": {"type": "number"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "True": {"const": True},
    "InputFile": {"type": "string"},  # an upload is named attach://part once it is decoded
}
_CONSTANT = re.compile(r", (?:must be|always) [“\"]?([a-z0-9_]+)[”\"]?$")
_ALWAYS_ZERO = re.compile(r"^Always 0\.")
_RANGE = re.compile(r"(\d+)-(\d+) (items|characters|bytes)")


class Spec:
    """Validators for the methods of one version of the Bot API, built when first needed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._methods: dict[str, dict[str, Any]] = document["methods"]
        self._types = {name: _type_schema(kind) for name, kind in document["types"].items()}
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}

    @classmethod
    def load(cls, directory: Path) -> Spec:
        """Read the specification from the directory that holds it. Raises OSError where it is not there."""
        return cls(json.loads((directory / FILE).read_text(encoding="utf-8")))

    def fields(self, method: str) -> dict[str, bool]:
        """Return the parameters of a method, and whether each is required."""
        return {field["name"]: field["required"] for field in self._methods[method].get("fields", ())}

    def request_problems(self, method: str, values: Mapping[str, Any]) -> list[str]:
        """Say where decoded parameters break the specification."""
        if method not in self._methods:
            return [f"the specification has no method {method}"]
        return self._problems(method, "request", dict(values))

    def answer_problems(self, method: str, result: Any) -> list[str]:
        """Say where a result breaks the specification: that would be the stand-in's own mistake."""
        return self._problems(method, "answer", result)

    def _problems(self, method: str, side: str, value: Any) -> list[str]:
        validator = self._validators.get((method, side)) or self._build(method, side)
        errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        return [f"{side} {error.json_path}: {error.message[:200]}" for error in errors[:MOST_PROBLEMS]]

    def _build(self, method: str, side: str) -> Draft202012Validator:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - a development dependency, needed with specs only

        told = self._methods[method]
        root = _object(told.get("fields", ())) if side == "request" else _any_of(told["returns"])
        validator = Draft202012Validator({**root, "$defs": self._types})
        self._validators[method, side] = validator
        return validator


def _type_schema(kind: Mapping[str, Any]) -> dict[str, Any]:
    if subtypes := kind.get("subtypes"):
        return _any_of(subtypes)
    return _object(kind.get("fields", ()))


def _object(fields: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field["name"]: _field_schema(field) for field in fields},
        "required": [field["name"] for field in fields if field["required"]],
        "additionalProperties": False,
    }


def _field_schema(field: Mapping[str, Any]) -> dict[str, Any]:
    schema = _any_of(field["types"])
    described = field["description"]
    if constant := _CONSTANT.search(described):
        schema = {"const": constant[1]}
    elif _ALWAYS_ZERO.match(described) and field["types"] == ["Integer"]:
        schema = {"const": 0}
    if (limits := _RANGE.search(described)) and "entit" not in described:
        schema |= _limits(schema, limits)
    return schema


def _limits(schema: Mapping[str, Any], limits: re.Match[str]) -> dict[str, int]:
    least, most = int(limits[1]), int(limits[2])
    if schema.get("type") == "array":
        return {"minItems": least, "maxItems": most}
    return {"minLength": least, "maxLength": most} if schema.get("type") == "string" else {}


def _any_of(names: list[str]) -> dict[str, Any]:
    """Merge alternatives; `Array of A | Array of B` means one array that may mix A and B (an album of both kinds)."""
    if len(names) > 1 and all(name.startswith("Array of ") for name in names):
        return {"type": "array", "items": _any_of([name.removeprefix("Array of ") for name in names])}
    schemas = [_named(name) for name in names]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _named(name: str) -> dict[str, Any]:
    if name.startswith("Array of "):
        return {"type": "array", "items": _named(name.removeprefix("Array of "))}
    plain = _PLAIN.get(name)
    return dict(plain) if plain else {"$ref": f"#/$defs/{name}"}
