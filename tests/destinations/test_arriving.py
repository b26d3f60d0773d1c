"""The bot is put into groups and channels, thrown out and taken back, as its people see it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .world import ADA, EVE, URL, TelegramWorld


@pytest.mark.parametrize("kind", ["group", "supergroup", "forum"])
async def test_a_group_is_told_once_what_to_do_next(world: TelegramWorld, kind: str) -> None:
    chat = world.open_chat(kind, bot=False)
    world.telegram.follow(ADA, world.platform.ways.group, chat)
    await world.settled()
    (hello,) = world.said(chat)
    assert hello.startswith("Hello. I mirror live pages into this chat. An admin begins with /subscribe")
    assert "Without" not in hello
    for fault in ("403", "restore"):
        world.fault(fault, chat)
    await world.settled()
    assert world.said(chat) == [hello]


async def test_what_is_missing_is_named(world: TelegramWorld) -> None:
    chat = world.open_chat("supergroup", bot=False, rights=())
    world.telegram.world.let_in(world.telegram.world.find(chat), [], world.telegram.world.person(EVE))
    await world.settled()
    (hello,) = world.said(chat)
    assert hello.endswith("Without the right Pin messages, which only administrators have, the summary is not pinned.")


async def test_the_first_step_can_be_pressed(world: TelegramWorld) -> None:
    chat = world.open_chat("supergroup", bot=False)
    world.telegram.follow(ADA, world.platform.ways.group, chat)
    await world.settled()
    assert (await world.press(chat, "Follow a page")).startswith("Which page shall I follow here? I need its address.")


async def test_in_a_channel_nothing_is_said_and_who_added_the_bot_is_told_in_private(world: TelegramWorld) -> None:
    chat, private = world.open_chat("channel", "Harbour News", rights=(), bot=False), world.private()
    world.telegram.follow(ADA, world.platform.ways.channel, chat)
    await world.settled()
    assert world.said(chat) == []
    (hello,) = world.said(private)
    assert hello.startswith("I am in Harbour News now.")


async def test_who_never_began_a_private_chat_is_not_told_and_nothing_is_lost(world: TelegramWorld) -> None:
    chat, private = world.open_chat("channel", bot=False), world.private()
    world.fault("403", private, reason="blocked")
    world.telegram.follow(ADA, world.platform.ways.channel, chat)
    await world.settled()
    assert (world.said(chat), world.said(private)) == ([], [])
    assert await world.chat_state(chat) == ("active", "")


@pytest.mark.parametrize(("kind", "rights"), [("channel", []), ("supergroup", ["can_send_photos"])])
async def test_where_the_bot_may_not_write_who_added_it_is_told_in_private(
    world: TelegramWorld, kind: str, rights: list[str]
) -> None:
    chat, private = world.open_chat(kind, bot=False), world.private()
    world.telegram.world.let_in(world.telegram.world.find(chat), rights, world.telegram.world.person(ADA))
    await world.settled()
    assert world.said(chat) == []
    (told,) = world.said(private)
    assert told.startswith("I am in Harbour now, but")
    assert (await world.chat_state(chat))[0] == "held"


async def test_a_stranger_who_adds_a_private_bot_is_told_whom_to_ask(world: TelegramWorld) -> None:
    world.limits = replace(world.limits, access_open=False)
    await world.start()
    chat = world.open_chat("supergroup", bot=False)
    world.telegram.follow(ADA, world.platform.ways.group, chat)
    await world.settled()
    assert world.said(chat)[0] == "Hello. This bot is private: its owner can let Harbour in by sending /allow there."


async def test_a_chat_that_lost_the_bot_keeps_everything_and_goes_on_without_a_flood(world: TelegramWorld) -> None:
    chat = world.open_chat("supergroup")
    await world.settled()
    assert "Following" in await world.ask(chat, f"/subscribe {URL}")
    await world.ask(chat, "/filter 1 -secret")
    await world.live()
    world.fault("403", chat)
    for number in range(30):
        world.page.publish(f"e{number}", at=number)
        await world.live(60)
    await world.settled()
    assert (await world.chat_state(chat))[0] == "held"
    before = len(world.said(chat))
    world.fault("restore", chat)
    await world.settled()
    for _ in range(5):
        await world.live(60)
    after = world.said(chat)[before:]
    assert len(after) == 4
    assert after[0].startswith("While you were away")
    assert "Filter: -secret" in await world.ask(chat, "/list")
