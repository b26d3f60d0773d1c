"""The vocabulary: what is read from a page, and who wants to hear of it. Values only; nothing here acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from .richtext import RichText

Status = Literal["live", "ended", "unknown"]
EntryKind = Literal["entry", "summary", "end", "note"]
Flag = Literal["breaking", "key", "pinned"]
Platform = Literal["telegram", "discord", "terminal"]
ChatKind = Literal["private", "group", "channel", "forum"]
"""A forum holds threads and nothing else: every page gets one of its own there."""
Detail = Literal["headline", "summary", "full"]
ImageChoice = Literal["off", "first", "all"]
LongChoice = Literal["cut", "split"]
Order = Literal["oldest", "newest"]
DecisionMade = Literal["waiting", "published", "skipped"]
OfferKind = Literal["data", "platform", "feed", "live"]

SUMMARY_KEY = "summary"
END_KEY = "end"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture by link; `credit` is who is to be named for it ("Reuters"), never part of a text."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Clip:
    """A video or audio: where to watch it ("" if the page does not say) and what the page says under it.

    `picture` is the address of a still that stands for it, "" if the page shows none.
    """

    url: str = ""
    caption: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an entry, and as what ("Political correspondent")."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One update, as its source tells it today.

    `key` is the source's own id, or derived (`key_derived`) where the source has none. `url` leads to this very
    entry, or to the page. `position` counts from 0 at the top of the page (over all pages that were read).
    `published_at` and `updated_at` are aware; None where the page does not say. `standfirst` is the source's own
    short form of the body, where it has one. `embeds` are links to what the page embeds (posts, videos, maps).
    `partial`: the page shows others in full and this one no longer, so that what it lacks today is no edit.
    """

    key: str
    kind: EntryKind = "entry"
    headline: str | None = None
    body: RichText = field(default_factory=RichText)
    standfirst: RichText | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    url: str = ""
    authors: tuple[Author, ...] = ()
    label: str | None = None
    images: tuple[Image, ...] = ()
    clips: tuple[Clip, ...] = ()
    embeds: tuple[str, ...] = ()
    flags: frozenset[Flag] = frozenset()
    position: int = 0
    key_derived: bool = False
    partial: bool = False

    @property
    def author(self) -> str | None:
        """The authors' names, joined by commas; None where nobody is named."""
        return ", ".join(author.name for author in self.authors) or None


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as they came, and what a reader needs to know beside them. `fetched_at` is aware."""

    body: bytes
    url: str
    fetched_at: datetime
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one poll of a source brought; immutable.

    `entries` are in the page's order (usually newest first) and hold neither the summary nor an end.
    `source_name` is what a reader would call the publisher ("BBC News"). `modified_at` is the page's own word on
    its age, where it gives one. `next_page` is the address of the page that continues this one; `whole` says that
    there is none, so that the page shows all that its source has. `complete` is False where the bytes end before
    the page does (a cut transfer): then nothing may be concluded from absence. `absence_tells` is False where a
    source shows a choice of its entries (a feed), so that an entry that is missing was not withdrawn. `withdrawn` are
    the keys of entries of which the source itself says that it took them back. `successor` is the page at which
    coverage goes on, where this one says that it is closed. `every` is how often the source itself asks to be read at
    most (a feed's ttl). `hub` announces what is new (WebSub), and knows this source as `topic`.
    """

    url: str
    reader: str
    title: str | None = None
    status: Status = "unknown"
    summary: tuple[RichText, ...] = ()
    entries: tuple[Entry, ...] = ()
    source_name: str = ""
    modified_at: datetime | None = None
    next_page: str | None = None
    whole: bool = False
    complete: bool = True
    absence_tells: bool = True
    successor: str = ""
    every: timedelta | None = None
    hub: str = ""
    topic: str = ""
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Another address that a page names; `name` is what it is called there, or who answers under it.

    `data` is the site's own data of the very page, `platform` the answer of the live-blog platform that it embeds: both
    tell what the page shows. A `feed` or another `live` page is something else that somebody may want to follow.
    """

    kind: OfferKind
    url: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What a page names besides what it says: `readings` of itself, best first, and `others` to follow instead."""

    title: str = ""
    readings: tuple[Offer, ...] = ()
    others: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceTitle:
    """How a source is named to a reader: its publisher ("" if unknown), its page's title, its address."""

    name: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Style:
    """How a subscription wants its entries.

    `summary_length` is the length, in characters, at which lead paragraphs are cut where `detail` is "summary".
    `order` is which of the entries owed together comes first. `preview`: the platform shows what the link leads to,
    where no picture is shown. `template` says in the chat's words what stands above the source's line; "": as usual.
    `long` is what becomes of a text that one message cannot hold: it is cut, or goes on in another. `reply`: an entry
    is sent as a reply to the message before it.
    `thread` keeps a page's entries together in a thread of its own, where the platform has threads. `publish` hands new
    entries on to the channels that follow this one, where the platform has announcement channels.
    """

    detail: Detail = "summary"
    images: ImageChoice = "first"
    author: bool = True
    time: bool = True
    label: bool = True
    silent: bool = False
    summary_length: int = 300
    preview: bool = False
    order: Order = "oldest"
    template: str = ""
    thread: bool = False
    publish: bool = False
    long: LongChoice = "cut"
    reply: bool = False


@dataclass(frozen=True, slots=True)
class Ping:
    """Whom a subscription calls: the platform's id of a role and its name, for entries that fit a filter's `words`."""

    role: str
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What people made of an entry for a chat that gets only what they let through; `chat` is that chat's title.

    `by` is who decided `at` that moment; "" where it had waited too long for anybody to do so.
    """

    chat: str
    made: DecisionMade
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where to deliver: one bot's view of one chat, and the topic or thread in it ("" for none)."""

    platform: Platform
    bot: str
    chat: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """A person on a platform, as the platform names them today."""

    id: str
    name: str = ""


def by_key(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return the entries by key; of two with one key (a pinned copy), the first on the page."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.key, entry)
    return found
