"""A week of a busy page on virtual time: chats with every schedule end up telling just what the rules say."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.hours import quiet_hours, schedule
from bot.store import schedules
from bot.store.schema import chat

from .world import World

BERLIN = ZoneInfo("Europe/Berlin")
# The clocks go forward in the night to 29 March.
MONDAY = datetime(2026, 3, 23, 11, 0, tzinfo=BERLIN)
# By chat: schedule, quiet hours, filter.
WISHES = {
    "live": ("live", "", ""),
    "six hours": ("every 6h", "", ""),
    "twice": ("at 08:00,18:00", "", ""),
    "night": ("at 02:30", "", ""),
    "breaking": ("breaking live, rest at 18:00", "", ""),
    "quiet": ("live", "23:00-07:00", ""),
    "quiet but breaking": ("every 2h", "22:00-08:00 breaking", ""),
    "filtered": ("at 18:00", "", "is:breaking"),
}


async def _begin(world: World) -> None:
    world.clock.time = MONDAY.astimezone(ZoneInfo("UTC"))
    for where, (typed, hours, words) in WISHES.items():
        wish = await world.follow(where, words=words)
        now = world.clock.now()
        async with world.database.write() as connection:
            there = (await connection.execute(select(chat.c.id).where(chat.c.chat == where))).scalar_one()
            await schedules.set_zone(connection, there, "Europe/Berlin", now)
            if hours:
                await schedules.set_quiet(connection, there, quiet_hours(hours), now)
            await schedules.set_schedule(connection, [wish], schedule(typed), now)
    await world.poll()


async def _week(world: World, chance: random.Random) -> list[tuple[str, bool]]:
    """Live through the week, half hour by half hour, and return what was published: key, and whether breaking."""
    told = []
    for step in range(7 * 48):
        if chance.random() < 0.25:
            breaking = chance.random() < 0.2
            key = f"e{step:03}"
            world.page.publish(key, flags=("breaking",) if breaking else ())
            world.page.edit(key, published_at=world.clock.now())
            told.append((key, breaking))
            await world.poll()
        world.advance(1800)
        await world.tick()
        await world.send()
    return told


def _digests(world: World, where: str) -> list[datetime]:
    shown = world.platform.chats.get(where, [])
    return [each.sent_at.astimezone(BERLIN) for each in shown if each.text.startswith("Lighthouse live: ")]


async def test_after_a_week_every_chat_was_told_everything_once_and_when_it_wanted(world: World) -> None:
    await _begin(world)
    told = await _week(world, random.Random(7))
    # What the last hours brought is told at the next times.
    for _ in range(50):
        world.advance(1800)
        await world.tick()
        await world.send()
    for where, (_, hours, words) in WISHES.items():
        texts = "\n".join(world.texts(where))
        for key, breaking in told:
            assert texts.count(f"Headline {key}") == (1 if breaking or not words else 0), (where, key)
        if hours:
            night = quiet_hours(hours)
            for shown in world.platform.chats[where]:
                at = shown.sent_at.astimezone(BERLIN).time()
                quiet = at >= night.begins or at < night.ends
                assert not quiet or (night.breaking and shown.text.startswith("Headline")), (where, at)
    assert {f"{at:%H:%M}" for at in _digests(world, "twice")} <= {"08:00", "18:00"}
    assert {f"{at:%H:%M}" for at in _digests(world, "filtered")} <= {"18:00"}
    nights = _digests(world, "night")
    assert len({at.date() for at in nights}) == len(nights)
    assert {f"{at:%d %H:%M}" for at in nights} <= {"24 02:30", "25 02:30", "26 02:30", "27 02:30", "28 02:30"} | {
        "29 03:30",
        "30 02:30",
        "31 02:30",
    }
    between = _digests(world, "six hours")
    assert all(later - earlier >= timedelta(hours=6) for earlier, later in pairwise(between))
    alone = {text.split("\n")[0] for text in world.texts("breaking") if text.startswith("Headline")}
    assert alone == {f"Headline {key}" for key, breaking in told if breaking}
    assert not _digests(world, "live")
    assert await world.owed() == 0
