"""Whoever subscribed a chat hears in private, once, that nothing can be posted there, and that it goes on again."""

from __future__ import annotations

import pytest

from bot.commands import notify

from .world import URL, TelegramWorld


@pytest.fixture
async def chat(world: TelegramWorld) -> str:
    """A group in which ada subscribed, and she has begun a private chat with the bot."""
    world.private()
    made = world.open_chat("supergroup", "Harbour")
    await world.settled()
    await world.ask(made, f"/subscribe {URL}")
    await world.live()
    return made


async def tell(world: TelegramWorld, seconds: float = 31) -> list[str]:
    """Let time pass, let the bot tell who must hear something, and return all that ada was told."""
    world.advance(seconds)
    await notify(world.database, [world.platform], world.clock)
    return world.said(world.private())


async def held(world: TelegramWorld, kind: str, chat: str, **more: object) -> None:
    """Let something happen that keeps the bot from posting, and let it find out."""
    world.fault(kind, chat, **more)
    world.page.publish("later", at=1)
    await world.settled()
    await world.live(1)


@pytest.mark.parametrize(
    ("kind", "more", "why"),
    [
        ("403", {"reason": "kicked"}, "the bot was removed from the chat"),
        ("403", {"reason": "left"}, "the bot was removed from the chat"),
        ("403", {"reason": "deleted"}, "the chat is not there any more"),
        ("rights", {"rights": ["can_send_photos"]}, "the bot may not write there"),
    ],
)
async def test_the_reason_is_told_once_and_not_again_after_a_restart(
    world: TelegramWorld, chat: str, kind: str, more: dict[str, object], why: str
) -> None:
    await held(world, kind, chat, **more)
    (said,) = await tell(world)
    assert said.startswith(f"I cannot post in Harbour any more: {why}. What it follows, and all that is owed, is kept.")
    await world.start()
    assert len(await tell(world, 3600)) == 1


async def test_that_it_goes_on_is_told_once(world: TelegramWorld, chat: str) -> None:
    await held(world, "403", chat)
    await tell(world)
    world.fault("restore", chat)
    await world.settled()
    said = await tell(world)
    assert said[1:] == ["I can post in Harbour again. What was missed comes now, shortened if it is much."]
    assert len(await tell(world, 3600)) == 2


async def test_what_lasts_a_few_seconds_is_nobodys_trouble(world: TelegramWorld, chat: str) -> None:
    await held(world, "403", chat)
    assert await tell(world, 10) == []
    world.fault("restore", chat)
    await world.settled()
    assert await tell(world, 60) == []


async def test_whoever_plays_with_the_bots_rights_is_not_told_of_each_turn(world: TelegramWorld, chat: str) -> None:
    for _ in range(3):
        await held(world, "403", chat)
        await tell(world)
        world.fault("restore", chat)
        await world.settled()
        await tell(world)
    assert len(world.said(world.private())) == 2
    world.advance(3600)
    await held(world, "403", chat)
    assert len(await tell(world)) == 3


@pytest.mark.parametrize(
    ("kind", "why"), [("topic_closed", "the topic is closed"), ("topic_deleted", "the topic is not there any more")]
)
async def test_a_lost_topic_is_told_with_what_to_do_and_its_group_goes_on(
    world: TelegramWorld, kind: str, why: str
) -> None:
    world.private()
    forum = world.open_chat("forum", "Harbour")
    topic = str(next(iter(world.telegram.world.find(forum).topics)))
    for thread in (topic, ""):
        assert "Following" in await world.ask(forum, f"/subscribe {URL}", thread=thread)
    await held(world, kind, forum, thread=topic)
    for _ in range(3):
        await world.live(5)
    (said,) = await tell(world)
    assert said.startswith(f"I cannot post in a topic of Harbour any more: {why}. What it follows is kept.")
    assert any(text.startswith("Headline later") for text in world.said(forum))


async def test_a_topic_that_is_opened_again_gets_what_it_missed_at_once(world: TelegramWorld) -> None:
    forum = world.open_chat("forum", "Harbour")
    topic = str(next(iter(world.telegram.world.find(forum).topics)))
    assert "Following" in await world.ask(forum, f"/subscribe {URL}", thread=topic)
    await held(world, "topic_closed", forum, thread=topic)
    for _ in range(3):
        await world.live(5)
    assert not any(text.startswith("Headline later") for text in world.said(forum, topic))
    world.fault("topic_reopened", forum, thread=topic)
    await world.settled()
    await world.live(5)
    assert any(text.startswith("Headline later") for text in world.said(forum, topic))


async def test_several_chats_are_told_in_one_message(world: TelegramWorld, chat: str) -> None:
    other = world.open_chat("supergroup", "Weather")
    await world.settled()
    await world.ask(other, f"/subscribe {URL}")
    for each in (chat, other):
        world.fault("403", each)
    await world.settled()
    (said,) = await tell(world)
    assert "Harbour" in said
    assert "Weather" in said


async def test_who_cannot_be_told_is_not_asked_again(world: TelegramWorld, chat: str) -> None:
    world.fault("403", world.private(), reason="blocked")
    await held(world, "403", chat)
    for _ in range(3):
        assert await tell(world, 61) == []
    asked = [request for request in world.requests("sendMessage") if request["chat_id"] == int(world.private())]
    assert len(asked) == 1


async def test_what_must_wait_is_told_later_and_what_a_dead_process_may_have_told_is_not_told_again(
    world: TelegramWorld, chat: str
) -> None:
    await held(world, "403", chat)
    world.fault("429", world.private(), retry_after=5.0)
    assert await tell(world) == []
    world.fault("reset_after", world.private(), method="sendMessage")
    assert len(await tell(world)) == 1
    assert len(await tell(world, 600)) == 1


async def test_where_the_word_that_it_is_back_was_lost_the_next_message_tells(world: TelegramWorld, chat: str) -> None:
    await held(world, "403", chat)
    await tell(world)
    world.telegram.world.find(chat).absent.clear()
    await world.ask(chat, "/resume")
    await world.live(1)
    assert (await tell(world))[-1].startswith("I can post in Harbour again.")
