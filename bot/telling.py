"""A Snapshot told to a person or to a program: what `liverelay read` prints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from adapters.terminal import printable

from .exploring import Way
from .model import Entry, Image, Snapshot

# JSON leaves these as they are; a terminal might act on them, and halves of characters cannot be written.
_UNSAFE = re.compile(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def as_json(snapshot: Snapshot) -> str:
    """Return one JSON object: absent values are null, lists never are, text is as the page has it."""
    told = {
        "title": snapshot.title,
        "url": snapshot.url or None,
        "status": snapshot.status,
        "summary": [point.text for point in snapshot.summary],
        "entries": [_entry(entry, snapshot.url) for entry in snapshot.entries],
    }
    written = json.dumps(told, ensure_ascii=False, indent=2)
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written)


def _entry(entry: Entry, page_url: str) -> dict[str, Any]:
    return {
        "key": entry.key,
        "kind": entry.kind,
        "headline": entry.headline,
        "text": entry.body.text,
        "published_at": _iso(entry.published_at),
        "updated_at": _iso(entry.updated_at),
        "url": entry.url or page_url or None,
        "author": entry.author,
        "images": [_image(image) for image in entry.images],
        "flags": sorted(entry.flags),
    }


def _image(image: Image) -> dict[str, str | None]:
    return {
        "url": image.url or None,
        "alt": image.alt or None,
        "caption": image.caption or None,
        "credit": image.credit or None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def as_text(snapshot: Snapshot) -> str:
    """Return the page as a person reads it in a terminal, in the page's order."""
    lines = [snapshot.title or "(no title)", f"{snapshot.status}, {len(snapshot.entries)} entries", ""]
    lines += [f"• {point.text}" for point in snapshot.summary]
    for entry in snapshot.entries:
        flags = "".join(f" [{flag}]" for flag in sorted(entry.flags))
        when = f"{entry.published_at:%Y-%m-%d %H:%M %Z}" if entry.published_at else "no time"
        lines += ["", f"{when}{flags}  {entry.headline or '(no headline)'}"]
        lines += [f"  {line}" for line in entry.body.text.splitlines()]
        lines += [f"  [picture] {image.caption or image.alt} ({image.credit})" for image in entry.images]
        lines += [f"  by {entry.author}"] if entry.author else []
    return printable("\n".join(lines))


def as_ways(ways: Iterable[Way]) -> str:
    """Return where a page could be read, the best first, and why it is read there."""
    lines = [f"{'→' if way.taken else ' '} {way.name}  {way.url}\n    {way.said}" for way in ways]
    return printable("\n".join([*lines, ""]))
