"""A chat platform that does what it is told, answers as a test wishes, and remembers what it ever accepted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.message import Message
from bot.model import Address
from bot.model import Platform as Named
from bot.ports import (
    Answer,
    Capabilities,
    Clock,
    Command,
    Done,
    Failed,
    Found,
    Gone,
    Inbox,
    Later,
    Moved,
    Outcome,
    Refused,
    Sent,
    Unsure,
)

How = Literal[
    "done", "later_delivery", "later_chat", "later_bot", "failed", "failed_platform", "lost_before", "lost_after",
    "refused_message", "refused_act", "refused_chat", "deleted_by_people", "cut_before", "cut_after", "deaf",
]  # fmt: skip
ANSWERS: tuple[How, ...] = (
    "done", "done", "done", "later_delivery", "later_chat", "later_bot", "failed", "failed_platform", "lost_before",
    "lost_after", "refused_message", "refused_act", "refused_chat", "deleted_by_people",
)  # fmt: skip

# A nonce is remembered for so long (Discord: "the past few minutes").
REMEMBERED = timedelta(minutes=3)
LINES_PER_PART = 4


class Cut(BaseException):
    """The process ends in the middle of a call."""


@dataclass
class Standing:
    """A message as it stands in a chat."""

    id: str
    text: str
    nonce: str
    link: str
    part: int
    sent_at: datetime
    pinned: bool = False


class Platform:
    """The adapter of one bot; `how` is how the next call goes. More than four lines take several messages."""

    platform: Named = "terminal"
    bot = "bot"

    def __init__(self, clock: Clock, can: Capabilities) -> None:
        self.can = can
        self.clock = clock
        self.how: How = "done"
        self.chats: dict[tuple[str, str], list[Standing]] = defaultdict(list)
        self.moved: dict[str, str] = {}
        self.accepted: set[str] = set()
        self.unheard: Counter[str] = Counter()
        self._count = 0

    def parts(self, message: Message) -> tuple[str, ...]:
        return ("text",) * max(1, -(-(message.body.text.count("\n") + 1) // LINES_PER_PART))

    def can_edit(self, shown: str, wanted: str) -> bool:
        return True

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:
        text = _text(message, part)
        chat = self.chats[address.chat, address.thread]

        def do() -> Outcome:
            if self.can.idempotent_send:
                for standing in chat:
                    if standing.nonce == nonce and self.clock.now() - standing.sent_at < REMEMBERED:
                        return Done(standing.id)
            self._count += 1
            chat.append(Standing(str(self._count), text, nonce, message.link, part, self.clock.now()))
            self.accepted.add(text)
            if self.how != "done":
                self.unheard[text] += 1
            return Done(str(self._count))

        return self._answer(address, do)

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:
        def do() -> Outcome:
            standing = self._find(address, sent)
            if standing is None:
                return Gone("message to edit not found")
            standing.text = _text(message, part)
            self.accepted.add(standing.text)
            return Done(sent.message_id)

        return self._answer(address, do, sent)

    async def remove(self, address: Address, sent: Sent) -> Outcome:
        def do() -> Outcome:
            standing = self._find(address, sent)
            if standing is None:
                return Gone("message to delete not found")
            self.chats[address.chat, address.thread].remove(standing)
            return Done()

        return self._answer(address, do, sent)

    async def pin(self, address: Address, sent: Sent, *, pinned: bool) -> Outcome:
        def do() -> Outcome:
            standing = self._find(address, sent)
            if standing is None:
                return Gone("message not found")
            standing.pinned = pinned
            return Done()

        return self._answer(address, do, sent)

    async def history(self, address: Address, since: datetime) -> tuple[Found, ...] | Outcome:
        chat = self.chats[address.chat, address.thread]
        return tuple(Found(m.id, m.sent_at, m.nonce, m.link, part=m.part) for m in chat if m.sent_at >= since)

    def _find(self, address: Address, sent: Sent) -> Standing | None:
        chat = self.chats[address.chat, address.thread]
        return next((standing for standing in chat if standing.id == sent.message_id), None)

    def _answer(self, address: Address, do: Callable[[], Outcome], sent: Sent | None = None) -> Outcome:
        """Do it or not, and say so or not; how it went holds for one call, all after it go well."""
        if address.chat in self.moved:
            return Moved(self.moved[address.chat])
        how = self.how
        if how in _SAID:
            self.how = "done"
            return _SAID[how]
        if how == "deaf":
            return Done("0")
        if how == "cut_before":
            raise Cut
        if how == "deleted_by_people" and sent is not None:
            chat = self.chats[address.chat, address.thread]
            chat[:] = [standing for standing in chat if standing.id != sent.message_id]
        result = do()
        self.how = "done"
        if how == "cut_after":
            raise Cut
        return Unsure("the answer was lost") if how == "lost_after" else result

    async def connect(self) -> None: ...

    async def listen(self, inbox: Inbox) -> None: ...

    async def reply(self, command: Command, answer: Answer) -> Outcome:
        return Done()

    async def close(self) -> None: ...


_SAID: dict[How, Outcome] = {
    "later_delivery": Later(timedelta(seconds=30), "delivery"),
    "later_chat": Later(timedelta(seconds=30)),
    "later_bot": Later(timedelta(seconds=30), "bot"),
    "failed": Failed("it did not work"),
    "failed_platform": Failed("no network", platform_wide=True),
    "lost_before": Unsure("the answer was lost"),
    "refused_message": Refused("too long", "message"),
    "refused_act": Refused("not this one", "act"),
    "refused_chat": Refused("thrown out", "chat"),
}


def _text(message: Message, part: int) -> str:
    lines = message.body.text.split("\n")[part * LINES_PER_PART : (part + 1) * LINES_PER_PART]
    return "\n".join([message.headline, *lines] if part == 0 else lines)
