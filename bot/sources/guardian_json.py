"""The page model of a Guardian live blog: what the address of a page gives with `.json?dcr` behind it.

The best of the Guardian's layers: all of a page's blocks with their times to the second, their flags and pictures,
the pinned block, and the cursor of the next page. `linkedData` repeats the page's own headline, time and picture for
every block and is not read. The pinned block stands above the others once; it may come from an older page.
Ended is `format.design` "DeadBlogDesign".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.model import Entry, Snapshot, Status

from . import guardian_block
from .body import bare
from .document import Document
from .keys import finished
from .links import absolute, page_address
from .told import count, moment, record, records, string, words

NAME = "guardian-json"
PUBLISHER = "The Guardian"
MOST_BLOCKS = 1000

_STATES: dict[str, Status] = {"LiveBlogDesign": "live", "DeadBlogDesign": "ended"}


def recognises(document: Document) -> bool:
    """Whether this is the page model of a live blog."""
    if b'"blocks"' not in document.body or (b"LiveBlog" not in document.body and b"DeadBlog" not in document.body):
        return False
    model = record(document.json)
    design = words(record(model.get("format")).get("design"))
    return isinstance(model.get("blocks"), list) and (design in _STATES or "pagination" in model)


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    model = record(document.json)
    page = address(model, document.page.url)
    entries = finished(_entries(model, page))
    pages = record(model.get("pagination"))
    next_page = _next_page(pages, page, document.page.url)
    return Snapshot(
        url=page or document.page.url,
        reader=NAME,
        title=title(model),
        status=_STATES.get(words(record(model.get("format")).get("design")), "unknown"),
        entries=entries,
        source_name=PUBLISHER,
        modified_at=_modified(model),
        next_page=next_page,
        whole=bool(pages) and not next_page and count(pages.get("totalPages")) == 1,
    )


def address(model: dict[str, Any], fetched: str) -> str:
    """Return the address of the page that people read; it holds no key of an API."""
    told = (words(model.get(name)) for name in ("webURL", "canonicalUrl"))
    own = next((found for url in told if (found := absolute(fetched, url))), "")
    return page_address(own or fetched).removesuffix(".json")


def title(model: dict[str, Any]) -> str | None:
    """Return the page's headline."""
    told = (bare(string(model.get(name))) for name in ("headline", "webTitle"))
    return next(filter(None, told), None)


def _entries(model: dict[str, Any], page: str) -> list[Entry]:
    """Return the blocks, and above them the pinned one where it comes from another page."""
    blocks = records(model.get("blocks"))[:MOST_BLOCKS]
    found = [told for block in blocks if (told := guardian_block.entry(block, page))]
    pinned = guardian_block.entry(record(model.get("pinnedPost")), page)
    if pinned is None:
        return found
    here = any(told.key == pinned.key for told in found)
    marked = [_pinned(told) if told.key == pinned.key else told for told in found]
    return marked if here else [_pinned(pinned), *marked]


def _pinned(entry: Entry) -> Entry:
    return replace(entry, flags=entry.flags | {"pinned"})


def _modified(model: dict[str, Any]) -> Any:
    told = moment(record(model.get("openGraphData")).get("article:modified_time"))
    return told or moment(model.get("lastModified"))


def _next_page(pages: dict[str, Any], page: str, fetched: str) -> str | None:
    """Return where the older blocks stand, in the form in which this page was asked for."""
    older = words(pages.get("older"))
    if not older.startswith("?"):
        return None
    parts = urlsplit(fetched)
    if not parts.path.endswith(".json"):
        return absolute(page, older) or None
    return absolute(urljoin(fetched, parts.path), f"{older}&dcr=true") or None
