"""What came in is done once and answered, whatever happens in between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from bot.commands import MOST_LOOKING, WORKERS, CommandLimits
from bot.exploring import Explored
from bot.model import User
from bot.ports import Done, Failed, Later, Membership, Migration, Refused, Unsure
from bot.store import inbox
from bot.store.engine import Database
from bot.store.schema import chat, command, subscription

from ..rows import PAGE, address, one
from .world import ANNA, BORIS, Chat, World, a_command


async def _subscriptions(world: World) -> int:
    async with world.database.read() as connection:
        return int(await one(connection, func.count(subscription.c.id)))


async def test_a_command_that_comes_twice_is_done_once(world: World) -> None:
    given = a_command(f"/subscribe {PAGE}")
    await world.commands.record(given)
    await world.commands.record(given)
    assert world.commands.arrived.is_set()
    assert await world.work() == 1
    await world.commands.record(given)
    assert await world.work() == 0
    assert len(world.heard) == 1


async def test_a_command_recorded_before_a_crash_is_done_after_it(world: World) -> None:
    await world.commands.record(a_command(f"/subscribe {PAGE}"))
    world.restart()
    await world.work()
    assert await _subscriptions(world) == 1


async def test_a_crash_between_doing_and_answering_repeats_only_the_answer(world: World) -> None:
    await world.commands.record(a_command(f"/subscribe {PAGE}"))
    world.chats[0].outcomes = [Later(timedelta(minutes=5))]
    await world.work()
    await world.say("/unsubscribe")
    world.restart()
    await world.work()
    assert world.heard[0] == world.heard[1]
    assert "follows nothing" in await world.say("/list")


async def test_an_answer_that_must_wait_is_said_later_and_holds_up_nothing_else(world: World) -> None:
    world.chats[0].outcomes = [Later(timedelta(seconds=30))]
    await world.commands.record(a_command("/list"))
    await world.commands.record(a_command("/help"))
    assert await world.work() == 2
    assert len(world.heard) == 2
    world.clock.advance(seconds=29)
    assert await world.work() == 0
    world.clock.advance(seconds=2)
    assert await world.work() == 1
    assert world.heard[2] == world.heard[0]


async def test_an_answer_that_failed_is_tried_a_few_times(world: World) -> None:
    world.chats[0].outcomes = [Failed("no network")] * 9
    await world.commands.record(a_command("/list"))
    for _ in range(9):
        await world.work()
        world.clock.advance(minutes=1)
    assert len(world.heard) == 5


async def test_an_answer_that_is_refused_or_lost_is_left(world: World) -> None:
    world.chats[0].outcomes = [Refused("token expired", "message"), Unsure("timeout")]
    await world.commands.record(a_command("/list"))
    await world.commands.record(a_command("/list"))
    await world.work()
    world.clock.advance(hours=1)
    assert await world.work() == 0
    assert len(world.heard) == 2


async def test_what_is_done_leaves_nothing_but_its_id(world: World) -> None:
    await world.commands.record(a_command("/list"))
    await world.work()
    async with world.database.read() as connection:
        row = (await connection.execute(select(command.c.content, command.c.done_at))).one()
    assert row.content is None
    assert row.done_at == world.clock.now()


async def test_a_command_that_keeps_ending_the_process_is_given_up(world: World) -> None:
    await world.commands.record(a_command(f"/subscribe {PAGE}"))
    for _ in range(10):
        async with world.database.write() as connection:
            await inbox.begin(connection, (await inbox.open_ones(connection, [("telegram", "7")]))[0])
    await world.work()
    assert world.heard == ["Something went wrong with that command. Whoever runs this bot finds out why in its log."]
    assert await _subscriptions(world) == 0


async def test_whoever_gives_too_many_commands_is_told_once_and_then_ignored_for_a_while(
    database: Database,
) -> None:
    world = World(database, CommandLimits(access_open=True, per_minute=2))
    for _ in range(5):
        await world.commands.record(a_command("/help"))
    await world.commands.record(a_command("/help", chat="-200"))
    await world.work()
    assert len(world.heard) == 4
    assert world.heard[2].startswith("That is too many commands in a minute")
    world.clock.advance(minutes=1)
    await world.commands.record(a_command("/help"))
    await world.work()
    assert world.heard[4] == world.heard[0]


async def test_whoever_gives_too_many_is_told_so_even_where_that_must_wait(database: Database) -> None:
    world = World(database, CommandLimits(access_open=True, per_minute=1))
    world.chats[0].outcomes = [Done("1"), *[Later(timedelta(seconds=1))] * 12]
    for _ in range(2):
        await world.commands.record(a_command("/help"))
    for _ in range(13):
        await world.work()
        world.clock.advance(seconds=1)
    assert len(world.heard) == 14
    assert all(said.startswith("That is too many") for said in world.heard[1:])


async def test_nobody_who_floods_a_chat_keeps_others_from_reading_or_its_admins_from_changing(
    database: Database,
) -> None:
    world = World(database, CommandLimits(access_open=True, per_minute=12))
    await world.say(f"/subscribe {PAGE}")
    world.clock.advance(minutes=1)

    async def heard(text: str, user: User, *, admin: bool) -> list[str]:
        before = len(world.heard)
        await world.commands.record(a_command(text, user, is_admin=admin))
        await world.work()
        return [answer for answer in world.heard[before:] if answer]

    for _ in range(30):
        await heard("/list", BORIS, admin=False)
    assert await heard("/list", ANNA, admin=False)
    for number in range(10):
        await heard("/list", User(f"6{number}", "Member"), admin=False)
    assert await heard("/list", User("99", "Late"), admin=False) == []
    assert "Filter" in (await heard("/filter storm", ANNA, admin=True))[0]
    world.clock.advance(minutes=1)
    for _ in range(6):
        assert await heard("/filter storm", ANNA, admin=True)
    assert await heard("/list", ANNA, admin=False)  # what an admin changed does not count against what they read


async def test_a_chat_can_be_paused_however_much_was_typed_there(database: Database) -> None:
    world = World(database, CommandLimits(access_open=True, per_minute=1))
    await world.say(f"/subscribe {PAGE}")
    for text in ("/help", "/list", "/pause"):
        await world.commands.record(a_command(text))
    await world.work()
    assert world.heard[-1].startswith("Paused until somebody sends /resume: Storm.")


async def test_only_who_may_pause_a_chat_can_say_so_however_often(database: Database) -> None:
    world = World(database, CommandLimits(access_open=True, per_minute=4))
    for _ in range(20):
        await world.commands.record(a_command("/pause", BORIS, is_admin=False))
    await world.work()
    assert [said.partition(" ")[0] for said in world.heard] == ["Only", "That"]


@dataclass
class SlowWorld(World):
    """A world whose pages are looked at until they are `there`."""

    looking: asyncio.Event = field(default_factory=asyncio.Event)
    there: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0

    async def probe(self, url: str) -> Explored:
        self.begun += 1
        self.looking.set()
        await self.there.wait()
        return await super().probe(url)


async def test_slow_pages_of_one_chat_or_one_person_keep_nobody_else_waiting(database: Database) -> None:
    """However many of them came before the others."""
    world = SlowWorld(database)
    for number in range(60):
        await world.commands.record(a_command(f"/subscribe https://slow.example/{number}"))
    for number in range(10):
        await world.commands.record(a_command("/subscribe https://slow.example/0", chat=f"-{number}"))
    await world.commands.record(a_command("/help", BORIS, chat="-900"))
    slow = asyncio.create_task(world.commands.work_once())
    await world.looking.wait()
    assert await world.work() == 1
    assert len(world.heard) == 1
    world.there.set()
    await slow
    assert await world.commands.work_once()


async def test_slow_pages_of_many_people_keep_those_waiting_only_who_want_to_follow_more(database: Database) -> None:
    world, many = SlowWorld(database), WORKERS + 2
    for number in range(many):
        person = User(f"6{number}", "Member")
        await world.commands.record(a_command("/subscribe https://slow.example/0", person, chat=f"-{number}"))
    await world.commands.record(a_command("/help", BORIS, chat="-900"))
    slow = [asyncio.create_task(world.commands.work_once()) for _ in range(MOST_LOOKING)]
    while world.begun < MOST_LOOKING:
        world.looking.clear()
        await world.looking.wait()
    assert await world.work() == 1
    assert len(world.heard) == 1
    world.there.set()
    await asyncio.gather(*slow)
    assert await world.work() == many - MOST_LOOKING


async def test_the_answer_goes_out_through_the_bot_that_was_asked(database: Database) -> None:
    world = World(database, chats=[Chat(), Chat("discord")])
    world.chats[1].outcomes = [Done()]
    await world.commands.record(a_command("/help", platform="discord"))
    await world.work()
    assert (len(world.chats[0].heard), len(world.chats[1].heard)) == (0, 1)


async def test_commands_to_a_bot_that_does_not_run_here_wait(world: World) -> None:
    await world.commands.record(a_command("/help", platform="discord"))
    assert await world.work() == 0
    world.chats.append(Chat("discord"))
    assert await world.work() == 1


async def test_commands_of_one_chat_are_done_in_order_and_those_of_others_meanwhile(world: World) -> None:
    for text, place, user in (("/list", "-100", ANNA), ("/help", "-100", BORIS), ("/latest", "-200", BORIS)):
        await world.commands.record(a_command(text, user, chat=place))
    first = await world.commands._take()
    second = await world.commands._take()
    assert first is not None
    assert second is not None
    assert (first.incoming.address.chat, second.incoming.address.chat) == ("-100", "-200")
    assert await world.commands._take() is None


async def test_a_chat_that_the_bot_was_thrown_out_of_is_held_until_it_is_back(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    await world.commands.record(Membership("m1", address(), present=False, reason="the bot was removed"))
    await world.work()
    async with world.database.read() as connection:
        assert await one(connection, chat.c.why) == "the bot was removed"
    await world.commands.record(Membership("m2", address(), present=True))
    await world.work()
    async with world.database.read() as connection:
        assert await one(connection, chat.c.state) == "active"
    assert await _subscriptions(world) == 1


async def test_a_group_that_became_a_supergroup_keeps_what_it_follows(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    await world.commands.record(Migration("m1", address(), "-1001"))
    await world.work()
    assert "Storm" in await world.say("/list", chat="-1001")


async def test_a_person_who_gives_too_many_commands_in_many_chats_is_told_once_and_others_are_not_slowed(
    database: Database,
) -> None:
    world = World(database, CommandLimits(access_open=True, per_user_minute=2))
    for number in range(5):
        await world.commands.record(a_command("/help", chat=f"-{number}"))
    await world.commands.record(a_command("/help", BORIS, chat="-9"))
    await world.work()
    assert [said.startswith("That is too many") for said in world.heard] == [False, False, True, False]
