"""What comes in is recorded, done once and answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.model import User
from bot.ports import Answer, Arrival, Button, Command, Incoming, Link, Membership, Migration
from bot.richtext import RichText
from bot.store import inbox
from bot.store.engine import Database
from bot.store.schema import command

from ..rows import NOON, address

BOT = [("telegram", "7")]
COMMAND = Command(
    id="11",
    address=address(thread="3"),
    chat_kind="group",
    chat_title="Desk",
    user=User("1", "Anna"),
    is_admin=True,
    name="list",
    missing_rights=("Embed Links",),
    given_in=address(),
)
MEMBERSHIP = Membership(id="12", address=address(), present=False, reason="removed", chats=("a", "b"))
ARRIVAL = Membership("14", address(), present=True, arrival=Arrival(User("1", "Anna"), "group", "Desk", ("No pins.",)))
MIGRATION = Migration(id="13", address=address(), to="-1001")


@pytest.mark.parametrize("incoming", [COMMAND, MEMBERSHIP, ARRIVAL, MIGRATION])
def test_what_came_in_survives_its_journey_through_json(incoming: Incoming) -> None:
    assert inbox.from_json(inbox.to_json(incoming)) == incoming


async def test_the_same_update_is_recorded_once_even_after_it_was_done(database: Database) -> None:
    async with database.write() as connection:
        assert await inbox.record(connection, COMMAND, NOON)
        assert not await inbox.record(connection, COMMAND, NOON)
        waiting = await inbox.open_ones(connection, BOT)
        await inbox.done(connection, waiting[0].id, NOON)
        assert not await inbox.record(connection, COMMAND, NOON)
        assert await inbox.open_ones(connection, BOT) == []


async def test_what_came_in_is_taken_in_order_and_by_the_bot_it_came_to(database: Database) -> None:
    async with database.write() as connection:
        for incoming in (MIGRATION, COMMAND, MEMBERSHIP):
            await inbox.record(connection, incoming, NOON)
        waiting = await inbox.open_ones(connection, BOT)
        assert [each.incoming for each in waiting] == [MIGRATION, COMMAND, MEMBERSHIP]
        rest = await inbox.open_ones(connection, BOT, without=[waiting[0].id])
        assert [each.incoming for each in rest] == [COMMAND, MEMBERSHIP]
        assert await inbox.open_ones(connection, [("telegram", "8"), ("discord", "7")]) == []


async def test_an_answer_that_was_not_said_yet_is_kept_with_what_asked_for_it(database: Database) -> None:
    said = Answer(RichText("Paused").marked("bold"), ((Button("Resume", "resume 2"),),), asks="filter 2")
    said = replace(said, links=(Link("Add to a group", "https://t.me/relay_bot?startgroup=added"),))
    async with database.write() as connection:
        await inbox.record(connection, COMMAND, NOON)
        waiting = await inbox.open_ones(connection, BOT)
        await inbox.answered(connection, waiting[0], said)
        again = await inbox.open_ones(connection, BOT)
    assert (again[0].incoming, again[0].answer) == (COMMAND, said)


async def test_an_answer_that_a_version_without_buttons_left_to_say_is_said(database: Database) -> None:
    said = RichText("Paused").marked("bold")
    async with database.write() as connection:
        await inbox.record(connection, COMMAND, NOON)
        stored = {"incoming": inbox.to_json(COMMAND), "answer": said.to_json()}
        await connection.execute(update(command).values(content=stored))
        (waiting,) = await inbox.open_ones(connection, BOT)
    assert waiting.answer == Answer(said)


def test_a_button_carries_no_more_than_every_platform_takes() -> None:
    Button("Resume", "r" * 60)
    with pytest.raises(ValueError, match="60 bytes"):
        Button("Resume", "é" * 31)
