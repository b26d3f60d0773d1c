"""What chats are told in each language: the commands done in a database, digests and entries composed and rendered."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.telegram import render
from bot.compose import compose
from bot.compose_digest import compose_digest
from bot.errors import FetchError
from bot.languages import LANGUAGES, speaking
from bot.message import Message
from bot.model import Author, Entry, Snapshot, SourceTitle, Style
from bot.notes import outage
from bot.ports import Answer
from bot.richtext import RichText
from bot.store.engine import Database
from bot.store.migrate import upgrade
from tests import rows
from tests.commands.world import World, a_page
from tests.rows import NOON, a_baseline, an_entry

from .document import bubble

PAGE = "languages.md"
SOURCE = SourceTitle("Harbour News", "Storm live", "https://harbour.example/live/storm")
GONE = "https://news.example/live/gone"
ZONES = {"en": "Europe/London", "es": "Europe/Madrid", "fr": "Europe/Paris", "de": "Europe/Berlin", "uk": "Europe/Kyiv"}
ASKED = (
    "/start",
    f"/subscribe {rows.PAGE}",
    "/list",
    "/filter kyiv AND lviv",
    "/filter test -sport",
    "/style",
    "/pause until 18:00",
    "/resume",
    "/quiet 23:00-07:00 breaking",
    "/schedule at 08:00,18:00",
    "/why",
    f"/subscribe {GONE}",
    "/timezone Kathmand",
    "/timezone Kathmandu",
    "/settings",
    "/unsubscribe 1",
)
HEADLINES = ("The tide rises in Kyiv", "Sport: regatta off", "Nobody leaves before noon")
# The night in which clocks go forward in Europe: a digest of what came on both sides of it.
_NIGHT = datetime(2026, 3, 29, 0, 40, tzinfo=UTC)


async def draw() -> str:
    """Return all that the document shows."""
    return "\n\n".join([await _drawn(language) for language in LANGUAGES])


async def _drawn(language: str) -> str:
    answers = [f"    {asked}\n\n{_box(said)}" async for asked, said in _answered(language)]
    with speaking(language):
        shown = [f"{what}:\n\n{_told(message)}" for what, message in _composed(ZoneInfo(ZONES[language]))]
    return "\n\n".join([f"## {LANGUAGES[language]}", *answers, *shown])


async def _answered(language: str) -> AsyncIterator[tuple[str, Answer]]:
    async with _world() as world:
        gone = FetchError("news.example has no such page (it answered 404).", status=404)
        world.pages = {rows.PAGE: _page(), GONE: gone}
        for asked in ASKED:
            kind = "private" if asked == "/start" else "group"
            yield asked, await world.answer(asked, language=language, chat_kind=kind)
            if asked == f"/subscribe {rows.PAGE}":
                await _come(world)
            world.clock.advance(minutes=1)


async def _come(world: World) -> None:
    """Let three entries come."""
    async with world.database.write() as connection:
        source_id = await a_baseline(connection)
        for minute, headline in enumerate(HEADLINES):
            await an_entry(connection, source_id, headline, minute=minute)


@asynccontextmanager
async def _world() -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'liverelay.db'}"
        async with Database(url) as database:
            await upgrade(database)
            yield World(database)


def _page() -> Snapshot:
    return a_page(title="Storm live", entries=4)


def _composed(zone: ZoneInfo) -> tuple[tuple[str, Message], ...]:
    entry = Entry(
        "a",
        headline="The harbour is closed",
        body=RichText("Nobody leaves before noon."),
        published_at=NOON,
        authors=(Author("Mia Holm"),),
        flags=frozenset({"breaking"}),
    )
    night = [
        Entry(f"n{number}", headline=f"Wave {number}", published_at=_NIGHT + number * timedelta(minutes=15))
        for number in range(1, 5)
    ]
    return (
        ("A breaking entry", compose(entry, source=SOURCE, style=Style(), zone=zone)),
        ("One that was withdrawn", compose(entry, source=SOURCE, style=Style(), zone=zone, withdrawn=True)),
        ("A page that fails", compose(outage(NOON, over=False), source=SOURCE, style=Style(), zone=zone)),
        (
            "A digest of the night in which the clock went forward",
            compose_digest(night, source=SOURCE, style=Style(), zone=zone, withdrawn=2),
        ),
    )


def _told(message: Message) -> str:
    return f"```text\n{bubble(render.shown(message).words.text)}\n```"


def _box(said: Answer) -> str:
    buttons = [" ".join(f"({button.label})" for button in row) for row in said.buttons]
    return f"```text\n{bubble(said.text.text, below=buttons)}\n```"
