"""Random schedules: whatever the newsroom does and wherever it hits, in the end a chat shows what the page says.

The model is the page itself. On a platform with a nonce and a history nothing may be there twice; on one without,
only what was accepted before a kill or a lost answer may be, and only then.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Failed, Later, Outcome
from bot.richtext import RichText
from bot.store.engine import Database
from bot.store.migrate import upgrade

from .world import ScriptedChats, World, killed_after, killed_before, lost_after

DISCORD: dict[str, Any] = {"idempotent_send": True, "history": True}
TELEGRAM: dict[str, Any] = {"removes_until": timedelta(hours=48)}
CALLS = ("send", "send", "edit", "remove", "pin")


class Newsroom:
    """What happens to the page and to our calls, by the dice; counts what may leave a second message behind."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.published = 0
        self.accepted_unheard = 0
        self.looks = 0
        self.withdrawals: list[int] = []

    def act(self) -> None:
        """Do one thing, now and then."""
        page, dice = self.world.page, self.dice
        ours = [entry.key for entry in page.entries if entry.key != "ground"]
        deed = dice.choice(("publish", "publish", "edit", "withdraw", "summary", "nothing"))
        if deed == "withdraw" and self.unproved(1):
            deed = "nothing"  # more at once would rightly be held as no withdrawal
        if deed == "publish":
            self.published += 1
            page.publish(f"e{self.published}", at=self.published)
        elif deed == "edit" and ours:
            page.edit(dice.choice(ours), body=RichText(f"Version {dice.random()}."))
        elif deed == "withdraw" and ours:
            page.withdraw(dice.choice(ours))
            self.withdrawals.append(self.looks)
        elif deed == "summary":
            page.summary = [f"Point {dice.random()}"]

    def unproved(self, most: int) -> bool:
        """Whether more than so many withdrawals may still await their second look."""
        return sum(self.looks - at < 6 for at in self.withdrawals) > most

    def trouble(self) -> None:
        """Let something go wrong with one of the next calls."""
        method = self.dice.choice(CALLS)
        trick = self.dice.choice((killed_after, killed_before, lost_after, "later", "failed"))
        if trick == "later":
            self.world.platform.trick(method, Later(timedelta(seconds=self.dice.randrange(1, 90))))
        elif trick == "failed":
            self.world.platform.trick(method, Failed("no network", platform_wide=True))
        else:
            self.world.platform.trick(method, self._counted(trick))  # type: ignore[arg-type]  # a trick, not a word

    def _counted(self, trick: Callable[..., Outcome]) -> Callable[..., Outcome]:
        def play(method: str, platform: ScriptedChats, do: Callable[[], Outcome]) -> Outcome:
            if method == "send" and trick is not killed_before:
                self.accepted_unheard += 1
            return trick(method, platform, do)

        return play


async def settle_down(world: World) -> None:
    """End all trouble and give everything time to come true."""
    world.platform.tricks.clear()
    for _ in range(14):
        await world.live(61)


def expected(world: World) -> Counter[str]:
    """What a chat that followed from the start must show: every entry of the page, and the summary."""
    page = world.page
    told = Counter(f"{entry.headline}\n{entry.body.text}" for entry in page.entries if entry.key != "ground")
    if page.summary:
        told["Lighthouse live\n" + "\n".join(f"• {point}" for point in page.summary)] = 1
    return told


async def play(seed: int, path: Path, can: dict[str, Any], editable: bool) -> tuple[World, Newsroom]:
    """Play one schedule to its end."""
    async with Database(f"sqlite:///{path}") as database:
        await upgrade(database)
        world = World(database, **can)
        world.platform.editable = editable
        dice = random.Random(seed)
        newsroom = Newsroom(world, dice)
        # The ground is on the page from the start, below everything: it keeps the horizon still.
        world.page.publish("ground", at=-60)
        await world.follow()
        await world.live()
        for _ in range(30):
            newsroom.act()
            if dice.random() < 0.35:
                newsroom.trouble()
            world.advance(dice.choice((1, 5, 20, 40, 70, 200)))
            if dice.random() < 0.7:
                await world.poll()
                newsroom.looks += 1
            if dice.random() < 0.7:
                await world.send()
        await settle_down(world)
        assert await world.owed() == 0
    return world, newsroom


@pytest.mark.parametrize("seed", range(25))
async def test_with_a_nonce_the_chat_equals_the_page_and_nothing_is_there_twice(seed: int, tmp_path: Path) -> None:
    world, _ = await play(seed, tmp_path / "d.db", DISCORD, editable=True)
    assert Counter(world.texts()) == expected(world)
    pinned = [shown.text for shown in world.platform.chats.get("chat", []) if shown.pinned]
    assert len(pinned) == bool(world.page.summary)


@pytest.mark.parametrize("seed", range(100, 125))
async def test_without_a_nonce_nothing_is_lost_and_repeats_are_only_what_was_accepted_unheard(
    seed: int, tmp_path: Path
) -> None:
    world, newsroom = await play(seed, tmp_path / "t.db", TELEGRAM, editable=seed % 2 == 0)
    shown, wanted = Counter(world.texts()), expected(world)
    assert not wanted - shown
    assert sum((shown - wanted).values()) <= newsroom.accepted_unheard
