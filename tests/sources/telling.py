"""What a Snapshot says, as plain JSON values that stand beside the pages in tests/data/pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.model import Entry, Page, Snapshot
from bot.richtext import RichText
from bot.sources.read import read


def read_bytes(body: bytes, url: str, fetched_at: datetime, content_type: str = "") -> Snapshot:
    """Read a page that was fetched then."""
    return read(Page(body, url, fetched_at, content_type))


def told(snapshot: Snapshot) -> dict[str, Any]:
    """Return everything that the snapshot says."""
    return {
        "reader": snapshot.reader,
        "url": snapshot.url,
        "title": snapshot.title,
        "status": snapshot.status,
        "source_name": snapshot.source_name,
        "modified_at": _time(snapshot.modified_at),
        "next_page": snapshot.next_page,
        "whole": snapshot.whole,
        "complete": snapshot.complete,
        "summary": [_rich(point) for point in snapshot.summary],
        "entries": [_entry(entry) for entry in snapshot.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "key_derived": entry.key_derived,
        "headline": entry.headline,
        "text": _rich(entry.body),
        "published_at": _time(entry.published_at),
        "updated_at": _time(entry.updated_at),
        "url": entry.url,
        "authors": [[author.name, author.role] for author in entry.authors],
        "label": entry.label,
        "images": [[image.url, image.alt, image.caption, image.credit] for image in entry.images],
        "clips": [[clip.url, clip.caption, *filter(None, [clip.picture])] for clip in entry.clips],
        "embeds": list(entry.embeds),
        "flags": sorted(entry.flags),
        "position": entry.position,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _rich(text: RichText) -> Any:
    """Return the text; where it has marks, with what they cover."""
    if not text.spans:
        return text.text
    spans = [[span.kind, text.text[span.start : span.end], span.url] for span in text.spans]
    return [text.text, *spans]
