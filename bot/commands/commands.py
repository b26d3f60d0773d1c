"""The commands' acting part: record what comes in, do it once, answer.

adapter ─ record ─▶ inbox ─ work_once ─▶ do and write down the answer (one transaction) → reply → done
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from ..languages import N_, _, speaking
from ..model import Address
from ..ports import (
    Adapter,
    Answer,
    Clock,
    Command,
    Done,
    Failed,
    Incoming,
    Later,
    Membership,
    Migration,
    Outcome,
    Refused,
    Speaks,
    Suggest,
)
from ..richtext import RichText
from ..store import chats, inbox
from ..store.engine import Database
from ..store.inbox import Open
from . import arriving, tidying
from .answering import LOOKING, Probe
from .directing import ABOUT, Unanswered
from .doing import Doing
from .reviewing import decides
from .specs import BY_NAME
from .turn import CommandLimits

log = structlog.get_logger(__name__)

WORKERS, MOST_LOOKING = 8, 6
"""How many things are done at a time, and how many commands at most that may have to look at a page first: however
slow the pages are that some have looked at, whoever pauses a chat need not wait for them.
"""
_LOOKING = (*LOOKING, ABOUT)
# What was taken up this often and never done is given up: it may be what ends the process each time.
MOST_BEGUN = 10
# An answer that the platform does not take is tried this often, longer apart each time.
MOST_TRIES = 5
_UNKNOWN = N_("I could not ask just now what you may change there. Please send it again in a moment.")
_GIVEN_UP = N_("Something went wrong with that command. Whoever runs this bot finds out why in its log.")
_TOO_MANY = N_("That is too many commands in a minute. Please wait a little.")


class Commands:
    """Answers commands. `adapters` are looked up by platform and bot; `claim_code` makes who sends it the owner.

    `WORKERS` call `work_once` at the same time: those of one chat are done in order, and of one person one at a time,
    so that nobody keeps all workers busy.
    """

    def __init__(
        self,
        database: Database,
        *,
        adapters: Iterable[Adapter],
        clock: Clock,
        probe: Probe,
        limits: CommandLimits | None = None,
        claim_code: str = "",
        wake_poller: Callable[[], None],
        wake_dispatcher: Callable[[], None],
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._clock = clock
        self._limits = limits or CommandLimits()
        self._doing = Doing(
            database, adapters=adapters, clock=clock, probe=probe, limits=self._limits, claim_code=claim_code
        )
        self.suggest: Suggest = self._doing.suggest
        self._wake_poller = wake_poller
        self._wake_dispatcher = wake_dispatcher
        self._choosing = asyncio.Lock()
        self._in_hand: dict[int, Incoming] = {}
        self._tries: dict[int, int] = {}
        self._not_before: dict[int, datetime] = {}
        self.arrived = asyncio.Event()
        """Set when something was recorded; who waits for it clears it."""

    async def record(self, incoming: Incoming) -> None:
        """Write down what came in, before its platform hears that we have it (an `Inbox`)."""
        async with self._database.write() as connection:
            new = await inbox.record(connection, incoming, self._clock.now())
        if new:
            self.arrived.set()

    async def work_once(self) -> bool:
        """Do the next thing that came in; False if nothing waits (or only what must wait longer)."""
        waiting = await self._take()
        if waiting is None:
            return False
        try:
            async with self._database.write() as connection:
                await inbox.begin(connection, waiting)
            await self._work(waiting)
        finally:
            del self._in_hand[waiting.id]
        return True

    async def answer(self, command: Command) -> Answer:
        """Do what a command asks and return what to say."""
        with speaking(await self._doing.language(command)):
            prepared = await self._doing.prepare(command)
            if isinstance(prepared, Answer):
                return prepared
            async with self._database.write() as connection:
                said = await self._doing.answer(connection, prepared)
        self._wake(prepared.command)
        return said

    # ── taking up ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _take(self) -> Open | None:
        """Take up the oldest that may be done now: nothing else of its chat, or of who sent it, is in hand."""
        async with self._choosing:
            found = await self._next()
            if found is not None:
                self._in_hand[found.id] = found.incoming
        return found

    async def _next(self) -> Open | None:
        now = self._clock.now()
        self._not_before = {id_: at for id_, at in self._not_before.items() if at > now}
        bots = [(adapter.platform, adapter.bot) for adapter in self._adapters]
        busy = {each.address.chat for each in self._in_hand.values()}
        given = [each for each in self._in_hand.values() if isinstance(each, Command)]
        giving = {each.user.id for each in given} - {""}
        looking = sum(each.name in _LOOKING for each in given)
        async with self._database.read() as connection:
            waiting = await inbox.open_ones(
                connection,
                bots,
                limit=1,
                without=self._not_before,
                chats=busy,
                people=giving,
                names=_LOOKING if looking >= MOST_LOOKING else (),
            )
        return waiting[0] if waiting else None

    async def _work(self, waiting: Open) -> None:
        match waiting.incoming:
            case Command() as command:
                with speaking(await self._doing.language(command)):
                    replied = await self._answered(waiting, command)
                if replied:
                    await self._done(waiting)
            case Migration() as moved:
                async with self._database.write() as connection:
                    await chats.move_chat(connection, moved.address, moved.to, self._clock.now())
                    await inbox.done(connection, waiting.id, self._clock.now())
                log.info("chat.moved", platform=moved.address.platform, chat=moved.address.chat, to=moved.to)
                self._wake_dispatcher()
            case Membership() as told:
                with speaking(told.arrival.language if told.arrival else ""):
                    said = await self._heeded(waiting, told)
                    greeted = await self._greeted(waiting, told, said)
                if greeted:
                    await self._done(waiting)

    async def _done(self, waiting: Open) -> None:
        self._tries.pop(waiting.id, None)
        async with self._database.write() as connection:
            await inbox.done(connection, waiting.id, self._clock.now())

    # ── doing ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _heeded(self, waiting: Open, told: Membership) -> Answer:
        """Hold or free chats, unless that was done before a restart, and return with what to greet."""
        if waiting.answer is not None:
            return waiting.answer
        async with self._database.write() as connection:
            said = await arriving.heed(connection, told, self._limits, self._clock.now())
            await inbox.answered(connection, waiting, said)
        self._wake_dispatcher()
        return said

    async def _answered(self, waiting: Open, command: Command) -> bool:
        """Do a command and say what came of it; whether that is over."""
        try:
            said = await self._said(waiting, command)
        except Unanswered as unanswered:
            if not self._is_over(waiting, unanswered.outcome, command.name):
                return False
            said = await self._kept(waiting, Answer(RichText(_(_UNKNOWN)), aside=True))
        return await self._reply(waiting, command, said)

    async def _said(self, waiting: Open, command: Command) -> Answer:
        """Do a command, unless that was done before a restart; the answer is written down in the same transaction."""
        if waiting.answer is not None:
            return waiting.answer
        if waiting.begun >= MOST_BEGUN:
            log.error("command.given_up", name=command.name, id=command.id)
            return await self._kept(waiting, Answer(RichText(_(_GIVEN_UP))))
        over = self._doing.over(command)
        if over and not _never_too_many(command):
            return await self._kept(waiting, Answer(RichText(_(_TOO_MANY) if over == 1 else ""), aside=True))
        prepared = await self._doing.prepare(command)
        if isinstance(prepared, Answer):
            return await self._kept(waiting, prepared)
        async with self._database.write() as connection:
            said = await self._doing.answer(connection, prepared)
            await inbox.answered(connection, waiting, said)
        done = prepared.command
        self._wake(done)
        log.info("command.done", name=done.name, platform=done.address.platform, chat=done.address.chat)
        return said

    async def _kept(self, waiting: Open, said: Answer) -> Answer:
        """Write down what is said without anything being done: told to wait, it is neither counted nor asked anew."""
        if said:
            async with self._database.write() as connection:
                await inbox.answered(connection, waiting, said)
        return said

    def _wake(self, command: Command) -> None:
        if (spec := BY_NAME.get(command.name)) and spec.changes:
            self._wake_poller()
            self._wake_dispatcher()

    # ── saying ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _reply(self, waiting: Open, command: Command, said: Answer) -> bool:
        """Say it; whether that is over, said or not."""
        if not said and not command.pressed:
            return True
        adapter = self._adapter(command.address)
        if command.chat_kind == "channel" and command.given_in is None:
            said = tidying.before_readers(said, command, adapter)
        outcome = await adapter.reply(command, said)
        if isinstance(outcome, Refused) and command.chat_kind == "channel" and command.given_in is not None:
            return await self._reply(waiting, replace(command, given_in=None), said)
        if isinstance(outcome, Done):
            await tidying.keep(self._database, command, outcome, self._clock.now())
        return self._is_over(waiting, outcome, command.name)

    async def _greeted(self, waiting: Open, told: Membership, said: Answer) -> bool:
        """Greet where a platform lets the bot do so; whether that is over, said or not."""
        adapter = self._adapter(told.address)
        if not said or not isinstance(adapter, Speaks):
            return True
        outcome = await adapter.say(arriving.place_of(told), said)
        return self._is_over(waiting, outcome, "greeting")

    def _is_over(self, waiting: Open, outcome: Outcome, what: str) -> bool:
        """Whether nothing is left to say; else it is said again later."""
        wait = self._patience(waiting, outcome)
        if wait is not None:
            self._not_before[waiting.id] = self._clock.now() + wait
        elif not isinstance(outcome, Done):
            log.warning("command.answer_lost", name=what, outcome=type(outcome).__name__, why=_reason(outcome))
        return wait is None

    def _patience(self, waiting: Open, outcome: Outcome) -> timedelta | None:
        """Return how long to wait before the answer is tried again; None to leave it."""
        if isinstance(outcome, Later):
            return outcome.after
        if isinstance(outcome, Failed):
            tries = self._tries[waiting.id] = self._tries.get(waiting.id, 0) + 1
            return timedelta(seconds=2**tries) if tries < MOST_TRIES else None
        return None

    def _adapter(self, address: Address) -> Adapter:
        found = self._doing.asked(address)
        assert found is not None, "only what was said to one of our bots is taken up"
        return found


def _never_too_many(command: Command) -> bool:
    """Whoever must stop a chat, and may, can do so however much was typed there, and decide as fast as they press."""
    return (command.name == "pause" and command.is_admin) or decides(command)


def _reason(outcome: Outcome) -> str:
    return getattr(outcome, "reason", "")
