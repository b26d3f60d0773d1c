"""Discord's limits one by one, from the page to the channels: each delays what it must, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.store.schema import delivery

from .discord_world import DiscordWorld

EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
CROSSPOST = "POST /channels/{channel_id}/messages/{message_id}/crosspost"


async def followed(discord: DiscordWorld, *kinds: str, publish: bool = False) -> list[str]:
    where = [discord.open_channel(kind) for kind in kinds]
    for each in where:
        await discord.follow(each, style={"publish": True} if publish else {})
    await discord.poll()
    return where


async def pass_seconds(discord: DiscordWorld, seconds: int) -> None:
    """Let time pass second by second, sending what may be sent."""
    for _ in range(seconds):
        discord.advance(1)
        await discord.send()


async def most_attempts(discord: DiscordWorld) -> int:
    async with discord.database.read() as connection:
        return int((await connection.execute(select(func.max(delivery.c.attempts)))).scalar_one() or 0)


async def test_corrections_of_old_messages_wait_for_their_turn_and_news_does_not_wait_for_them(
    discord: DiscordWorld,
) -> None:
    (where,) = await followed(discord, "text")
    for number in range(5):
        discord.page.publish(f"{number}", at=number)
    await discord.live(20)
    discord.fault("age", where, hours=2)
    for number in range(5):
        discord.page.edit(f"{number}", headline=f"Corrected {number}")
    discord.page.publish("new", at=10)
    discord.advance(10)
    await discord.live(1)
    now = discord.headlines(where)
    assert "Headline new" in now
    assert sum(said.startswith("Corrected") for said in now) == 3
    await pass_seconds(discord, 12)
    assert discord.headlines(where) == [*(f"Corrected {number}" for number in range(5)), "Headline new"]
    assert await most_attempts(discord) <= 1


async def test_corrections_of_a_published_message_wait_and_other_messages_do_not(discord: DiscordWorld) -> None:
    (where,) = await followed(discord, "announcement", publish=True)
    discord.page.publish("often", at=0)
    discord.page.publish("once", at=1)
    await discord.live(10)
    for number in range(5):
        discord.page.edit("often", headline=f"Corrected {number}")
        await discord.live(10)
    discord.page.edit("once", headline="Corrected once")
    discord.page.publish("new", at=2)
    await discord.live(10)
    assert discord.headlines(where) == ["Corrected 2", "Corrected once", "Headline new"]
    assert discord.statuses().count(429) == 1
    discord.advance(3600)
    await discord.live(10)
    assert discord.headlines(where)[0] == "Corrected 4"


@pytest.mark.parametrize("code", [20022, 20028, 30046])
async def test_a_limit_on_one_message_holds_nothing_but_its_correction(discord: DiscordWorld, code: int) -> None:
    here, there = await followed(discord, "text", "text")
    discord.page.publish("one", at=0)
    await discord.live(10)
    discord.fault("429", here, method="edit", retry_after=600, code=code)
    discord.page.edit("one", headline="Corrected")
    discord.page.publish("two", at=1)
    await discord.live(10)
    assert discord.headlines(here) == ["Headline one", "Headline two"]
    assert discord.headlines(there) == ["Corrected", "Headline two"]
    discord.advance(600)
    await discord.live(10)
    assert discord.headlines(here) == ["Corrected", "Headline two"]
    assert discord.statuses().count(429) == 1


@pytest.mark.parametrize("code", [0, 20028])
async def test_a_full_bucket_holds_its_channel_and_no_other(discord: DiscordWorld, code: int) -> None:
    here, there = await followed(discord, "text", "text")
    discord.fault("429", here, method="send", retry_after=60, code=code)
    discord.page.publish("one", at=0)
    await discord.live(1)
    await pass_seconds(discord, 50)
    assert (discord.headlines(here), discord.headlines(there)) == ([], ["Headline one"])
    assert discord.statuses().count(429) == 1
    await pass_seconds(discord, 10)
    assert discord.headlines(here) == ["Headline one"]
    assert await most_attempts(discord) <= 1


async def test_a_limit_of_the_whole_bot_holds_every_channel_for_as_long_as_it_says(discord: DiscordWorld) -> None:
    where = await followed(discord, "text", "text", "text")
    discord.fault("429_global", retry_after=30)
    discord.page.publish("one", at=0)
    await discord.live(1)
    under_way = discord.statuses().count(429)
    await pass_seconds(discord, 29)
    assert sum(len(discord.messages(each)) for each in where) == 0
    assert discord.statuses().count(429) == under_way <= len(where)
    await pass_seconds(discord, 1)
    assert [discord.headlines(each) for each in where] == [["Headline one"]] * 3
