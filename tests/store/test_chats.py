"""Chats are found, held, freed and moved as a whole."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.store import access, chats, schedules
from bot.store.engine import Database
from bot.store.schema import access as access_table
from bot.store.schema import chat, delivery, lane, part, subscription
from bot.store.subscriptions import unsubscribe
from bot.store.summaries import set_summary

from ..rows import NOON, PAGE, a_baseline, a_chat, a_wish, address, after, an_entry, one, show, states


async def test_a_chat_is_made_once_and_keeps_its_settings_under_a_new_title(database: Database) -> None:
    async with database.write() as connection:
        made = await a_chat(connection)
        await schedules.set_zone(connection, made.id, "Europe/Kyiv", NOON)
        known = await a_chat(connection, title="News desk")
    assert (known.id, known.timezone, known.title) == (made.id, "Europe/Kyiv", "News desk")


async def test_an_unknown_chat_is_not_made_by_asking(database: Database) -> None:
    async with database.read() as connection:
        assert await chats.find(connection, address()) is None


async def test_topics_share_the_lane_of_their_group(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        topic = await a_chat(connection, address(thread="9"))
        other = await a_chat(connection, address("-200"))
        assert set(await chats.together(connection, address())) == {group.id, topic.id}
    assert topic.lane_id == group.lane_id
    assert other.lane_id != group.lane_id


async def test_holding_a_platform_chat_holds_its_topics_and_says_why(database: Database) -> None:
    async with database.write() as connection:
        await a_chat(connection)
        await a_chat(connection, address(thread="9"))
        await a_chat(connection, address("-200"))
        await chats.hold(connection, address(), "the bot was removed", NOON)
        topic = await chats.find(connection, address(thread="9"))
        other = await chats.find(connection, address("-200"))
    assert topic is not None
    assert other is not None
    assert (topic.state, topic.why, other.state) == ("held", "the bot was removed", "active")


async def test_releasing_a_chat_wakes_its_lane(database: Database) -> None:
    async with database.write() as connection:
        held = await a_chat(connection)
        await chats.hold(connection, address(), "blocked", NOON)
        assert await chats.release(connection, address(), after(5))
        assert await one(connection, lane.c.next_at, lane.c.id == held.lane_id) == after(5)
        assert not await chats.release(connection, address(), after(6))


async def test_a_server_is_held_and_freed_channel_by_channel(database: Database) -> None:
    server = address("server", platform="discord")
    async with database.write() as connection:
        for name in ("a", "b", "c"):
            await a_chat(connection, address(name, platform="discord"))
        await chats.hold(connection, server, "removed", NOON, ["a", "b"])
        await chats.release(connection, server, NOON, ["b"])
        rows = (await connection.execute(select(chat.c.chat, chat.c.state).order_by(chat.c.chat))).all()
    assert [tuple(row) for row in rows] == [("a", "held"), ("b", "active"), ("c", "active")]


# ── a group becomes a supergroup ─────────────────────────────────────────────────────────────────────────────────


async def test_a_move_takes_everything_along_and_leaves_parts_where_they_were_sent(database: Database) -> None:
    async with database.write() as connection:
        group = await a_chat(connection)
        wish = await a_wish(connection, group)
        source_id = await a_baseline(connection)
        shown = await an_entry(connection, source_id, "shown")
        await show(connection, shown)
        row = await one(connection, delivery.c.id, delivery.c.entry_id == shown)
        await connection.execute(
            part.insert().values(
                delivery_id=row, number=0, generation=0, nonce="n", chat="-100", kind="text", message_id="5"
            )
        )
        await chats.move_chat(connection, address(), "-1001", after(1))
        await chats.move_chat(connection, address(), "-1001", after(2))
        moved = await chats.find(connection, address("-1001"))
        assert moved is not None
        assert (moved.id, moved.lane_id) == (group.id, group.lane_id)
        assert await chats.find(connection, address()) is None
        assert await one(connection, lane.c.chat, lane.c.id == group.lane_id) == "-1001"
        assert await one(connection, part.c.chat) == "-100"
        assert await one(connection, subscription.c.chat_id, subscription.c.id == wish.id) == group.id


async def test_a_held_group_that_moved_is_delivered_to_again(database: Database) -> None:
    async with database.write() as connection:
        await a_chat(connection)
        await chats.hold(connection, address(), "group upgraded", NOON)
        await chats.move_chat(connection, address(), "-1001", after(1))
        moved = await chats.find(connection, address("-1001"))
    assert moved is not None
    assert moved.state == "active"


async def test_a_chat_that_was_let_in_stays_let_in_after_a_move(database: Database) -> None:
    async with database.write() as connection:
        await access.allow(connection, "telegram", "chat", "-100", now=NOON)
        await chats.move_chat(connection, address(), "-1001", NOON)
        assert await one(connection, func.count(), access_table.c.id == "-1001") == 1


async def test_a_move_into_a_known_chat_brings_its_subscriptions_with_new_numbers(database: Database) -> None:
    async with database.write() as connection:
        old, new = await a_chat(connection), await a_chat(connection, address("-1001"))
        moved = await a_wish(connection, old, f"{PAGE}/a")
        kept = await a_wish(connection, new, f"{PAGE}/b")
        source_id = await a_baseline(connection, f"{PAGE}/a")
        owed = await an_entry(connection, source_id, "owed")
        await chats.move_chat(connection, address(), "-1001", after(1))
        rows = select(subscription.c.id, subscription.c.chat_id, subscription.c.number).order_by(subscription.c.id)
        assert [tuple(row) for row in (await connection.execute(rows)).all()] == [
            (moved.id, new.id, 2),
            (kept.id, new.id, 1),
        ]
        places = select(delivery.c.chat_id, delivery.c.lane_id).where(delivery.c.entry_id == owed)
        assert tuple((await connection.execute(places)).one()) == (new.id, new.lane_id)
        assert await one(connection, lane.c.next_at, lane.c.id == new.lane_id) == after(1)


async def test_of_two_subscriptions_to_one_page_one_ends_and_nothing_is_lost_or_said_twice(database: Database) -> None:
    async with database.write() as connection:
        old = await a_chat(connection)
        before = await a_wish(connection, old)
        source_id = await a_baseline(connection)
        await show(connection, await an_entry(connection, source_id, "shown before the move", minute=1))
        await an_entry(connection, source_id, "owed before the move", minute=2)
        new = await a_chat(connection, address("-1001"))
        after_it = await a_wish(connection, new)
        await an_entry(connection, source_id, "owed to both", minute=3)
        await chats.move_chat(connection, address(), "-1001", after(4))
        assert await states(connection, after_it.id) == {
            "shown before the move": "settled",
            "owed before the move": "due",
            "owed to both": "due",
        }
        assert await states(connection, before.id) == {"owed to both": "ended"}
        assert await one(connection, subscription.c.ended_at, subscription.c.id == before.id) == after(4)
        left = await chats.find(connection, address())
    assert left is not None
    assert left.state == "left"


async def test_what_the_old_chat_showed_is_not_sent_again_for_the_new_one(database: Database) -> None:
    async with database.write() as connection:
        old, new = await a_chat(connection), await a_chat(connection, address("-1001"))
        before, after_it = await a_wish(connection, old), await a_wish(connection, new)
        source_id = await a_baseline(connection)
        entry_id = await an_entry(connection, source_id, "both")
        sent = delivery.update().where(delivery.c.entry_id == entry_id, delivery.c.subscription_id == before.id)
        await connection.execute(sent.values(shown=1, state="settled"))
        await chats.move_chat(connection, address(), "-1001", after(1))
        assert await states(connection, after_it.id) == {"both": "ended"}


async def test_a_subscription_that_had_ended_at_the_new_address_lives_on_as_the_old_one(database: Database) -> None:
    async with database.write() as connection:
        old, new = await a_chat(connection), await a_chat(connection, address("-1001"))
        before = await a_wish(connection, old, filter_text="kyiv")
        await set_summary(connection, before.id, "off", NOON)
        ended = await a_wish(connection, new)
        await unsubscribe(connection, ended.id, NOON)
        await chats.move_chat(connection, address(), "-1001", after(1))
        columns = (subscription.c.ended_at, subscription.c.filter, subscription.c.summary)
        row = select(*columns).where(subscription.c.id == ended.id)
        assert tuple((await connection.execute(row)).one()) == (None, "kyiv", "off")


async def test_the_delivery_in_flight_of_a_merged_chat_is_left_to_settle(database: Database) -> None:
    async with database.write() as connection:
        old, new = await a_chat(connection), await a_chat(connection, address("-1001"))
        before = await a_wish(connection, old)
        await a_wish(connection, new)
        source_id = await a_baseline(connection)
        entry_id = await an_entry(connection, source_id, "in flight")
        claimed = delivery.update().where(delivery.c.entry_id == entry_id)
        await connection.execute(claimed.values(state="claimed"))
        await chats.move_chat(connection, address(), "-1001", after(1))
        assert await states(connection, before.id) == {"in flight": "claimed"}
