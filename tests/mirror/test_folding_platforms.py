"""The same story twice through the real clients: what people read on Telegram and on Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.model import ChatKind
from bot.richtext import RichText
from bot.store.engine import Database
from sandbox.platform import Fault

from .discord_world import DiscordWorld
from .newsrooms import BLAST, SAME, Newsrooms
from .telegram_world import TelegramWorld, telegram_world
from .world import picture

# What is written down is tested on both databases in test_folding.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MINUTE = 60
ALSO = f"Also reported by Gull: {SAME}"
LONG = RichText("The harbour is closed until noon. " * 200)


@pytest.fixture
async def telegram(database: Database) -> AsyncIterator[TelegramWorld]:
    """A page and the Telegram stand-in, with the real adapter between them."""
    async with telegram_world(database) as world:
        yield world


async def on_telegram(
    telegram: TelegramWorld, kind: ChatKind = "group", detail: str = "summary"
) -> tuple[str, Newsrooms]:
    """Make a chat that follows two newsrooms and folds."""
    press = Newsrooms(telegram, "Harbour", "Gull")
    (where, _) = telegram.sandbox.telegram.create_chat(kind, "Quay", [], ["all"])
    await press.begin(where, kind=kind, style={"detail": detail})
    return where, press


async def on_discord(discord: DiscordWorld) -> tuple[str, Newsrooms]:
    """Make a channel that follows two newsrooms and folds."""
    press, where = Newsrooms(discord, "Harbour", "Gull"), discord.open_channel()
    await press.begin(where)
    return where, press


def texts(telegram: TelegramWorld, where: str) -> list[list[str]]:
    """Return the lines of what the bot said in a chat."""
    (view,) = (one for one in telegram.sandbox.telegram.chats() if one.chat == where)
    return [shown.text.split("\n") for shown in view.messages]


@pytest.mark.parametrize("kind", ["private", "group", "channel"])
async def test_on_telegram_the_line_stands_above_the_source_and_leads_to_the_other_entry(
    telegram: TelegramWorld, kind: ChatKind
) -> None:
    where, press = await on_telegram(telegram, kind)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert texts(telegram, where) == [
        [BLAST, "", "What happened in blast.", "", ALSO, "12:00 UTC, 14 Mar 2026 · Harbour"]
    ]
    (edit,) = telegram.sandbox.calls.select("telegram", "editMessageText")
    assert {entity.get("url") for entity in edit.request["entities"]} >= {f"{gull.url}#same"}


async def test_on_telegram_a_text_that_is_full_makes_room_for_the_line(telegram: TelegramWorld) -> None:
    where, press = await on_telegram(telegram, detail="full")
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    harbour.edit("blast", body=LONG)
    await press.live(MINUTE)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    (told,) = texts(telegram, where)
    assert told[-2:] == [ALSO, "12:00 UTC, 14 Mar 2026 · Harbour"]
    assert 4000 < len("\n".join(told)) <= 4096


async def test_on_telegram_what_has_no_room_under_a_photo_is_sent_by_itself(telegram: TelegramWorld) -> None:
    where, press = await on_telegram(telegram, detail="full")
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST, images=(picture("smoke"),))
    harbour.edit("blast", body=RichText(LONG.text[:900]))
    await press.live(MINUTE)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    await press.live(MINUTE)
    told = texts(telegram, where)
    assert [each[0] for each in told] == [BLAST, SAME]
    assert ALSO not in told[0]


async def test_on_telegram_a_photo_with_room_under_it_keeps_its_picture(telegram: TelegramWorld) -> None:
    where, press = await on_telegram(telegram)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST, images=(picture("smoke"),))
    await press.live(MINUTE)
    gull.tells("same", SAME, at=1, images=(picture("other"),))
    await press.live(MINUTE)
    (told,) = texts(telegram, where)
    assert ALSO in told
    assert [call.method for call in telegram.sandbox.calls.select("telegram")][-1] == "editMessageMedia"


async def test_on_telegram_where_people_deleted_the_first_message_the_second_is_sent(telegram: TelegramWorld) -> None:
    where, press = await on_telegram(telegram)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    (view,) = (one for one in telegram.sandbox.telegram.chats() if one.chat == where)
    delete(telegram, where, view.messages[0].id)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    await press.live(MINUTE)
    assert [each[0] for each in texts(telegram, where)] == [SAME]


async def test_on_telegram_a_withdrawal_takes_the_message_and_sends_what_it_told(telegram: TelegramWorld) -> None:
    where, press = await on_telegram(telegram)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    await press.live(MINUTE)
    assert ALSO in texts(telegram, where)[0]
    harbour.withdrawn = ("blast",)
    harbour.withdraw("blast")
    await press.live(MINUTE)
    await press.live(MINUTE)
    assert [each[0] for each in texts(telegram, where)] == [SAME]


async def test_on_discord_the_line_stands_in_the_embed(discord: DiscordWorld) -> None:
    where, press = await on_discord(discord)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    (told,) = discord.messages(where)
    assert f"Also reported by Gull: [{SAME}](<{gull.url}#same>)" in str(
        discord.asked("PATCH /channels/{channel_id}/messages/{message_id}")[-1]
    )
    assert told.text.startswith(BLAST)


async def test_on_discord_where_an_old_message_takes_no_more_edits_the_second_is_sent(discord: DiscordWorld) -> None:
    where, press = await on_discord(discord)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    discord.fault("429", where, method="edit", retry_after=600, code=30046)
    gull.tells("same", SAME, at=61)
    await press.live(61 * MINUTE)
    assert discord.headlines(where) == [BLAST, SAME]
    await press.live(15 * MINUTE)
    assert discord.headlines(where) == [BLAST, SAME]
    assert "Also reported" not in discord.messages(where)[0].text


async def test_on_discord_where_people_deleted_the_first_message_the_second_is_sent(discord: DiscordWorld) -> None:
    where, press = await on_discord(discord)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    discord.fault("delete_message", where, message=discord.messages(where)[0].id)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    await press.live(MINUTE)
    assert discord.headlines(where) == [SAME]


def delete(telegram: TelegramWorld, where: str, message: str) -> None:
    """Let people delete a message."""
    telegram.sandbox.telegram.fault(Fault("delete_message", where, more={"message": message}))
