"""A database, a clock, pages that can be looked at and a chat that hears answers: what commands are given in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.commands import CommandLimits, Commands
from bot.errors import FetchError, SourceError
from bot.exploring import Explored
from bot.message import Message
from bot.model import Address, Entry, Platform, Snapshot, User
from bot.ports import Answer, Capabilities, Command, Done, Found, Inbox, Outcome, Sent, Ways
from bot.store.engine import Database

from ..rows import NOON, PAGE

ANNA, BORIS = User("1", "Anna"), User("2", "Boris")
CODE = "claim-me-please"
WAY = "https://t.me/relay_bot"
_ids = count(1)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


class Chat:
    """A platform that only hears answers; `outcomes` are what it says to the next ones, then Done."""

    def __init__(self, platform: Platform = "telegram") -> None:
        self.platform = platform
        self.bot = "7"
        self.can = Capabilities(idempotent_send=False, history=False)
        self.heard: list[str] = []
        self.outcomes: list[Outcome] = []
        self.ways = Ways(f"{WAY}?startgroup", f"{WAY}?startchannel", WAY) if platform == "telegram" else Ways()

    async def reply(self, command: Command, answer: Answer) -> Outcome:
        self.heard.append(answer.text.text)
        return self.outcomes.pop(0) if self.outcomes else Done("1")

    async def connect(self) -> None: ...

    async def listen(self, inbox: Inbox) -> None: ...

    def parts(self, message: Message) -> tuple[str, ...]:
        return ("text",)

    def can_edit(self, shown: str, wanted: str) -> bool:
        return True

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:
        return Done("1")

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:
        return Done()

    async def remove(self, address: Address, sent: Sent) -> Outcome:
        return Done()

    async def pin(self, address: Address, sent: Sent, *, pinned: bool) -> Outcome:
        return Done()

    async def history(self, address: Address, since: datetime) -> tuple[Found, ...] | Outcome:
        return ()

    async def close(self) -> None: ...


def a_page(url: str = PAGE, title: str = "Storm", entries: int = 4, **values: Any) -> Snapshot:
    """Return what a look at a live page brings."""
    told = tuple(Entry(key=f"e{number}", headline=f"Entry {number}") for number in range(entries))
    return Snapshot(url=url, reader="test", title=title, status="live", source_name="News", entries=told, **values)


@dataclass
class World:
    """Everything around the commands. `say` is a person in a chat; who says nothing of it is an admin of a group."""

    database: Database
    limits: CommandLimits = field(default_factory=lambda: CommandLimits(access_open=True))
    clock: Clock = field(default_factory=Clock)
    chats: list[Chat] = field(default_factory=lambda: [Chat()])
    pages: dict[str, Snapshot | Explored | SourceError] = field(default_factory=lambda: {PAGE: a_page()})
    looked_at: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Let everything that is only in memory be forgotten."""
        self.commands = Commands(
            self.database,
            adapters=self.chats,
            clock=self.clock,
            probe=self.probe,
            limits=self.limits,
            claim_code=CODE,
            wake_poller=lambda: self.woken.append("poller"),
            wake_dispatcher=lambda: self.woken.append("dispatcher"),
        )

    async def probe(self, url: str) -> Explored:
        self.looked_at.append(url)
        found = self.pages.get(url, FetchError(f"There is nothing at {url}.", status=404))
        if isinstance(found, SourceError):
            raise found
        return found if isinstance(found, Explored) else Explored(url, found)

    async def say(self, text: str, user: User = ANNA, **where: Any) -> str:
        """Give a command and return the answer's text."""
        return (await self.answer(text, user, **where)).text.text

    async def answer(self, text: str, user: User = ANNA, **where: Any) -> Answer:
        """Give a command and return the answer."""
        return await self.commands.answer(a_command(text, user, **where))

    async def work(self) -> int:
        """Do all that waits, and return how much that was."""
        done = 0
        while await self.commands.work_once():
            done += 1
        return done

    @property
    def heard(self) -> Sequence[str]:
        """The answers that the first chat heard."""
        return self.chats[0].heard


def a_command(
    text: str,
    user: User = ANNA,
    *,
    chat: str = "-100",
    thread: str = "",
    platform: Platform = "telegram",
    **values: Any,
) -> Command:
    """Return a command as an adapter hands it over."""
    name, _, arguments = text.removeprefix("/").partition(" ")
    given = {"chat_kind": "group", "chat_title": "Desk", "is_admin": True, **values}
    return Command(
        id=str(next(_ids)),
        address=Address(platform, "7", chat, thread),
        user=user,
        name=name,
        arguments=arguments,
        **given,
    )
