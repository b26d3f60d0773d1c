"""Subscribing, unsubscribing, pausing: what is owed afterwards."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.catching_up import catch_up
from bot.store.engine import Database
from bot.store.listing import latest, listing, summary
from bot.store.pausing import end_pauses, pause, resume
from bot.store.schema import FOREVER, chat, delivery, entry, lane, source, subscription
from bot.store.subscriptions import set_filter, subscribe, unsubscribe, watched

from ..rows import NOON, PAGE, a_baseline, a_chat, a_wish, address, after, an_entry, one, show, states


async def _dues(connection: AsyncConnection, subscription_id: int) -> list[datetime | None]:
    mine = select(delivery.c.due_at).where(delivery.c.subscription_id == subscription_id)
    return list((await connection.execute(mine.order_by(delivery.c.rank))).scalars().all())


async def test_a_new_page_is_polled_at_once_under_the_title_that_was_seen(database: Database) -> None:
    async with database.write() as connection:
        wish = await a_wish(connection, await a_chat(connection))
        row = (await connection.execute(select(source))).one()
    assert (row.url, row.title, row.next_poll_at, row.baseline_at) == (PAGE, "Storm", NOON, None)
    assert (wish.number, wish.made) == (1, "new")


async def test_subscribing_twice_changes_nothing(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        first = await a_wish(connection, group)
        again = await a_wish(connection, group, filter_text="other")
        assert (again.id, again.number, again.made) == (first.id, 1, "known")
        assert await one(connection, subscription.c.filter) == ""


async def test_two_chats_share_one_source(database: Database) -> None:
    async with database.write() as connection:
        await a_wish(connection, await a_chat(connection))
        await a_wish(connection, await a_chat(connection, address("-200")))
        assert len((await connection.execute(select(source.c.id))).all()) == 1


async def test_numbers_are_never_given_twice(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        first = await a_wish(connection, group, f"{PAGE}/1")
        await unsubscribe(connection, first.id, NOON)
        assert (await a_wish(connection, group, f"{PAGE}/2")).number == 2
        assert await one(connection, chat.c.last_number) == 2


async def test_what_was_there_before_is_no_news_to_a_new_subscription(database: Database) -> None:
    async with database.write() as connection:
        await a_wish(connection, await a_chat(connection))
        source_id = await a_baseline(connection)
        await an_entry(connection, source_id, "before")
        late = await a_wish(connection, await a_chat(connection, address("-200")))
        assert await one(connection, subscription.c.since, subscription.c.id == late.id) == 1
        assert await states(connection, late.id) == {}


async def test_whoever_subscribes_while_entries_are_recorded_waits_for_them(database: Database) -> None:
    async with database.write() as connection:
        await a_wish(connection, await a_chat(connection))
        source_id = await a_baseline(connection)
        late = await a_chat(connection, address("-200"))

    async def subscribing() -> int:
        async with database.write() as connection:
            wish = await a_wish(connection, late)
            return int(await one(connection, subscription.c.since, subscription.c.id == wish.id))

    async with database.write() as connection:
        await connection.execute(select(source.c.id).with_for_update())
        waiting = asyncio.create_task(subscribing())
        await asyncio.wait({waiting}, timeout=0.2)
        assert not waiting.done()
        await an_entry(connection, source_id, "at the same moment")
    assert await waiting == 1


async def test_unsubscribing_ends_what_is_owed_freezes_what_is_shown_and_lets_go_of_the_page(
    database: Database,
) -> None:
    async with database.write() as connection:
        wish = await a_wish(connection, await a_chat(connection))
        source_id = await a_baseline(connection)
        await show(connection, await an_entry(connection, source_id, "shown", minute=1))
        await an_entry(connection, source_id, "owed", minute=2)
        begun = await an_entry(connection, source_id, "begun", minute=3)
        flying = await an_entry(connection, source_id, "flying", minute=4)
        await connection.execute(delivery.update().where(delivery.c.entry_id == begun).values(act="send"))
        await connection.execute(delivery.update().where(delivery.c.entry_id == flying).values(state="claimed"))
        await unsubscribe(connection, wish.id, after(5))
        assert await states(connection, wish.id) == {
            "shown": "ended",
            "owed": "ended",
            "begun": "due",
            "flying": "claimed",
        }
        assert await one(connection, source.c.next_poll_at) is None


async def test_a_page_that_another_chat_follows_is_still_polled(database: Database) -> None:
    async with database.write() as connection:
        wish = await a_wish(connection, await a_chat(connection))
        await a_wish(connection, await a_chat(connection, address("-200")))
        await unsubscribe(connection, wish.id, after(5))
        assert await one(connection, source.c.next_poll_at) == NOON


async def test_subscribing_again_repeats_nothing_and_keeps_the_summary_current(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        await a_wish(connection, await a_chat(connection, address("-200")))
        wish = await a_wish(connection, group)
        source_id = await a_baseline(connection)
        await show(connection, await an_entry(connection, source_id, "points", kind="summary"))
        await show(connection, await an_entry(connection, source_id, "shown", minute=1))
        await unsubscribe(connection, wish.id, after(2))
        await an_entry(connection, source_id, "missed", minute=3)
        again = await a_wish(connection, group)
        await catch_up(connection, again.id, after(4))
        assert (again.id, again.number, again.made) == (wish.id, 1, "revived")
        assert await states(connection, wish.id) == {"points": "due", "shown": "ended", "missed": "due"}


async def test_a_page_nobody_followed_for_a_while_starts_from_a_new_baseline(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        wish = await a_wish(connection, group)
        await a_baseline(connection, etag='"1"', body_hash="x")
        await unsubscribe(connection, wish.id, after(2))
        await subscribe(connection, chat_id=group.id, url=PAGE, now=after(60))
        row = (await connection.execute(select(source))).one()
    assert (row.baseline_at, row.etag, row.body_hash, row.next_poll_at) == (None, "", "", after(60))


async def test_only_a_page_that_is_polled_and_answers_needs_no_look_before_subscribing(database: Database) -> None:
    async with database.write() as connection:
        assert await watched(connection, PAGE) is None
        wish = await a_wish(connection, await a_chat(connection))
        looks = [await watched(connection, PAGE)]
        await a_baseline(connection)
        looks.append(await watched(connection, PAGE))
        await unsubscribe(connection, wish.id, NOON)
        looks.append(await watched(connection, PAGE))
    assert [look.polled for look in looks if look] == [False, True, False]


async def test_a_filter_can_be_changed(database: Database) -> None:
    async with database.write() as connection:
        wish = await a_wish(connection, await a_chat(connection))
        await set_filter(connection, wish.id, "kyiv -sport")
        assert await one(connection, subscription.c.filter) == "kyiv -sport"


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_pause_holds_first_sends_and_nothing_else(database: Database) -> None:
    async with database.write() as connection:
        wish = await a_wish(connection, await a_chat(connection))
        source_id = await a_baseline(connection)
        corrected = await an_entry(connection, source_id, "corrected", minute=1)
        await show(connection, corrected)
        edit = delivery.update().where(delivery.c.entry_id == corrected)
        await connection.execute(edit.values(wanted=2, state="due", due_at=after(2)))
        begun = await an_entry(connection, source_id, "begun", minute=2)
        await connection.execute(delivery.update().where(delivery.c.entry_id == begun).values(act="send"))
        await an_entry(connection, source_id, "owed", minute=3)
        await pause(connection, [wish.id], FOREVER)
        await an_entry(connection, source_id, "while paused", minute=4)
        assert await _dues(connection, wish.id) == [after(2), after(2), None, None]


async def test_resuming_sends_what_was_held_as_a_digest_where_it_is_much(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        wish = await a_wish(connection, group)
        source_id = await a_baseline(connection)
        await pause(connection, [wish.id], FOREVER)
        await an_entry(connection, source_id, "held", minute=4)
        await resume(connection, [wish.id], after(9))
        assert await _dues(connection, wish.id) == [after(9)]
        assert await one(connection, subscription.c.backlog) == "digest"
        assert await one(connection, subscription.c.paused_until) is None
        assert await one(connection, lane.c.next_at, lane.c.id == group.lane_id) <= after(9)


async def test_resuming_with_skip_sends_the_summary_but_none_of_the_entries(database: Database) -> None:
    async with database.write() as connection:
        wish = await a_wish(connection, await a_chat(connection))
        source_id = await a_baseline(connection)
        await pause(connection, [wish.id], FOREVER)
        await an_entry(connection, source_id, "points", kind="summary")
        await an_entry(connection, source_id, "held", minute=4)
        await resume(connection, [wish.id], after(9), "skip")
        await an_entry(connection, source_id, "afterwards", minute=10)
        assert await states(connection, wish.id) == {"points": "due", "held": "ended", "afterwards": "due"}
        assert await _dues(connection, wish.id) == [after(9), None, after(10)]


@pytest.mark.parametrize(("missed", "told"), [(1, {"due"}), (2, {"told"})])
async def test_resuming_with_a_digest_folds_all_of_it_however_little_but_a_single_entry(
    database: Database, missed: int, told: set[str]
) -> None:
    async with database.write() as connection:
        wish = await a_wish(connection, await a_chat(connection))
        source_id = await a_baseline(connection)
        await pause(connection, [wish.id], FOREVER)
        for number in range(missed):
            await an_entry(connection, source_id, f"held {number}", minute=number)
        await resume(connection, [wish.id], after(9), "digest")
        assert set((await states(connection, wish.id)).values()) == told
        digests = select(delivery.c.id).where(delivery.c.kind == "digest", delivery.c.state == "due")
        assert len((await connection.execute(digests)).all()) == (told == {"told"})


async def test_a_pause_that_has_run_out_is_ended(database: Database) -> None:
    async with database.write() as connection:
        first = await a_wish(connection, await a_chat(connection))
        second = await a_wish(connection, await a_chat(connection, address("-200")))
        source_id = await a_baseline(connection)
        await pause(connection, [first.id], after(30))
        await pause(connection, [second.id], FOREVER)
        await an_entry(connection, source_id, "held", minute=4)
        assert await end_pauses(connection, after(29)) == 0
        assert await end_pauses(connection, after(30)) == 1
        assert await _dues(connection, first.id) == [after(30)]
        assert await _dues(connection, second.id) == [None]


# ── what a chat follows ──────────────────────────────────────────────────────────────────────────────────────────


async def test_the_list_tells_everything_that_explains_why_nothing_arrived(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        wish = await a_wish(connection, group, filter_text="storm")
        source_id = await a_baseline(connection, last_error="It timed out.", status="live", name="News")
        await show(connection, await an_entry(connection, source_id, "storm one", minute=1))
        await an_entry(connection, source_id, "storm two", minute=2)
        await pause(connection, [wish.id], after(99))
        listed = await listing(connection, [group.id])
    assert len(listed) == 1
    told = listed[0]
    assert (told.number, told.title, told.filter, told.owed, told.watched) == (1, "Storm", "storm", 1, True)
    assert (told.last_ok_at, told.last_entry_at, told.last_error) == (NOON, after(2), "It timed out.")
    assert (told.paused_until, told.chat_state) == (after(99), "active")


async def test_what_ended_is_not_listed(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        await unsubscribe(connection, (await a_wish(connection, group)).id, NOON)
        assert await listing(connection, [group.id]) == []


async def test_the_latest_entries_come_newest_first_without_withdrawn_ones_and_the_summary_by_itself(
    database: Database,
) -> None:
    async with database.write() as connection:
        await a_wish(connection, await a_chat(connection))
        source_id = await a_baseline(connection)
        await an_entry(connection, source_id, "points", kind="summary", body="• One\n• Two")
        for minute in (1, 2, 3):
            gone = await an_entry(connection, source_id, f"at {minute}", minute=minute)
        await connection.execute(entry.update().where(entry.c.id == gone).values(removed_at=NOON))
        found = await latest(connection, [source_id], 2)
        points = await summary(connection, source_id)
    assert [told.headline for _, told in found] == ["at 2", "at 1"]
    assert points is not None
    assert points.body.text == "• One\n• Two"
