"""What the operator is told of, and in which words. Pure.

A trouble is something that lasts and that only the operator can mend. Which there are is decided anew at every look,
from what is found; what was told before decides only whether it is told one by one or together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from .languages import stored
from .model import Entry
from .richtext import RichText

Kind = Literal["source", "sources", "sender", "disk", "dead", "database", "token"]
KINDS: tuple[Kind, ...] = get_args(Kind)

ONE_BY_ONE = 3
"""So many pages that fail are told one by one; those beyond are told together, so that an outage is one message."""
SLOW = timedelta(seconds=2)
SLOW_LOOKS = 3
"""A transaction that does nothing takes this long at so many looks in a row: then the database is slow."""
SOON_AGAIN = timedelta(hours=1)
"""What comes back within this is the same trouble: its first message says so, and nothing rings."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that the operator should look at. The same `key` is the same trouble.

    `headline` and `body` say what and what to do, `over` that it has ended; `url` is the page that it concerns.
    """

    key: str
    kind: Kind
    headline: str
    body: str
    over: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Failing:
    """A page that cannot be read, and why."""

    url: str
    title: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Stuck:
    """Chats of a platform that are owed something that nothing holds, and are not served, since then."""

    platform: str
    chats: int
    owed: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Disk:
    """The room where the database lies, in bytes, and how much of it should be left at least."""

    free: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Signs:
    """What one look found. `failing` are the pages that fail longest, of so many `all_failing`.

    `slow` counts the looks in a row at which the database was slow; `rejected` says why a platform does not let its
    bot in.
    """

    failing: Sequence[Failing] = ()
    all_failing: int = 0
    stuck: Sequence[Stuck] = ()
    disk: Disk | None = None
    dead: int = 0
    slow: int = 0
    rejected: Sequence[tuple[str, str]] = ()


def troubles(signs: Signs, active: Collection[str]) -> list[Trouble]:
    """Return what the operator should know now; `active` are the keys of what was told and has not ended."""
    found = [*_pages(signs, active), *map(_stuck, signs.stuck), *(_rejected(*each) for each in signs.rejected)]
    if signs.disk is not None and _is_short(signs.disk, again="disk" in active):
        found.append(_disk(signs.disk))
    if signs.dead:
        found.append(_dead(signs.dead))
    if signs.slow >= SLOW_LOOKS or (signs.slow and "database" in active):
        found.append(_slow())
    return found


def _pages(signs: Signs, active: Collection[str]) -> Iterator[Trouble]:
    """Tell pages one by one while they are few; what was told so stays so until it ends."""
    told = [each for each in signs.failing if _page_key(each) in active]
    fresh = [each for each in signs.failing if _page_key(each) not in active]
    room = max(0, ONE_BY_ONE - len(told))
    together = "sources" in active or signs.all_failing - len(told) > room
    yield from map(_page, [*told, *(() if together else fresh)])
    if together and (rest := signs.all_failing - len(told)) > 0:
        yield _many(rest)


def _page_key(failing: Failing) -> str:
    return f"source:{failing.url}"


def _page(failing: Failing) -> Trouble:
    page = failing.title or failing.url
    return Trouble(
        _page_key(failing),
        "source",
        stored("A page cannot be read: {page}").format(page=page),
        f"{failing.why} {stored('It is tried again and again; open it yourself to see whether it is still there.')}",
        stored("A page can be read again: {page}").format(page=page),
        failing.url,
    )


def _many(count: int) -> Trouble:
    return Trouble(
        "sources",
        "sources",
        stored("Many pages cannot be read"),
        stored("{count} pages fail at once; is this machine online? `liverelay sources --failing` lists them.").format(
            count=count
        ),
        stored("The many pages that failed at once can be read again"),
    )


def _stuck(stuck: Stuck) -> Trouble:
    platform = stuck.platform.capitalize()
    return Trouble(
        f"sender:{stuck.platform}",
        "sender",
        stored("Messages do not get out on {platform}").format(platform=platform),
        stored(
            "{owed} have waited in {chats} chats since {since} UTC though nothing holds them. The log says why, and "
            "`liverelay deliveries` lists them."
        ).format(owed=stuck.owed, chats=stuck.chats, since=f"{stuck.since:%H:%M}"),
        stored("Messages get out on {platform} again").format(platform=platform),
    )


def _rejected(platform: str, why: str) -> Trouble:
    return Trouble(
        f"token:{platform}",
        "token",
        stored("{platform} does not let the bot in").format(platform=platform.capitalize()),
        f"{why} {stored('The program stops until that is mended.')}",
        stored("{platform} lets the bot in again").format(platform=platform.capitalize()),
    )


def _is_short(disk: Disk, *, again: bool) -> bool:
    """Once told, a little more room must be there before it is over."""
    return disk.free < disk.wanted * (1.5 if again else 1)


def _disk(disk: Disk) -> Trouble:
    return Trouble(
        "disk",
        "disk",
        stored("The disk is nearly full"),
        stored(
            "Less than {megabytes} MB are left where the database lies. When none is left the program stops; what is "
            "recorded by then is not lost."
        ).format(megabytes=disk.wanted // 1_000_000),
        stored("There is room on the disk again"),
    )


def _dead(count: int) -> Trouble:
    return Trouble(
        "dead",
        "dead",
        stored("Deliveries were given up"),
        stored(
            "Dead letters: {count}. `liverelay deliveries --dead` says why, and `liverelay replay` tries them again."
        ).format(count=count),
        stored("No delivery is given up any more"),
    )


def _slow() -> Trouble:
    return Trouble(
        "database",
        "database",
        stored("The database is slow"),
        stored(
            "It takes more than {seconds} s for nothing. Something else may hold it, or the disk is busy; senders "
            "lose their lease when it gets worse."
        ).format(seconds=f"{SLOW.total_seconds():g}"),
        stored("The database answers in time again"),
    )


# ── in words ─────────────────────────────────────────────────────────────────────────────────────────────────────


def begun(trouble: Trouble, since: datetime) -> Entry:
    """Return the message that a trouble is told by; given again with other words it is an edit of it."""
    return _note(trouble, _note_key(trouble.key, since), trouble.headline, trouble.body, since)


def ended(trouble: Trouble, since: datetime, now: datetime) -> tuple[Entry, Entry]:
    """Return what becomes of that message once it is over, and the one that says so anew."""
    lasted = stored("It lasted from {since} to {now} UTC.").format(since=_at(since, now), now=_at(now, now))
    key = _note_key(trouble.key, since)
    edited = _note(trouble, key, trouble.over, lasted, since)
    return edited, _note(trouble, f"{key}:over:{now:%Y%m%dT%H%M%S}", trouble.over, lasted, now)


def _note(trouble: Trouble, key: str, headline: str, body: str, at: datetime) -> Entry:
    return Entry(key, "note", headline, RichText(body), published_at=at, url=trouble.url)


def _note_key(key: str, since: datetime) -> str:
    return f"{key}@{since:%Y%m%dT%H%M%S}"


def _at(moment: datetime, now: datetime) -> str:
    """Return the time, with the day where that is another."""
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M}"
