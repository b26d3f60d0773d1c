"""What a Snapshot says that we did not know: Changes, and marks on what is doubtful.

Pure. The rules are those of the design (docs/architecture.md, "The mirror"): removal needs proof (the source's own
word, or two looks), stale copies and returns to an earlier text need a second look, entries whose keys changed are
matched by time and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from .digest import digest, likeness, normal
from .horizon import horizon
from .languages import stored
from .model import END_KEY, SUMMARY_KEY, Entry, EntryKind, Snapshot, Status, by_key
from .richtext import RichText, join

# More than this many, and more than this share, vanishing at once is not a newsroom withdrawing entries.
MASS_COUNT, MASS_SHARE = 3, 1 / 5


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of an entry; `renamed`: `key` is one that it was matched to, not its own.

    `taken_down`: the operator took it down, and whatever the page shows of it is nothing.
    """

    id: int
    key: str
    kind: EntryKind
    revision: int
    digest: str
    previous_digest: str = ""
    headline: str = ""
    text: str = ""
    published_at: datetime | None = None
    missing_since: datetime | None = None
    held_at: datetime | None = None
    doubted_since: datetime | None = None
    removed_at: datetime | None = None
    taken_down: bool = False
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """What the store knows of a source. `baseline`: no snapshot of it was recorded yet."""

    baseline: bool
    status: Status = "unknown"
    floor_at: datetime | None = None
    modified_at: datetime | None = None
    stale_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A new, edited, removed or returned entry. `news` is False for what was on the page (or behind it) all along."""

    kind: Literal["new", "edited", "removed", "returned"]
    entry: Entry | None
    known: Known | None = None
    digest: str = ""
    news: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be recorded: changes, the new marks of known entries, keys that changed, and that did not after all.

    `held` says why removals are held back now ("" if none were). `stale`: the whole snapshot is an older copy that
    is not believed yet. `waiting_since`: what awaits a second look was first seen then. `refreshed` are entries that
    say the same as before, with what may silently differ (times, pins).
    """

    changes: tuple[Change, ...] = ()
    marks: tuple[Known, ...] = ()
    aliases: tuple[tuple[str, Known], ...] = ()
    unaliased: tuple[str, ...] = ()
    refreshed: tuple[tuple[Known, Entry], ...] = ()
    held: str = ""
    stale: bool = False
    waiting_since: datetime | None = None


def entries_of(snapshot: Snapshot, before: Status) -> tuple[Entry, ...]:
    """Return the entries, and as entries of their own kind the summary and, if it was not so `before`, the end."""
    found = list(by_key(snapshot.entries).values())
    if snapshot.summary:
        points = join("\n", (RichText("• ") + point for point in snapshot.summary))
        found.append(Entry(SUMMARY_KEY, "summary", snapshot.title, points, url=snapshot.url))
    if snapshot.status == "ended" and before != "ended":
        found.append(Entry(END_KEY, "end", snapshot.title, url=snapshot.url))
    return tuple(found)


def compare(
    snapshot: Snapshot,
    watched: Watched,
    known: Mapping[str, Known],
    nearby: Iterable[Known],
    *,
    now: datetime,
    removal_after: timedelta,
) -> Comparison:
    """Compare a snapshot with what is known.

    `known` are the entries whose keys (or earlier keys) the snapshot names, also as withdrawn; `nearby` the others, not
    removed, that were published at or after the snapshot's horizon, or at the time of one of its entries.
    """
    entries = entries_of(snapshot, watched.status)
    if watched.baseline:
        return Comparison(tuple(_new(entry, watched) for entry in entries if entry.kind != "end"))
    if _older(snapshot, watched) and not _believed(watched.stale_since, now, removal_after):
        return Comparison(stale=True, waiting_since=watched.stale_since or now)
    taken_back = _withdrawn(snapshot, known)
    ids = {one.id for one in taken_back}
    here = {key: one for key, one in known.items() if one.id not in ids}
    comparing = _Comparing(snapshot, watched, here, now, removal_after)
    comparing.changes.extend(Change("removed", None, one) for one in taken_back if not one.removed_at)
    return comparing.run(entries, [one for one in nearby if one.id not in ids])


def _withdrawn(snapshot: Snapshot, known: Mapping[str, Known]) -> list[Known]:
    """Return the known entries that the source says it took back: a word needs no second look, and no horizon."""
    shown = {known[entry.key].id for entry in snapshot.entries if entry.key in known}
    named = {known[key].id: known[key] for key in snapshot.withdrawn if key in known}
    return [one for one in named.values() if one.id not in shown and one.kind == "entry"]


def _older(snapshot: Snapshot, watched: Watched) -> bool:
    return bool(snapshot.modified_at and watched.modified_at and snapshot.modified_at < watched.modified_at)


def _believed(since: datetime | None, now: datetime, after: timedelta) -> bool:
    return since is not None and now - since >= after


def _new(entry: Entry, watched: Watched) -> Change:
    behind = bool(watched.floor_at and entry.published_at and entry.published_at <= watched.floor_at)
    return Change("new", entry, None, digest(entry), news=not (behind and entry.kind == "entry"))


class _Comparing:
    """One comparison under way: gathers changes and marks."""

    def __init__(
        self, snapshot: Snapshot, watched: Watched, known: dict[str, Known], now: datetime, after: timedelta
    ) -> None:
        self.snapshot, self.watched, self.known, self.now, self.after = snapshot, watched, known, now, after
        self.changes: list[Change] = []
        self.marks: list[Known] = []
        self.aliases: list[tuple[str, Known]] = []
        self.refreshed: list[tuple[Known, Entry]] = []
        self.waiting: list[datetime] = []
        self.held = ""

    def run(self, entries: tuple[Entry, ...], nearby: list[Known]) -> Comparison:
        unaliased = self._disentangle(entries)
        unknown = [entry for entry in entries if entry.key not in self.known]
        for entry in entries:
            if entry.key in self.known:
                self._seen(self.known[entry.key], entry)
        present = {known.id for known in self.known.values()}
        absent = [known for known in nearby if known.id not in present and known.kind == "entry"]
        absent, unknown = self._match(absent, unknown)
        self.changes.extend(_new(entry, self.watched) for entry in unknown)
        if self.snapshot.complete and self.snapshot.absence_tells:
            self._absent(absent)
        return Comparison(
            tuple(self.changes),
            tuple(self.marks),
            tuple(self.aliases),
            unaliased,
            tuple(self.refreshed),
            self.held,
            waiting_since=min(self.waiting, default=None),
        )

    def _disentangle(self, entries: tuple[Entry, ...]) -> tuple[str, ...]:
        """Leave each known entry one of the page's, and return the keys that were matched to it by mistake.

        Two that stand on the page together are not one; its own key goes before one that it was matched to.
        """
        mine: dict[int, Known] = {}
        for entry in entries:
            known = self.known.get(entry.key)
            if known and (known.id not in mine or not known.renamed):
                mine[known.id] = known
        mistaken = tuple(key for key, known in self.known.items() if mine.get(known.id) is not known)
        for key in mistaken:
            del self.known[key]
        return mistaken

    def _seen(self, known: Known, entry: Entry) -> None:
        if known.taken_down:
            return
        told = digest(entry)
        same = told == known.digest or entry.partial
        if known.kind == "end" or (same and not known.removed_at):
            self._present(known, entry)
        elif known.removed_at or told == known.previous_digest:
            self._doubt(known, entry, told)
        else:
            self.changes.append(Change("edited", entry, known, told))

    def _present(self, known: Known, entry: Entry) -> None:
        if known.missing_since or known.held_at or known.doubted_since:
            self.marks.append(replace(known, missing_since=None, held_at=None, doubted_since=None))
        if not entry.partial:
            self.refreshed.append((known, entry))

    def _doubt(self, known: Known, entry: Entry, told: str) -> None:
        """Believe an older text, or a removed entry that is back, only when it is seen again later."""
        if _believed(known.doubted_since, self.now, self.after):
            self.changes.append(Change("returned" if known.removed_at else "edited", entry, known, told))
            return
        self.waiting.append(known.doubted_since or self.now)
        if known.doubted_since is None:
            self.marks.append(replace(known, doubted_since=self.now, missing_since=None, held_at=None))

    def _match(self, absent: list[Known], unknown: list[Entry]) -> tuple[list[Known], list[Entry]]:
        """Find entries that go by a new key: always where keys are derived, else only where many change at once."""
        swapped = len(absent) > MASS_COUNT and len(unknown) > MASS_COUNT
        fits = [
            (score, -index, known, entry)
            for index, entry in enumerate(unknown)
            if entry.kind == "entry" and (entry.key_derived or swapped)
            for known in absent
            if (score := _likeness(known, entry) if entry.key_derived else float(_same_headline(known, entry))) > 0
        ]
        matched: set[int] = set()
        keys: set[str] = set()
        for _, _, known, entry in sorted(fits, key=lambda fit: fit[:2], reverse=True):
            if known.id in matched or entry.key in keys:
                continue
            matched.add(known.id)
            keys.add(entry.key)
            self.aliases.append((entry.key, known))
            self._seen(known, entry)
        return [k for k in absent if k.id not in matched], [e for e in unknown if e.key not in keys]

    def _absent(self, absent: list[Known]) -> None:
        edge = None if self.snapshot.whole else horizon(self.snapshot.entries)
        if not self.snapshot.entries or (edge is None and not self.snapshot.whole):
            return
        vanished = [
            known
            for known in absent
            if not known.held_at and known.published_at and (edge is None or known.published_at > edge)
        ]
        present = len({entry.key for entry in self.snapshot.entries})
        if len(vanished) > MASS_COUNT and len(vanished) > MASS_SHARE * (present + len(vanished)):
            at_once = stored("{count} of {all} entries vanished at once")
            self.held = at_once.format(count=len(vanished), all=present + len(vanished))
            self.marks.extend(replace(known, held_at=self.now) for known in vanished)
            return
        for known in vanished:
            self._missing(known)

    def _missing(self, known: Known) -> None:
        if _believed(known.missing_since, self.now, self.after):
            self.changes.append(Change("removed", None, known))
            return
        self.waiting.append(known.missing_since or self.now)
        if known.missing_since is None:
            self.marks.append(replace(known, missing_since=self.now))


def _likeness(known: Known, entry: Entry) -> float:
    same_time = known.published_at is not None and known.published_at == entry.published_at
    return likeness((known.headline, known.text), (entry.headline or "", entry.body.text), same_time=same_time)


def _same_headline(known: Known, entry: Entry) -> bool:
    """Whether two entries with ids of their own are one under a new id: only if time and headline are the same.

    Their words may be alike and they are two all the same: to take two for one would lose an entry.
    """
    headline = normal(entry.headline or "").casefold()
    return known.published_at == entry.published_at and bool(headline) and normal(known.headline).casefold() == headline
