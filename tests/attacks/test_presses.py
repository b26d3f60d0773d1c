"""Presses, forms and links that nobody was ever offered: whatever they carry, they change and tell nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord.interactions import Interaction
from sandbox.server import Sandbox
from sandbox.telegram.people import say
from tests.process.newsroom import Newsroom
from tests.process.program import ADMIN, Place, Program, make, until

from .test_people import EVE, PATIENT, TYPED, kept

pytestmark = [pytest.mark.process, pytest.mark.attack("forged presses")]

MALLORY = "4242"
# More digits than a database keeps as a number, and more than Python reads as one.
HUGE, ENDLESS = "9" * 20, "9" * 5000
SECRET = "The secret desk"
_BUTTON, _MENU, _INPUT, _LABEL = 2, 3, 4, 18
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


async def ready(program: Program, platform: str) -> None:
    """Start it on one platform, and wait until it is about to listen there."""
    others = {"telegram": "DISCORD__TOKEN", "discord": "TELEGRAM__TOKEN"}
    program.settings[others[platform]] = ""
    await program.start()
    asked, last = program.sandbox.calls.select, {"telegram": "setMyCommands", "discord": "GET /gateway/bot"}
    await until(program.sandbox, lambda: bool(asked(platform, last[platform])))


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
        """Press each line as a button or an option, or send it as a form; `about` another channel."""
        for shape, line in enumerate(carried, len(about)):
            name, _, rest = line.partition(" ")
            if shape % 3 == 0:
                self.press(filled(f"ask{about} {name or 'pause'}", typed=rest), form=True)
            else:
                self.press((pressed if shape % 3 == 1 else chosen)(f"do{about} {line}"))

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


async def followed(sandbox: Sandbox, program: Program, title: str) -> tuple[Place, Place, Place]:
    """Make channels of two servers and a thread of a third that follow a page; the second server is MALLORY's."""
    ours = Place(sandbox, "discord", *sandbox.discord.create_chat("text", title, [ADMIN], ["all"]))
    thread = make(sandbox, "discord", "thread")
    theirs = Place(sandbox, "discord", *sandbox.discord.create_chat("text", "theirs", [MALLORY], ["all"]))
    await ready(program, "discord")
    for place, user in ((ours, ADMIN), (thread, ADMIN), (theirs, MALLORY)):
        assert "Following" in await place.type(f"/subscribe {sandbox.page_url}", user)
    Newsroom(sandbox.page, random.Random(1)).publish()
    await until(sandbox, lambda: all(place.posts() for place in (ours, thread, theirs)))
    return ours, theirs, thread


async def test_no_press_or_form_on_discord_changes_what_its_sender_may_not(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Forged by a member, by who runs another server, by who ran this one until just now."""
    program.settings |= PATIENT
    ours, theirs, thread = await followed(sandbox, program, "ours")
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
    for place in (ours, thread):  # what is about a chat is done in order
        assert "1." in await place.type("/list")

    tried(1 + sum(len(forger.sent) for forger in forgers))
    assert any("Only the admins" in text for text in stale)
    assert kept(program) == before
    assert '"level": "error"' not in program.log


async def test_a_hundred_presses_at_once_keep_nobody_elses_from_being_answered(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """In another server, in the very moment; Discord waits for three seconds."""
    flooded, elsewhere = make(sandbox, "discord", "text"), make(sandbox, "discord", "text")
    await ready(program, "discord")
    for place in (flooded, elsewhere):
        assert "Following" in await place.type(f"/subscribe {sandbox.page_url}")
    Newsroom(sandbox.page, random.Random(1)).publish()
    await until(sandbox, lambda: bool(flooded.posts()))
    forger = Forger(flooded, EVE)
    flood = 120
    for _ in range(flood):
        forger.press(pressed("do list"))
    tried(flood)
    assert "1." in await elsewhere.type("/list")
    await until(sandbox, lambda: all(one.answered for one in forger.sent))


# ── Telegram ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_nothing_that_a_stranger_presses_or_types_on_telegram_is_about_somebody_elses_chat(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Numbers that are guessed, links that are made up, in private and in a group: no change, and no name."""
    program.settings |= PATIENT
    telegram = sandbox.telegram
    secret = Place(sandbox, "telegram", *telegram.create_chat("channel", SECRET, [ADMIN], ["all"]))
    left = Place(sandbox, "telegram", *telegram.create_chat("supergroup", SECRET, [ADMIN], ["all"]))
    group = make(sandbox, "telegram", "supergroup")
    admins = Place(sandbox, "telegram", *telegram.create_chat("private", "Ada", [ADMIN], ["all"]))
    alone = Place(sandbox, "telegram", *telegram.create_chat("private", EVE, [EVE], ["all"]))
    await ready(program, "telegram")
    for place in (left, group, admins):
        assert "Following" in await place.type(f"/subscribe {sandbox.page_url}")
    assert "You manage" in await admins.type(f"/manage {secret.chat}")
    assert "Following" in await admins.type(f"/subscribe {sandbox.page_url}")
    assert "follows nothing" in await alone.type("/list", EVE)
    telegram.world.throw_out(telegram.world.find(left.chat), "kicked")
    await until(sandbox, lambda: "held" in str(kept(program)["chat"]))
    before = kept(program)

    numbers = [
        *map(str, range(9)),
        HUGE,
        "9" * 4000,
        secret.chat,
        group.chat,
        left.chat,
        f"-00{secret.chat[1:]}",
        "--1",
    ]
    about = [f"in {number} {line}" for number in numbers for line in ("list", "unsubscribe all", "in 1 pause")]
    about += [f"manage {number}" for number in numbers] + [f"start manage{number}" for number in numbers]
    about += ["review publish 1", "review abcdefgh", "subscribe offer-1", "allow 4242", "claim x", "start claim"]
    for line in about[:: len(about) // 8]:  # Telegram takes an answer a second
        say(telegram.world, telegram.world.find(alone.chat), 0, EVE, f"/{line}"[:4096])
    for first, place in enumerate((group, alone)):
        chat = telegram.world.find(place.chat)
        shown = next(post for post in reversed(chat.posts.values()) if post.sender and post.sender.is_bot)
        for line in about[first::2]:
            telegram.world.pressed(chat, shown, telegram.world.person(EVE), line[:64])
    answered = "answerCallbackQuery"
    await until(sandbox, lambda: len(sandbox.calls.select("telegram", answered)) >= len(about), within=120)
    there = {one.id for one in alone.view().messages}
    say(telegram.world, telegram.world.find(alone.chat), 0, EVE, "/list")  # what somebody sends is done in order

    def listed() -> bool:
        return any("follows nothing" in one.text for one in alone.view().messages if one.id not in there)

    await until(sandbox, listed, within=120)

    tried(len(about) + 8)
    assert kept(program) == before
    asked = [call for call in sandbox.calls.select("telegram") if call.chat in (alone.chat, group.chat)]
    told = [str(call.request) for call in [*asked, *sandbox.calls.select("telegram", "answerCallbackQuery")]]
    assert [text for text in told if SECRET in text] == []
    assert '"level": "error"' not in program.log


async def test_who_ran_a_chat_until_just_now_changes_nothing_with_a_button_that_still_stands_there(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    group = make(sandbox, "telegram", "supergroup")
    chat = sandbox.telegram.world.find(group.chat)
    fired = sandbox.telegram.world.person("fired")
    chat.admins.append(fired)
    await ready(program, "telegram")
    assert "Following" in await group.type(f"/subscribe {sandbox.page_url}", "fired")
    await group.type("/list", "fired")
    chat.admins.remove(fired)
    before = kept(program)
    tried(1)
    assert "Only the admins" in await sandbox.telegram.press(group.chat, "fired", "Unsubscribe")
    assert kept(program) == before


async def test_codes_are_not_guessed(sandbox: Sandbox, program: Program, tried: Callable[[int], None]) -> None:
    """That of the first start, and those by which another chat decides: after so many in a minute none is looked at."""
    program.settings |= {
        "ACCESS__OPEN": "false",
        "LIMITS__COMMANDS_PER_USER": "1000",
        "LIMITS__COMMANDS_PER_MINUTE": "5",
    }
    group = make(sandbox, "telegram", "group")
    alone = Place(sandbox, "telegram", *sandbox.telegram.create_chat("private", EVE, [EVE], ["all"]))
    await ready(program, "telegram")
    printed = re.search(r"/claim (\w+)", program.log)
    assert printed
    assert len(printed[1]) >= 16
    for number in range(30):
        say(sandbox.telegram.world, sandbox.telegram.world.find(alone.chat), 0, EVE, f"/claim {number:016x}")
    say(sandbox.telegram.world, sandbox.telegram.world.find(alone.chat), 0, EVE, f"/claim {printed[1]}")
    # What somebody sends is done in order, wherever they send it.
    say(sandbox.telegram.world, sandbox.telegram.world.find(group.chat), 0, EVE, "/help")
    tried(30)
    await until(sandbox, lambda: any("Nobody owns" in one.text for one in group.view().messages))
    await until(sandbox, lambda: any("too many commands" in one.text for one in alone.view().messages))
    assert kept(program)["access"] == []
