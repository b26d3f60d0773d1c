"""What waits for a bot until it asks: getUpdates with offset, timeout, allowed_updates and the one-poller rule."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from .refusal import Refusal

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "my_chat_member",
        "chat_member",
        "callback_query",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "poll",
        "poll_answer",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "purchased_paid_media",
        "managed_bot",
        "guest_message",
    }
)
UNASKED = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
"""What comes where a bot never said what it wants (the specification's words on allowed_updates)."""

LONGEST_POLL = 50.0
ANOTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
CONFLICT = f"Conflict: {ANOTHER_POLLER}"


class UpdateQueue:
    """One bot's updates. An update stays until a later offset confirms it, or until a webhook has taken it.

    `first` is the first update's id, `asked_for` are the kinds that the bot has named.
    """

    def __init__(self, first: int) -> None:
        self._next = first
        self._waiting: deque[dict[str, Any]] = deque()
        self._confirmed: list[dict[str, Any]] = []
        self._allowed = UNASKED
        self._poll: asyncio.Future[None] | None = None
        self._stirred = asyncio.Event()
        self.asked_for: list[str] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Add an update, unless the bot has said that it does not want this kind."""
        if kind not in self._allowed:
            return
        self._waiting.append({"update_id": self._next, kind: body})
        self._next += 1
        self.wake()
        self.stir()

    def wake(self) -> None:
        """End an open poll with what there is."""
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    def clear(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
        self._confirmed.clear()

    def unconfirm(self) -> None:
        """Let what was confirmed last wait again, as if the question that confirmed it had never come."""
        self._waiting.extendleft(reversed(self._confirmed))
        self._confirmed.clear()

    def allow(self, kinds: list[str]) -> None:
        """Change which kinds are kept from now on; an empty list means what comes unasked."""
        self._allowed = KINDS & set(kinds) if kinds else UNASKED
        self.asked_for = sorted(self._allowed) if kinds else []

    def interrupt(self, conflict: str = ANOTHER_POLLER) -> None:
        """End an open poll as another poller's request does: with 409."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(Refusal(409, f"Conflict: {conflict}"))

    # ── for a webhook ────────────────────────────────────────────────────────────────────────────────────────────

    def waiting(self) -> tuple[dict[str, Any], ...]:
        """Return what waits, oldest first."""
        return tuple(self._waiting)

    def forget(self, update_id: int) -> None:
        """Take away an update that a webhook has taken."""
        self._waiting = deque(update for update in self._waiting if update["update_id"] != update_id)

    def stir(self) -> None:
        """Let whoever brings updates to a webhook look again."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def stirred(self) -> None:
        """Wait until there may be something else to bring."""
        await self._stirred.wait()

    async def take(self, offset: int, limit: int, patience: float) -> list[dict[str, Any]]:
        """Confirm everything before `offset` and return what comes next, waiting up to `patience` seconds.

        A negative offset keeps only that many of the newest. Raises Refusal (409) when another poller asks.
        """
        self.interrupt()
        self._confirm(offset)
        if not self._waiting and patience > 0:
            await self._wait(min(patience, LONGEST_POLL))
        return [update for update in self._waiting if update["update_id"] >= offset][:limit]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        if self._waiting and self._waiting[0]["update_id"] < offset:
            self._confirmed.clear()
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._confirmed.append(self._waiting.popleft())

    async def _wait(self, patience: float) -> None:
        poll = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            async with asyncio.timeout(patience):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
