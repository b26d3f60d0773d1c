"""An entry as the database keeps it: JSON of plain values, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..model import Author, Clip, Entry, Image
from ..richtext import RichText


def to_json(entry: Entry) -> dict[str, Any]:
    """Return the entry as JSON; what is at its default is left out."""
    stored: dict[str, Any] = {
        "headline": entry.headline,
        "body": entry.body.to_json(),
        "standfirst": entry.standfirst.to_json() if entry.standfirst else None,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "updated_at": entry.updated_at.isoformat() if entry.updated_at else None,
        "url": entry.url,
        "authors": [[author.name, author.role] for author in entry.authors],
        "label": entry.label,
        "images": [[image.url, image.alt, image.caption, image.credit] for image in entry.images],
        "clips": [[clip.url, clip.caption, clip.picture] for clip in entry.clips],
        "embeds": list(entry.embeds),
        "flags": sorted(entry.flags),
        "position": entry.position,
    }
    return {name: value for name, value in stored.items() if value not in (None, "", [], 0)}


def from_json(key: str, kind: Any, stored: dict[str, Any] | None) -> Entry:
    """Return the entry that `to_json` was given; an empty one where retention emptied it."""
    stored = stored or {}
    standfirst = stored.get("standfirst")
    return Entry(
        key=key,
        kind=kind,
        headline=stored.get("headline"),
        body=RichText.from_json(stored.get("body", ["", []])),
        standfirst=RichText.from_json(standfirst) if standfirst else None,
        published_at=_moment(stored.get("published_at")),
        updated_at=_moment(stored.get("updated_at")),
        url=stored.get("url", ""),
        authors=tuple(Author(*author) for author in stored.get("authors", ())),
        label=stored.get("label"),
        images=tuple(Image(*image) for image in stored.get("images", ())),
        clips=tuple(Clip(*clip) for clip in stored.get("clips", ())),
        embeds=tuple(stored.get("embeds", ())),
        flags=frozenset(stored.get("flags", ())),
        position=stored.get("position", 0),
    )


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
