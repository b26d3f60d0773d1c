"""Discord outside of the bot's servers, and across their borders: what comes from there changes and names nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.discord.elsewhere import Kind
from sandbox.discord.interactions import Interaction
from sandbox.discord.pressing import COMMAND, PRESS, SUBMIT
from sandbox.discord.suggesting import AUTOCOMPLETE
from sandbox.server import Sandbox
from tests.process.newsroom import Newsroom
from tests.process.program import ADMIN, Place, Program, make, until

from .test_people import PATIENT, TYPED, kept
from .test_presses import HUGE, MALLORY, chosen, filled, followed, lines, pressed, ready

pytestmark = [pytest.mark.process, pytest.mark.attack("forged presses")]

SECRET = "the-secret-desk"
_STRING, _CHANNEL = 3, 7


def command(line: str, *options: dict[str, Any], **resolved: Any) -> dict[str, Any]:
    """A slash command with all that follows its name in one option, and further ones."""
    name, _, rest = line.partition(" ")
    typed = [{"name": "typed", "type": _STRING, "value": rest}] if rest else []
    told = {"id": "1", "name": name, "type": 1, "options": [*typed, *options]}
    return told | ({"resolved": resolved} if resolved else {})


def typing(line: str) -> dict[str, Any]:
    """A command whose argument is being typed."""
    name, _, rest = line.partition(" ")
    return {
        "id": "1",
        "name": name,
        "type": 1,
        "options": [{"name": "page", "type": 3, "value": rest, "focused": True}],
    }


def commands(sandbox: Sandbox) -> list[str]:
    """Every command that changes something, and some that read."""
    return [
        *(text.format(other=sandbox.page_url).removeprefix("/") for text in TYPED.values()),
        "list",
        "help",
        "start",
    ]


@pytest.mark.parametrize("kind", ["foreign", "group", "people"])
async def test_nothing_is_followed_or_changed_where_the_bot_could_only_answer(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None], kind: Kind
) -> None:
    """Given by who runs that server or chat, bare (which opens a form), with arguments, pressed, sent, half typed."""
    program.settings |= PATIENT
    ours = make(sandbox, "discord", "text")
    await ready(program, "discord")
    assert "Following" in await ours.type(f"/subscribe {sandbox.page_url}")
    before = kept(program)
    given: list[Interaction] = []
    for line in commands(sandbox):
        name, _, rest = line.partition(" ")
        for told, type_ in (
            (command(line), COMMAND),
            (command(name), COMMAND),
            (command(line, {"name": "channel", "type": _CHANNEL, "value": ours.chat}), COMMAND),
            (pressed(f"do {line}"), PRESS),
            (pressed(f"do@{ours.chat} {line}"), PRESS),
            (pressed(f"ask {name}"), PRESS),
            (filled(f"ask {name}", typed=rest), SUBMIT),
            (typing(line), AUTOCOMPLETE),
        ):
            given.append(sandbox.discord.forge_elsewhere(kind, MALLORY, told, type_))
    await until(sandbox, lambda: all(one.answered for one in given), within=60)
    tried(len(given))
    assert "1." in await ours.type("/list")
    assert kept(program) == before
    said = [message.content for one in given for message in one.messages.values() if message is not one.pressed]
    assert said
    assert {text for text in said if "I post only in servers that I was added to" not in text} == set()
    assert [one.form for one in given if one.form] == []
    assert [one.suggested for one in given if one.suggested] == []
    assert '"level": "error"' not in program.log


async def test_a_private_chat_with_the_bot_is_a_chat_of_its_own(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """There whoever writes may change what is theirs; other channels cannot be named from there."""
    program.settings |= PATIENT
    ours = Place(sandbox, "discord", *sandbox.discord.create_chat("text", SECRET, [ADMIN], ["all"]))
    await ready(program, "discord")
    assert "Following" in await ours.type(f"/subscribe {sandbox.page_url}")
    before = kept(program)
    named = {ours.chat: {"id": ours.chat, "type": 0, "name": SECRET, "permissions": str(2**53 - 1)}}
    option = {"name": "channel", "type": _CHANNEL, "value": ours.chat}
    given = [
        sandbox.discord.forge_elsewhere("private", MALLORY, told, type_)
        for line in commands(sandbox)
        for told, type_ in (
            (command(line, option, channels=named), COMMAND),
            (pressed(f"do@{ours.chat} {line}"), PRESS),
            (pressed(f"do@{HUGE} {line}"), PRESS),
        )
    ]
    everywhere = ("pause everywhere", "resume everywhere", "list everywhere")
    alone = [sandbox.discord.forge_elsewhere("private", MALLORY, command(line), COMMAND) for line in everywhere]
    await until(sandbox, lambda: all(readable(one) for one in given + alone), within=60)
    tried(len(given) + len(alone))
    assert kept(program) == before
    assert [text for one in given + alone for text in answered(one) if SECRET in text] == []
    honest = sandbox.discord.forge_elsewhere("private", MALLORY, command("list"), COMMAND)
    await until(sandbox, lambda: "follows nothing" in "".join(answered(honest)))
    assert '"level": "error"' not in program.log


async def test_a_server_cannot_name_the_channels_of_another(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """In an option, with what Discord resolves forged or missing, in a button, a menu or a form."""
    program.settings |= PATIENT
    ours, theirs, thread = await followed(sandbox, program, SECRET)
    before = kept(program)
    shown = theirs.view().messages[0].id
    given: list[Interaction] = []

    def forge(told: dict[str, Any], message: str = "", *, form: bool = False) -> None:
        given.append(sandbox.discord.forge(theirs.chat, "", MALLORY, told, message, form=form))

    everything = str(2**53 - 1)
    for line in [*lines(sandbox)[:20], "list", "latest"]:
        name, _, rest = line.partition(" ")
        for number, kind, above in ((ours.chat, 0, None), (thread.thread, 11, thread.chat), (HUGE, 0, None)):
            option = {"name": "channel", "type": _CHANNEL, "value": number}
            bare = {"id": number, "type": kind, "name": SECRET, "permissions": everything, "parent_id": above}
            forge(command(line, option))
            forge(command(line, option, channels={number: bare}))
            forge(command(line, option, channels={number: bare | {"guild_id": "1"}}))
            forge(pressed(f"do@{number} {line}"), shown)
            forge(chosen(f"do@{number} {line}"), shown)
            forge(filled(f"ask@{number} {name or 'pause'}", typed=rest), shown, form=True)
        await until(sandbox, lambda: all(readable(one) for one in given), within=60)
    tried(len(given))
    assert kept(program) == before
    assert [text for one in given for text in answered(one) if SECRET in text] == []
    for place, who in ((ours, ADMIN), (theirs, MALLORY)):
        assert "1." in await place.type("/list", who)
    assert '"level": "error"' not in program.log


async def test_presses_about_a_channel_that_discord_must_be_asked_for_use_nothing_up(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """Discord lets a channel be read five times in five seconds, and shuts out a bot that it must refuse too often."""
    program.settings |= PATIENT
    ours, theirs = make(sandbox, "discord", "text"), make(sandbox, "discord", "text")
    await ready(program, "discord")
    for place in (ours, theirs):
        assert "Following" in await place.type(f"/subscribe {sandbox.page_url}")
    Newsroom(sandbox.page, random.Random(1)).publish()
    await until(sandbox, lambda: bool(theirs.posts()))
    shown = theirs.view().messages[0].id
    told = pressed(f"do@{ours.chat} list")
    given = [sandbox.discord.forge(theirs.chat, "", ADMIN, told, shown) for _ in range(120)]
    await until(sandbox, lambda: all(one.answered for one in given))
    tried(len(given))
    assert "1." in await ours.type("/list")
    refused = [call for call in sandbox.calls.select("discord", "GET /channels/{channel_id}") if call.status == 429]
    assert len(refused) <= 1


def answered(one: Interaction) -> list[str]:
    """Return what was said to it."""
    return [message.content for message in one.messages.values() if message is not one.pressed and message.content]


def readable(one: Interaction) -> bool:
    """Whether there is something to read, or to fill in."""
    return bool(answered(one)) or one.form is not None
