"""Quiet hours and schedules hold first sends only; what they held comes as one well-made message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.hours import quiet_hours, schedule
from bot.store import pausing, schedules
from bot.store.schema import FOREVER, chat, delivery, lane, subscription

from .world import World, picture

MINUTE, HOUR = 60, 3600


@pytest.fixture
async def follower(world: World) -> World:
    """A world with a chat that follows the page; it is noon."""
    await world.follow()
    await world.poll()
    return world


async def _quiet(world: World, typed: str) -> None:
    async with world.database.write() as connection:
        (chat_id,) = (await connection.execute(select(chat.c.id))).scalars().all()
        wanted = quiet_hours(typed) if typed != "off" else None
        await schedules.set_quiet(connection, chat_id, wanted, world.clock.now())


async def _schedule(world: World, typed: str) -> None:
    async with world.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await schedules.set_schedule(connection, ids, schedule(typed), world.clock.now())


async def _zone(world: World, zone: str) -> None:
    async with world.database.write() as connection:
        (chat_id,) = (await connection.execute(select(chat.c.id))).scalars().all()
        await schedules.set_zone(connection, chat_id, zone, world.clock.now())


async def _live(world: World, seconds: float, step: float = 10 * MINUTE) -> None:
    """Let time pass, step by step, with everything that happens in it."""
    until = world.clock.now() + timedelta(seconds=seconds)
    while world.clock.now() < until:
        world.advance(min(step, (until - world.clock.now()).total_seconds()))
        await world.tick()
        await world.send()


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_in_quiet_hours_nothing_new_arrives_and_what_waited_comes_when_they_end(follower: World) -> None:
    await _quiet(follower, "12:00-13:00")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    assert follower.shows() == []
    assert await follower.states() == ["due"]
    await _live(follower, 58 * MINUTE)
    assert follower.shows() == []
    await _live(follower, MINUTE)
    assert follower.shows() == ["Headline a"]


async def test_quiet_hours_hold_what_was_owed_before_they_began(follower: World) -> None:
    await _quiet(follower, "12:10-13:00")
    follower.page.publish("a", at=1)
    await follower.poll()
    follower.advance(10 * MINUTE)
    await follower.send()
    assert follower.shows() == []


async def test_corrections_and_withdrawals_go_on_in_quiet_hours(follower: World) -> None:
    follower.page.publish("a", at=1)
    follower.page.publish("b", at=2)
    follower.page.publish("c", at=3)
    await follower.live(MINUTE)
    await _quiet(follower, "12:00-20:00")
    follower.page.edit("a", headline="Headline a, corrected")
    await follower.live(MINUTE)
    follower.page.withdraw("b")
    await follower.live(MINUTE)
    await follower.live(2 * MINUTE)
    assert follower.shows() == ["Headline a, corrected", "Headline c"]


async def test_breaking_entries_pass_quiet_hours_only_where_that_is_asked_for(follower: World) -> None:
    await _quiet(follower, "12:00-20:00")
    follower.page.publish("a", at=1, flags=("breaking",))
    await follower.live(MINUTE)
    assert follower.shows() == []
    await _quiet(follower, "12:00-20:00 breaking")
    follower.page.publish("b", at=2)
    follower.page.publish("c", at=3, flags=("breaking",))
    await follower.live(MINUTE)
    assert follower.shows() == ["Headline c"]


async def test_an_entry_that_becomes_breaking_passes_then(follower: World) -> None:
    await _quiet(follower, "12:00-20:00 breaking")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    follower.page.edit("a", flags=frozenset({"breaking"}))
    await follower.live(MINUTE)
    assert follower.shows() == ["Headline a"]


async def test_after_a_quiet_night_much_is_one_digest_and_the_newest_three(follower: World) -> None:
    await _quiet(follower, "12:00-20:00")
    for minute in range(1, 13):
        follower.page.publish(f"e{minute}", at=minute)
    await follower.live(12 * MINUTE)
    await _live(follower, 8 * HOUR)
    assert follower.shows() == ["While you were away: 9 updates", "Headline e10", "Headline e11", "Headline e12"]


async def test_quiet_hours_taken_away_let_go_what_they_held(follower: World) -> None:
    await _quiet(follower, "12:00-20:00")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    await _quiet(follower, "off")
    await follower.send()
    assert follower.shows() == ["Headline a"]


async def test_quiet_hours_come_again_every_day(follower: World) -> None:
    await _quiet(follower, "23:00-07:00")
    await _live(follower, 24 * HOUR)
    follower.advance(12 * HOUR)
    follower.page.publish("a", at=1)
    await follower.live()
    assert follower.shows() == []
    await _live(follower, 7 * HOUR)
    assert follower.shows() == ["Headline a"]


async def test_a_pause_outlasts_quiet_hours_that_end_in_it_and_the_other_way_round(follower: World) -> None:
    await _quiet(follower, "12:00-13:00")
    async with follower.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await pausing.pause(connection, ids, FOREVER)
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    await _live(follower, 2 * HOUR)
    assert follower.shows() == []
    await _quiet(follower, "14:00-15:00")
    async with follower.database.write() as connection:
        await pausing.resume(connection, ids, follower.clock.now())
    await follower.send()
    assert follower.shows() == []
    await _live(follower, HOUR)
    assert follower.shows() == ["Headline a"]


async def test_another_time_zone_moves_the_quiet_hours(follower: World) -> None:
    await _quiet(follower, "12:00-13:00")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    await _zone(follower, "Asia/Kathmandu")
    await follower.send()
    assert follower.shows() == ["Headline a"]


async def test_a_lane_that_only_holds_sleeps(follower: World) -> None:
    await _quiet(follower, "12:00-20:00")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    async with follower.database.read() as connection:
        assert (await connection.execute(select(lane.c.next_at))).scalars().all() == [None]


# ── schedules ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_schedule_gathers_what_came_into_one_message_newest_first(follower: World) -> None:
    await _schedule(follower, "at 18:00")
    for minute in (1, 2, 3):
        follower.page.publish(f"e{minute}", at=minute, images=(picture("pier"),))
    await follower.live(3 * MINUTE)
    assert follower.shows() == []
    await _live(follower, 6 * HOUR - 3 * MINUTE)
    assert follower.texts() == [
        "Lighthouse live: 3 updates\n• 12:03 Headline e3\n• 12:02 Headline e2\n• 12:01 Headline e1"
    ]
    assert await follower.states() == ["told", "told", "told", "settled"]


async def test_one_entry_is_a_digest_too_and_nothing_makes_none(follower: World) -> None:
    await _schedule(follower, "every 30m")
    await _live(follower, HOUR)
    assert follower.shows() == []
    follower.page.publish("a", at=61)
    await follower.live()
    await _live(follower, 31 * MINUTE)
    assert follower.shows() == ["Lighthouse live: 1 update"]


async def test_every_so_often_no_more_than_one_message_comes(follower: World) -> None:
    await _schedule(follower, "every 1h")
    for minute in range(0, 360, 7):
        follower.page.publish(f"e{minute}", at=minute)
        await follower.poll()
        await _live(follower, 7 * MINUTE)
    sent = [shown.sent_at for shown in follower.platform.chats["chat"]]
    assert [each.hour for each in sent] == [13, 14, 15, 16, 17, 18]


async def test_an_edit_of_what_a_digest_told_edits_the_digest(follower: World) -> None:
    await _schedule(follower, "every 30m")
    follower.page.publish("a", at=1)
    follower.page.publish("b", at=2)
    await follower.live(2 * MINUTE)
    await _live(follower, HOUR)
    follower.page.edit("a", headline="Headline a, corrected")
    await follower.live(MINUTE)
    assert follower.texts() == ["Lighthouse live: 2 updates\n• 12:02 Headline b\n• 12:01 Headline a, corrected"]


async def test_breaking_entries_come_live_and_the_rest_when_the_schedule_says(follower: World) -> None:
    await _schedule(follower, "breaking live, rest at 18:00")
    follower.page.publish("a", at=1)
    follower.page.publish("b", at=2, flags=("breaking",))
    await follower.live(2 * MINUTE)
    assert follower.shows() == ["Headline b"]
    await _live(follower, 6 * HOUR)
    assert follower.shows() == ["Headline b", "Lighthouse live: 1 update"]


async def test_the_summary_and_the_end_are_not_gathered(follower: World) -> None:
    await _schedule(follower, "at 18:00")
    follower.page.summary = ["It is windy."]
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    assert follower.shows() == ["Lighthouse live"]
    follower.page.status = "ended"
    await follower.live(MINUTE)
    assert follower.shows()[-1].startswith("Live coverage has ended")


async def test_back_to_live_what_waited_comes_now(follower: World) -> None:
    await _schedule(follower, "at 18:00")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    await _schedule(follower, "live")
    await follower.send()
    assert follower.shows() == ["Headline a"]


async def test_in_quiet_hours_no_digest_is_made_and_one_tells_all_when_they_end(follower: World) -> None:
    await _schedule(follower, "every 30m")
    await _quiet(follower, "12:00-16:00")
    for minute in (1, 61, 121):
        follower.page.publish(f"e{minute}", at=minute)
    await follower.live(MINUTE)
    await _live(follower, 4 * HOUR)
    assert follower.shows() == ["Lighthouse live: 3 updates"]


async def test_resuming_a_page_with_a_schedule_brings_one_digest_at_once(follower: World) -> None:
    await _schedule(follower, "at 18:00")
    async with follower.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await pausing.pause(connection, ids, FOREVER)
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    await _live(follower, 8 * HOUR)
    assert follower.shows() == []
    async with follower.database.write() as connection:
        await pausing.resume(connection, ids, follower.clock.now())
    await follower.tick()
    await follower.send()
    assert follower.shows() == ["Lighthouse live: 1 update"]


async def test_many_entries_of_a_day_are_all_named(follower: World) -> None:
    await _schedule(follower, "at 18:00")
    for minute in range(140):
        follower.page.publish(f"e{minute}", at=minute)
    await follower.live(140 * MINUTE)
    await _live(follower, 4 * HOUR)
    (digest,) = follower.texts()
    assert digest.count("\n• ") == 140


async def test_a_chat_in_kathmandu_gets_its_digest_by_its_own_clock(follower: World) -> None:
    await _zone(follower, "Asia/Kathmandu")
    await _schedule(follower, "at 18:00")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    await _live(follower, 30 * MINUTE, step=MINUTE)
    (shown,) = follower.platform.chats["chat"]
    assert shown.sent_at == datetime(2026, 3, 14, 12, 15, tzinfo=UTC)
    assert "• 17:46 Headline a" in shown.text


@pytest.mark.parametrize(
    ("eve", "sent"),
    [
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), [(29, 1, 30), (30, 0, 30)]),
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), [(25, 0, 30), (26, 1, 30)]),
    ],
)
async def test_a_digest_at_half_past_two_comes_once_on_the_night_the_clock_changes(
    world: World, eve: datetime, sent: list[tuple[int, int, int]]
) -> None:
    world.clock.time = eve
    await world.follow()
    await world.poll()
    await _zone(world, "Europe/Berlin")
    await _schedule(world, "at 02:30")
    for hour in range(40):
        world.page.publish(f"e{hour}", at=0)
        world.page.edit(f"e{hour}", published_at=world.clock.now())
        await world.poll()
        await _live(world, HOUR)
    came = [shown.sent_at for shown in world.platform.chats["chat"]]
    assert [(at.day, at.hour, at.minute) for at in came] == sent


async def test_a_schedule_that_was_missed_while_the_program_slept_is_kept_once(follower: World) -> None:
    await _schedule(follower, "at 08:00,18:00")
    follower.page.publish("a", at=1)
    await follower.live(MINUTE)
    follower.advance(40 * HOUR)
    await follower.tick()
    await follower.send()
    assert follower.shows() == ["Lighthouse live: 1 update"]
    async with follower.database.read() as connection:
        (next_at,) = (await connection.execute(select(subscription.c.next_digest_at))).scalars().all()
    assert next_at == datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


async def test_a_chat_that_is_held_gets_no_digest_until_it_is_back(follower: World) -> None:
    await _schedule(follower, "every 30m")
    async with follower.database.write() as connection:
        await connection.execute(update(chat).values(state="held", why="blocked"))
    for minute in (1, 61):
        follower.page.publish(f"e{minute}", at=minute)
    await follower.live(MINUTE)
    await _live(follower, 3 * HOUR)
    async with follower.database.write() as connection:
        assert (await connection.execute(select(delivery.c.kind))).scalars().all() == ["entry", "entry"]
        await connection.execute(update(chat).values(state="active", why=""))
    await _live(follower, HOUR)
    assert follower.shows() == ["Lighthouse live: 2 updates"]
