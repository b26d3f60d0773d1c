"""What editors meet on Telegram as they decide: pictures, their private chat, many at once, messages that are gone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from ..mirror.world import picture
from .world import ADA, EVE, URL, TelegramWorld


@pytest.fixture
async def news(world: TelegramWorld) -> str:
    """A channel that ada manages from her private chat, and that follows the page."""
    chat = world.open_chat("channel", "Harbour News")
    await world.settled()
    await world.ask(world.private(), f"/manage {chat}")
    await world.ask(world.private(), URL)
    await world.live()
    return chat


@pytest.fixture
async def desk(world: TelegramWorld, news: str) -> str:
    """A group in which ada decides what the channel gets."""
    assert news
    chat = world.open_chat("supergroup", "Desk")
    await world.ask(chat, await a_code(world))
    return chat


async def a_code(world: TelegramWorld) -> str:
    """Return the command that lets the chat decide in which it is sent."""
    found = re.search(r"/review [a-z0-9]{8}", await world.ask(world.private(), "/review on"))
    assert found
    return found[0]


def labels(world: TelegramWorld, chat: str) -> Sequence[str]:
    """Return what can be pressed under the newest message."""
    posts = world.telegram.world.find(chat).posts
    rows = (posts[max(posts)].markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def headlines(world: TelegramWorld, chat: str) -> list[str]:
    """Return the headlines that stand in a chat."""
    return [text.split("\n")[0] for text in world.said(chat) if text.startswith("Headline")]


async def publish(world: TelegramWorld, *keys: str) -> None:
    """Put entries on the page and let them come, one each minute."""
    for key in keys:
        world.page.publish(key, at=len(world.page.entries) + 1)
        await world.live(60)


async def test_an_entry_with_a_picture_has_its_buttons_through_corrections_until_it_is_decided_on(
    world: TelegramWorld, news: str, desk: str
) -> None:
    world.page.publish("one", at=1, images=(picture("a"), picture("b")))
    await world.live(60)
    assert labels(world, desk) == ["Publish", "Skip"]
    world.page.edit("one", headline="Headline one, corrected")
    await world.live(60)
    assert labels(world, desk) == ["Publish", "Skip"]
    await world.press(desk, "Publish")
    await world.live(2)
    assert headlines(world, news) == ["Headline one, corrected"]
    assert labels(world, desk) == []


async def test_what_was_done_is_told_in_passing_and_what_was_not_must_be_confirmed(
    world: TelegramWorld, news: str, desk: str
) -> None:
    await publish(world, "one")
    await world.press(desk, "Skip", EVE)
    await world.press(desk, "Publish")
    refused, done = world.requests("answerCallbackQuery")[-2:]
    assert (bool(refused.get("show_alert")), bool(done.get("show_alert"))) == (True, False)
    assert done["text"] == "Published in Harbour News."
    assert news


async def test_a_press_is_done_and_told_once_also_where_the_program_is_started_anew(
    world: TelegramWorld, news: str, desk: str
) -> None:
    await publish(world, "one")
    said = len(world.said(desk))
    await world.press(desk, "Publish")
    await world.start()
    await world.restart()
    await world.live(1)
    await world.live(60)
    assert headlines(world, news) == ["Headline one"]
    assert len(world.said(desk)) == said


async def test_somebody_decides_in_their_private_chat_whatever_they_manage_from_it(
    world: TelegramWorld, news: str
) -> None:
    private, code = world.private(EVE), await a_code(world)
    await world.ask(private, code, EVE)
    await publish(world, "one")
    other = world.open_chat("channel", "Weather")
    world.telegram.world.find(other).admins.append(world.telegram.world.person(EVE))
    await world.ask(private, f"/manage {other}", EVE)
    assert await world.press(private, "Publish", EVE) == "Published in Harbour News."
    await world.live(1)
    assert headlines(world, news) == ["Headline one"]


async def test_an_editor_decides_on_more_in_a_minute_than_anybody_may_command(
    world: TelegramWorld, news: str, desk: str
) -> None:
    keys = [f"{number:02}" for number in range(8)]
    await publish(world, *keys)
    world.limits = type(world.limits)(access_open=True, per_minute=2, per_user_minute=2)
    await world.start()
    posts = world.telegram.world.find(desk).posts.values()
    messages = [str(post.id) for post in posts if "review publish" in str(post.markup)]
    said = [await world.telegram.press(desk, ADA, "Publish", message) for message in messages]
    assert said == ["Published in Harbour News."] * len(keys)
    assert news


async def test_a_number_that_no_message_has_is_answered(world: TelegramWorld, news: str, desk: str) -> None:
    assert "There is nothing to decide on" in await world.ask(desk, f"/review publish {10**30}")
    assert "There is nothing to decide on" in await world.ask(desk, "/review skip 4711")
    assert news


async def test_what_is_withdrawn_while_it_waits_says_so_there(world: TelegramWorld, news: str, desk: str) -> None:
    await publish(world, "one", "two", "three")
    world.page.withdraw("two")
    await world.live(60)
    await world.live(60)
    asked = [text.split("\n")[0] for text in world.said(desk)][-3:]
    assert asked == ["Headline one", "This update was withdrawn", "Headline three"]
    assert headlines(world, news) == []


async def test_once_nobody_waits_the_buttons_are_gone(world: TelegramWorld, news: str, desk: str) -> None:
    await publish(world, "one")
    assert labels(world, desk) == ["Publish", "Skip"]
    await world.ask(world.private(), "/review 1 off skip")
    await world.live(1)
    assert labels(world, desk) == []
    assert headlines(world, news) == []
