"""/why: the stages of an entry, up to the one that stopped it."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from bot.store.digests import gather
from bot.store.halting import pause_all, resume_all
from bot.store.schema import chat, delivery, entry, part, subscription

from ..rows import PAGE, a_baseline, after, an_entry, show
from .world import World


@pytest.fixture
async def storm(world: World) -> World:
    """A world whose group follows a page on which something came two minutes after noon."""
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        source_id = await a_baseline(connection, status="live")
        await an_entry(connection, source_id, "Fire", minute=2)
    world.clock.advance(minutes=5)
    return world


async def _sent(world: World, headline: str = "Fire", message_id: str = "77") -> None:
    """Let an entry have been sent three minutes after noon."""
    async with world.database.write() as connection:
        id_ = (await connection.execute(select(entry.c.id).where(entry.c.headline == headline))).scalar_one()
        await show(connection, id_)
        owed = select(delivery.c.id).where(delivery.c.entry_id == id_)
        sent = {"number": 0, "generation": 0, "nonce": "n", "chat": "-100", "kind": "text"}
        sent |= {"delivery_id": (await connection.execute(owed)).scalar_one(), "message_id": message_id}
        await connection.execute(insert(part).values(sent_at=after(3), **sent))


async def _state(world: World, state: str, note: str = "") -> None:
    async with world.database.write() as connection:
        await connection.execute(update(delivery).values(state=state, note=note))


async def test_what_was_sent_is_told_with_its_times(storm: World) -> None:
    await _sent(storm)
    assert await storm.say(f"/why {PAGE}#Fire", is_admin=False) == (
        "Storm: Fire\n✓ Published 12:02, seen 12:02\n✓ Sent 12:03"
    )


@pytest.mark.parametrize(
    "link", ["https://t.me/c/100/77", "https://t.me/desk/5/77?single", "https://discord.com/channels/1/2/77"]
)
async def test_a_message_is_named_by_its_link_or_by_a_reply(storm: World, link: str) -> None:
    await _sent(storm)
    assert "✓ Sent 12:03" in await storm.say(f"/why {link}")
    assert "✓ Sent 12:03" in await storm.say("/why", replied_to="77")
    assert "tells no entry that I know" in await storm.say("/why", replied_to="78")


async def test_what_waits_says_for_what(storm: World) -> None:
    assert (await storm.say("/why")).endswith("… Waiting for its turn")
    async with storm.database.write() as connection:
        source_id = await a_baseline(connection)
        await an_entry(connection, source_id, "Later", minute=3)
    assert (await storm.say("/why")).endswith("… Waiting for its turn, 1 before it")


async def test_a_pause_quiet_hours_and_a_schedule_are_told_with_their_ends(storm: World) -> None:
    await storm.say("/schedule at 18:00")
    assert "… Held by the schedule, at 18:00; next digest 18:00" in await storm.say("/why")
    await storm.say("/quiet 12:00-13:00")
    assert "… Held by quiet hours until 13:00 UTC" in await storm.say("/why")
    await storm.say("/pause until 15:00")
    assert "… Held by a pause until 15:00 UTC" in await storm.say("/why")


async def test_the_filter_says_itself_why_not(storm: World) -> None:
    await storm.say("/filter kyiv")
    async with storm.database.write() as connection:
        source_id = await a_baseline(connection)
        await an_entry(connection, source_id, "Sport", minute=3)
        await an_entry(connection, source_id, "Kyiv", minute=4)
    assert await storm.say(f"/why {PAGE}#Sport") == (
        "Storm: Sport\n✓ Published 12:03, seen 12:03\n✗ It does not fit the filter: it does not mention “kyiv”"
    )
    assert "✓ It fits the filter: it mentions “kyiv”\n… Waiting" in await storm.say("/why")
    await storm.say("/filter sport")
    assert "✗ It did not fit the filter of the time when it came" in await storm.say(f"/why {PAGE}#Sport")


async def test_what_was_there_before_is_no_news(storm: World) -> None:
    async with storm.database.write() as connection:
        await connection.execute(delivery.delete())
        await connection.execute(update(subscription).values(since=1, caught_up_at=after(3)))
    assert "✗ It was on the page before this chat followed it" in await storm.say("/why")


async def test_what_the_platform_refused_is_told_in_its_words(storm: World) -> None:
    await _state(storm, "dead", "Bad Request: wrong file")
    assert "✗ Refused by the platform, or failed too often: Bad Request: wrong file" in await storm.say("/why")
    await _state(storm, "gone")
    assert "✗ People deleted the message" in await storm.say("/why")
    await _state(storm, "ended")
    assert "✗ Skipped by /resume skip" in await storm.say("/why")
    await _state(storm, "due")
    async with storm.database.write() as connection:
        await connection.execute(update(chat).values(state="held", why="the bot was muted"))
    assert "✗ Held: the bot was muted. /resume tries again\n" in await storm.say("/why")


async def test_a_withdrawn_entry_an_edited_one_and_one_that_a_digest_told(storm: World) -> None:
    await _sent(storm)
    async with storm.database.write() as connection:
        await connection.execute(update(delivery).values(wanted=3, shown=3))
        await connection.execute(update(entry).values(removed_at=after(4)))
    said = await storm.say("/why")
    assert "✗ The page withdrew it, 12:04" in said
    assert "✓ Edited: it shows what the page said at its 2. change" in said
    async with storm.database.write() as connection:
        source_id = await a_baseline(connection)
        await an_entry(connection, source_id, "Vote", minute=4)
        wish = (await connection.execute(select(delivery.c.subscription_id).limit(1))).scalar_one()
        assert await gather(connection, wish, after(5))
    assert "… A digest tells it, and waits for its turn" in await storm.say("/why")


async def test_a_link_that_leads_nowhere_is_said(storm: World) -> None:
    assert "No entry of the pages followed here has that link" in await storm.say("/why https://news.example/none")
    assert "follows nothing" in await storm.say("/why", chat="-200")


async def test_what_the_operator_paused_is_said_to_be_so(storm: World) -> None:
    async with storm.database.write() as connection:
        await pause_all(connection, storm.clock.now())
    assert (await storm.say("/why")).endswith("… Held by whoever runs this bot, who has paused everything")
    await storm.say("/pause")
    assert (await storm.say("/why")).endswith("… Held by whoever runs this bot, who has paused everything")
    async with storm.database.write() as connection:
        await resume_all(connection, storm.clock.now())
    assert "Held by a pause" in await storm.say("/why")
