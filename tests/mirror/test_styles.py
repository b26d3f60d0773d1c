"""A style is for what is sent, or edited, from now on; what stands keeps its look until then."""

from __future__ import annotations

from typing import Any

from bot.model import Style
from bot.store import subscriptions
from bot.styles import to_json

from .world import World


async def _style(world: World, subscription: int, **style: Any) -> None:
    async with world.database.write() as connection:
        await subscriptions.set_style(connection, subscription, to_json(Style(**style)))


async def test_a_style_is_for_what_is_sent_from_now_on_and_for_edits(world: World) -> None:
    wish = await world.follow()
    await world.poll()
    world.page.publish("a", at=1)
    await world.live(10)
    await _style(world, wish, template="Now: {headline}")
    world.page.publish("b", at=2)
    await world.live(10)
    assert world.shows() == ["Headline a", "Now: Headline b"]
    world.page.edit("a", headline="Headline a, corrected")
    await world.live(10)
    assert world.shows() == ["Now: Headline a, corrected", "Now: Headline b"]


async def test_newest_first_is_for_what_is_owed_at_once(world: World) -> None:
    wish = await world.follow()
    other = await world.follow("other")
    await world.poll()
    await _style(world, wish, order="newest")
    for minute, key in enumerate("abc"):
        world.page.publish(key, at=minute)
    world.page.summary = ["It is windy."]
    await world.live(10)
    assert [shown for shown in world.shows() if "Headline" in shown] == ["Headline c", "Headline b", "Headline a"]
    assert [shown for shown in world.shows("other") if "Headline" in shown] == [f"Headline {key}" for key in "abc"]
    assert other


async def test_an_entry_replies_to_the_one_before_of_the_same_subscription(world: World) -> None:
    wish = await world.follow()
    await world.poll()
    await _style(world, wish, reply=True)
    world.page.summary = ["It is windy."]
    for minute, key in enumerate("abc"):
        world.page.publish(key, at=minute)
        await world.live(10)
    first, second, third = (shown for shown in world.platform.chats["chat"] if "Headline" in shown.text)
    assert (first.reply_to, second.reply_to, third.reply_to) == ("", first.id, second.id)


async def test_a_reply_is_not_to_what_the_newsroom_withdrew_nor_to_another_subscriptions(world: World) -> None:
    wish = await world.follow()
    await world.follow("other")
    await world.poll()
    await _style(world, wish, reply=True)
    for minute, key in enumerate("ab"):
        world.page.publish(key, at=minute)
        await world.live(10)
    world.page.withdraw("b")
    await world.live(10)
    await world.live(70)
    world.page.publish("c", at=3)
    await world.live(10)
    first, third = world.platform.chats["chat"]
    assert third.reply_to == first.id
    assert {shown.reply_to for shown in world.platform.chats["other"]} == {""}
