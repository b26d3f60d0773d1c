"""Two newsrooms whose pages one chat follows, for a world that tells the same story twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import update

from bot.model import Page, Snapshot
from bot.store.schema import chat

from .world import ScriptedPage, World

BLAST = "Explosion rocks central Halmouth"
SAME = "Strong explosion in central Halmouth"
AGAIN = "Halmouth: explosion in central district"
OTHER = "Parliament passes budget after long debate"


@dataclass
class Newsroom(ScriptedPage):
    """A page of its own, under its own name."""

    name: str = ""

    @property
    def url(self) -> str:
        """The page's address."""
        return f"https://{self.name.lower()}.example/live"

    def read(self, page: Page) -> Snapshot:
        """Return the page as a reader would see it now."""
        return replace(super().read(page), url=self.url, source_name=self.name, title=f"{self.name} live")

    def tells(self, key: str, headline: str, **more: Any) -> None:
        """Publish an entry with an address of its own."""
        entry = self.publish(key, headline=headline, **more)
        self.entries[0] = replace(entry, url=f"{self.url}#{key}")


class Newsrooms:
    """A world with pages of several newsrooms, and chats that follow them all and fold."""

    def __init__(self, world: World, *names: str) -> None:
        self.world = world
        self.rooms = [Newsroom(world.clock, name=name) for name in names]

    async def begin(self, where: str = "chat", *, fold: bool = True, **wish: Any) -> list[int]:
        """Let a chat follow all of them from now on; return its subscriptions."""
        ids = [await self.world.follow(where, url=room.url, **wish) for room in self.rooms]
        await self.fold(fold=fold)
        for room in self.rooms:
            await self.look(room)
        return ids

    async def fold(self, *, fold: bool) -> None:
        """Switch folding on or off in every chat."""
        async with self.world.database.write() as connection:
            await connection.execute(update(chat).values(fold=int(fold)))

    async def look(self, room: Newsroom) -> None:
        """Look at one page now."""
        self.world.page = room
        await self.world.poll(room.url)

    async def look_at_once(self) -> None:
        """Look at every page at the same moment."""
        looks = []
        for room in self.rooms:
            self.world.page = room
            looks.append(self.world.poller().poll(await self.world.due(room.url)))
        await asyncio.gather(*looks)

    async def live(self, seconds: float = 0) -> None:
        """Let time pass, look at every page in turn, and send."""
        self.world.advance(seconds)
        for room in self.rooms:
            await self.look(room)
        await self.world.send()
