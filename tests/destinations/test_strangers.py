"""Strangers, where the bot is not for everybody: they hear how to get in, and Telegram is asked nothing for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.store.access import LetIn

from .world import EVE, TelegramWorld

pytestmark = pytest.mark.attack("people without rights")

HUGE = "9" * 19
PRIVATE = "This bot is private. Its owner can let that chat in by sending /allow there."


async def closed(world: TelegramWorld, *, users: tuple[str, ...] = (), chats: tuple[str, ...] = ()) -> None:
    """Go on as a bot for these alone."""
    world.limits = replace(world.limits, access_open=False, let_in=LetIn(frozenset(users), frozenset(chats)))
    await world.start()


def asked_about(world: TelegramWorld, *chats: str) -> list[str]:
    """Return what was asked of Telegram about these chats."""
    return [call.method for call in world.sandbox.calls.select("telegram") if call.chat in chats]


async def settled(world: TelegramWorld, name: str) -> None:
    """Wait until all was done, by way of somebody new each time: a stranger is told once a day."""
    assert await world.ask(world.private(name), "/help", name)


async def test_a_stranger_makes_the_bot_ask_nothing_about_any_other_chat(
    world: TelegramWorld, record_property: Callable[[str, object], None]
) -> None:
    """By its id, by the number it has here, by a button, a link, or Telegram's own list; they may even run it."""
    theirs, other = world.open_chat("channel", "Theirs"), world.open_chat("supergroup", "Somebody else's")
    world.telegram.world.find(theirs).admins.append(world.telegram.world.person(EVE))
    private = world.private(EVE)
    await world.settled()
    assert "You manage Theirs" in await world.ask(private, f"/manage {theirs}", EVE)
    await world.ask(private, "/manage", EVE)
    shown = list(world.telegram.world.find(private).posts.values())[-1]
    await world.ask(private, "/manage channel", EVE)
    await closed(world)
    before = len(asked_about(world, theirs, other))

    lines = [f"{name} {chat}" for name in ("manage", "start manage") for chat in (theirs, other, f"-{HUGE}")]
    lines += [f"in {number} {line}" for number in (*range(1, 6), HUGE) for line in ("list", "pause")]
    lines += [f"manage {number}" for number in range(1, 6)] + [
        "manage",
        "list",
        "pause",
        "settings",
        "subscribe x.example",
    ]
    for line in lines:
        world.type(private, f"/{line}", EVE)
        world.telegram.world.pressed(
            world.telegram.world.find(private), shown, world.telegram.world.person(EVE), line[:64]
        )
    world.telegram.choose(EVE, "Choose a channel", theirs)
    await settled(world, "mallory")
    record_property("attacks", 2 * len(lines) + 1)
    assert len(asked_about(world, theirs, other)) == before
    assert world.said(private).count(PRIVATE) == 1


async def test_numbers_of_chats_tell_a_stranger_not_even_whether_they_are_any(world: TelegramWorld) -> None:
    known = world.open_chat("channel", "Theirs")
    await world.settled()
    await world.ask(world.private(), f"/manage {known}")
    await closed(world)
    said = set()
    for who, line in enumerate(("/in 1 list", "/in 2 list", "/in 777 list", "/manage 1", "/manage 2", "/manage 777")):
        said.add(await world.ask(world.private(f"stranger {who}"), line, f"stranger {who}"))
    assert said == {PRIVATE}


async def test_who_is_let_in_by_their_chat_still_manages_it_from_a_private_one(world: TelegramWorld) -> None:
    chat, shut = world.open_chat("channel", "Harbour News"), world.open_chat("channel", "Weather")
    await world.settled()
    await world.ask(world.private(), f"/manage {shut}")
    await closed(world, chats=(chat,))
    private = world.private()
    assert PRIVATE in await world.ask(private, "/list")
    assert "You manage Harbour News" in await world.ask(private, f"/manage {chat}")
    assert "Harbour News" in await world.ask(private, "/list")
    await world.ask(private, "/manage off")
    assert await world.ask(private, "/manage")
    shown = list(world.telegram.world.find(private).posts.values())[-1].markup
    assert "Harbour News" in str(shown)
    assert "Weather" not in str(shown)
