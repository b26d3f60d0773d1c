"""What can go wrong, drawn as a tree; a class exists where some caller treats it differently.

    LiveRelayError
    ├── UsageError           the arguments of the command line are wrong
    ├── SettingsError        the operator must change a setting
    ├── DatabaseError        the operator must look after the database
    ├── AdapterError         a platform cannot be used at all (a wrong token, say)
    │   └── AdapterUnreachable   it cannot be asked just now; trying again may help
    ├── CommandError         the person who typed a command must do something else
    │   ├── Stranger         they may not use the bot at all
    │   └── Mistake          at one place of what they typed, which can be pointed at
    ├── SourceError          a page could not be had or understood
    │   ├── FetchError       it did not arrive; trying again later may help
    │   │   ├── FetchRefused     we never ask for this: private address, robots.txt, a denied host
    │   │   └── PageGone         the server says that it is not there (404, 410)
    │   └── UnreadablePage   it arrived, and no reader can make a Snapshot of it
    └── LeaseLost            another process holds what we held; stop using it

Every message is one sentence for the person who must act; the facts are attributes.
"""

from __future__ import annotations

from datetime import timedelta

from .languages import N_, _
from .model import Offer


class LiveRelayError(Exception):
    """The root of the tree; its text is one sentence that may be shown to a person."""


class UsageError(LiveRelayError):
    """The arguments of the command line are wrong, or name a file that is not there."""


class SettingsError(LiveRelayError):
    """The operator must change something."""

    def __init__(self, key: str, problem: str, hint: str = "") -> None:
        super().__init__(f"{key}: {problem}." + (f" {hint}" if hint else ""))
        self.key = key
        self.problem = problem
        self.hint = hint


class DatabaseError(LiveRelayError):
    """The database cannot be used as it is: newer than the program, read-only, full, corrupt, locked."""


class AdapterError(LiveRelayError):
    """A platform cannot be used at all until the operator acts."""


class AdapterUnreachable(AdapterError):
    """A platform cannot be asked just now: no network, an outage, too many requests."""


class CommandError(LiveRelayError):
    """Says to the person who typed a command why it was not done and what to do instead."""


_AT_A_PLACE = {
    "filter": N_("That filter goes wrong at character {character}, “{rest}”: {problem}."),
    "style": N_("That style goes wrong at character {character}, “{rest}”: {problem}."),
    "template": N_("That template goes wrong at character {character}, “{rest}”: {problem}."),
}
_AT_THE_END = {
    "filter": N_("That filter goes wrong at its end: {problem}."),
    "style": N_("That style goes wrong at its end: {problem}."),
    "template": N_("That template goes wrong at its end: {problem}."),
}


class Stranger(CommandError):
    """Whoever gave the command may not use the bot; told once a day, so that nobody can make it flood a chat."""


class Mistake(CommandError):
    """Something typed cannot be understood: `what` ("filter") goes wrong at `place` (from 0) of `typed`.

    `problem` is a clause without a full stop, `hint` a sentence that says what to write instead, where that is known.
    """

    def __init__(self, what: str, typed: str, place: int, problem: str, hint: str = "") -> None:
        rest = typed[place : place + 20] + ("…" if len(typed) > place + 20 else "")
        sentences = _AT_A_PLACE if rest else _AT_THE_END
        wrong = _(sentences[what]).format(character=place + 1, rest=rest, problem=problem)
        super().__init__(f"{wrong} {hint}".rstrip())
        self.what = what
        self.typed = typed
        self.place = place
        self.problem = problem
        self.hint = hint


class SourceError(LiveRelayError):
    """A page could not be had or understood."""


class FetchError(SourceError):
    """The page did not arrive; trying again later may help.

    `retry_after` is what the server asked for (Retry-After), if it did; `status` the HTTP status, if one came.
    """

    def __init__(self, message: str, *, status: int | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class FetchRefused(FetchError):
    """We do not ask for this at all: a private address, a forbidden port, robots.txt, a host the operator denies."""


class PageGone(FetchError):
    """The server says that the page is not there (404 or 410)."""


class UnreadablePage(SourceError):
    """The page arrived, and no reader can make a Snapshot of it. `offers`: what it names to follow instead."""

    def __init__(self, message: str, offers: tuple[Offer, ...] = ()) -> None:
        super().__init__(message)
        self.offers = offers


class LeaseLost(LiveRelayError):
    """Another process holds what we held (a bot token's sender lease, a source's lease)."""
