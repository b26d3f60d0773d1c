"""Many chats on both platforms at once, through the real clients: who types what, what is answered, what stands there.

One program serves them all: the real commands, core and store on SQLite, both adapters with their unmodified client
libraries, and a scripted page. Time stands still while people talk, so that every answer is the same at every run.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from adapters.discord.adapter import DiscordAdapter
from adapters.telegram.adapter import TelegramAdapter
from bot.commands import SPECS, CommandLimits, Commands
from bot.commands.specs import BY_NAME
from bot.exploring import Explored
from bot.model import Flag, Platform
from bot.ports import Adapter
from bot.store import access
from bot.store.access import What
from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.waiting import first_of
from sandbox.platform import Fault, StandIn
from sandbox.server import Sandbox, specs_from

from ..mirror.world import ManualClock, ScriptedPage, World
from .table import ALL, CONVERSATIONS, KEEPER, LAMP, LAST, LATER, URL, Conversation, Says

CODE = "open-sesame"
TOLD = Path(__file__).parent / "told"
MANAGED = "channel"
"""A channel that is managed from a private chat, so that its readers see none of the talk."""
PLACES: tuple[tuple[Platform, str], ...] = (
    ("telegram", "private"),
    ("telegram", "supergroup"),
    ("telegram", MANAGED),
    ("discord", "text"),
)
# About the person, or the bot, and not about a chat that could be managed from elsewhere.
_OF_NO_CHAT = frozenset({"start", "help", "claim", "manage", "allow", "deny"})
WORKERS = 8
_AT_ONCE = 6
_LOOKS = timedelta(milliseconds=200)
# Seconds of the chats' time in which nothing more is sent: then all is.
_PATIENCE = 5


@dataclass
class Chat:
    """A chat in which one conversation is held, and what was said in it."""

    sandbox: Sandbox
    platform: Platform
    kind: str
    talk: Conversation
    said: list[tuple[Says, str]] = field(default_factory=list)
    admin: str = "ada"
    id: str = ""
    place: str = ""
    shown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Open it; a private chat is that of its admin, and so each has another one."""
        if self.in_private and not self.talk.alone:
            self.admin = f"ada, asking for {self.talk.command}{' elsewhere' if self.kind == MANAGED else ''}"
        self.place, _ = self.stand_in.create_chat(self.kind, "Harbour", [self.admin], ["all"])
        private = self.kind == MANAGED
        self.id = self.stand_in.create_chat("private", self.admin, [self.admin], ["all"])[0] if private else self.place

    @property
    def in_private(self) -> bool:
        """Whether one person talks to the bot alone."""
        return self.kind in ("private", MANAGED)

    async def begin(self) -> None:
        """Choose the channel that is managed, where one is."""
        if self.kind == MANAGED:
            await self.type(f"/manage {self.place}", self.admin)

    @property
    def stand_in(self) -> StandIn:
        return self.sandbox.telegram if self.platform == "telegram" else self.sandbox.discord

    async def type(self, text: str, user: str) -> str:
        if self.platform == "discord":
            return "\n".join(await self.sandbox.discord.command(self.id, "", user, text))
        said = "\n".join(await self.sandbox.telegram.command(self.id, "", user, text))
        return "\n".join((said, *self._buttons()))

    async def press(self, label: str, user: str) -> str:
        if self.platform == "discord":
            return "\n".join(await self.sandbox.discord.press(self.id, "", user, label))
        return "\n".join((await self.sandbox.telegram.press(self.id, user, label), *self._buttons()))

    def _buttons(self) -> Iterable[str]:
        """The labels under the newest message, as Discord's stand-in tells them with the text."""
        posts = self.sandbox.telegram.world.find(self.id).posts
        newest = posts[max(posts)]
        rows = (newest.markup or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    async def hold(self) -> None:
        """Hold the conversation."""
        for says in self.talk.says:
            if self.in_private and says.user == "eve":
                continue
            text = says.discord if says.discord and self.platform == "discord" else says.text
            user = self.admin if says.user == "ada" else says.user
            answer = await (self.press(text, user) if says.press else self.type(text, user))
            self.said.append((replace(says, text=text), answer))

    def shows(self) -> tuple[str, ...]:
        """The headlines of the page that stand in the chat."""
        views = [view for view in self.stand_in.chats() if view.chat == self.place]
        lines = (line for view in views for shown in view.messages for line in shown.text.split("\n")[:2])
        return tuple(found for line in lines for found in ALL if line == found or _is_breaking(line, found))


def _is_breaking(line: str, headline: str) -> bool:
    """Whether Discord shows the headline so, in any language."""
    return line.startswith("🔴") and line.endswith(f": {headline}")


class Program:
    """All of the program that people meet, and the page."""

    def __init__(self, database: Database, adapters: list[Adapter], clock: ManualClock) -> None:
        self.page = ScriptedPage(clock)
        self.worlds = [_world(database, adapter, self.page) for adapter in adapters]
        self.commands = Commands(
            database,
            adapters=adapters,
            clock=clock,
            probe=self._probe,
            limits=CommandLimits(per_minute=1000, per_user_minute=1000),
            claim_code=CODE,
            wake_poller=lambda: None,
            wake_dispatcher=lambda: None,
        )

    async def _probe(self, url: str) -> Explored:
        page = (await self.page.fetch(url)).page
        assert page is not None
        return Explored(url, self.page.read(page))

    def publish(self, key: str, headline: str, *flags: Flag) -> None:
        """Put an entry on the page."""
        minutes = len(self.page.entries) - 10
        self.page.publish(key, f"What there is to say of {key}.", headline=headline, at=minutes, flags=flags)

    async def work(self) -> None:
        """Do what is asked, for ever, as the program does: what another worker was woken for is looked for, too."""
        never = asyncio.Event()
        while True:
            self.commands.arrived.clear()
            if not await self.commands.work_once():
                await first_of(self.commands.arrived, never, within=_LOOKS)

    async def deliver(self) -> None:
        """Read the page and send all that is owed, as fast as the platforms let it."""
        await self.worlds[0].poll()
        idle = 0
        while idle < _PATIENCE:
            sent = [await world.send() for world in self.worlds]
            idle = 0 if any(sent) else idle + 1
            self.worlds[0].advance(1)


def _world(database: Database, adapter: Adapter, page: ScriptedPage) -> World:
    made = World(database, clock=page.clock)
    made.platform, made.page, made.token = adapter, page, adapter.platform
    return made


def places(talk: Conversation) -> list[tuple[Platform, str]]:
    """Return where a command is talked of: on every platform that has it."""
    there = [place for place in PLACES if BY_NAME[talk.command].is_on(place[0])]
    return [place for place in there if place[1] != MANAGED or talk.command not in _OF_NO_CHAT]


async def talk(database: Database, conversations: Iterable[Conversation] = CONVERSATIONS) -> list[Chat]:
    """Hold these conversations on every platform and return the chats, as they stand in the end."""
    clock = ManualClock()
    async with _program(database, clock) as (program, sandbox):
        chats = [Chat(sandbox, *place, one) for one in conversations for place in places(one)]
        await _let_in(database, (chat for chat in chats if not chat.talk.alone), clock)
        await _awake(chats)
        await _at_once([chat.begin() for chat in chats])
        alone = [chat for chat in chats if chat.talk.alone]
        first = [chat for chat in alone if chat.talk.command == "claim"]
        await _one_by_one(first)
        await _follow(program, [chat for chat in chats if chat.talk.followed])
        await _one_by_one([chat for chat in alone if chat not in first])
        await _at_once([chat.hold() for chat in chats if not chat.talk.alone])
        await _go_on(program)
        for chat in chats:
            chat.shown = chat.shows()
    return chats


async def _awake(chats: Iterable[Chat]) -> None:
    """Wait until both bots answer: on a busy machine their start takes longer than people's patience."""
    for chat in (chat for chat in chats if chat.talk.command == "help"):
        while not (await chat.type("/help", chat.admin)).strip():
            pass


async def _let_in(database: Database, chats: Iterable[Chat], clock: ManualClock) -> None:
    """Let everybody there use the bot; where /allow and /deny are talked of, nobody is."""
    async with database.write() as connection:
        for chat in chats:
            what: What = "user" if chat.in_private else "chat"
            await access.allow(connection, chat.platform, what, chat.id, now=clock.now())


async def _one_by_one(chats: Iterable[Chat]) -> None:
    for chat in chats:
        await chat.hold()


async def _at_once(deeds: Iterable[Coroutine[None, None, object]]) -> None:
    """Let some of these happen at the same time: nobody waits longer for an answer than people do."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def do(deed: Coroutine[None, None, object]) -> None:
        async with room:
            await deed

    await asyncio.gather(*map(do, deeds))


async def _follow(program: Program, chats: Iterable[Chat]) -> None:
    program.publish("lamp", LAMP)
    program.publish("keeper", KEEPER)
    program.page.summary = ["All is quiet"]
    await _at_once([chat.type(f"/subscribe {URL}", chat.admin) for chat in chats])
    await program.deliver()


async def _go_on(program: Program) -> None:
    program.publish("ship", LATER)
    program.publish("harbour", LAST, "breaking")
    await program.deliver()


@asynccontextmanager
async def _program(database: Database, clock: ManualClock) -> AsyncIterator[tuple[Program, Sandbox]]:
    """Start everything; at the end, all that the bots asked and were answered must have kept to the specifications."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(specs=specs_from(os.environ), now=clock.now))
        adapters = _adapters(sandbox, clock)
        sandbox.telegram.fault(Fault("unlimited"))
        sandbox.discord.fault(Fault("unlimited"))
        for adapter in adapters:
            await adapter.connect()
            stack.push_async_callback(adapter.close)
        program = Program(database, adapters, clock)
        loops = [adapter.listen(program.commands.record) for adapter in adapters]
        loops += [program.work() for _ in range(WORKERS)]
        tasks = [asyncio.ensure_future(loop) for loop in loops]
        try:
            yield program, sandbox
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    assert [(call.method, call.problems) for call in sandbox.calls.wrong] == []


def _adapters(sandbox: Sandbox, clock: ManualClock) -> list[Adapter]:
    telegram = TelegramAdapter("424242:a-secret", api_url=sandbox.telegram_url, commands=SPECS, now=clock.now)
    discord = DiscordAdapter(
        "a-secret-of-the-tests",
        api_url=sandbox.discord_url,
        gateway_url=sandbox.gateway_url,
        commands=SPECS,
        now=clock.now,
        monotonic=lambda: clock.now().timestamp(),
        guild_ready_timeout=0.0,
        pause=lambda _seconds: asyncio.sleep(0),
    )
    return [telegram, discord]


# ── what is written down ─────────────────────────────────────────────────────────────────────────────────────────


def written(chats: Iterable[Chat]) -> str:
    """Return what was said about one command, place by place, for people to read."""
    return "\n".join(_written(chat) for chat in chats)


def _written(chat: Chat) -> str:
    lines = [f"## {chat.platform}, {chat.kind}", ""]
    for says, answer in chat.said:
        deed = f"presses [{says.text}]" if says.press else says.text
        shown = answer.replace(chat.place, "CHAT").replace(chat.id, "CHAT") or "(nothing)"
        lines += [f"**{says.user}:** {deed}", "", *(f"> {line}".rstrip() for line in shown.split("\n")), ""]
    return "\n".join(lines)


async def talk_once(folder: Path) -> list[Chat]:
    """Hold all conversations, on a database in this folder."""
    async with Database(f"sqlite+aiosqlite:///{folder / 'liverelay.db'}") as database:
        await upgrade(database)
        return await talk(database)
