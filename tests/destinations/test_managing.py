"""A channel or group is managed from a private chat, through the real client."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .world import ADA, EVE, URL, TelegramWorld


@pytest.fixture
async def channel(world: TelegramWorld) -> str:
    """A channel that the bot is in, which ada chose to manage."""
    chat = world.open_chat("channel", "Harbour News")
    await world.settled()
    await world.ask(world.private(), "/manage")
    await world.press(world.private(), "Harbour News")
    return chat


def buttons(world: TelegramWorld, chat: str) -> list[str]:
    """Return what can be pressed under the newest message with buttons."""
    posts = world.telegram.world.find(chat).posts.values()
    markup = [post.markup for post in posts if post.markup][-1]
    return [button["text"] for row in markup["inline_keyboard"] for button in row]


@pytest.mark.parametrize(("kind", "label"), [("channel", "Choose a channel"), ("supergroup", "Choose a group")])
async def test_a_chat_is_chosen_in_telegrams_own_list(world: TelegramWorld, kind: str, label: str) -> None:
    chat, private = world.open_chat(kind, "Harbour News"), world.private(EVE)
    world.telegram.world.find(chat).admins.append(world.telegram.world.person(EVE))
    said = await world.ask(private, "/manage", EVE)
    assert said.startswith("Which one? Press below and choose it; you must be an administrator there.")
    world.telegram.choose(EVE, label, chat)
    await world.settled()
    assert world.said(private)[-1].startswith("You manage Harbour News from here now")
    assert world.requests("sendMessage")[-2]["reply_markup"] == {"remove_keyboard": True}


async def test_a_channel_that_the_bot_was_not_in_lets_it_in_when_it_is_chosen(world: TelegramWorld) -> None:
    chat, private = world.open_chat("channel", "Harbour News", rights=(), bot=False), world.private()
    await world.ask(private, "/manage channel")
    world.telegram.choose(ADA, "Choose a channel", chat)
    await world.settled()
    assert world.said(private)[-1].startswith("You manage Harbour News from here now")
    assert world.said(chat) == []


async def test_who_added_the_bot_to_a_channel_manages_it_with_one_press(world: TelegramWorld) -> None:
    chat, private = world.open_chat("channel", "Harbour News", rights=(), bot=False), world.private()
    world.telegram.follow(ADA, world.platform.ways.channel, chat)
    await world.settled()
    assert (await world.press(private, "Manage it")).startswith("You manage Harbour News from here now")


async def test_what_is_sent_in_private_is_about_the_chosen_chat_and_answers_name_it(
    world: TelegramWorld, channel: str
) -> None:
    private = world.private()
    assert (await world.ask(private, URL)).startswith("Harbour News\nFollowing Lighthouse")
    assert (await world.ask(private, "/list")).startswith("Harbour News\n1. Lighthouse")
    world.page.publish("one")
    await world.live(1)
    assert [text.split("\n")[0] for text in world.said(channel)] == ["Headline one"]
    assert world.said(private)[-1].startswith("Harbour News\n1.")


async def test_a_button_stays_about_the_chat_that_it_was_shown_for(world: TelegramWorld, channel: str) -> None:
    private, other = world.private(), world.open_chat("channel", "Weather")
    await world.ask(private, URL)
    await world.ask(private, "/list")
    await world.ask(private, f"/manage {other}")
    assert (await world.press(private, "Pause")).startswith("Harbour News\nPaused")
    await world.ask(private, f"/manage {channel}")
    assert "Paused" in await world.ask(private, "/list")


async def test_what_an_answer_asks_for_is_about_the_chat_that_it_names(world: TelegramWorld, channel: str) -> None:
    private = world.private()
    question = await world.ask(private, "/subscribe")
    assert question.startswith("Harbour News\nWhich page shall I follow here?")
    asked = world.shown(private)[-1].id
    await world.ask(private, "/manage off")
    said = await world.telegram.reply(private, asked, ADA, URL)
    assert said[0].startswith("Harbour News\nFollowing Lighthouse")


@pytest.mark.parametrize("way", ["command", "press"])
async def test_rights_in_the_chat_are_asked_for_at_every_command_and_every_press(
    world: TelegramWorld, channel: str, way: str
) -> None:
    private = world.private()
    await world.ask(private, URL)
    await world.ask(private, "/list")
    there = world.telegram.world.find(channel)
    there.admins[:] = [world.telegram.world.person(EVE)]
    said = await (world.ask(private, "/pause") if way == "command" else world.press(private, "Pause"))
    assert said.startswith("You may not change what is posted there, or not any more, so nothing was done.")
    there.admins[:] = [world.telegram.world.person(ADA)]
    assert "Paused" not in await world.ask(private, "/list")


async def test_only_who_runs_a_chat_can_choose_it_and_nobody_learns_of_others(world: TelegramWorld) -> None:
    chat, private = world.open_chat("channel", "Secret"), world.private(EVE)
    for typed in (f"/manage {chat}", "/manage 1", "/in 1 list"):
        said = await world.ask(private, typed, EVE)
        assert "Secret" not in said
        assert said.startswith(("You are no administrator there", "You may not change what is posted there"))
    assert (await world.ask(private, "/manage -1009", EVE)).startswith("I am not in that chat.")
    assert (await world.ask(private, "/manage 99", EVE)).startswith("I am not in that chat.")


async def test_an_administrator_of_a_channel_who_may_not_post_there_does_not_manage_it(world: TelegramWorld) -> None:
    chat, private = world.open_chat("channel"), world.private(EVE)
    eve = world.telegram.world.person(EVE)
    there = world.telegram.world.find(chat)
    there.admins.append(eve)
    there.lacking[eve.id] = frozenset({"can_post_messages"})
    assert (await world.ask(private, f"/manage {chat}", EVE)).startswith("You are no administrator there")


async def test_the_choice_survives_a_restart_and_ends_where_the_person_says_so(
    world: TelegramWorld, channel: str
) -> None:
    private = world.private()
    await world.ask(private, URL)
    await world.start()
    assert (await world.ask(private, "/list")).startswith("Harbour News\n")
    assert await world.ask(private, "/manage off") == "What you send here is about this private chat again."
    assert "follows nothing yet" in await world.ask(private, "/list")


async def test_the_choice_moves_with_a_group_that_becomes_a_supergroup(world: TelegramWorld) -> None:
    group, private = world.open_chat("group", "Desk"), world.private()
    await world.ask(private, f"/manage {group}")
    await world.ask(private, URL)
    world.fault("migrate", group)
    await world.settled()
    assert (await world.ask(private, "/list")).startswith("Desk\n1. Lighthouse")


async def test_a_chat_that_threw_the_bot_out_says_so_and_keeps_what_it_follows(
    world: TelegramWorld, channel: str
) -> None:
    private = world.private()
    await world.ask(private, URL)
    world.fault("403", channel)
    assert (await world.ask(private, "/list")).startswith("I am not in Harbour News any more. What it follows is kept.")
    world.fault("restore", channel)
    assert "1. Lighthouse" in await world.ask(private, "/list")


async def test_only_chats_that_the_person_still_runs_are_offered(world: TelegramWorld, channel: str) -> None:
    desk, private = world.open_chat("supergroup", "Desk"), world.private()
    await world.ask(desk, f"/subscribe {URL}")
    await world.ask(private, "/manage")
    offered = ["Desk", "Harbour News", "Another channel", "Another group", "This private chat again"]
    assert sorted(buttons(world, private)) == sorted(offered)
    world.telegram.world.find(desk).admins[:] = [world.telegram.world.person(EVE)]
    await world.ask(private, "/manage")
    assert "Desk" not in buttons(world, private)


async def test_where_telegram_cannot_be_asked_the_command_waits_and_is_not_lost(
    world: TelegramWorld, channel: str
) -> None:
    private = world.private()
    await world.ask(private, URL)
    world.fault("500_before", channel, method="getChatMember", times=1)
    world.type(private, "/pause")
    await world.settled()
    world.advance(5)
    world.commands.arrived.set()
    await world.settled()
    assert world.said(private)[-1].startswith("Harbour News\nPaused")


async def test_a_private_bot_lets_nobody_manage_a_chat_that_was_not_let_in(world: TelegramWorld) -> None:
    chat, private = world.open_chat("channel"), world.private()
    world.limits = replace(world.limits, access_open=False)
    await world.start()
    assert (await world.ask(private, f"/manage {chat}")).startswith("This bot is private.")
