"""What a delivery needs next: its place, its act, a digest. Pure; what an answer makes of it is in `settling`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Literal

from .model import Entry
from .ports import Capabilities

Act = Literal["send", "edit", "remove", "notice", "pin"]
Policy = Literal["repeat", "skip"]
State = Literal["due", "claimed", "settled", "unsure", "dead", "gone", "told", "ended"]

# A nonce sent again within this time makes no second message (Discord: "the past few minutes"); later we look first.
NONCE_TRUSTED = timedelta(minutes=2)
# More first sends than this, late or after a pause, become one digest; this many are still sent in full.
DIGEST_ABOVE, DIGEST_KEEPS = 10, 3
LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Part:
    """A platform message of a delivery; `message_id` is None until the platform accepted it.

    `leaving`: we began to take it away, and have not heard whether it went. With a `sent_at` and no `message_id` it may
    stand in the chat since then: nobody heard of it, and the chat prefers that it is not sent again.
    """

    number: int
    generation: int
    nonce: str
    chat: str
    kind: str
    message_id: str | None = None
    sent_at: datetime | None = None
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """A claimed delivery, as far as deciding needs it.

    `act` is the stored one, if an earlier attempt left it behind; `tried_revision` and `tried_at` belong to it. `chat`
    is the platform chat of today: parts sent elsewhere (before a move) are frozen. `in_thread`: it stands, or will, in
    the thread of its page. `wording_wanted` counts changes of what is said beside the entry's own words. `for_review`:
    people are asked to decide on it, and must not wonder where it went.
    """

    wanted: int
    shown: int
    parts: tuple[Part, ...]
    chat: str
    act: Act | None = None
    tried_revision: int | None = None
    tried_at: datetime | None = None
    failing_since: datetime | None = None
    attempts: int = 0
    form: int = 0
    generation: int = 0
    pin_wanted: int = 0
    pin_shown: int = 0
    in_thread: bool = False
    wording_wanted: int = 0
    wording_shown: int = 0
    for_review: bool = False

    @property
    def reworded(self) -> bool:
        """Whether the message that stands must say something else beside its entry's own words."""
        return self.wording_wanted != self.wording_shown and bool(self.shown)

    @property
    def accepted(self) -> tuple[Part, ...]:
        """The platform messages that stand in today's chat, in order."""
        return tuple(part for part in self.parts if part.message_id and part.chat == self.chat and not part.leaving)

    @property
    def leaving(self) -> tuple[Part, ...]:
        """The platform messages of today's chat whose removal was begun and is to be finished."""
        return tuple(part for part in self.parts if part.leaving and part.chat == self.chat)

    @property
    def frozen(self) -> bool:
        """Whether what is shown stands in a chat that this one was moved from."""
        return any(part.message_id and part.chat != self.chat for part in self.parts)


def order(entry: Entry, seen_at: datetime) -> tuple[float, int]:
    """Return what entries seen together are put in order by: time, then from the bottom of the page up."""
    return _moment(entry, seen_at).timestamp(), -entry.position


def rank(entry: Entry, seen_at: datetime, sequence: int) -> int:
    """Return the place of an entry in a chat: by min(published, first seen), then by when it was first seen.

    Pages tell times to the minute; of two entries of one minute the one that came in an earlier poll goes first.
    """
    return int(_moment(entry, seen_at).timestamp()) * 1_000_000 + min(sequence, 999_999)


def _moment(entry: Entry, seen_at: datetime) -> datetime:
    return min(entry.published_at or seen_at, seen_at)


def becomes_digest(owed: int, oldest: datetime, now: datetime, *, asked: bool) -> bool:
    """Whether what is owed to a subscription is told as one digest: much of it, and late or after a pause (`asked`)."""
    return owed > DIGEST_ABOVE and (asked or now - oldest > LATE)


def next_act(
    owed: Owed,
    can: Capabilities,
    *,
    now: datetime,
    kinds: tuple[str, ...] = (),
    can_edit: Callable[[str, str], bool] = lambda *_: True,
    is_last: bool = False,
) -> Act | None:
    """Return what to do to make the chat show what is wanted; None if that is nothing.

    `kinds` are the platform messages that the wanted text takes; `is_last`: nothing stands below it in its chat, so it
    can be replaced where the platform cannot edit one kind into another.
    """
    # An edit may be tried again at any time, so a stored one gives way to what is wanted now; nothing else does.
    # Nor is anything there to be pinned where the chat was moved away from what it shows.
    if owed.act and owed.act != "edit" and not (owed.act == "pin" and not owed.accepted):
        return owed.act
    if owed.frozen and not owed.accepted:
        return None
    if owed.wanted != owed.shown:
        if not owed.wanted:
            return _removal(owed, can, now)
        if not owed.accepted:
            return "send"
        return "remove" if is_last and not _editable(owed, kinds, can_edit) else "edit"
    return _aside(owed)


def _aside(owed: Owed) -> Act | None:
    """Return what is left to do where the entry's own words stand as they should."""
    if owed.reworded and owed.accepted:
        return "edit"
    return "pin" if owed.shown and owed.pin_wanted != owed.pin_shown else None


def _editable(owed: Owed, kinds: tuple[str, ...], can_edit: Callable[[str, str], bool]) -> bool:
    """Whether every part can become what is wanted of it, missing ones be added and others taken away."""
    shown = (part.kind for part in owed.accepted)
    return all(can_edit(was, becomes) for was, becomes in zip_longest(shown, kinds, fillvalue=""))


def _removal(owed: Owed, can: Capabilities, now: datetime) -> Act | None:
    if not owed.accepted:
        return None
    oldest = min(part.sent_at or now for part in owed.accepted)
    # A minute of margin: the platform's clock decides, not ours.
    too_old = can.removes_until is not None and now - oldest > can.removes_until - timedelta(minutes=1)
    return "notice" if too_old or owed.for_review else "remove"
