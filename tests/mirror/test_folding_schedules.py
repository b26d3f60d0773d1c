"""Random schedules of two newsrooms that tell the same stories: in the end each entry is told once, wherever that is.

What stands in a chat that folds is every entry of both pages, as a message of its own or as a line under the other
newsroom's. Whatever is corrected, withdrawn, killed or put off on the way, none is missing and none is there twice.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Failed, Later
from bot.store.engine import Database
from bot.store.migrate import upgrade

from .newsrooms import Newsroom, Newsrooms
from .test_schedules import DISCORD, TELEGRAM
from .world import ScriptedChats, World, killed_after, killed_before, lost_after

EVENTS = (
    "Explosion rocks central Halmouth",
    "Ferry sinks near Port Ansel",
    "Wildfire reaches villages near Castelo",
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Desk:
    """What the newsrooms do, and what goes wrong, by the dice."""

    def __init__(self, press: Newsrooms, dice: random.Random) -> None:
        self.press, self.dice = press, dice
        self.told = 0
        self.accepted_unheard = 0
        self.taken: dict[str, list[Any]] = {room.name: [] for room in press.rooms}

    def headline(self, room: Newsroom) -> str:
        """Return an event in words of the newsroom's own: no two headlines are the same."""
        self.told += 1
        word = "".join(LETTERS[self.told // 26**place % 26] * 2 for place in range(2))
        event = self.dice.choice(EVENTS)
        return f"{event} {word}" if room is self.press.rooms[0] else f"Just {word} {event}"

    def act(self) -> None:
        """Let one newsroom do one thing."""
        room, dice = self.dice.choice(self.press.rooms), self.dice
        keys = [entry.key for entry in room.entries]
        deed = dice.choice(("publish", "publish", "publish", "edit", "withdraw", "return"))
        if deed == "publish":
            headline = self.headline(room)
            room.tells(headline.replace(" ", "-"), headline, at=self.told)
        elif deed == "edit" and keys:
            room.edit(dice.choice(keys), headline=self.headline(room))
        elif deed == "withdraw" and keys:
            key = dice.choice(keys)
            self.taken[room.name] += [entry for entry in room.entries if entry.key == key]
            room.withdraw(key)
            room.withdrawn = (*room.withdrawn, key)
        elif deed == "return" and self.taken[room.name]:
            back = self.taken[room.name].pop()
            room.entries.append(back)
            room.withdrawn = tuple(key for key in room.withdrawn if key != back.key)

    def trouble(self) -> None:
        """Let something go wrong with one of the next calls."""
        method, world = self.dice.choice(("send", "edit", "edit", "remove")), self.press.world
        trick = self.dice.choice((killed_after, killed_before, lost_after, "later", "old", "failed"))
        if trick == "later":
            world.platform.trick(method, Later(timedelta(seconds=self.dice.randrange(1, 90))))
        elif trick == "old":
            world.platform.trick("edit", Later(timedelta(minutes=5), "delivery"))
        elif trick == "failed":
            world.platform.trick(method, Failed("no"))
        else:
            world.platform.trick(method, self._counted(trick))

    def _counted(self, trick: Any) -> Any:
        def play(method: str, platform: ScriptedChats, do: Any) -> Any:
            self.accepted_unheard += method == "send" and trick is not killed_before
            return trick(method, platform, do)

        return play


def told(world: World) -> Counter[str]:
    """Return the headlines that stand in the chat, of messages and of lines under them."""
    found: Counter[str] = Counter()
    for shown in world.platform.chats.get("chat", []):
        first, *rest = shown.text.split("\n")
        lines = [line.partition(": ")[2] for line in rest if line.startswith("Also reported by")]
        found.update((first, *lines))
    return found


async def play(seed: int, path: Path, can: dict[str, Any]) -> tuple[Newsrooms, Desk]:
    """Play one schedule to its end."""
    async with Database(f"sqlite:///{path}") as database:
        await upgrade(database)
        press = Newsrooms(World(database, **can), "Harbour", "Gull")
        world, dice = press.world, random.Random(seed)
        await press.begin()
        desk = Desk(press, dice)
        for _ in range(30):
            desk.act()
            if dice.random() < 0.35:
                desk.trouble()
            world.advance(dice.choice((1, 5, 20, 40, 70, 200)))
            if dice.random() < 0.7:
                await press.look(dice.choice(press.rooms))
            if dice.random() < 0.7:
                await world.send()
        world.platform.tricks.clear()
        for _ in range(14):
            await press.live(61)
        assert await world.owed() == 0
    return press, desk


def expected(press: Newsrooms) -> Counter[str]:
    """Return what both pages tell."""
    return Counter(str(entry.headline) for room in press.rooms for entry in room.entries)


@pytest.mark.parametrize("seed", range(25))
async def test_with_a_nonce_each_entry_is_told_once(seed: int, tmp_path: Path) -> None:
    press, _ = await play(seed, tmp_path / "d.db", DISCORD)
    assert told(press.world) == expected(press)


@pytest.mark.parametrize("seed", range(100, 125))
async def test_without_a_nonce_none_is_lost_and_only_what_was_accepted_unheard_is_there_twice(
    seed: int, tmp_path: Path
) -> None:
    press, desk = await play(seed, tmp_path / "t.db", TELEGRAM)
    shown, wanted = told(press.world), expected(press)
    assert not wanted - shown
    assert len(shown - wanted) <= desk.accepted_unheard
