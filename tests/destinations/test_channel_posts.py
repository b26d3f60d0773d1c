"""Commands that are posted in a channel itself: answered where its readers do not see it, and taken away."""

from __future__ import annotations

from bot.commands import tidy

from .world import ADA, EVE, URL, TelegramWorld


def stands(world: TelegramWorld, chat: str) -> list[str]:
    """Return all that readers of a channel see."""
    return [post.text for post in world.telegram.world.find(chat).posts.values()]


def two_admins(world: TelegramWorld) -> str:
    """Return a channel of ada's and eve's."""
    chat = world.open_chat("channel", "Harbour News")
    world.telegram.world.find(chat).admins.append(world.telegram.world.person(EVE))
    return chat


async def test_where_one_person_alone_may_post_the_answer_comes_in_private(world: TelegramWorld) -> None:
    private, chat = world.private(), world.open_chat("channel", "Harbour News")
    world.type(chat, f"/subscribe {URL}")
    await world.settled()
    assert world.said(private)[-1].startswith("Harbour News\nFollowing Lighthouse")
    assert stands(world, chat) == []


async def test_a_signed_post_is_answered_to_who_signed_it(world: TelegramWorld) -> None:
    private, eves, chat = world.private(), world.private(EVE), two_admins(world)
    world.telegram.world.find(chat).signs = True
    await world.settled()
    before = len(world.said(private))
    world.type(chat, "/list", EVE)
    await world.settled()
    assert world.said(eves) == [
        "Harbour News\nThis chat follows nothing yet. Send /subscribe and the address of a live page."
    ]
    assert len(world.said(private)) == before
    assert stands(world, chat) == []


async def test_the_buttons_of_an_answer_in_private_are_about_the_channel(world: TelegramWorld) -> None:
    private, chat = world.private(), world.open_chat("channel", "Harbour News")
    world.type(chat, f"/subscribe {URL}")
    world.type(chat, "/list")
    await world.settled()
    assert (await world.press(private, "Pause")).startswith("Harbour News\nPaused")
    assert stands(world, chat) == []


async def test_where_nobody_can_tell_who_it_was_the_answer_stands_in_the_channel_for_a_minute(
    world: TelegramWorld,
) -> None:
    chat = two_admins(world)
    said = await world.ask(chat, f"/subscribe {URL}")
    assert said.startswith("Following Lighthouse")
    assert said.endswith("I take this away in a minute, because the readers of this channel see it.")
    assert stands(world, chat) == [said]
    await world.settled()
    await world.start()
    for seconds, left in ((50, 1), (15, 0)):
        world.advance(seconds)
        await tidy(world.database, [world.platform], world.clock)
        assert len(stands(world, chat)) == left


async def test_an_answer_that_is_pressed_again_stays_a_minute_more(world: TelegramWorld) -> None:
    chat = two_admins(world)
    await world.ask(chat, f"/subscribe {URL}")
    await world.ask(chat, "/list")
    await world.settled()
    world.advance(50)
    await world.press(chat, "Pause")
    await world.settled()
    world.advance(50)
    await tidy(world.database, [world.platform], world.clock)
    assert len(stands(world, chat)) == 1
    world.advance(20)
    await tidy(world.database, [world.platform], world.clock)
    assert stands(world, chat) == []


async def test_who_has_no_private_chat_with_the_bot_is_answered_in_the_channel_for_a_minute(
    world: TelegramWorld,
) -> None:
    chat = world.open_chat("channel", "Harbour News")
    said = await world.ask(chat, "/list")
    assert "I take this away in a minute" in said
    await world.settled()
    world.advance(61)
    await tidy(world.database, [world.platform], world.clock)
    assert stands(world, chat) == []


async def test_the_link_below_such_an_answer_leads_to_the_channels_management_in_private(world: TelegramWorld) -> None:
    chat = two_admins(world)
    await world.ask(chat, "/list")
    (post,) = world.telegram.world.find(chat).posts.values()
    assert post.markup is not None
    ((button,),) = post.markup["inline_keyboard"]
    world.private(EVE)
    world.telegram.follow(EVE, button["url"])
    await world.settled()
    assert world.said(world.private(EVE))[-1].startswith("You manage Harbour News from here now")


async def test_what_cannot_be_taken_away_now_is_tried_again(world: TelegramWorld) -> None:
    chat = two_admins(world)
    await world.ask(chat, "/list")
    await world.settled()
    world.fault("429", chat, method="deleteMessage", retry_after=30.0)
    for _ in range(2):
        world.advance(61)
        await tidy(world.database, [world.platform], world.clock)
    assert stands(world, chat) == []


async def test_a_readers_press_in_the_channel_changes_nothing(world: TelegramWorld) -> None:
    chat = two_admins(world)
    await world.ask(chat, f"/subscribe {URL}")
    await world.ask(chat, "/list")
    said = await world.press(chat, "Pause", "a reader")
    assert said.startswith("Only the admins of this chat can use /pause.")
    assert "Paused" not in await world.ask(chat, "/list", ADA)
