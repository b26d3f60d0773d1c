"""The outbox under a state machine: newsroom, people, platform, crashes and two senders, in any order.

Everything is real but the page and the platform: store, planning, deciding, composing, settling. What the machine
believes of the platform it knows from the platform itself (`platform.Platform`), never from the store.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, get_args

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Row, select, text, update

from bot.compare import Change, Comparison
from bot.delivering import Prepared
from bot.digest import digest
from bot.dispatcher import Dispatcher, Sending
from bot.errors import LeaseLost
from bot.model import Address, Entry
from bot.ports import Capabilities
from bot.richtext import RichText
from bot.settling import HEAD_HOLDS_LANE, PLAINEST
from bot.store import chats, entries, pausing, planning, senders, subscriptions
from bot.store.engine import Database
from bot.store.schema import LONGEST_DELAY, SEND, chat, delivery, entry, lane, metadata, part, source, subscription

from .platform import ANSWERS, Cut, How, Platform

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
URL = "https://news.example/live/lighthouse"
PLACES = (
    Address("terminal", "bot", "one"),
    Address("terminal", "bot", "one", "topic"),
    Address("terminal", "bot", "two"),
)
LEASE = timedelta(seconds=20)
DISCORD = Capabilities(idempotent_send=True, history=True)
TELEGRAM = Capabilities(idempotent_send=False, history=False, removes_until=timedelta(hours=48))

T = TypeVar("T")


@dataclass
class HandClock:
    """A clock that is moved by hand, also backwards."""

    time: datetime = NOON

    def now(self) -> datetime:
        """Return the moment that was chosen."""
        return self.time


@dataclass
class Sender:
    """A process that sends, or believes that it does: its claims that wait for an answer."""

    epoch: int
    dispatcher: Dispatcher
    flights: list[Prepared] = field(default_factory=list)


class Outbox(RuleBasedStateMachine):
    """One source, three chats in two lanes, one bot token."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = HandClock()
        self.latest = NOON
        self.zombies: list[Sender] = []
        self.texts: dict[str, str] = {}
        self.wishes: dict[int, int] = {}
        self.count = 0
        self.database = Database(self.url)
        self.do(self._open())

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run to the end."""
        return self.runner.run(coroutine)

    async def _open(self) -> None:
        await self.database.__aenter__()
        names = [table.name for table in reversed(metadata.sorted_tables)]
        async with self.database.write() as connection:
            if self.database.is_sqlite:
                await connection.execute(text("PRAGMA defer_foreign_keys=ON"))
                for name in names:
                    await connection.execute(text(f"DELETE FROM {name}"))
            else:
                await connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))

    # ── what is there at the start ───────────────────────────────────────────────────────────────────────────────

    @initialize(can=st.sampled_from((DISCORD, TELEGRAM)), skips=st.booleans())
    def begin(self, can: Capabilities, skips: bool) -> None:
        self.platform = Platform(self.clock, can)
        self.sending = Sending(policy="skip" if skips else "repeat")
        self.do(self._people_subscribe())
        self.sender = self.do(self._take("first"))

    async def _people_subscribe(self) -> None:
        async with self.database.write() as connection:
            for number, place in enumerate(PLACES):
                there = await chats.find_or_make(connection, place, kind="group", title=place.chat)
                wish = await subscriptions.subscribe(connection, chat_id=there.id, url=URL, now=self.now)
                self.wishes[number] = wish.id
            style = {"detail": "full"}
            await connection.execute(update(subscription).values(style=style, caught_up_at=self.now, since=0))
            self.source = (
                await connection.execute(update(source).values(baseline_at=self.now).returning(source.c.id))
            ).scalar_one()

    async def _take(self, owner: str) -> Sender:
        """Become the sender, as a process does that starts, and recover what the one before left."""
        async with self.database.write() as connection:
            epoch = await senders.take(
                connection, "token", platform="terminal", owner=owner, now=self.now, lease=LEASE, alone=True
            )
            assert epoch is not None
            await senders.recover(connection, "terminal", "bot", epoch, self.now)
        dispatcher = Dispatcher(
            self.database,
            self.platform,
            "token",
            clock=self.clock,
            epoch=epoch,
            sending=self.sending,
            wake=asyncio.Event(),
        )
        return Sender(epoch, dispatcher)

    @property
    def now(self) -> datetime:
        self.latest = max(self.latest, self.clock.time)
        return self.clock.time

    # ── the newsroom ─────────────────────────────────────────────────────────────────────────────────────────────

    @rule(long=st.booleans(), minutes=st.integers(0, 30))
    def publish(self, long: bool, minutes: int) -> None:
        """A new entry; its time decides its place."""
        self.count += 1
        key = f"e{self.count}"
        self._record("new", key, 1, long, self.now - timedelta(minutes=minutes))

    @precondition(lambda self: self.texts)
    @rule(data=st.data(), long=st.booleans())
    def edit(self, data: st.DataObject, long: bool) -> None:
        """Another text; of a withdrawn entry: it is back."""
        key = data.draw(st.sampled_from(sorted(self.texts)))
        kind = "returned" if not self.texts[key] else "edited"
        self.count += 1
        self._record(kind, key, self.count, long, self.now)

    @precondition(lambda self: any(told for key, told in self.texts.items() if key != "summary"))
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(key for key, told in self.texts.items() if told and key != "summary")))
        self._record("removed", key, 0, False, self.now)

    @rule(points=st.integers(0, 9))
    def summarize(self, points: int) -> None:
        self._record(
            "edited" if "summary" in self.texts else "new", "summary", self.count * 10 + points, False, self.now
        )

    def _record(self, kind: Any, key: str, version: int, long: bool, at: datetime) -> None:
        self.do(self._recorded(kind, key, version, long, at))

    async def _recorded(self, kind: Any, key: str, version: int, long: bool, at: datetime) -> None:
        headline = f"{key} version {version}"
        words = [f"Line {line} of {key}." for line in range(9 if long else 1)]
        if key == "summary":  # it stands under the page's title
            words.insert(0, headline)
        body = RichText("\n".join(words))
        told = Entry(
            key,
            kind="summary" if key == "summary" else "entry",
            headline=headline,
            body=body,
            published_at=at,
            url="" if key == "summary" else f"{URL}#{key}",
        )
        async with self.database.write() as connection:
            await connection.execute(select(source).with_for_update())
            known = (await entries.known(connection, self.source, [key])).get(key)
            change = Change(kind, None if kind == "removed" else told, known, digest(told))
            sequence = (await connection.execute(select(source.c.sequence))).scalar_one()
            recorded = await entries.record(
                connection, self.source, Comparison((change,)), sequence=sequence, now=self.now
            )
            await planning.plan(connection, self.source, recorded, self.now)
        self.texts[key] = "" if kind == "removed" else headline

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=st.integers(0, 2))
    def pause(self, who: int) -> None:
        self.do(self._pausing(who, "pause"))

    @rule(who=st.integers(0, 2), how=st.sampled_from(get_args(pausing.How)))
    def resume(self, who: int, how: pausing.How) -> None:
        self.do(self._pausing(who, how))

    async def _pausing(self, who: int, how: pausing.How | Literal["pause"]) -> None:
        async with self.database.write() as connection:
            wish = [self.wishes[who]]
            if how == "pause":
                await pausing.pause(connection, wish, self.now + timedelta(hours=1))
            else:
                await pausing.resume(connection, wish, self.now, how)

    @rule(who=st.integers(0, 2))
    def unsubscribe(self, who: int) -> None:
        async def leave() -> None:
            async with self.database.write() as connection:
                await subscriptions.unsubscribe(connection, self.wishes[who], self.now)

        self.do(leave())

    @rule(who=st.integers(0, 2))
    def subscribe_again(self, who: int) -> None:
        async def back() -> None:
            async with self.database.write() as connection:
                there = await chats.find(connection, PLACES[who])
                assert there is not None
                await subscriptions.subscribe(connection, chat_id=there.id, url=URL, now=self.now)
                mine = subscription.c.id == self.wishes[who]
                await connection.execute(update(subscription).where(mine).values(caught_up_at=self.now))

        if not self.platform.moved:
            self.do(back())

    @rule()
    def the_bot_is_let_in_again(self) -> None:
        self.do(self._let_in())

    async def _let_in(self) -> None:
        async with self.database.write() as connection:
            for there in {row.chat for row in (await connection.execute(select(chat.c.chat))).all()}:
                await chats.release(connection, Address("terminal", "bot", there), self.now)

    @precondition(lambda self: not self.platform.moved)
    @rule()
    def group_becomes_a_supergroup(self) -> None:
        self.platform.moved["one"] = "one-super"

    # ── time, crashes, two senders ───────────────────────────────────────────────────────────────────────────────

    @rule(seconds=st.sampled_from((1, 20, 45, 130, 600, 1200, 200_000, -20, -600, -200_000)))
    def time_passes(self, seconds: int) -> None:
        """Also backwards: clocks are set right, and wrong."""
        self.clock.time += timedelta(seconds=seconds)

    @rule(landed=st.booleans())
    def crash(self, landed: bool) -> None:
        """The process dies; what it was just saying arrives at the platform, or does not. Another one starts."""
        for flight in self.sender.flights:
            self._cut(self.sender, flight, landed=landed)
        self.sender = self.do(self._take("next"))

    @rule(landed=st.booleans())
    def another_takes_over(self, landed: bool) -> None:
        """The lease ends while the process is asleep: it wakes later and still believes that it sends."""
        for flight in self.sender.flights:
            self._cut(self.sender, flight, landed=landed)
        self.zombies = [*self.zombies[-2:], self.sender]
        self.sender = self.do(self._take("other"))

    def _cut(self, sender: Sender, flight: Prepared, *, landed: bool) -> None:
        """A call ends without anybody hearing its answer."""
        self.platform.how = "cut_after" if landed else "cut_before"
        with contextlib.suppress(Cut):
            self.do(sender.dispatcher._answer(flight))
        self.platform.how = "done"

    @precondition(lambda self: any(zombie.flights for zombie in self.zombies))
    @rule()
    def zombie_hears_an_answer(self) -> None:
        """What an earlier sender still believes changes nothing."""
        zombie = next(zombie for zombie in self.zombies if zombie.flights)
        flight = zombie.flights.pop()
        before = self.do(self._everything())
        self.platform.how = "deaf"
        with pytest.raises(LeaseLost):
            self.do(zombie.dispatcher._deliver(flight))
        self.platform.how = "done"
        assert self.do(self._everything()) == before

    @precondition(lambda self: self.zombies)
    @rule()
    def zombie_wants_more(self) -> None:
        """Nor does it get anything new to say."""
        before = self.do(self._everything())
        with pytest.raises(LeaseLost):
            self.do(self.zombies[-1].dispatcher._claim(self.now, 3))
        assert self.do(self._everything()) == before

    async def _everything(self) -> list[Sequence[Row[Any]]]:
        async with self.database.read() as connection:
            return [
                (await connection.execute(select(table).order_by(table.c.id))).all()
                for table in (delivery, part, lane, chat)
            ]

    # ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def claim(self) -> None:
        """Take what may be said now, in its order."""
        before = self.do(self._deliveries())
        claimed = self.do(self.sender.dispatcher._claim(self.now, 3))
        for prepared in claimed:
            self._in_order(prepared, before)
        self.sender.flights += claimed

    def _in_order(self, prepared: Prepared, before: list[Row[Any]]) -> None:
        """Of the first sends that a lane might have said, the one of lowest rank goes first."""
        mine = next((row for row in before if row.id == prepared.claim.id), None)
        if mine is None or mine.urgency != SEND:
            return  # a digest made at this moment, or something that goes before first sends
        rivals = [
            row.rank for row in before if row.lane_id == mine.lane_id and row.urgency == SEND and self._sendable(row)
        ]
        assert mine.rank == min(rivals)

    def _sendable(self, row: Row[Any]) -> bool:
        due = row.due_at is not None and (row.due_at <= self.now or row.due_at > self.now + LONGEST_DELAY)
        paused = row.paused_until is not None and row.paused_until > self.now
        return row.state == "due" and due and not paused and row.chat_state == "active"

    @rule()
    def claim_and_be_answered(self) -> None:
        """All goes well for once."""
        self.claim()
        while self.sender.flights:
            self.do(self.sender.dispatcher._deliver(self.sender.flights.pop(0)))

    @precondition(lambda self: self.sender.flights)
    @rule(data=st.data(), how=st.sampled_from(ANSWERS))
    def answer(self, data: st.DataObject, how: How) -> None:
        """The platform answers one of the calls in flight."""
        flight = data.draw(st.sampled_from(self.sender.flights))
        self.sender.flights.remove(flight)
        self.platform.how = how
        self.do(self.sender.dispatcher._deliver(flight))
        self.platform.how = "done"

    # ── what must hold after every step ──────────────────────────────────────────────────────────────────────────

    async def _deliveries(self) -> list[Row[Any]]:
        columns = (
            delivery,
            lane.c.busy,
            lane.c.next_at,
            lane.c.paced_until,
            chat.c.state.label("chat_state"),
            subscription.c.paused_until,
            entry.c.key,
        )
        async with self.database.read() as connection:
            joined = (
                select(*columns)
                .join_from(delivery, lane)
                .join(chat, chat.c.id == delivery.c.chat_id)
                .join(subscription, subscription.c.id == delivery.c.subscription_id)
                .outerjoin(entry, entry.c.id == delivery.c.entry_id)
            )
            return list((await connection.execute(joined.order_by(delivery.c.id))).all())

    @invariant()
    def the_outbox_keeps_its_word(self) -> None:
        rows = self.do(self._deliveries())
        accepted = self.do(self._accepted())
        flights = {flight.claim.id for flight in self.sender.flights}
        for row in rows:
            if row.state == "claimed":
                assert (row.id in flights, row.busy, row.epoch) == (True, row.id, self.sender.epoch), "no owner"
            elif row.state == "due" and row.busy is None and row.chat_state == "active":
                self._has_a_way_out(row)
            assert not row.shown or row.id in accepted, "shown, and never accepted"
        busy = Counter(row.lane_id for row in rows if row.state == "claimed")
        assert all(count == 1 for count in busy.values()), "two in flight in one lane"
        assert sum(busy.values()) == len(self.sender.flights)

    def _has_a_way_out(self, row: Row[Any]) -> None:
        if row.due_at is None:
            assert row.paused_until is not None, "held by nothing"
        elif row.paused_until is None or row.urgency != SEND:
            assert row.next_at is not None, "its lane sleeps for ever"
            assert row.next_at <= max(row.due_at, self.latest), "its lane sleeps too long"
        assert row.paced_until is None or row.paced_until <= self.latest + HEAD_HOLDS_LANE, "paced for too long"

    async def _accepted(self) -> set[int]:
        async with self.database.read() as connection:
            found = select(part.c.delivery_id).where(part.c.message_id.is_not(None))
            return set((await connection.execute(found)).scalars())

    # ── in the end ───────────────────────────────────────────────────────────────────────────────────────────────

    def teardown(self) -> None:
        try:
            if hasattr(self, "platform"):
                self._at_rest()
        finally:
            self.do(self.database.close())
            self.runner.close()

    def _at_rest(self) -> None:
        """All trouble ends: what every chat shows is what it should, as far as the platform and people let it."""
        self.crash(landed=False)
        self.do(self._let_in())
        for who in range(3):
            self.resume(who, how="")
        for _ in range(3):
            self.clock.time = self.latest = self.latest + timedelta(minutes=5)
            self._say_all()
        rows = self.do(self._deliveries())
        unrest = [row._asdict() for row in rows if row.state in {"due", "claimed"}]
        assert not unrest, f"still owed: {unrest}"
        for row in rows:
            if row.state == "settled":
                assert row.shown == row.wanted
        self._shows(rows)

    def _say_all(self) -> None:
        """Send until nothing is owed at this moment; that comes to an end."""
        for _ in range(20 * (len(self.texts) + 1)):
            self.claim()
            if not self.sender.flights:
                return
            while self.sender.flights:
                self.do(self.sender.dispatcher._deliver(self.sender.flights.pop(0)))
        raise AssertionError(f"it never ends: {[row._asdict() for row in self.do(self._deliveries())]}")

    def _shows(self, rows: list[Row[Any]]) -> None:
        """Every settled entry stands in its chat as the page has it now, on a platform with nonces once."""
        standing = [message for messages in self.platform.chats.values() for message in messages]
        shown = Counter(line.removeprefix("• ") for message in standing for line in message.text.split("\n")[:2])
        told = Counter(
            self.texts[row.key] for row in rows if row.state == "settled" and row.shown and row.key and self._full(row)
        )
        assert not told - shown, f"not shown: {told - shown}"

    def _full(self, row: Row[Any]) -> bool:
        """Whether it can be seen in today's chat that it says what it should."""
        return row.note != "frozen in the chat it left" and not (row.key == "summary" and row.form == PLAINEST)
