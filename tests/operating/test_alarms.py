"""The operator's alerts: told once in the chat that was chosen, through the outbox, and their end too."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from bot.alarms import Alarms, AlarmSettings
from bot.model import User
from bot.ports import Failed
from bot.store import access, listing
from bot.store.alerts import active, counts
from bot.store.engine import Database
from bot.store.halting import pause_all
from bot.store.overview import source_lines, subscription_lines
from bot.store.schema import ALERTS, chat, delivery, source, subscription
from tests.mirror.world import NOON, URL, World

DISK = 500_000_000


class Watched(World):
    """A world whose operator hears alerts in the chat "ops"; `left` is the room on its disk."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.left: int | None = 10 * DISK
        self.woken = 0
        self.seconds = 0.0
        self.took = 0.0
        self.start("ops")

    def start(self, receiver: str = "ops") -> None:
        """Begin as a new process does: nothing is remembered but the database."""
        settings = AlarmSettings({"terminal": receiver}, disk_free=DISK)
        self.alarms = Alarms(
            self.database,
            settings,
            clock=self.clock,
            room=lambda: self.left,
            told=self._wake,
            monotonic=self._monotonic,
        )
        self.alarms.connected("terminal", self.platform.bot)

    def _wake(self) -> None:
        self.woken += 1

    def _monotonic(self) -> float:
        self.seconds += self.took
        return self.seconds

    async def look(self, seconds: float = 60) -> list[str]:
        """Let time pass, look, send; return the headlines in the operator's chat."""
        self.advance(seconds)
        await self.alarms.look()
        await self.send()
        return self.shows("ops")

    async def poll(self, url: str = URL) -> int:
        """Look at the page; the alerts are a source that nothing ever polls."""
        return await super().poll(url)

    async def fail(self, count: int, *, why: str = "It answered 503.") -> None:
        """Let so many pages fail."""
        rows = [
            {
                "url": f"https://news.example/{number}",
                "title": f"Page {number}",
                "failing_since": NOON,
                "told_at": NOON,
                "last_error": why,
            }
            for number in range(count)
        ]
        async with self.database.write() as connection:
            await connection.execute(delete(source).where(source.c.url.like("https://news.example/_%"), _unfollowed()))
            if rows:
                await connection.execute(insert(source), rows)


def _unfollowed() -> Any:
    return source.c.id.not_in(select(subscription.c.source_id))


@pytest.fixture
async def watched(database: Database) -> Watched:
    world = Watched(database)
    await world.look()
    return world


async def test_a_trouble_is_told_once_and_its_end_too(watched: Watched) -> None:
    watched.left = DISK - 1
    assert await watched.look() == ["The disk is nearly full"]
    assert await watched.look() == ["The disk is nearly full"]
    watched.left = 10 * DISK
    assert await watched.look() == ["There is room on the disk again"] * 2
    texts = watched.texts("ops")
    assert texts[0] == texts[1] == "There is room on the disk again\nIt lasted from 12:02 to 12:04 UTC."
    assert await watched.look() == ["There is room on the disk again"] * 2
    assert watched.woken == 2


async def test_a_restart_tells_nothing_twice_and_forgets_no_end(watched: Watched) -> None:
    watched.left = DISK - 1
    await watched.look()
    watched.start()
    assert await watched.look() == ["The disk is nearly full"]
    watched.start()
    watched.left = 10 * DISK
    assert len(await watched.look()) == 2


async def test_what_comes_back_within_the_hour_edits_its_message_and_rings_no_more(watched: Watched) -> None:
    for _ in range(4):
        watched.left = DISK - 1
        await watched.look()
        watched.left = 10 * DISK
        await watched.look()
    assert len(watched.shows("ops")) == 2
    watched.left = DISK - 1
    assert (await watched.look())[0] == "The disk is nearly full"
    watched.left = 10 * DISK
    await watched.look()
    watched.left = DISK - 1
    assert (await watched.look(3700))[2:] == ["The disk is nearly full"]


async def test_a_page_that_fails_is_told_with_its_reason_and_a_new_reason_is_an_edit(watched: Watched) -> None:
    await watched.fail(1)
    assert await watched.look() == ["A page cannot be read: Page 0"]
    await watched.fail(1, why="It is not there (404).")
    await watched.look()
    (text,) = watched.texts("ops")
    assert "It is not there (404)." in text
    await watched.fail(0)
    assert await watched.look() == ["A page can be read again: Page 0"] * 2


async def test_three_hundred_pages_that_fail_are_one_message(watched: Watched) -> None:
    await watched.fail(300)
    assert await watched.look() == ["Many pages cannot be read"]
    await watched.fail(0)
    assert len(await watched.look()) == 2


async def test_dead_letters_are_told_and_their_number_follows(watched: Watched) -> None:
    await watched.follow()
    await watched.live()
    watched.page.publish("a")
    await watched.live(30)
    async with watched.database.write() as connection:
        await connection.execute(update(delivery).values(state="dead"))
    assert await watched.look() == ["Deliveries were given up"]
    assert "Dead letters: 1." in watched.texts("ops")[0]
    async with watched.database.write() as connection:
        await connection.execute(update(delivery).where(delivery.c.state == "dead").values(state="settled"))
    assert len(await watched.look()) == 2


async def test_messages_that_do_not_get_out_are_told_once_they_do_again(watched: Watched) -> None:
    await watched.follow()
    await watched.live()
    watched.page.publish("a")
    await watched.poll()
    watched.advance(599)
    await watched.alarms.look()
    async with watched.database.read() as connection:
        assert await active(connection) == []
    watched.advance(62)
    await watched.alarms.look()
    async with watched.database.read() as connection:
        assert [each.trouble.key for each in await active(connection)] == ["sender:terminal"]
        assert (await counts(connection))["sender"] == 1
    await watched.send()
    assert await watched.look() == ["Messages get out on Terminal again"] * 2
    assert watched.shows() == ["Headline a"]


async def test_what_the_operator_paused_is_not_stuck_and_alerts_pass_that_pause(watched: Watched) -> None:
    await watched.follow()
    await watched.live()
    async with watched.database.write() as connection:
        await pause_all(connection, watched.clock.now())
    watched.page.publish("a")
    await watched.poll()
    watched.left = DISK - 1
    assert await watched.look(1200) == ["The disk is nearly full"]
    assert watched.shows() == []


async def test_a_database_that_is_slow_at_three_looks_is_told(watched: Watched) -> None:
    watched.took = 2.5
    assert await watched.look() == []
    assert await watched.look() == []
    assert await watched.look() == ["The database is slow"]
    watched.took = 0.1
    assert await watched.look() == ["The database answers in time again"] * 2


async def test_a_platform_that_does_not_let_its_bot_in_is_told_elsewhere_until_it_does(watched: Watched) -> None:
    stopping = asyncio.Event()
    stopping.set()
    await watched.alarms.tell_rejected("telegram", "Telegram does not accept the token.", ["terminal"], stopping)
    assert await watched.look() == ["Telegram does not let the bot in"]
    watched.start()
    assert await watched.look() == ["Telegram does not let the bot in"]
    watched.alarms.connected("telegram", "7")
    assert await watched.look() == ["Telegram lets the bot in again"] * 2


async def test_the_owner_hears_alerts_in_private_unless_another_chat_was_chosen(watched: Watched) -> None:
    async with watched.database.write() as connection:
        assert await access.owner_chat(connection, "telegram") == ""
        await access.claim(connection, "telegram", User("42", "Anna"), NOON)
        assert await access.owner_chat(connection, "telegram") == "42"
        await access.claim(connection, "discord", User("43", "Boris"), NOON)
        assert await access.owner_chat(connection, "discord") == ""
        await access.claim(connection, "discord", User("43", "Boris"), NOON, chat="9001")
        assert await access.owner_chat(connection, "discord") == "9001"
    watched.alarms = Alarms(
        watched.database, AlarmSettings({"discord": "off"}), clock=watched.clock, room=lambda: None, told=lambda: None
    )
    watched.alarms.connected("telegram", "7")
    watched.alarms.connected("discord", "8")
    await watched.alarms.look()
    assert await _receivers(watched.database) == {("telegram", "42"), ("terminal", "ops")}


async def test_another_chat_that_is_chosen_hears_from_then_on_and_the_old_one_no_more(watched: Watched) -> None:
    watched.start("desk")
    watched.left = DISK - 1
    await watched.look()
    assert (watched.shows("ops"), watched.shows("desk")) == ([], ["The disk is nearly full"])
    watched.start("ops")
    watched.left = 10 * DISK
    await watched.look()
    assert watched.shows("ops") == ["There is room on the disk again"]
    watched.start("off")
    watched.left = DISK - 1
    await watched.look(4000)
    assert len(watched.shows("ops")) == 1


async def _receivers(database: Database) -> set[tuple[str, str]]:
    hearing = (
        select(chat.c.platform, chat.c.chat)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .join(source, source.c.id == subscription.c.source_id)
        .where(source.c.url == ALERTS, subscription.c.ended_at.is_(None))
    )
    async with database.read() as connection:
        return {(row.platform, row.chat) for row in (await connection.execute(hearing)).all()}


async def test_nobody_sees_the_alerts_among_what_a_chat_follows_or_the_operator_watches(watched: Watched) -> None:
    await watched.follow("ops")
    async with watched.database.read() as connection:
        ids = (await connection.execute(select(chat.c.id))).scalars().all()
        assert [each.url for each in await listing.listing(connection, ids)] == [URL]
        assert [each.url for each in await source_lines(connection, failing=False, limit=9)] == [URL]
        assert [each.url for each in await subscription_lines(connection, where="", limit=9)] == [URL]


async def test_an_alert_whose_chat_does_not_answer_waits_there_and_is_said_once(watched: Watched) -> None:
    watched.platform.trick("send", Failed("no network", platform_wide=True))
    watched.left = DISK - 1
    assert await watched.look() == []
    assert await watched.look(120) == ["The disk is nearly full"]
    async with watched.database.read() as connection:
        told = select(func.count()).select_from(delivery)
        assert (await connection.execute(told)).scalar_one() == 1


def test_an_alert_is_due_after_ten_minutes_by_default() -> None:
    assert AlarmSettings().stuck_after == timedelta(minutes=10)
