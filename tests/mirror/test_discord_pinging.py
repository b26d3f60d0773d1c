"""Roles that are called: from a new entry on the page to whose phones ring, over the real client."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.model import Ping
from bot.store import subscriptions
from bot.store.schema import subscription

from .discord_world import DiscordWorld


async def followed(discord: DiscordWorld, words: str = "", **style: Any) -> tuple[str, int]:
    """Return a channel that follows the page and calls the role News, and the subscription."""
    where = discord.open_channel()
    made = await discord.follow(where, style=style)
    discord.fault("role", where, name="News")
    discord.fault("role", where, name="Others", mentionable=True)
    guild = discord.sandbox.discord.world.find(where).guild
    async with discord.database.write() as connection:
        await subscriptions.set_ping(connection, made, Ping(str(guild.roles[0].id), "News", words))
    await discord.poll()
    return where, made


def rang(discord: DiscordWorld, where: str) -> list[tuple[str, ...]]:
    return [shown.pinged for shown in discord.messages(where)]


async def test_a_new_entry_calls_the_role_and_shows_it_above(discord: DiscordWorld) -> None:
    where, _ = await followed(discord)
    discord.page.publish("one")
    await discord.live(10)
    assert rang(discord, where) == [("News",)]
    assert discord.headlines(where) == ["@News"]


async def test_within_five_minutes_nobody_is_called_again_not_even_after_a_restart(discord: DiscordWorld) -> None:
    where, _ = await followed(discord)
    for number, seconds in enumerate((10, 100, 190, 30)):
        await discord.restart()
        discord.page.publish(f"{number}", at=number)
        await discord.live(seconds)
    assert rang(discord, where) == [("News",), (), (), ("News",)]


async def test_a_correction_calls_nobody_and_keeps_what_stood_above(discord: DiscordWorld) -> None:
    where, _ = await followed(discord)
    discord.page.publish("one")
    await discord.live(10)
    discord.page.edit("one", headline="Corrected")
    await discord.live(600)
    assert discord.headlines(where) == ["@News"]
    assert "Corrected" in discord.messages(where)[0].text
    edits = discord.asked("PATCH /channels/{channel_id}/messages/{message_id}")
    assert [edit["body"]["allowed_mentions"] for edit in edits] == [{"parse": []}]


async def test_a_send_that_is_repeated_after_a_lost_answer_calls_as_it_did(discord: DiscordWorld) -> None:
    where, _ = await followed(discord)
    discord.fault("reset_after", where, method="send")
    discord.page.publish("one")
    await discord.live(10)
    await discord.live(30)
    assert rang(discord, where) == [("News",)]
    assert len({str(sent["body"]["content"]) for sent in discord.asked("POST /channels/{channel_id}/messages")}) == 1


async def test_only_entries_that_fit_call_and_summaries_never_do(discord: DiscordWorld) -> None:
    where, _ = await followed(discord, "outage")
    discord.page.summary = ["An outage"]
    discord.page.publish("one", headline="Sunny")
    discord.page.publish("two", at=1, headline="Outage in the harbour")
    await discord.live(10)
    (called,) = [said.text for said in discord.messages(where) if said.pinged]
    assert "Outage in the harbour" in called


async def test_an_entry_that_calls_rings_though_others_are_silent(discord: DiscordWorld) -> None:
    where, _ = await followed(discord, silent=True)
    discord.page.publish("one")
    discord.page.publish("two", at=1)
    await discord.live(10)
    assert [(said.pinged, said.silent) for said in discord.messages(where)] == [(("News",), False), ((), True)]


async def test_a_role_that_the_bot_may_no_longer_call_holds_nothing_up(discord: DiscordWorld) -> None:
    where, _ = await followed(discord)
    discord.fault("rights", where, rights=["VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "READ_MESSAGE_HISTORY"])
    discord.page.publish("one")
    await discord.live(10)
    assert rang(discord, where) == [()]


async def test_whom_an_entry_names_in_its_own_words_is_not_called(discord: DiscordWorld) -> None:
    where, made = await followed(discord)
    guild = discord.sandbox.discord.world.find(where).guild
    async with discord.database.write() as connection:
        await subscriptions.set_ping(connection, made, None)
    discord.page.publish("one", headline=f"Ask <@&{guild.roles[1].id}> or @everyone")
    await discord.live(10)
    assert rang(discord, where) == [()]
    async with discord.database.read() as connection:
        assert (await connection.execute(select(subscription.c.ping))).scalar_one() == {}
