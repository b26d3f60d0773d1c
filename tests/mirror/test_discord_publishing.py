"""Publishing from announcement channels: from the page to what followers get, over the real client."""

from __future__ import annotations

import pytest

from .discord_world import DiscordWorld

CROSSPOST = "POST /channels/{channel_id}/messages/{message_id}/crosspost"


async def followed(discord: DiscordWorld, kind: str = "announcement", *, publish: bool = True) -> str:
    where = discord.open_channel(kind)
    await discord.follow(where, style={"publish": True} if publish else {})
    await discord.poll()
    return where


async def tell(discord: DiscordWorld, *keys: str) -> None:
    for number, key in enumerate(keys):
        discord.page.publish(key, at=number)
        await discord.live(10)


async def test_a_new_entry_is_published_once_and_its_edits_and_the_summary_are_not(discord: DiscordWorld) -> None:
    await followed(discord)
    discord.page.summary = ["The lamp is dark"]
    await tell(discord, "one")
    discord.page.edit("one", headline="Corrected")
    await discord.live(10)
    assert len(discord.asked(CROSSPOST)) == 1


async def test_nothing_is_published_where_nobody_asked_for_it(discord: DiscordWorld) -> None:
    await followed(discord, publish=False)
    await tell(discord, "one")
    assert discord.asked(CROSSPOST) == []


async def test_what_is_beyond_ten_an_hour_is_sent_all_the_same_and_not_published(discord: DiscordWorld) -> None:
    where = await followed(discord)
    keys = [f"{number:02}" for number in range(13)]
    await tell(discord, *keys)
    assert discord.headlines(where) == [f"Headline {key}" for key in keys]
    assert len(discord.asked(CROSSPOST)) == 10
    assert 429 not in discord.statuses()
    discord.advance(3600)
    await tell(discord, "later")
    assert len(discord.asked(CROSSPOST)) == 11


async def test_a_limit_that_no_header_tells_of_blocks_nothing_but_publishing(discord: DiscordWorld) -> None:
    where = await followed(discord)
    discord.fault("429", where, method=CROSSPOST, retry_after=1800)
    await tell(discord, "one", "two", "three")
    assert discord.headlines(where) == ["Headline one", "Headline two", "Headline three"]
    assert discord.statuses().count(429) == 1


async def test_a_channel_that_publishes_nothing_is_asked_once(discord: DiscordWorld) -> None:
    where = await followed(discord, "text")
    await tell(discord, "one", "two")
    assert discord.headlines(where) == ["Headline one", "Headline two"]
    assert len(discord.asked(CROSSPOST)) == 1


@pytest.mark.parametrize("fault", ["reset_after", "500_before", "503"])
async def test_a_disturbance_of_publishing_costs_no_entry(discord: DiscordWorld, fault: str) -> None:
    where = await followed(discord)
    discord.fault(fault, where, method=CROSSPOST)
    await tell(discord, "one", "two")
    assert discord.headlines(where) == ["Headline one", "Headline two"]
    assert len(discord.asked(CROSSPOST)) == 2
