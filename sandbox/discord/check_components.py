"""What Discord holds the components of messages to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .guilds import COMPONENTS_V2

Problem = tuple[tuple[str | int, ...], str, str]
"""Where in the body, Discord's word for it, and a sentence."""

MOST, MOST_ROWS, MOST_TYPED = 40, 5, 4000
_ROW, _BUTTON, _LABEL = 1, 2, 18
_NEED_NO_ID = (5, 6)  # styles of buttons: a link, a purchase


def components(body: Mapping[str, Any], held: int) -> Iterator[Problem]:
    """Say what is wrong with the components of a message that has the flags `held` already."""
    components = body.get("components") or []
    if not isinstance(components, list) or not all(isinstance(one, dict) for one in components):
        yield ("components",), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"
        return
    if sum(1 for _ in _every(components)) > MOST:
        yield ("components",), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST} or fewer in length."
    flags = body.get("flags") or 0
    if type(flags) is not int:
        yield ("flags",), "NUMBER_TYPE_COERCE", f'Value "{flags}" is not int.'
    elif (held | flags) & COMPONENTS_V2:
        yield from _beside_a_layout(body)
    else:
        yield from _rows(components)
    yield from _ids(components)
    for component in _every(components):
        needs_id = component.get("type") == _BUTTON and component.get("style") not in _NEED_NO_ID
        if needs_id and not component.get("custom_id"):
            yield ("components",), "COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"


def form(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Say what is wrong with a form: its id, its title of 45, its boxes, each under a label of 45."""
    for key, most in (("custom_id", 100), ("title", 45)):
        if not 1 <= len(str(data.get(key) or "")) <= most:
            yield (key,), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length."
    labels = data.get("components") or []
    if not 1 <= len(labels) <= MOST_ROWS:
        yield ("components",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_ROWS} in length."
    for number, label in enumerate(labels):
        if label.get("type") != _LABEL or not 1 <= len(str(label.get("label") or "")) <= 45:
            yield ("components", number), "UNION_TYPE_CHOICES", "This stand-in takes boxes under a label of 1 to 45."
        elif not len(str(label["component"].get("value") or "")) <= label["component"].get("max_length", MOST_TYPED):
            yield ("components", number), "BASE_TYPE_BAD_LENGTH", "What stands there at first is longer than it may be."
    yield from _ids(labels)


def _ids(components: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for component in _every(components):
        custom_id = component.get("custom_id")
        if custom_id is None:
            continue
        if not 1 <= len(str(custom_id)) <= 100:
            yield ("components",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
        if custom_id in seen:
            yield ("components",), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        seen.add(custom_id)


def _beside_a_layout(body: Mapping[str, Any]) -> Iterator[Problem]:
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    for key in ("content", "embeds"):
        if body.get(key):
            yield (key,), code, f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"


def _rows(components: list[dict[str, Any]]) -> Iterator[Problem]:
    if len(components) > MOST_ROWS:
        yield ("components",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MOST_ROWS} in length."
    for number, component in enumerate(components):
        if len(component.get("components") or []) > MOST_ROWS:
            yield ("components", number), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length."
        if component.get("type") != _ROW:
            yield ("components", number, "type"), "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).'


def _every(components: Any) -> Iterator[dict[str, Any]]:
    for component in components if isinstance(components, list) else [components]:
        if isinstance(component, dict):
            yield component
            for key in ("components", "accessory", "component"):
                yield from _every(component.get(key) or [])
