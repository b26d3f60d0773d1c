"""One seed, played in one process: real store, poller and dispatcher, virtual time, everything around them faulty."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import update

from bot.dispatcher import Sending
from bot.model import Address
from bot.ports import Failed, Gone, Later, Outcome, Refused, Unsure
from bot.richtext import RichText
from bot.store import chats
from bot.store.engine import Database
from bot.store.schema import subscription
from tests.mirror.world import ScriptedChats, Trick, World, killed_after, killed_before, lost_after

from .empty import copy_empty
from .model import Model
from .scripted import DISCORD, TELEGRAM, FaultyChats, FaultyPage

DEEDS = (("publish", 5), ("edit", 4), ("withdraw", 2), ("return", 1), ("nothing", 3))
TROUBLES = (
    "killed_before", "killed_after", "killed_after", "lost_after", "later", "failed", "refused_message", "refused_chat",
    "unknown_message", "edited_meanwhile", "asleep", "taken_over", "deleted_by_people",
)  # fmt: skip
PAGE = ("well", "well", "well", "down", "unchanged", "cut", "flicker", "older", "reverted")
# More withdrawals than this at once would rightly be held as none at all.
WITHDRAWALS_AT_ONCE = 1


class Story:
    """What happens under one seed. `wrong` says, in the end, what is not as it should be; `told` is the history."""

    def __init__(self, seed: int, database: Database) -> None:
        self.seed = seed
        self.dice = random.Random(seed)
        self.nonces = seed % 2 == 0
        self.skips = seed % 10 == 1
        can = DISCORD if self.nonces else TELEGRAM
        self.world = World(database, sending=Sending(policy="skip" if self.skips else "repeat"), **can)
        self.world.page = self.page = FaultyPage(self.world.clock)
        self.world.platform = self.chats = FaultyChats(self.world.clock, self.note, **can)
        self.chats.lines_per_part = 3
        self.model = Model()
        self.told: list[str] = []
        self.counts: Counter[str] = Counter()
        self.equal_after = 0.0
        self.unproved: list[int] = []
        self.looks = 0
        self.cut_short: set[str] = set()  # our removals of these were done, and we never heard of it
        self.number = 2
        self.versions: dict[str, int] = {}

    def note(self, line: str) -> None:
        """Remember a line of the history."""
        self.told.append(f"{self.world.clock.now():%d %H:%M:%S} {line}")

    @property
    def unheard(self) -> int:
        """How many sends a platform without nonces accepted while nobody heard of it."""
        return 0 if self.nonces else self.model.unheard.total()

    @property
    def repeats(self) -> int:
        """How many entries more than once stand in the chat."""
        first_lines = [text.split("\n")[0] for text in self.world.texts() if text.startswith("Headline")]
        return len(first_lines) - len(set(first_lines))

    # ── the newsroom ─────────────────────────────────────────────────────────────────────────────────────────────

    def _say(self, key: str, version: int, count: int) -> None:
        self.model.page[key] = (version, count)
        lines = self.model.lines(key)
        body = RichText("\n".join(lines))
        if any(entry.key == key for entry in self.page.entries):
            self.page.edit(key, body=body)
        else:
            self.page.publish(key, body.text, at=int(key[1:]))
            self.page.entries.sort(key=lambda entry: int(entry.key[1:]), reverse=True)
        self.note(f"newsroom: {key} says v{version} in {count} lines")

    def deed(self) -> None:
        """Let the newsroom do one thing."""
        what = self.dice.choices([deed for deed, _ in DEEDS], [weight for _, weight in DEEDS])[0]
        keys = sorted(self.model.page.keys() - {"e0"}, key=lambda key: int(key[1:]))
        self.unproved = [look for look in self.unproved if self.looks - look < 8]
        if what == "publish":
            self.number += 1
            self._say(f"e{self.number}", 1, self.dice.choice((1, 2, 5)))
        elif what == "edit" and keys:
            self._edit(self.dice.choice(keys))
        elif what == "withdraw" and keys and len(self.unproved) < WITHDRAWALS_AT_ONCE:
            self._withdraw(self.dice.choice(keys))
        elif what == "return" and self.model.withdrawn - self.model.page.keys():
            key = self.dice.choice(sorted(self.model.withdrawn - self.model.page.keys()))
            self._say(key, self.versions[key] + 1, 1)
            self.versions[key] += 1
        self.page.published()

    def _edit(self, key: str) -> None:
        self.versions[key] = self.versions.get(key, 1) + 1
        self._say(key, self.versions[key], self.dice.choice((1, 2, 5)))

    def _withdraw(self, key: str) -> None:
        self.versions.setdefault(key, 1)
        self.page.withdraw(key)
        del self.model.page[key]
        self.model.withdrawn.add(key)
        self.unproved.append(self.looks)
        self.note(f"newsroom: {key} is withdrawn")

    # ── the world ────────────────────────────────────────────────────────────────────────────────────────────────

    def trouble(self) -> None:
        """Let one of the next calls go wrong."""
        what = self.dice.choice(TROUBLES)
        method = "send" if what == "unknown_message" else self.dice.choice(("send", "send", "edit", "remove"))
        self.counts[what] += 1
        if what in ("edited_meanwhile", "asleep", "taken_over"):
            self.chats.meanwhile = getattr(self, f"_{what}")
        elif what == "deleted_by_people":
            self._people_delete()
        else:
            self.chats.trick(method, self._noted(what, self._trick(what)))

    def _trick(self, what: str) -> Trick:
        outcomes: dict[str, Outcome] = {
            "later": Later(timedelta(seconds=self.dice.choice((1, 20, 50)))),
            "failed": Failed("no network", platform_wide=True),
            "refused_message": Refused("wrong type of the web page content", "message"),
            "refused_chat": Refused("bot was kicked", "chat"),
            "unknown_message": Gone("Unknown Message"),
        }
        if what in outcomes:
            return lambda *_: outcomes[what]
        if what == "lost_after" and self.seed % 3 == 2:
            return lambda *_: Unsure("the connection was cut")  # it never arrived, and nobody knows that
        return {"killed_before": killed_before, "killed_after": killed_after, "lost_after": lost_after}[what]

    def _noted(self, what: str, trick: Trick) -> Trick:
        def play(method: str, platform: ScriptedChats, do: Callable[[], Outcome]) -> Outcome:
            told = platform.calls[-1][1]
            key = self.chats.keys.get(told, "") if method == "remove" else told.removeprefix("Headline ")
            self.note(f"platform: {method} {key}: {what}")
            if method == "remove" and what in ("killed_after", "lost_after"):
                self.cut_short.add(key)
            if method == "remove" and what in ("killed_after", "lost_after") and key in self.model.deleted_by_people:
                self.model.nobody_knows.add(key)
            if method == "send":
                self.model.troubled.add(key)
                # A chat that prefers to skip gives up what was begun and not answered, also where it never arrived.
                if what in ("killed_after", "lost_after") or (self.skips and what == "killed_before"):
                    self.model.unheard[key] += 1
            if what == "unknown_message" and self.model.unheard[key]:
                return do()  # it stands in the chat: no platform would say that it is unknown
            if what == "refused_message":
                self.model.said_plainly.add(key)
            return trick(method, platform, do)

        return play

    async def _edited_meanwhile(self) -> None:
        headline = self.chats.calls[-1][1]
        key = headline.removeprefix("Headline ")
        if key in self.model.page:
            self.note(f"while {key} is being sent:")
            self._edit(key)
            self.page.published()
            await self._look()

    async def _asleep(self) -> None:
        self.note("the call takes a minute")
        self.world.advance(60)
        await self.world.send()

    async def _taken_over(self) -> None:
        self.note("another sender takes over")
        self.model.troubled.add(self.chats.calls[-1][1].removeprefix("Headline "))
        self.model.unheard[self.chats.calls[-1][1].removeprefix("Headline ")] += 1
        await self.world.restart()

    def _people_delete(self) -> None:
        keys = [key for key in self.model.page if self.chats.find(key) and not self.model.unheard[key]]
        if keys:
            key = self.dice.choice(sorted(keys))
            ids = self.chats.find(key)
            self.chats.chats["chat"] = [shown for shown in self.chats.chats["chat"] if shown.id not in ids]
            self.model.deleted_by_people.add(key)
            self.model.nobody_knows |= {key} & self.cut_short
            self.note(f"people delete {key}")

    async def _look(self) -> None:
        self.looks += 1
        if self.page.trouble != "well":
            self.note(f"page server: {self.page.trouble}")
        await self.world.poll()

    async def _send(self) -> None:
        try:
            await self.world.send()
        except* Exception as failed:  # a sender that lost its lease ends here; the one that took over goes on
            if "LeaseLost" not in repr(failed):
                raise
            self.note("the earlier sender notices")

    async def play(self) -> list[str]:
        """Play to the end and return what is wrong then."""
        for key in ("e0", "e1", "e2"):
            self._say(key, 1, 1)
        self.model.baseline = {"e0", "e1", "e2"}
        self.page.published()
        await self.world.follow()
        async with self.world.database.write() as connection:
            await connection.execute(update(subscription).values(style={"detail": "full"}))
        await self.world.live()
        for _ in range(24):
            self.deed()
            if self.dice.random() < 0.4:
                self.trouble()
            self.page.trouble = self.dice.choice(PAGE)
            self.world.advance(self.dice.choice((1, 5, 20, 40, 70, 200)))
            if self.dice.random() < 0.75:
                await self._look()
            if self.dice.random() < 0.7:
                await self._send()
            if self.dice.random() < 0.2:
                await self._let_in()
        return await self._end()

    async def _let_in(self) -> None:
        async with self.world.database.write() as connection:
            if await chats.release(connection, Address("terminal", "bot", "chat"), self.world.clock.now()):
                self.note("the bot is let in again")

    async def _end(self) -> list[str]:
        self.note("the trouble ends")
        self.page.trouble = "well"
        self.chats.tricks.clear()
        self.chats.meanwhile = None
        await self._let_in()
        for _ in range(12):
            self.world.advance(61)
            self.equal_after += 61 * bool(self._judged() or await self.world.owed())
            await self._look()
            await self._send()
        wrong = self._judged()
        if await self.world.owed():
            wrong.append(f"{await self.world.owed()} deliveries are still owed")
        return wrong + self._went_back()

    def _judged(self) -> list[str]:
        # What a page that flickered twice took away is sent again where it then stands.
        self.model.troubled |= self.chats.removed | self.page.seen_late()
        return self.model.judge(self.world.texts(), nonces=self.nonces, skips=self.skips)

    def _went_back(self) -> list[str]:
        """No entry ever says an older text than it said before: only caches did that here, never the newsroom.

        What nobody had ever seen cannot be known to be older.
        """
        return [
            f"{key} said {versions}"
            for key, versions in self.chats.versions.items()
            if self._is_known_to_be_older(key, versions) and not self.model.unheard[key]
        ]

    def _is_known_to_be_older(self, key: str, versions: list[int]) -> bool:
        served = self.page.served
        return any(
            later < earlier and served[key, later] < served[key, earlier] for earlier, later in pairwise(versions)
        )


async def play(seed: int, folder: Path) -> tuple[Story, list[str]]:
    """Play a seed on a database of its own."""
    path = folder / f"story{seed}.db"
    await copy_empty(folder, path)
    async with Database(f"sqlite:///{path}") as database:
        story = Story(seed, database)
        wrong = await story.play()
    path.unlink(missing_ok=True)
    return story, wrong
