"""Finding again, in a chat's history, what a platform accepted and nobody heard of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from .message import Message
from .planner import NONCE_TRUSTED, Part
from .ports import Adapter, Clock, Done, Found, Outcome
from .store.outbox import Claim

# Clocks differ: what is looked for in a chat's history may seem a little older than our first try.
_CLOCK_MARGIN = timedelta(minutes=1)

Ours = Callable[[str, tuple[str, ...]], Awaitable[frozenset[str]]]


class Accepted(Protocol):
    """Writes down parts that one call got accepted: at once if more calls follow, else with the settlement."""

    def __call__(self, claim: Claim, *sent: Part, more: bool) -> Awaitable[None]:
        """Return when it is, or will be, on disk."""


class Finding:
    """Looks through one adapter; `accepted` writes down what was found, `ours` tells which message ids are known."""

    def __init__(self, adapter: Adapter, clock: Clock, *, accepted: Accepted, ours: Ours) -> None:
        self._adapter = adapter
        self._clock = clock
        self._accepted = accepted
        self._ours = ours

    def must_look(self, claim: Claim) -> bool:
        """Whether the platform may have forgotten the nonces that were tried."""
        tried_at = claim.owed.tried_at
        return self._adapter.can.history and tried_at is not None and self._clock.now() - tried_at > NONCE_TRUSTED

    async def look(self, claim: Claim, message: Message | None, part: Part) -> Outcome | None:
        """Look for a part whose answer was lost; None if it is not there."""
        since = (claim.owed.tried_at or self._clock.now()) - _CLOCK_MARGIN
        history = await self._adapter.history(claim.address, since)
        if not isinstance(history, tuple):
            return history
        known = await self._ours(claim.owed.chat, tuple(found.message_id for found in history))
        for found in history:
            if found.message_id not in known and _fits(found, message, part):
                return Done(found.message_id)
        return None

    async def recover(self, claim: Claim, message: Message, unheard: Sequence[Part]) -> tuple[Part, ...] | Outcome:
        """Look for several parts, write down those that are there, and return them; or what kept us from looking."""
        stand: list[Part] = []
        for part in unheard:
            where = await self.look(claim, message, part)
            if isinstance(where, Done):
                stand.append(replace(part, message_id=where.message_id, sent_at=self._clock.now()))
                await self._accepted(claim, stand[-1], more=True)
            elif where is not None:
                return where
        return tuple(stand)


def _fits(found: Found, message: Message | None, part: Part) -> bool:
    """Whether a message of ours, which no delivery knows, is this part: by its nonce, else by the entry it links to."""
    if found.nonce:
        return found.nonce == part.nonce
    return message is not None and bool(found.link) and (found.link, found.part) == (message.link, part.number)
