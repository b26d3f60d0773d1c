"""The real core and the real store between a scripted page, scripted chats and a clock that only tests move."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, true, update

from bot.cadence import Limits
from bot.dispatcher import Dispatcher, Sending
from bot.errors import FetchError
from bot.message import Message
from bot.model import Address, ChatKind, Entry, Flag, Image, Offer, Offers, Page, Platform, Snapshot, Status
from bot.poller import Poller
from bot.ports import (
    Alert,
    Answer,
    Capabilities,
    Command,
    Done,
    Fetched,
    Found,
    Gone,
    Inbox,
    Outcome,
    Sent,
    Unsure,
    Validators,
)
from bot.richtext import RichText
from bot.store import chats, deciding, pausing, schedules, senders, sources
from bot.store.engine import Database
from bot.store.schema import chat, delivery, source, subscription
from bot.store.sources import SourceState
from bot.watch import Unwatched, Watch

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
URL = "https://news.example/live/lighthouse"
PLATFORM: Platform = "terminal"


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        """Return the moment the test chose."""
        return self.time


@dataclass
class ScriptedPage:
    """What the newsroom publishes; `fail` is raised instead, once; `unchanged` answers 304 to conditional requests."""

    clock: ManualClock
    entries: list[Entry] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    status: Status = "live"
    next_pages: list[list[Entry]] = field(default_factory=list)
    modified_at: datetime | None = None
    whole: bool = True
    complete: bool = True
    absence_tells: bool = True
    withdrawn: tuple[str, ...] = ()
    moved_to: str = ""
    successor: str = ""
    fail: FetchError | None = None
    unchanged: bool = False
    readings: tuple[Offer, ...] = ()
    asked: list[tuple[str, bool]] = field(default_factory=list)

    async def fetch(self, url: str, known: Validators | None = None) -> Fetched:
        """Answer as a server would; the body only names the page, the reader below knows what it shows."""
        self.asked.append((url, bool(known and known.body_hash)))
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        now = self.clock.now()
        if self.unchanged and known and known.body_hash:
            return Fetched(None, known, now, moved_to=self.moved_to)
        return Fetched(Page(url.encode(), url, now), Validators(body_hash="something"), now, moved_to=self.moved_to)

    def read(self, page: Page) -> Snapshot:
        """Return the page as a reader would see it now."""
        number = int(page.url.partition("?page=")[2] or 1)
        shown = self.entries if number == 1 else self.next_pages[number - 2]
        placed = tuple(replace(entry, position=place) for place, entry in enumerate(shown))
        more = number <= len(self.next_pages)
        return Snapshot(
            url=URL,
            reader="scripted",
            title="Lighthouse live",
            status=self.status,
            summary=tuple(RichText(point) for point in self.summary),
            entries=placed,
            source_name="Harbour News",
            modified_at=self.modified_at,
            next_page=f"{URL}?page={number + 1}" if more else None,
            whole=self.whole and not self.next_pages,
            complete=self.complete,
            absence_tells=self.absence_tells,
            successor=self.successor,
            withdrawn=self.withdrawn,
        )

    def discover(self, page: Page) -> Offers:
        """Return what the page names besides: its entries as other addresses answer them."""
        return Offers(readings=self.readings if page.url == URL else ())

    def publish(
        self, key: str, text: str = "", *, at: int = 0, flags: tuple[Flag, ...] = (), derived: bool = False, **more: Any
    ) -> Entry:
        """Put an entry on top; `at` is its time in minutes after noon."""
        entry = Entry(
            key,
            headline=more.pop("headline", f"Headline {key}"),
            body=RichText(text or f"What happened in {key}."),
            published_at=NOON + timedelta(minutes=at),
            url=f"{URL}#{key}",
            flags=frozenset(flags),
            key_derived=derived,
            **more,
        )
        self.entries.insert(0, entry)
        return entry

    def edit(self, edited: str, **changes: Any) -> None:
        """Change an entry where it stands."""
        self.entries = [replace(entry, **changes) if entry.key == edited else entry for entry in self.entries]

    def withdraw(self, *keys: str) -> None:
        """Take entries off the page."""
        self.entries = [entry for entry in self.entries if entry.key not in keys]


@dataclass
class Shown:
    """A message as a person sees it."""

    id: str
    text: str
    kind: str
    sent_at: datetime
    nonce: str = ""
    link: str = ""
    pinned: bool = False
    edits: int = 0
    reply_to: str = ""
    part: int = 0
    notes: tuple[str, ...] = ()
    presses: tuple[str, ...] = ()


Trick = Callable[[str, "ScriptedChats", Callable[[], Outcome]], Outcome]


class ScriptedChats:
    """A chat platform in memory that keeps the adapter contract; `tricks` are played on the next calls, in
    order; `meanwhile` happens once, while the next send is in flight.
    """

    platform: Platform = PLATFORM
    bot = "bot"

    def __init__(self, clock: ManualClock, **can: Any) -> None:
        self.can = Capabilities(**({"idempotent_send": False, "history": False} | can))
        self.clock = clock
        self.chats: dict[str, list[Shown]] = {}
        self.calls: list[tuple[str, str]] = []
        self.tricks: deque[tuple[str, Trick]] = deque()
        self.burnt: set[str] = set()
        self.editable = True
        self.lines_per_part = 1000
        self.albums = False
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self._next = 0

    def trick(self, method: str, trick: Trick | Outcome) -> None:
        """Play a trick on the next call of `method`: an outcome instead of doing it, or a function around it."""
        self.tricks.append((method, trick if callable(trick) else lambda *_: trick))

    def _play(self, method: str, do: Callable[[], Outcome]) -> Outcome:
        for place, (wanted, trick) in enumerate(self.tricks):
            if wanted == method:
                del self.tricks[place]
                return trick(method, self, do)
        return do()

    def parts(self, message: Message) -> tuple[str, ...]:
        if self.albums and len(message.images) > 1:
            return ("album",) * len(message.images)
        kind = "photo" if message.images else "text"
        lines = message.body.text.count("\n") + 1
        return (kind,) * max(1, -(-lines // self.lines_per_part))

    def can_edit(self, shown: str, wanted: str) -> bool:
        return (self.editable or shown == wanted) and (shown, wanted) != ("", "album")

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:
        self.calls.append(("send", message.headline))
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        messages = self.chats.setdefault(address.chat, [])

        def do() -> Outcome:
            if self.can.idempotent_send:
                if nonce in self.burnt:
                    return Gone("Unknown Message")
                for shown in messages:
                    if shown.nonce == nonce and self.clock.now() - shown.sent_at < timedelta(minutes=3):
                        return Done(shown.id)
            kinds = self.parts(message)
            numbers = range(part, len(kinds)) if kinds[part] == "album" else [part]
            made = [self._say(message, number, nonce) for number in numbers]
            messages.extend(made)
            return Done(made[0].id, tuple(shown.id for shown in made[1:]))

        return self._play("send", do)

    def _say(self, message: Message, part: int, nonce: str) -> Shown:
        self._next += 1
        kind = self.parts(message)[part]
        return Shown(
            str(self._next),
            self._text(message, part),
            kind,
            self.clock.now(),
            nonce,
            message.link,
            part=part,
            reply_to=message.reply_to,
            notes=tuple(note.text for note in message.footnotes),
            presses=tuple(line for _label, line in message.presses),
        )

    def _text(self, message: Message, part: int) -> str:
        if self.albums and len(message.images) > 1:
            return f"{message.headline} [{message.images[part].caption}]" if part < len(message.images) else ""
        lines = message.body.text.split("\n")[part * self.lines_per_part : (part + 1) * self.lines_per_part]
        also = [line.text for line in message.also] if part == len(self.parts(message)) - 1 else []
        return "\n".join([*([message.headline] if part == 0 else ()), *lines, *also]).strip()

    def _find(self, address: Address, sent: Sent) -> Shown | None:
        return next((shown for shown in self.chats.get(address.chat, []) if shown.id == sent.message_id), None)

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:
        self.calls.append(("edit", message.headline))

        def do() -> Outcome:
            shown = self._find(address, sent)
            if shown is None:
                return Gone("message to edit not found")
            shown.text = self._text(message, part)
            shown.edits += 1
            shown.notes = tuple(note.text for note in message.footnotes)
            shown.presses = tuple(line for _label, line in message.presses)
            if self.editable:
                shown.kind = self.parts(message)[part]
            return Done(sent.message_id)

        return self._play("edit", do)

    async def remove(self, address: Address, sent: Sent) -> Outcome:
        self.calls.append(("remove", sent.message_id))

        def do() -> Outcome:
            shown = self._find(address, sent)
            if shown is None:
                return Gone("message to delete not found")
            self.chats[address.chat].remove(shown)
            self.burnt.add(shown.nonce)
            return Done()

        return self._play("remove", do)

    async def pin(self, address: Address, sent: Sent, *, pinned: bool) -> Outcome:
        self.calls.append(("pin", sent.message_id))

        def do() -> Outcome:
            shown = self._find(address, sent)
            if shown is None:
                return Gone("message not found")
            shown.pinned = pinned
            return Done()

        return self._play("pin", do)

    async def history(self, address: Address, since: datetime) -> tuple[Found, ...] | Outcome:
        self.calls.append(("history", address.chat))
        messages = self.chats.get(address.chat, [])
        return tuple(Found(m.id, m.sent_at, "", m.link, part=m.part) for m in messages if m.sent_at >= since)

    async def connect(self) -> None: ...

    async def listen(self, inbox: Inbox) -> None: ...

    async def reply(self, command: Command, answer: Answer) -> Outcome:
        return Done()

    async def close(self) -> None: ...


def lost_after(method: str, platform: ScriptedChats, do: Callable[[], Outcome]) -> Outcome:
    """The platform does it, and its answer is lost."""
    do()
    return Unsure("the connection was cut")


class Killed(BaseException):
    """The process dies here: nothing after this point happens."""


def killed_after(method: str, platform: ScriptedChats, do: Callable[[], Outcome]) -> Outcome:
    """The platform does it, and our process is killed before it hears of that."""
    do()
    raise Killed


def killed_before(method: str, platform: ScriptedChats, do: Callable[[], Outcome]) -> Outcome:
    """Our process is killed before the platform hears of the call."""
    raise Killed


class World:
    """Everything between a page and the chats that mirror it, on a real database."""

    platform: Any
    token = "token"

    def __init__(
        self, database: Database, *, sending: Sending | None = None, clock: ManualClock | None = None, **can: Any
    ) -> None:
        self.database = database
        self.clock = clock or ManualClock()
        self.page = ScriptedPage(self.clock)
        self.platform = ScriptedChats(self.clock, **can)
        self.sending = sending or Sending()
        self.removal_after = timedelta(seconds=60)
        self.epoch = 0
        self.alerts: list[Alert] = []
        self.watch: Watch = Unwatched()

    def advance(self, seconds: float) -> None:
        """Move the clock."""
        self.clock.time += timedelta(seconds=seconds)

    def address(self, where: str, thread: str = "") -> Address:
        """Return a chat's address, as the bot knows it."""
        return Address(self.platform.platform, self.platform.bot, where, thread)

    async def follow(
        self,
        where: str = "chat",
        words: str = "",
        thread: str = "",
        url: str = URL,
        *,
        kind: ChatKind = "group",
        style: dict[str, Any] | None = None,
    ) -> int:
        """Subscribe a chat to the page, caught up with whatever the page has by now."""
        now = self.clock.now()
        async with self.database.write() as connection:
            row = (await connection.execute(select(source.c.id, source.c.sequence).where(source.c.url == url))).first()
            if row is None:
                made = insert(source).values(url=url, next_poll_at=now).returning(source.c.id, source.c.sequence)
                row = (await connection.execute(made)).one()
            there = await chats.find_or_make(connection, self.address(where, thread), kind=kind, title=where)
            counted = select(func.count()).where(subscription.c.chat_id == there.id)
            mine = (await connection.execute(counted)).scalar_one()
            wish = insert(subscription).values(
                source_id=row.id,
                chat_id=there.id,
                number=mine + 1,
                since=row.sequence,
                caught_up_at=now,
                filter=words,
                style=style or {},
                created_at=now,
            )
            made_id = (await connection.execute(wish.returning(subscription.c.id))).scalar_one()
        return int(made_id)

    def poller(self) -> Poller:
        """Return what looks at the page."""
        limits = Limits(removal_after=self.removal_after)
        return Poller(
            self.database,
            self.page,
            self.page.read,
            self.page.discover,
            clock=self.clock,
            owner="test",
            limits=limits,
            chance=lambda: 0.0,
            planned=lambda: None,
            alarm=self.alerts.append,
            watch=self.watch,
        )

    async def poll(self, url: str = "") -> int:
        """Look at the page now, whenever it is due; `url` says which, where there are several."""
        return await self.poller().poll(await self.due(url))

    async def due(self, url: str = "") -> SourceState:
        """Make a page due, and claim it."""
        due = {"next_poll_at": self.clock.now(), "lease_until": None}
        async with self.database.write() as connection:
            if url:
                await connection.execute(update(source).values(next_poll_at=None))
            which = source.c.url == url if url else true()
            await connection.execute(update(source).where(which).values(**due))
            (state,) = await sources.claim_due(connection, "test", self.clock.now(), timedelta(minutes=5))
        return state

    async def tick(self) -> None:
        """Let the scheduler look at the hours: pauses and quiet hours that are over, digests that are due."""
        async with self.database.write() as connection:
            await pausing.end_pauses(connection, self.clock.now())
            await schedules.end_quiet(connection, self.clock.now())
            await schedules.gather_due(connection, self.clock.now())
            await deciding.expire(connection, self.clock.now())

    async def restart(self) -> None:
        """Start a sender as a new process would: with the next epoch, and the last one's unfinished business."""
        now = self.clock.now()
        async with self.database.write() as connection:
            name, bot, lease = self.platform.platform, self.platform.bot, timedelta(seconds=20)
            epoch = await senders.take(
                connection, self.token, platform=name, owner="test", now=now, lease=lease, alone=True
            )
            assert epoch is not None
            await senders.recover(connection, name, bot, epoch, now)
        self.epoch = epoch

    async def dispatcher(self) -> Dispatcher:
        """Return a dispatcher that has sent nothing yet: it knows the pace of others from the lanes only."""
        if not self.epoch:
            await self.restart()
        return Dispatcher(
            self.database,
            self.platform,
            self.token,
            clock=self.clock,
            epoch=self.epoch,
            sending=self.sending,
            wake=asyncio.Event(),
            watch=self.watch,
        )

    async def send(self) -> int:
        """Do everything that is owed at this moment; a kill on the way leaves things as a dead process would."""
        dispatcher = await self.dispatcher()
        done = 0
        try:
            done = await dispatcher.drain()
        except* Killed:
            await self.restart()
        return done

    async def live(self, seconds: float = 0) -> None:
        """Let time pass, look, and send."""
        self.advance(seconds)
        await self.poll()
        await self.send()

    def shows(self, where: str = "chat") -> list[str]:
        """Return the first lines that a person sees in a chat, oldest first."""
        return [shown.text.split("\n")[0] for shown in self.platform.chats.get(where, [])]

    def texts(self, where: str = "chat") -> list[str]:
        """Return the whole texts in a chat."""
        return [shown.text for shown in self.platform.chats.get(where, [])]

    async def states(self) -> list[str]:
        """Return the states of all deliveries, in order."""
        async with self.database.read() as connection:
            return list((await connection.execute(select(delivery.c.state).order_by(delivery.c.id))).scalars())

    async def drained(self, dispatcher: Dispatcher, *, within: float, step: float) -> float:
        """Send until nothing is owed, the clock moving by steps; return how many seconds that took."""
        begun = self.clock.now()
        while await self.owed() and self.clock.now() - begun < timedelta(seconds=within):
            await dispatcher.drain()
            self.advance(step)
        return (self.clock.now() - begun).total_seconds()

    async def owed(self) -> int:
        """Return how many deliveries are not finished."""
        async with self.database.read() as connection:
            unfinished = select(func.count()).where(delivery.c.state.in_(("due", "claimed")))
            return int((await connection.execute(unfinished)).scalar_one())

    async def chat_state(self, where: str = "chat") -> tuple[str, str]:
        """Return a chat's state and why."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(chat.c.state, chat.c.why).where(chat.c.chat == where))).one()
        return row.state, row.why


def picture(name: str) -> Image:
    """A picture by link."""
    return Image(f"https://pictures.example/{name}.jpg", caption=name, credit="Harbour News")


__all__ = ["NOON", "URL", "World", "json", "killed_after", "killed_before", "lost_after", "picture"]
