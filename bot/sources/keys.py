"""What all readers finish with: keys for entries without ids, pinned copies, positions, pictures that tell nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC

from bot.model import Entry

BODY_START = 200
"""Characters of the body that go into a derived key."""

_SHARED_BY = 3
"""Entries that must show a picture before it can be the page's: a short page may well show one twice."""


def finished(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries as a Snapshot holds them: every key there once, positions in the page's order.

    An entry without a key gets a derived one. Of two with one key the upper is a pinned copy and stays.
    """
    keyed = _keyed(list(entries))
    told = Counter(entry.key for entry in keyed)
    once: dict[str, Entry] = {}
    for entry in keyed:
        once.setdefault(entry.key, _pinned(entry) if told[entry.key] > 1 else entry)
    shared = _shared_pictures(list(once.values()))
    return tuple(
        replace(entry, position=position, images=tuple(image for image in entry.images if image.url not in shared))
        for position, entry in enumerate(once.values())
    )


def derived_key(entry: Entry) -> str:
    """Return a key made of what an entry says: when, its headline, and how its body begins.

    The same entry read again gets the same key, however its time is spelled; an edited one gets another, and it is
    for `compare` to see that it is the same by time and similarity.
    """
    moment = entry.published_at.astimezone(UTC).isoformat() if entry.published_at else ""
    told = "\x1f".join((moment, _normal(entry.headline or ""), _normal(entry.body.text)[:BODY_START]))
    return f"derived:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def _keyed(entries: list[Entry]) -> list[Entry]:
    """Give keys to those without. Equals are counted from the bottom, where a live page does not grow."""
    counts: Counter[str] = Counter()
    keyed: list[Entry] = []
    for entry in reversed(entries):
        if entry.key:
            keyed.append(entry)
            continue
        key = derived_key(entry)
        counts[key] += 1
        keyed.append(replace(entry, key=f"{key}-{counts[key]}" if counts[key] > 1 else key, key_derived=True))
    return keyed[::-1]


def _pinned(entry: Entry) -> Entry:
    return replace(entry, flags=entry.flags | {"pinned"})


def _shared_pictures(entries: Sequence[Entry]) -> frozenset[str]:
    """Return the pictures that most entries show: such a picture is the page's, not the entries'.

    Most, and not all: one new entry without it must not bring it back to the others, which would all be edited.
    """
    shown = Counter(url for entry in entries for url in {image.url for image in entry.images if image.url})
    return frozenset(url for url, count in shown.items() if count >= _SHARED_BY and count * 2 > len(entries))
