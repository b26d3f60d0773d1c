"""Presses, forms and links that nobody was ever offered: whatever they carry, they change and tell nothing."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from sandbox.discord.interactions import Interaction
from sandbox.server import Sandbox
from tests.process.newsroom import Newsroom
from tests.process.program import ADMIN, Place, Program, make, until

from .test_people import EVE, TYPED, kept, started

pytestmark = [pytest.mark.process, pytest.mark.attack("forged presses")]

MALLORY = "4242"
_PATIENT = {"LIMITS__COMMANDS_PER_MINUTE": "1000", "LIMITS__COMMANDS_PER_USER": "1000"}
# More digits than a database keeps as a number, and more than Python reads as one.
HUGE, ENDLESS = "9" * 20, "9" * 5000
SECRET = "The secret desk"
_BUTTON, _MENU, _INPUT, _LABEL = 2, 3, 4, 18
_LISTED = 3
# Numbers under which chats, subscriptions, deliveries and offers stand here, and some that nothing has.
NUMBERS = ["1", "2", "-1", HUGE]


def lines(sandbox: Sandbox) -> list[str]:
    """Command lines as a button could carry them: all that change something, and none that makes sense."""
    other = sandbox.url + sandbox.pages.open("other").path
    meant = [text.format(other=other).removeprefix("/") for text in TYPED.values()]
    decided = [f"review {choice} {number}" for choice in ("publish", "skip") for number in NUMBERS]
    nonsense = [
        "",
        " ",
        "\x00",
        "pause 1; DROP TABLE chat",
        "subscribe offer-1",
        f"unsubscribe {HUGE}",
        "no such command",
    ]
    return [*meant, *decided, *nonsense, f"list everywhere {ENDLESS}", f"latest {ENDLESS}", "review 1 on " + "x" * 4000]


def done_by(program: Program) -> int:
    """Return how much that came in is still to be done."""
    with closing(sqlite3.connect(f"file:{program.folder / 'data' / 'liverelay.db'}?mode=ro", uri=True)) as opened:
        return int(opened.execute("SELECT count(*) FROM command WHERE done_at IS NULL").fetchone()[0])


# ── Discord ──────────────────────────────────────────────────────────────────────────────────────────────────────


def pressed(custom_id: str) -> dict[str, Any]:
    """A button."""
    return {"custom_id": custom_id, "component_type": _BUTTON, "id": 1}


def chosen(value: str) -> dict[str, Any]:
    """An option of a menu."""
    return {"custom_id": "menu 0", "component_type": _MENU, "id": 1, "values": [value]}


def filled(custom_id: str, **boxes: Any) -> dict[str, Any]:
    """A form with boxes of these names."""
    told = [{"type": _INPUT, "id": 2, "custom_id": name, "value": value} for name, value in boxes.items()]
    return {"custom_id": custom_id, "components": [{"type": _LABEL, "id": 1, "component": each} for each in told]}


class Forger:
    """Presses and sends what was never offered, under a message of the bot that all can see."""

    def __init__(self, place: Place, user: str) -> None:
        self._place, self._user = place, user
        self._under = place.view().messages[0].id
        self.sent: list[Interaction] = []

    def press(self, told: dict[str, Any], *, form: bool = False) -> None:
        discord = self._place.sandbox.discord
        place = self._place
        self.sent.append(discord.forge(place.chat, place.thread, self._user, told, self._under, form=form))

    def everything(self, carried: list[str], about: str = "") -> None:
        """Press each line as a button and an option, and send it as a form; `about` another channel."""
        for line in carried:
            self.press(pressed(f"do{about} {line}"))
            self.press(chosen(f"do{about} {line}"))
            name, _, rest = line.partition(" ")
            self.press(filled(f"ask{about} {name or 'pause'}", typed=rest), form=True)

    def nonsense(self) -> None:
        """Send what has not even the shape of ours; nothing of it need be answered."""
        for told in (
            pressed("do"),
            pressed("do@ pause"),
            pressed(f"do@{HUGE}9 pause"),
            pressed("x" * 4000),
            {"component_type": _BUTTON, "id": 1},
            {"custom_id": None, "component_type": _BUTTON, "id": 1},
            {"custom_id": "menu 0", "component_type": _MENU, "id": 1, "values": []},
            {"custom_id": "menu 0", "component_type": _MENU, "id": 1, "values": [None, {}]},
        ):
            self.press(told)
        for told in (
            filled("ask unsubscribe"),
            filled("ask unsubscribe", other="all", typed="all"),
            filled("ask pause", typed="x" * 4000),
            filled("ask unsubscribe", typed=None),
            filled("typed", typed="/unsubscribe all"),
            {"custom_id": "ask unsubscribe", "components": None},
            {"custom_id": "ask unsubscribe", "components": [{"type": _LABEL, "component": {"type": _INPUT}}]},
        ):
            self.press(told, form=True)


async def test_no_press_or_form_on_discord_changes_what_its_sender_may_not(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Forged by a member, by who runs another server, by who ran this one until just now."""
    program.settings |= _PATIENT
    ours, thread = make(sandbox, "discord", "text"), make(sandbox, "discord", "thread")
    theirs = Place(sandbox, "discord", *sandbox.discord.create_chat("text", "theirs", [MALLORY], ["all"]))
    make(sandbox, "telegram", "group")
    await started(program)
    for place, user in ((ours, ADMIN), (thread, ADMIN), (theirs, MALLORY)):
        assert "Following" in await place.type(f"/subscribe {sandbox.page_url}", user)
    Newsroom(sandbox.page, random.Random(1)).publish()
    await until(sandbox, lambda: all(place.posts() for place in (ours, thread, theirs)))
    guild = sandbox.discord.world.find(ours.chat).guild
    fired = sandbox.discord.world.person("fired")
    guild.admins.append(fired)
    assert "1." in await ours.type("/list", "fired")
    guild.admins.remove(fired)
    before = kept(program)

    carried = lines(sandbox)
    stale = await sandbox.discord.press(ours.chat, "", "fired", "Unsubscribe")
    member, in_thread, neighbour = Forger(ours, EVE), Forger(thread, EVE), Forger(theirs, MALLORY)
    member.everything(carried)
    in_thread.everything(["unsubscribe all", "pause", "filter 1 -storm"])
    neighbour.everything(carried, f"@{ours.chat}")
    for about in (thread.thread, guild.id, HUGE):
        neighbour.everything(["unsubscribe all", "pause", "subscribe offer-1"], f"@{about}")
    forgers = member, in_thread, neighbour
    sane = [one for forger in forgers for one in forger.sent]
    member.nonsense()
    await until(sandbox, lambda: all(one.answered for one in sane), within=60)
    await until(sandbox, lambda: not done_by(program))

    tried(1 + sum(len(forger.sent) for forger in forgers))
    assert any("Only the admins" in text for text in stale)
    assert kept(program) == before
    assert '"level": "error"' not in program.log
    assert "1." in await ours.type("/list")
