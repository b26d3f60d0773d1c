"""A page server and a chat platform that fail as real ones do, for stories that are played in one process."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.errors import FetchError
from bot.message import Message
from bot.model import Address, Entry, Page, Snapshot
from bot.ports import Fetched, Outcome, Sent, Validators
from tests.mirror.world import ManualClock, ScriptedChats, ScriptedPage

_VERSION = re.compile(r"(e\d+) v(\d+)")


@dataclass
class FaultyPage(ScriptedPage):
    """Serves what the newsroom wrote, but for the next look as `trouble` says."""

    trouble: str = "well"
    copies: list[tuple[list[Entry], datetime]] = field(default_factory=list)
    served: dict[tuple[str, int], int] = field(default_factory=dict)
    """Which look was the first that showed a version of an entry."""
    looks: int = 0
    early: set[str] = field(default_factory=set)

    def published(self) -> None:
        """Keep a copy of what stands on the page now, as a cache does."""
        self.modified_at = self.clock.now()
        self.copies.append((list(self.entries), self.modified_at))

    async def fetch(self, url: str, known: Validators | None = None) -> Fetched:
        if self.trouble == "down":
            self.trouble = "well"
            raise FetchError("news.example answers 503.")
        if self.trouble == "unchanged" and known and known.body_hash:
            self.trouble = "well"
            return Fetched(None, known, self.clock.now())
        return await super().fetch(url, known)

    def read(self, page: Page) -> Snapshot:
        trouble, self.trouble = self.trouble, "well"
        mine = (self.entries, self.modified_at, self.complete)
        try:
            if trouble == "cut":
                self.entries, self.complete = self.entries[: len(self.entries) // 2], False
            elif trouble == "flicker" and len(self.entries) > 1:
                self.entries = self.entries[1:]
            elif trouble == "older" and len(self.copies) > 3:
                self.entries, self.modified_at = self.copies[-3]
            elif trouble == "reverted" and len(self.copies) > 3:
                self.entries = self.copies[-3][0]
            self._count()
            return super().read(page)
        finally:
            self.entries, self.modified_at, self.complete = mine

    def seen_late(self) -> set[str]:
        """The entries that were first shown after a later one of the same minute, or one that came before its time.

        Nobody could tell, when the later one was seen, that another would come before it.
        """
        first: dict[str, int] = {}
        for (key, _version), look in self.served.items():
            first[key] = min(look, first.get(key, look))
        minutes = {entry.key: entry.published_at for copy, _ in self.copies for entry in copy}
        return {
            key
            for key, look in first.items()
            if any(
                int(other[1:]) > int(key[1:])
                and earlier < look
                and (other in self.early or _same_minute(minutes.get(key), minutes.get(other)))
                for other, earlier in first.items()
            )
        }

    def _count(self) -> None:
        self.looks += 1
        for entry in self.entries:
            if entry.published_at and entry.published_at > self.clock.now():
                self.early.add(entry.key)
            for key, version in _VERSION.findall(entry.body.text)[:1]:
                self.served.setdefault((key, int(version)), self.looks)


def _same_minute(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one.replace(second=0) == other.replace(second=0)


class FaultyChats(ScriptedChats):
    """Remembers which versions of an entry it ever showed, in order; `asleep` happens while a call is under way."""

    def __init__(self, clock: ManualClock, note: Callable[[str], None], **can: Any) -> None:
        super().__init__(clock, **can)
        self.note = note
        self.versions: dict[str, list[int]] = {}
        self.keys: dict[str, str] = {}
        self.removed: set[str] = set()

    def find(self, key: str) -> list[str]:
        """The ids of the messages that show an entry."""
        return [shown.id for shown in self.chats.get("chat", []) if f"{key} v" in shown.text]

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:
        before = self._next
        try:
            return await super().send(address, message, part, nonce)
        finally:
            if self._next > before:
                self._showed("sends", self._text(message, part))
                self.keys[str(self._next)] = message.headline.removeprefix("Headline ")

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:
        shown = self._find(address, sent)
        before = shown.edits if shown else 0
        try:
            return await super().edit(address, sent, message, part)
        finally:
            if shown and shown.edits > before:
                self._showed("edits", self._text(message, part))

    async def remove(self, address: Address, sent: Sent) -> Outcome:
        self.note(f"bot removes message {sent.message_id}")
        self.removed.add(self.keys.get(sent.message_id, ""))
        return await super().remove(address, sent)

    def _showed(self, deed: str, text: str) -> None:
        self.note(f"bot {deed} {text!r}")
        for key, version in _VERSION.findall(text)[:1]:
            self.versions.setdefault(key, []).append(int(version))


DISCORD: dict[str, Any] = {"idempotent_send": True, "history": True}
TELEGRAM: dict[str, Any] = {"removes_until": timedelta(hours=48)}
