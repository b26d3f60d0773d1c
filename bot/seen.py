"""What came of fetching and reading a source, before it is compared with what is known. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from .compare import Comparison, Watched
from .model import Snapshot
from .ports import Fetched


@dataclass(frozen=True, slots=True)
class Seen:
    """No snapshot where the page is unchanged.

    `asked` is where it was read, `moved_to` the canonical address to which the page moved for good, "" if it did not.
    """

    fetched: Fetched
    snapshot: Snapshot | None
    asked: str
    moved_to: str = ""


def read_elsewhere(watched: Watched, last_ok_at: datetime | None) -> Watched:
    """Return what is known of a source whose entries may go by other keys from now on: nothing older is news."""
    if watched.baseline or last_ok_at is None:
        return watched
    return replace(watched, floor_at=max(filter(None, (watched.floor_at, last_ok_at))))


def shows_the_same(found: Comparison, snapshot: Snapshot | None) -> bool:
    """Whether a page that was redirected is the page that we know, and not its site's front page or today's other."""
    if snapshot is None:
        return True
    new = [change for change in found.changes if change.kind == "new" and change.entry in snapshot.entries]
    return not found.held and len(new) < len(snapshot.entries)


def joined(first: Snapshot, second: Snapshot) -> Snapshot:
    """Return two pages of one source as one snapshot."""
    below = (replace(entry, position=len(first.entries) + entry.position) for entry in second.entries)
    return replace(
        first,
        entries=(*first.entries, *below),
        next_page=second.next_page,
        whole=False,
        complete=first.complete and second.complete,
        withdrawn=first.withdrawn + second.withdrawn,
    )
