"""Whoever speaks in another's name, or ran a chat once, changes nothing: every changing command is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import text

from sandbox.telegram.people import say_as
from tests.attacks.test_people import KEPT, TYPED

from .world import EVE, URL, TelegramWorld

pytestmark = pytest.mark.attack("people without rights")

LINES = [line.format(other=URL) for line in TYPED.values()]


async def kept(world: TelegramWorld) -> Mapping[str, list[str]]:
    """Return who may do what, what is followed and how."""
    async with world.database.read() as connection:
        rows = {name: (await connection.execute(text(f"SELECT * FROM {name}"))).all() for name in KEPT}
    return {name: sorted(map(str, found)) for name, found in rows.items()}


@pytest.mark.parametrize("way", ["channel", "linked channel", "another group"])
async def test_what_is_written_in_a_group_in_the_name_of_another_chat_has_nobodys_rights(
    world: TelegramWorld, way: str, record_property: Callable[[str, object], None]
) -> None:
    """Of a channel of the very admin, of the one that the group is linked to, of a group with anonymous admins."""
    group, topics = world.open_chat("supergroup", "Harbour"), world.open_chat("forum", "Harbours")
    speaker = world.open_chat("supergroup" if way == "another group" else "channel", "Elsewhere")
    await world.settled()
    for chat in (group, topics):
        assert "Following" in await world.ask(chat, f"/subscribe {URL}")
    before, told = await kept(world), world.telegram.world
    for chat in (group, topics):
        for line in LINES:
            say_as(told, told.find(chat), told.find(speaker), line, automatic=way == "linked channel")
            await world.settled()
    record_property("attacks", 2 * len(LINES))
    assert await kept(world) == before
    answers = [one for one in world.said(group) if "Only the admins" in one]
    assert bool(answers) is (way != "linked channel")


async def test_a_channel_cannot_own_the_bot(world: TelegramWorld) -> None:
    """All who may post in it would."""
    group, channel, told = world.open_chat("supergroup"), world.open_chat("channel", "Elsewhere"), world.telegram.world
    world.claim_code = "0123456789abcdef"
    await world.start()
    await world.settled()
    say_as(told, told.find(group), told.find(channel), "/claim 0123456789abcdef")
    await world.settled()
    assert (await kept(world))["access"] == []
    assert "I cannot see who you are here" in world.said(group)[-1]


@pytest.mark.parametrize("how", ["demoted", "left", "the bot is out"])
async def test_who_managed_a_channel_changes_nothing_there_any_more(
    world: TelegramWorld, how: str, record_property: Callable[[str, object], None]
) -> None:
    """Typed, by number, and pressed under what was shown before."""
    channel, private = world.open_chat("channel", "Harbour News"), world.private(EVE)
    there, eve = world.telegram.world.find(channel), world.telegram.world.person(EVE)
    there.admins.append(eve)
    await world.settled()
    assert "You manage" in await world.ask(private, f"/manage {channel}", EVE)
    assert "Following" in await world.ask(private, f"/subscribe {URL}", EVE)
    await world.ask(private, "/list", EVE)
    shown = [post for post in world.telegram.world.find(private).posts.values() if post.markup][-1]
    if how == "the bot is out":
        world.fault("403", channel)
    else:
        there.admins.remove(eve)
        if how == "demoted":
            there.members[eve.id] = eve
    await world.settled()
    before = await kept(world)
    lines = [line for line in LINES if not line.startswith(("/claim", "/allow", "/deny"))]
    for line in lines:
        world.type(private, line, EVE)
        world.type(private, f"/in 1 {line[1:]}", EVE)
        world.telegram.world.pressed(world.telegram.world.find(private), shown, eve, f"in 1 {line[1:]}"[:64])
        await world.settled()
    record_property("attacks", 3 * len(lines))
    assert await kept(world) == before
