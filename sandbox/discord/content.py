"""What Discord makes of the parts of a message that a bot sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from .state import Upload

_PICTURES = ("image", "thumbnail", "video")
_CDN = "https://cdn.discordapp.com/attachments"


def embeds(sent: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return embeds as they stand in a message: trimmed, without what is empty, pictures with a size."""
    return [_embed(embed) for embed in sent or ()]


def _embed(sent: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": "rich"}
    for name in ("title", "description"):
        if text := (sent.get(name) or "").strip():
            shown[name] = text
    for name in ("url", "color", "timestamp"):
        if sent.get(name) is not None:
            shown[name] = sent[name]
    for name in ("author", "footer"):
        if sent.get(name):
            shown[name] = {key: _trimmed(value) for key, value in sent[name].items() if value is not None}
    if fields := sent.get("fields"):
        shown["fields"] = [_field(field) for field in fields]
    for name in _PICTURES:
        if link := (sent.get(name) or {}).get("url"):
            shown[name] = {"url": link, "proxy_url": link, "width": 1200, "height": 675, "flags": 0}
    return shown


def _field(sent: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": str(sent["name"]).strip(),
        "value": str(sent["value"]).strip(),
        "inline": bool(sent.get("inline")),
    }


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def attachments(next_id: Callable[[], int], channel: int, files: Iterable[Upload]) -> list[dict[str, Any]]:
    """Return uploads as attachments."""
    shown = []
    for file in files:
        number = next_id()
        link = f"{_CDN}/{channel}/{number}/{file.name}"
        body = {"id": str(number), "filename": file.name, "size": file.size, "url": link, "proxy_url": link}
        shown.append({**body, "content_type": file.kind})
    return shown


def components(sent: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return components with the numbers that Discord gives to those that have none."""
    numbers = count(1)
    return [_numbered(component, numbers) for component in sent or ()]


def _numbered(component: Mapping[str, Any], numbers: Iterator[int]) -> dict[str, Any]:
    shown = {"id": next(numbers), **{key: value for key, value in component.items() if value is not None}}
    if isinstance(inner := shown.get("components"), list):
        shown["components"] = [_numbered(one, numbers) for one in inner]
    return shown
