"""Finding where a page is read best: from an address that somebody names to its first Snapshot.

fetch → read here, and wherever else the page says that it is told → choose
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from .errors import CommandError, SourceError, UnreadablePage
from .languages import stored
from .model import Entry, Offer, Offers, Page, Snapshot
from .ports import Discover, Fetched, Fetcher, Read
from .urls import canonical_url

# A page that cannot be read within this time is not a live page.
READING = timedelta(seconds=5)
# So many other readings of one page are asked for, so that a page cannot send us around the world.
MOST_READINGS = 3
# What the page itself shows is ahead of what is answered elsewhere if its newest entry is newer by this.
AHEAD = timedelta(hours=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a page: `url` is what is asked, `said` what came of it, `taken` whether it is the best."""

    name: str
    url: str
    said: str
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Explored:
    """What an address brought. `asked` is where it is read, "" for the page itself; `url` where the page is today.

    `ways` are all that there are, the best first, each with what speaks for or against it.
    """

    url: str
    snapshot: Snapshot
    asked: str = ""
    fetched: Fetched | None = None
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way that was tried."""

    offer: Offer | None
    fetched: Fetched | None
    snapshot: Snapshot | None
    problem: str = ""


class Explorer:
    """Looks at pages that nobody knows yet, or whose way of being read has gone."""

    def __init__(self, fetcher: Fetcher, read: Read, discover: Discover) -> None:
        self._fetcher = fetcher
        self._read = read
        self._discover = discover

    async def explore(self, url: str) -> Explored:
        """Return the page's best reading. Raises SourceError; UnreadablePage holds what may be followed instead."""
        fetched = await self._fetcher.fetch(url)
        page = _page(fetched)
        offers = await in_time(self._discover, page)
        at = moved(fetched, url)
        tried: list[_Reading] = []
        for offer in offers.readings[:MOST_READINGS]:
            tried.append(await self._elsewhere(offer, offers, at))
            if _tells(tried[-1]):
                break
        own = await self._own(page, fetched)
        return _chosen(at, offers, own, tried)

    async def _own(self, page: Page, fetched: Fetched) -> _Reading:
        try:
            return _Reading(None, fetched, await understand(self._read, page))
        except UnreadablePage as error:
            return _Reading(None, fetched, None, str(error))

    async def _elsewhere(self, offer: Offer, offers: Offers, page_url: str) -> _Reading:
        try:
            fetched = await self._fetcher.fetch(offer.url)
            snapshot = await understand(self._read, _page(fetched))
        except SourceError as error:
            return _Reading(offer, None, None, str(error))
        told = as_of(snapshot, offer.url, page_url)
        return _Reading(offer, fetched, replace(told, title=told.title or offers.title or None))


def lies_here(page: Page, snapshot: Snapshot, offers: Offers) -> Explored:
    """Return what a page that lies here says, and where else it could be read; nothing is asked."""
    others = (_untried(offer, "not asked: the page lies here") for offer in (*offers.readings, *offers.others))
    own = Way(snapshot.reader, page.url, f"{_count(snapshot)}: what lies here", taken=True)
    return Explored(page.url, snapshot, ways=(own, *others))


async def understand(read: Read, page: Page) -> Snapshot:
    """Read a page in a worker thread, within bounded time. Raises UnreadablePage."""
    return await in_time(read, page)


async def in_time(do: Callable[[Page], T], page: Page) -> T:
    """Do something pure with a page in a worker thread, within bounded time. Raises UnreadablePage."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(do, page), READING.total_seconds())
    except TimeoutError:
        slow = stored("Reading {page} took longer than {seconds} s.")
        raise UnreadablePage(slow.format(page=page.url, seconds=READING.seconds)) from None


def moved(fetched: Fetched, url: str) -> str:
    """Return the canonical address to which a page moved for good; `url` where it did not."""
    try:
        return canonical_url(fetched.moved_to) if fetched.moved_to else url
    except CommandError:
        return url


def as_of(snapshot: Snapshot, asked: str, page_url: str) -> Snapshot:
    """Return a reading of the address `asked` as one of the page that people know: links lead there."""
    if not asked or asked == page_url:
        return snapshot
    bare = asked.partition("#")[0]
    entries = tuple(replace(entry, url=_link(entry, bare, page_url)) for entry in snapshot.entries)
    return replace(snapshot, url=_here(snapshot.url, bare, page_url), entries=entries)


def _link(entry: Entry, asked: str, page_url: str) -> str:
    address, mark, fragment = entry.url.partition("#")
    return _here(address, asked, page_url) + mark + fragment


def _here(address: str, asked: str, page_url: str) -> str:
    return page_url if not address or address == asked else address


def _page(fetched: Fetched) -> Page:
    assert fetched.page is not None, "a request without validators brings a page"
    return fetched.page


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _chosen(url: str, offers: Offers, own: _Reading, tried: list[_Reading]) -> Explored:
    """Take the first reading elsewhere that tells entries, unless the page itself is ahead of it."""
    found = next((reading for reading in tried if _tells(reading) and not _is_ahead(own, reading)), None)
    taken = found or own
    if taken.snapshot is None:
        raise UnreadablePage(_sentence(own, tried), offers.others)
    ways = [_way(reading, taken, url) for reading in sorted((*tried, own), key=lambda each: each is not taken)]
    untried = (*offers.readings[len(tried) :], *offers.others)
    asked = taken.offer.url if taken.offer else ""
    others = (_untried(offer, "not asked: a better one was found") for offer in untried)
    return Explored(url, taken.snapshot, asked, taken.fetched, (*ways, *others))


def _tells(reading: _Reading) -> bool:
    return reading.snapshot is not None and bool(reading.snapshot.entries)


def _is_ahead(own: _Reading, other: _Reading) -> bool:
    mine, theirs = _newest(own.snapshot), _newest(other.snapshot)
    return mine is not None and theirs is not None and mine - theirs > AHEAD


def _newest(snapshot: Snapshot | None) -> datetime | None:
    entries = snapshot.entries if snapshot else ()
    return max((entry.published_at for entry in entries if entry.published_at), default=None)


def _sentence(own: _Reading, tried: Iterable[_Reading]) -> str:
    """Return why nothing could be read: what the page embeds and could not be had says more than what it is not."""
    for reading in tried:
        if reading.offer and reading.problem:
            embeds = stored("This page embeds a live blog ({name}), but: {problem}")
            return embeds.format(name=reading.offer.name, problem=reading.problem)
    return own.problem


# ── saying why ───────────────────────────────────────────────────────────────────────────────────────────────────

_KINDS = {
    "data": "the site's own data tells more than its page",
    "platform": "the platform's answer tells more than the page that embeds it",
}
_OTHERS = {
    "feed": "another source, a feed: it is followed if you name it",
    "live": "another source, a live page: it is followed if you name it",
}


def _way(reading: _Reading, taken: _Reading, url: str) -> Way:
    offer, snapshot = reading.offer, reading.snapshot
    name = snapshot.reader if snapshot else offer.name if offer else "the page itself"
    address = offer.url if offer else url
    if snapshot is None:
        return Way(name, address, f"not taken: {reading.problem}")
    if reading is taken:
        why = _KINDS[offer.kind] if offer else "the page itself"
        return Way(name, address, f"{_count(snapshot)}: {why}", taken=True)
    return Way(name, address, f"{_count(snapshot)}; not taken: {_against(reading, taken)}")


def _against(reading: _Reading, taken: _Reading) -> str:
    if taken.offer is not None:
        return "the other tells more"
    return "it has no entries" if not _tells(reading) else "the page itself is ahead of it by more than an hour"


def _untried(offer: Offer, why: str) -> Way:
    return Way(offer.name or offer.kind, offer.url, _OTHERS.get(offer.kind, why))


def _count(snapshot: Snapshot) -> str:
    newest = _newest(snapshot)
    when = f", the newest of {newest:%Y-%m-%d %H:%M %Z}" if newest else ""
    return f"{len(snapshot.entries)} {'entry' if len(snapshot.entries) == 1 else 'entries'}{when}"
