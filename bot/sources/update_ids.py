"""What identifies the updates of a live blog, where its publisher gives them an id at all.

An id is the fragment of `@id`, `@id` itself where it is bare, the fragment of `url`, or an address of the update's
own, in this order. It is none if updates share it, or if it only says where the update stands: `#post1` is the newest
today and another one tomorrow, while numbers that count from the start stay. Prefixes are dropped (`liveblogPost12345`
in the data is `post-12345` in the markup), as are host and scheme: a page that moves keeps its ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from bot.urls import without_tracking_query

from .linked_data import Thing, first
from .links import page_address

LONGEST = 200

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PREFIXED = re.compile(
    r"(?:live-?)?(?:blog-?)?(?:post|block|entry|update|card|item)?[-_:]*"
    rf"((?:asset:)?{_UUID}|[0-9a-f]{{16,}}|(?=[0-9a-f]*[0-9])[0-9a-f]{{12,}}|\d{{3,}})",
    re.IGNORECASE,
)
_POSITION = re.compile(r"post\d{1,4}|(?:post|update|entry|item)[-_]\d{1,2}", re.IGNORECASE)
_NUMBERED = re.compile(r"\D*(\d{1,4})")
_BARE = re.compile(r"[\w:.-]+")


def normal_id(told: str) -> str:
    """Return an id as it is used in keys; "" for what cannot be one."""
    told = unquote(told).strip()
    if not any(letter.isdigit() for letter in told) or len(told) > LONGEST or _POSITION.fullmatch(told):
        return ""
    found = _PREFIXED.fullmatch(told)
    return found[1].lower() if found else told


def keys(updates: Sequence[Thing], times: Sequence[datetime | None], page: str) -> list[str]:
    """Return the key of every update, "" for those without an id of their own. `times` are the updates'."""
    candidates = [list(dict.fromkeys(_candidates(update, page))) for update in updates]
    owners: dict[str, set[object]] = {}
    for index, (update, told) in enumerate(zip(updates, candidates, strict=True)):
        who = times[index] or first(update.get("headline")) or index
        for candidate in told:
            owners.setdefault(candidate, set()).add(who if isinstance(who, datetime | str) else index)
    found = [next((one for one in told if len(owners[one]) == 1), "") for told in candidates]
    return [""] * len(found) if _positional(found, times) else found


def _candidates(update: Thing, page: str) -> Iterator[str]:
    for name in ("@id", "url"):
        told = first(update.get(name))
        if isinstance(told, dict):
            told = told.get("@id")
        if isinstance(told, str) and told:
            yield from (one for one in _ids(told.strip(), page) if one)


def _ids(told: str, page: str) -> Iterator[str]:
    try:
        parts = urlsplit(told)
    except ValueError:
        return
    yield normal_id(parts.fragment)
    if not parts.scheme and not parts.netloc and not parts.fragment and _BARE.fullmatch(told):
        yield "" if told.startswith("_:") else normal_id(told)
    query = without_tracking_query(parts.query)
    if parts.netloc and told != page and (query or page_address(told).rstrip("/") != page_address(page).rstrip("/")):
        yield _own_address(parts.path.rstrip("/"), query)


def _own_address(path: str, query: str) -> str:
    told = f"{path}?{query}" if query else path
    return told if any(letter.isdigit() for letter in told) and len(told) <= LONGEST * 2 else ""


def _positional(found: Sequence[str], times: Sequence[datetime | None]) -> bool:
    """Whether the ids number the updates from the top of the page: the newest is 1 (or 0), the next 2."""
    numbers = [int(match[1]) if (match := _NUMBERED.fullmatch(one)) else -1 for one in found]
    if len(numbers) < 2 or numbers[0] not in (0, 1) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    newest, oldest = times[0], times[-1]
    return newest is None or oldest is None or newest >= oldest
