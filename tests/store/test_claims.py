"""What a sender takes when it asks the outbox for work."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.store import outbox, senders
from bot.store.engine import Database
from bot.store.schema import delivery, lane
from tests.rows import PAGE, a_baseline, a_chat, a_wish, address, after, an_entry

LEASE = after(5) - after(0)


async def test_lanes_that_are_owed_nothing_take_no_room_from_one_that_is(database: Database) -> None:
    """A lane is looked at again after each message; at the end of a flood most prove to be empty."""
    async with database.write() as connection:
        chats = [await a_chat(connection, address(f"-10{number}")) for number in range(5)]
        await a_wish(connection, chats[-1])
        source = await a_baseline(connection)
        await an_entry(connection, source, "Lamp lit", minute=1)
        await connection.execute(update(lane).values(next_at=after(0)))
        last = select(delivery.c.lane_id).scalar_subquery()
        await connection.execute(update(lane).where(lane.c.id == last).values(next_at=after(1)))
        epoch = await senders.take(
            connection, "token", platform="telegram", owner="a test", now=after(2), lease=LEASE, alone=True
        )
        assert epoch is not None
        claims = await outbox.claim(connection, platform="telegram", bot="7", epoch=epoch, now=after(2), limit=1)
    assert [claim.told.headline for claim in claims if claim.told] == ["Lamp lit"]
    assert [claim.source.url for claim in claims] == [PAGE]
