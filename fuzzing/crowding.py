"""Pages that hold one of their pieces as often as fits: whoever looks at the rest for each takes minutes. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .mutating import LARGEST

_LONGEST = 20_000

_TAG = re.compile(rb"<([a-zA-Z][\w-]*)\b([^>]*)>")
_KIND = re.compile(rb'\b(?:class|type|itemprop|rel|name|property|data-testid)="[^"]*"')
_NAME = re.compile(rb'(\b(?:id|@id|_id|key|urn|href|url|guid)"?\s*[=:]\s*"[^"]*)"')
_VOID = frozenset((b"meta", b"link", b"img", b"br", b"hr", b"input", b"source"))
_HERE = '"@many@"'
_Crowd = tuple[str, bytes, bytes, bytes, bytes]
"""What it is made of, what stands before, the piece, what stands between two of them, what stands behind."""


def crowded(body: bytes, size: int = LARGEST) -> Iterator[tuple[str, bytes]]:
    """Yield pages of that size, full of one element, or of one item of a list, and what that is.

    Each comes twice: with pieces that keep their names and addresses, and with pieces that are told apart by them.
    """
    crowds = _elements if body.lstrip()[:1] == b"<" else _items
    for kind, before, piece, between, after in crowds(body):
        room = size - len(before) - len(after)
        yield f"{kind} of one name", before + _many(piece, room, between, alike=True) + after
        yield kind, before + _many(piece, room, between, alike=False) + after


def _many(piece: bytes, room: int, between: bytes, *, alike: bool) -> bytes:
    count = max(2, room // (len(piece) + 8))
    told = (piece if alike else _NAME.sub(rb'\g<1>-%d"' % number, piece) for number in range(count))
    return between.join(told)


def _elements(html: bytes) -> Iterator[_Crowd]:
    """Yield the first element of each kind, with what it holds."""
    seen: set[bytes] = set()
    for tag in _TAG.finditer(html):
        kind = b" ".join([tag[1], *_KIND.findall(tag[2])[:1]])
        closing = b"" if tag[1] in _VOID or tag[2].endswith(b"/") else b"</%s>" % tag[1]
        end = html.find(closing, tag.end())
        if kind not in seen and 0 <= end < tag.start() + _LONGEST:
            seen.add(kind)
            begin, end = tag.start(), end + len(closing)
            yield kind.decode("latin-1"), html[:begin], html[begin:end], b"", html[end:]


def _items(body: bytes) -> Iterator[_Crowd]:
    """Yield the first item of each list."""
    try:
        told = json.loads(body)
    except ValueError:
        return  # words alone
    for way in _lists(told):
        *above, last = way
        at = told
        for step in above:
            at = at[step]
        kept, at[last] = at[last], [_HERE.strip('"')]
        before, after = json.dumps(told).encode().split(_HERE.encode())
        at[last] = kept
        yield ".".join(map(str, way)), before, json.dumps(kept[0]).encode(), b",", after


def _lists(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the ways to all lists that hold something; of what they hold the first is looked through."""
    if isinstance(value, list) and value:
        yield from [way] if way else []
        yield from _lists(value[0], (*way, 0))
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _lists(inner, (*way, name))
