"""The dispatcher: makes what every chat shows equal to what it should show, for one bot.

claim lanes → compose → write down the act → send | edit | remove | pin → settle
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from .delivering import Delivering, Prepared, prepare, sends_once
from .errors import LeaseLost
from .languages import speaking, stored
from .ledger import Ledger, Settled
from .pace import Pace
from .planner import Part, Policy
from .ports import Adapter, Clock, Done, Later, Outcome, Unsure
from .settling import Settlement, Tried, settle, shown_revision
from .store import answers, outbox, senders
from .store.engine import Database
from .store.outbox import Claim
from .waiting import first_of
from .watch import Unwatched, Watch

log = structlog.get_logger(__name__)

# Calls in flight at once; one per lane at most. Telegram answers in about 0.1 s and takes 28 a second.
IN_FLIGHT = 48
# With nothing to do, look again after this long even if nobody woke us (another process may have planned something).
SAFETY_NET = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Sending:
    """How to send: the policy after a lost answer for chats that chose none, and the length of a lead (characters)."""

    policy: Policy = "repeat"
    summary_length: int = 300


class Dispatcher:
    """Sends for one bot while it holds the token's lease (`epoch`); `wake` tells it that something was planned;
    `watch` counts.
    """

    def __init__(
        self,
        database: Database,
        adapter: Adapter,
        token: str,
        *,
        clock: Clock,
        epoch: int,
        sending: Sending,
        wake: asyncio.Event,
        watch: Watch | None = None,
    ) -> None:
        self._database = database
        self._adapter = adapter
        self._token = token
        self._clock = clock
        self._epoch = epoch
        self._sending = sending
        self._wake = wake
        self._watch = watch or Unwatched()
        self._pace = Pace(adapter.can.rates)
        self._ledger = Ledger(database)
        self._first: frozenset[int] = frozenset()
        self._first_until = clock.now()
        self._in_flight: set[asyncio.Task[None]] = set()
        # The part that was accepted last is written down together with the settlement.
        self._last: dict[int, Part] = {}
        self._delivering = Delivering(
            adapter,
            clock,
            accepted=self._accepted,
            forgotten=self._forgotten,
            leaving=self._leaving,
            trying=self._trying,
            opened=self._opened,
            ours=self._ours,
        )

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until told to stop; then finish what is in flight and leave the rest in the outbox."""
        async with asyncio.TaskGroup() as calls:
            while not stopping.is_set():
                self._wake.clear()
                if not await self._start(calls):
                    await self._rest(stopping)

    async def drain(self) -> int:
        """Send everything that is owed and may be sent at this moment; return how many acts that were (tests, demo)."""
        done = 0
        while True:
            async with asyncio.TaskGroup() as calls:
                started = await self._start(calls)
            done += started
            if not started:
                return done

    async def _start(self, calls: asyncio.TaskGroup) -> int:
        """Claim what may be sent now and begin it; return how much that was."""
        now = self._clock.now()
        room = min(IN_FLIGHT - len(self._in_flight), self._pace.allowance(now))
        if room <= 0:
            return 0
        prepared = await self._claim(now, room)
        for each in prepared:
            self._pace.begin(each.calls)
            task = calls.create_task(self._deliver(each))
            self._in_flight.add(task)
            task.add_done_callback(self._finished)
        return len(prepared)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._wake.set()

    async def _claim(self, now: datetime, room: int) -> list[Prepared]:
        async with self._database.write() as connection:
            # A process that slept past its lease must not take anything before it notices.
            if not await senders.holds(connection, self._token, self._epoch):
                raise LeaseLost(f"Another process sends for this {self._adapter.platform} bot now.")
            platform, bot = self._adapter.platform, self._adapter.bot
            if now >= self._first_until:
                queues = await outbox.queues(connection, platform=platform, bot=bot, now=now)
                self._first, self._first_until = self._pace.longest(queues), self._pace.longest_until(queues, now)
            claims = await outbox.claim(
                connection, platform=platform, bot=bot, epoch=self._epoch, now=now, limit=room, first=self._first
            )
            prepared = [self._prepared(claim, now) for claim in claims]
            await answers.begin(connection, [each.begun for each in prepared], now)
        return prepared

    def _prepared(self, claim: Claim, now: datetime) -> Prepared:
        with speaking(claim.language):
            return prepare(self._styled(claim), self._adapter, now)

    def _styled(self, claim: Claim) -> Claim:
        """Fill in what the chat left to the operator."""
        self._pace.remember(claim.lane_id, claim.chat_kind, claim.served_at)
        style = replace(claim.style, summary_length=self._sending.summary_length)
        return replace(claim, style=style, policy=claim.policy or self._sending.policy)

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Wait until something is planned, a call ends, the pace allows more, or the safety net."""
        until = max(self._pace.next_allowance(self._clock.now()) - self._clock.now(), timedelta())
        wait = until if until > timedelta() else SAFETY_NET
        await first_of(self._wake, stopping, within=min(wait, SAFETY_NET))

    async def _deliver(self, prepared: Prepared) -> None:
        outcome = await self._answer(prepared)
        await self._settle(prepared, outcome)

    async def _answer(self, prepared: Prepared) -> Outcome:
        """Return what the platform says; what it certainly cannot be asked any more is answered here."""
        claim = prepared.claim
        if prepared.begun.act == "send" and prepared.resumed and sends_once(claim, self._adapter):
            return Unsure(stored("it was cut short before its answer was recorded"))
        with speaking(claim.language):
            return await self._delivering.do(prepared)

    async def _settle(self, prepared: Prepared, outcome: Outcome) -> None:
        now = self._clock.now()
        result = self._result(prepared, outcome, now)
        paced = self._paced(prepared, outcome, result, now)
        sent = self._last.pop(prepared.claim.id, None)
        await self._ledger.write(Settled(prepared.claim, result, sent, now, paced))
        if paced > now:
            # The lane may be served again then: whoever rests is woken, and need not wait for the safety net.
            asyncio.get_running_loop().call_later((paced - now).total_seconds(), self._wake.set)
        _tell(prepared, outcome, result)
        if prepared.begun.act is not None:
            platform, dead = self._adapter.platform, result.state == "dead"
            self._watch.answered(platform, prepared.begun.act, outcome, given_up=dead, lag=_lag(prepared, outcome, now))

    def _result(self, prepared: Prepared, outcome: Outcome, now: datetime) -> Settlement:
        owed, act = prepared.claim.owed, prepared.begun.act
        if act is None:
            return Settlement(
                done=True,
                shown=owed.wanted,
                pin_shown=owed.pin_wanted,
                worded=owed.wording_wanted,
                generation=owed.generation,
                note=stored("frozen in the chat it left"),
            )
        can, policy = self._adapter.can, prepared.claim.policy or self._sending.policy
        return settle(Tried(owed, act, self._shown(prepared, outcome), can, policy, now), outcome)

    def _paced(self, prepared: Prepared, outcome: Outcome, result: Settlement, now: datetime) -> datetime:
        """Note the calls that were answered, and return when the lane may be served again."""
        claim, paced = prepared.claim, now
        self._pace.end(now, prepared.calls)
        for _ in range(prepared.calls):
            paced = self._pace.after(claim.lane_id, claim.chat_kind, now)
        if result.bot_wait:
            self._pace.pause(now + result.bot_wait)
        elif isinstance(outcome, Later) and result.lane_wait and not self._adapter.can.names_scope:
            self._pace.refused(claim.lane_id, result.lane_wait, now)
        return paced

    def _shown(self, prepared: Prepared, outcome: Outcome) -> int:
        owed, act = prepared.claim.owed, prepared.begun.act or "send"
        if act == "send" and not owed.wanted:
            # A withdrawn entry was looked for: what was found is to be removed next.
            return owed.tried_revision or 1 if isinstance(outcome, Done) and outcome.message_id else 0
        return shown_revision(owed, act, self._adapter.can)

    async def _accepted(self, claim: Claim, *sent: Part, more: bool) -> None:
        if not more and len(sent) == 1:
            self._last[claim.id] = sent[0]
            return
        async with self._database.write() as connection:
            await answers.fence(connection, claim)
            await answers.accept(connection, [(claim, part) for part in sent])

    async def _forgotten(self, claim: Claim, removed: Part) -> None:
        async with self._database.write() as connection:
            await answers.fence(connection, claim)
            await answers.forget(connection, claim, removed)

    async def _leaving(self, claim: Claim, part: Part) -> None:
        async with self._database.write() as connection:
            await answers.fence(connection, claim)
            await answers.leave(connection, claim, part)

    async def _trying(self, claim: Claim, part: Part) -> None:
        async with self._database.write() as connection:
            await answers.fence(connection, claim)
            await answers.trying(connection, claim, part)

    async def _opened(self, claim: Claim, thread: str) -> None:
        async with self._database.write() as connection:
            await answers.fence(connection, claim)
            await answers.opened(connection, claim, thread)

    async def _ours(self, chat: str, messages: tuple[str, ...]) -> frozenset[str]:
        async with self._database.read() as connection:
            return await answers.known_messages(connection, chat, messages)


def _lag(prepared: Prepared, outcome: Outcome, now: datetime) -> timedelta | None:
    """Return how long after its publication an entry is shown for the first time; None where this was not that."""
    told = prepared.claim.told
    if prepared.begun.act != "send" or not isinstance(outcome, Done) or told is None or told.kind != "entry":
        return None
    return max(now - told.published_at, timedelta()) if told.published_at else None


def _tell(prepared: Prepared, outcome: Outcome, result: Settlement) -> None:
    claim = prepared.claim
    facts = {"delivery": claim.id, "chat": claim.address.chat, "act": prepared.begun.act, "revision": claim.owed.wanted}
    if isinstance(outcome, Done):
        log.info("delivery.done", **facts)
    else:
        log.warning("delivery.not_done", outcome=type(outcome).__name__, then=result.state, why=result.note, **facts)
