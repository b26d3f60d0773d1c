"""People without rights, in every kind of chat: what they type and press changes nothing, and the rest still works."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from bot.commands import SPECS
from bot.commands.specs import BY_NAME
from sandbox.server import Sandbox
from sandbox.telegram.people import say
from tests.process.program import ADMIN, Place, Program, make, until

pytestmark = [pytest.mark.process, pytest.mark.attack("people without rights")]

EVE = "eve"
PATIENT = {"LIMITS__COMMANDS_PER_MINUTE": "1000", "LIMITS__COMMANDS_PER_USER": "1000"}
"""Settings under which what many type is answered, not refused as too much."""
# What tells who may do what, what is followed and how; not what was typed, seen or sent.
KEPT = ("chat", "subscription", "access")
# One that would work for an admin, for every command that changes something.
TYPED = {
    "subscribe": "/subscribe {other}",
    "unsubscribe": "/unsubscribe all",
    "move": "/move 1 {other}",
    "pause": "/pause",
    "resume": "/resume skip",
    "filter": "/filter 1 -storm",
    "style": "/style 1 headline",
    "quiet": "/quiet 23:00-07:00",
    "schedule": "/schedule 1 every 30m",
    "summary": "/summary 1 off",
    "remove": "/remove last 5",
    "timezone": "/timezone Kathmandu",
    "language": "/language uk",
    "claim": "/claim not-the-code",
    "allow": "/allow 4242",
    "deny": "/deny 4242",
    "ping": "/ping off",
    "fold": "/fold on",
    "review": "/review 1 on",
}

# A Telegram group takes 20 messages a minute from a bot: so many commands are answered at once beside the greetings.
ANSWERED = 12


def kept(program: Program) -> dict[str, list[tuple[object, ...]]]:
    """Return what must not change."""
    with closing(sqlite3.connect(f"file:{program.folder / 'data' / 'liverelay.db'}?mode=ro", uri=True)) as opened:
        names = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {table: sorted(opened.execute(f"SELECT * FROM {table}"), key=str) for table in KEPT if table in names}


def places(sandbox: Sandbox) -> Iterator[Place]:
    """Every kind of chat in which somebody besides the admin can type."""
    for kind in ("group", "supergroup", "forum"):
        yield make(sandbox, "telegram", kind)
    yield Place(sandbox, "telegram", make(sandbox, "telegram", "forum").chat)  # its General topic
    for kind in ("text", "announcement", "thread", "forum"):
        yield make(sandbox, "discord", kind)


async def typed(place: Place, text: str) -> str:
    """Type it as somebody who has no rights; a platform may not even let them."""
    try:
        return await place.type(text, EVE)
    except ValueError as refused:
        return str(refused)


async def started(program: Program) -> None:
    """Start it, and wait until it listens on both platforms."""
    await program.start()
    asked = program.sandbox.calls.select
    await until(
        program.sandbox,
        lambda: bool(asked("telegram", "getUpdates") and asked("discord", "GET /gateway/bot")),
    )


def test_every_command_that_changes_something_is_among_the_attacks() -> None:
    assert {spec.name for spec in SPECS if spec.changes} <= set(TYPED)


async def test_no_command_of_a_member_changes_anything(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    program.settings |= PATIENT
    other = sandbox.url + sandbox.pages.open("other").path
    lines = [text.format(other=other) for name, text in TYPED.items() if name in BY_NAME]
    rounds = [(lines[at : at + ANSWERED], list(places(sandbox))) for at in range(0, len(lines), ANSWERED)]
    await started(program)
    for _, everywhere in rounds:
        for place in everywhere:
            assert "Following" in await place.type(f"/subscribe {sandbox.page_url}")
    before = kept(program)
    for some, everywhere in rounds:
        for line in some:
            answers = await asyncio.gather(*(typed(place, line) for place in everywhere))
            assert all(answers), line
        tried(len(some) * len(everywhere))
    assert kept(program) == before


async def test_no_press_of_a_member_changes_anything_whatever_it_carries(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    """A client of one's own can press with any words, under any message of the bot that it sees."""
    program.settings |= PATIENT
    group = make(sandbox, "telegram", "supergroup")
    await started(program)
    await group.type(f"/subscribe {sandbox.page_url}")
    await group.type("/list")
    before = kept(program)
    chat = sandbox.telegram.world.find(group.chat)
    shown = [post for post in chat.posts.values() if post.markup]
    forged = [text.format(other=sandbox.page_url).lstrip("/")[:64] for text in TYPED.values()]
    forged += ["\x00", "pause 1; DROP TABLE chat", "subscribe offer-1", "unsubscribe 99999999999999999999", "🦊" * 16]
    for data in forged:
        sandbox.telegram.world.pressed(chat, shown[-1], sandbox.telegram.world.person(EVE), data)
    await until(sandbox, lambda: len(sandbox.calls.select("telegram", "answerCallbackQuery")) >= len(forged))
    tried(len(forged))
    assert kept(program) == before
    assert "1." in await group.type("/list")


async def test_a_flood_of_commands_keeps_nobody_else_waiting(
    sandbox: Sandbox, program: Program, tried: Callable[[int], None]
) -> None:
    flooded, elsewhere = make(sandbox, "telegram", "supergroup"), make(sandbox, "telegram", "supergroup")
    await started(program)
    await flooded.type(f"/subscribe {sandbox.page_url}")
    flood = 150
    for number in range(flood):
        say(sandbox.telegram.world, sandbox.telegram.world.find(flooded.chat), 0, EVE, f"/list {number}")
    say(sandbox.telegram.world, sandbox.telegram.world.find(elsewhere.chat), 0, ADMIN, "/help")
    say(sandbox.telegram.world, sandbox.telegram.world.find(flooded.chat), 0, ADMIN, "/filter 1 storm")
    tried(flood)
    await until(sandbox, lambda: any("/quiet" in shown.text for shown in elsewhere.view().messages))
    await until(sandbox, lambda: any("Filter" in shown.text for shown in flooded.view().messages))
    assert (
        len(flooded.view().messages) <= 12
    )  # two greetings, five answers, one that says that it is enough, the admin's
