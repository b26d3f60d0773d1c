"""/list, /pause and /resume everywhere: a whole Discord server, or a Telegram group with its topics."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.commands import CommandLimits
from bot.model import Address
from bot.ports import Answer, Button, Membership
from bot.store.chats import hold
from bot.store.schema import chat, subscription

from ..rows import NOON, PAGE
from .world import ANNA, Chat, World, a_page

SERVER = "900"
DISCORD: dict[str, Any] = {"platform": "discord", "server": SERVER, "leads_server": True}
NO_LEADER = DISCORD | {"leads_server": False}


@pytest.fixture
async def server(world: World) -> World:
    """A world on whose Discord server two channels and a thread of the second follow the page; so does a stranger."""
    world.chats.append(Chat("discord"))
    world.restart()
    for channel, thread in (("10", ""), ("11", ""), ("11", "12")):
        here = {"chat": channel, "thread": thread, "chat_title": f"#{thread or channel}"}
        await world.say(f"/subscribe {PAGE}", ANNA, **DISCORD, **here)
    await world.say(f"/subscribe {PAGE}", chat="20", chat_title="#else", **(DISCORD | {"server": "901"}))
    return world


async def _paused(world: World) -> list[str]:
    async with world.database.read() as connection:
        where = select(chat.c.title).join(subscription, subscription.c.chat_id == chat.c.id).order_by(chat.c.id)
        return list((await connection.execute(where.where(subscription.c.paused_until.is_not(None)))).scalars().all())


def _labels(answer: Answer) -> list[tuple[str, str, str]]:
    return [(each.label, each.command, each.about) for row in answer.buttons for each in row]


async def test_a_list_everywhere_names_each_channel_with_its_numbers_and_leads_to_it(server: World) -> None:
    await server.say("/pause", chat="11", chat_title="#11", **DISCORD)
    answer = await server.answer("/list everywhere", chat="10", chat_title="#10", **DISCORD)
    assert answer.text.text == (
        "Chats that follow something: 3. Subscriptions: 3.\n\n#10\n1. Storm\n\n#11\n1. Storm · paused\n\n#12\n1. Storm"
    )
    assert _labels(answer) == [("#10", "list", "10"), ("#11", "list", "11"), ("#12", "list", "12")]


async def test_a_pause_everywhere_stops_every_channel_of_the_server_and_no_other(server: World) -> None:
    await server.say("/pause everywhere", chat="10", chat_title="#10", **DISCORD)
    assert await _paused(server) == ["#10", "#11", "#12"]
    said = await server.say("/resume everywhere", chat="11", chat_title="#11", **DISCORD)
    assert said.startswith("Resumed: Storm.")
    assert await _paused(server) == []


async def test_resuming_everywhere_tries_every_held_channel_again(server: World) -> None:
    async with server.database.write() as connection:
        await hold(connection, Address("discord", "7", SERVER), "no right", NOON, ["10", "11"])
    assert await server.say("/resume everywhere", chat="10", **DISCORD) == "Trying again to post here."
    async with server.database.read() as connection:
        assert set((await connection.execute(select(chat.c.state))).scalars().all()) == {"active"}


@pytest.mark.parametrize(
    "line", ["/list everywhere", "/pause everywhere", "/resume everywhere", "/quiet everywhere 23:00-07:00"]
)
async def test_only_who_manages_the_server_can_do_so(server: World, line: str) -> None:
    assert "Only those who manage this server" in await server.say(line, chat="10", **NO_LEADER)
    assert await _paused(server) == []


async def test_a_topic_lists_the_whole_group_for_everybody(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {PAGE}", thread="5", chat_title="Boats")
    answer = await world.answer("/list everywhere", is_admin=False)
    assert answer.text.text.endswith("Desk\n1. Storm\n\nBoats\n1. Storm")
    assert answer.buttons == ()


async def test_where_nothing_is_followed_that_is_said(world: World) -> None:
    assert "follows nothing yet" in await world.say("/list everywhere")


async def test_channels_that_were_there_before_are_found_when_the_bot_connects(server: World) -> None:
    async with server.database.write() as connection:
        await connection.execute(chat.update().values(server=""))
    seen = Membership("m1", Address("discord", "7", SERVER), present=True, chats=("10", "11"))
    await server.commands.record(seen)
    await server.work()
    assert "Subscriptions: 3." in await server.say("/list everywhere", chat="10", **DISCORD)


async def test_a_long_list_comes_in_pages_that_lead_to_each_other(world: World) -> None:
    world.limits = CommandLimits(access_open=True, per_minute=1000)
    world.chats.append(Chat("discord"))
    world.restart()
    for number in range(45):
        await world.say(f"/subscribe {PAGE}", chat=str(number), chat_title=f"#{number}", **DISCORD)
    first = await world.answer("/list everywhere", chat="0", **DISCORD)
    assert first.text.text.startswith("Chats that follow something: 45. Subscriptions: 45. This is page 1 of 3.")
    assert first.buttons[-1] == (Button("Further", "list everywhere 2"),)
    assert all(len(row) <= 5 for row in first.buttons)
    assert len(first.buttons) == 5
    second = await world.answer("/list everywhere 2", chat="0", **DISCORD)
    assert [each.label for each in second.buttons[-1]] == ["Earlier", "Further"]
    assert "3 pages" in await world.say("/list everywhere 4", chat="0", **DISCORD)


async def test_a_chat_that_follows_much_is_cut_in_pieces(world: World) -> None:
    world.limits = CommandLimits(access_open=True, per_minute=1000)
    world.restart()
    for number in range(50):
        url = f"{PAGE}/{number}"
        world.pages[url] = a_page(url, f"Page {number}")
        await world.say(f"/subscribe {url}")
    first, second = [await world.say(f"/list everywhere {page}") for page in (1, 2)]
    assert "40. Page 39" in first
    assert "41. Page 40" not in first
    assert second.endswith("50. Page 49")
