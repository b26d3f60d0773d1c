"""Pages that have a thread of their own on Discord: from the page to what people read there, over the real client."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.store import pausing
from bot.store.schema import chat, subscription
from sandbox.discord.rights import RIGHTS

from .discord_world import DiscordWorld

POSTS = "POST /channels/{channel_id}/threads"
ON_MESSAGE = "POST /channels/{channel_id}/messages/{message_id}/threads"
KINDS = ("text", "announcement", "forum")
every_kind = pytest.mark.parametrize("kind", KINDS)


async def followed(discord: DiscordWorld, kind: str) -> str:
    """Follow the page in a thread of its own and return the channel."""
    where = discord.open_channel(kind)
    if kind == "forum":
        await discord.follow(where, kind="forum")
    else:
        await discord.follow(where, style={"thread": True})
    await discord.poll()
    return where


async def opened(discord: DiscordWorld, kind: str = "text") -> tuple[str, str]:
    """Follow the page and let it tell one entry; return the channel and the page's thread."""
    where = await followed(discord, kind)
    discord.page.publish("one")
    await discord.live()
    (thread,) = discord.threads(where)
    return where, thread.thread


async def wish(discord: DiscordWorld) -> Any:
    """Return the subscription as it is stored."""
    async with discord.database.read() as connection:
        return (await connection.execute(select(subscription))).one()


async def resume(discord: DiscordWorld) -> None:
    async with discord.database.write() as connection:
        await pausing.resume(connection, [(await wish(discord)).id], discord.clock.now())
    await discord.send()


# ── what people see ──────────────────────────────────────────────────────────────────────────────────────────────


@every_kind
async def test_a_page_gets_one_thread_in_which_its_entries_stand(discord: DiscordWorld, kind: str) -> None:
    where, thread = await opened(discord, kind)
    discord.page.publish("two")
    await discord.live(10)
    (shown,) = discord.threads(where)
    assert shown.title == "Lighthouse live"
    first = ["Lighthouse live"] if kind == "forum" else []
    assert discord.headlines(where, thread) == [*first, "Headline one", "Headline two"]
    if kind != "forum":
        assert discord.headlines(where) == ["Lighthouse live"]


@every_kind
async def test_entries_are_corrected_and_withdrawn_in_their_thread(discord: DiscordWorld, kind: str) -> None:
    where, thread = await opened(discord, kind)
    discord.page.publish("two", at=1)
    await discord.live(10)
    discord.page.edit("one", headline="Corrected")
    discord.page.withdraw("two")
    for _ in range(3):
        await discord.live(70)
    assert discord.headlines(where, thread)[-1] == "Corrected"


async def test_the_summary_is_pinned_in_the_thread_and_stays_current(discord: DiscordWorld) -> None:
    where = await followed(discord, "forum")
    discord.page.summary = ["The lamp is dark"]
    await discord.live()
    discord.page.summary = ["The lamp is lit"]
    await discord.live(10)
    (thread,) = discord.threads(where)
    pinned = [shown.text for shown in discord.messages(where, thread.thread) if shown.pinned]
    assert len(pinned) == 1
    assert "The lamp is lit" in pinned[0]


async def test_what_stood_in_the_channel_stays_there_when_the_style_changes(discord: DiscordWorld) -> None:
    where = discord.open_channel()
    await discord.follow(where)
    await discord.poll()
    discord.page.publish("one")
    await discord.live()
    async with discord.database.write() as connection:
        await connection.execute(subscription.update().values(style={"thread": True}))
    discord.page.publish("two")
    discord.page.edit("one", headline="Corrected")
    await discord.live(10)
    (thread,) = discord.threads(where)
    assert discord.headlines(where) == ["Corrected", "Lighthouse live"]
    assert discord.headlines(where, thread.thread) == ["Headline two"]


async def test_a_forum_that_insists_on_a_tag_gets_the_most_fitting(discord: DiscordWorld) -> None:
    where = await followed(discord, "forum")
    discord.fault("tags", where, names=["Offtopic", "Live"], required=True)
    discord.page.publish("one")
    await discord.live()
    (asked,) = discord.asked(POSTS)
    tags = {tag["name"]: tag["id"] for tag in discord.sandbox.discord.world.channels[int(where)].tags}
    assert asked["body"]["applied_tags"] == [tags["Live"]]


# ── once only ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("later", [1, 600], ids=["at once", "after ten minutes"])
@pytest.mark.parametrize("fault", ["reset_after", "500_after", "bad_json"])
@every_kind
async def test_a_thread_whose_answer_was_lost_is_found_and_not_opened_again(
    discord: DiscordWorld, kind: str, fault: str, later: int
) -> None:
    where = await followed(discord, kind)
    discord.fault(fault, where, method=POSTS if kind == "forum" else ON_MESSAGE)
    discord.page.publish("one")
    await discord.live()
    discord.advance(later)
    for _ in range(3):
        discord.advance(5)
        await discord.send()
    (thread,) = discord.threads(where)
    assert discord.headlines(where, thread.thread)[-1] == "Headline one"
    if kind != "forum":
        assert discord.headlines(where) == ["Lighthouse live"]


@pytest.mark.parametrize("later", [1, 600], ids=["at once", "after ten minutes"])
async def test_a_first_message_whose_answer_was_lost_is_found_and_not_sent_again(
    discord: DiscordWorld, later: int
) -> None:
    where = await followed(discord, "text")
    discord.fault("reset_after", where, method="send")
    discord.page.publish("one")
    await discord.live()
    discord.advance(later)
    for _ in range(3):
        discord.advance(5)
        await discord.send()
    assert discord.headlines(where) == ["Lighthouse live"]
    assert [discord.headlines(where, one.thread) for one in discord.threads(where)] == [["Headline one"]]


async def test_a_post_that_fell_asleep_in_the_archive_is_the_pages_post_all_the_same(discord: DiscordWorld) -> None:
    where, thread = await opened(discord, "forum")
    discord.fault("archive", where, thread=thread)
    async with discord.database.write() as connection:
        await connection.execute(subscription.update().values(thread=""))  # a new installation on the same server
    discord.page.publish("two")
    await discord.live(10)
    assert [one.thread for one in discord.threads(where)] == [thread]
    assert discord.headlines(where, thread)[-1] == "Headline two"


async def test_an_entry_withdrawn_before_its_thread_stood_is_not_told(discord: DiscordWorld) -> None:
    where = await followed(discord, "forum")
    discord.fault("503", where, method=POSTS, times=1)
    discord.page.publish("one")
    await discord.live()
    discord.page.withdraw("one")
    discord.page.publish("two", at=1)
    for _ in range(3):
        await discord.live(70)
    (thread,) = discord.threads(where)
    assert discord.headlines(where, thread.thread) == ["Lighthouse live", "Headline two"]


# ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_an_archived_thread_is_reopened_for_news_and_for_corrections(discord: DiscordWorld, kind: str) -> None:
    where, thread = await opened(discord, kind)
    discord.fault("archive", where, thread=thread)
    discord.page.edit("one", headline="Corrected")
    await discord.live(10)
    assert discord.headlines(where, thread)[-1] == "Corrected"
    discord.fault("archive", where, thread=thread)
    discord.page.publish("two", at=1)
    await discord.live(10)
    assert discord.headlines(where, thread)[-1] == "Headline two"


@pytest.mark.parametrize("deed", ["delete_channel", "archive"], ids=["deleted", "closed"])
@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_thread_that_people_took_away_pauses_the_page_until_they_resume_it_in_another(
    discord: DiscordWorld, kind: str, deed: str
) -> None:
    where, thread = await opened(discord, kind)
    discord.fault(deed, where, thread=thread, **({"locked": True} if deed == "archive" else {}))
    rights = [name for name in RIGHTS if name not in ("MANAGE_THREADS", "ADMINISTRATOR")]
    discord.sandbox.discord.world.change_rights(discord.sandbox.discord.world.channels[int(where)].guild, rights)
    discord.page.publish("two", at=1)
    await discord.live(10)
    discord.page.publish("three", at=2)
    await discord.live(10)
    assert "thread" in (await wish(discord)).why
    await resume(discord)
    (other,) = (one for one in discord.threads(where) if one.thread != thread)
    assert discord.headlines(where, other.thread)[-2:] == ["Headline two", "Headline three"]
    assert (await wish(discord)).why == ""


async def test_a_missing_right_holds_the_chat_and_loses_nothing(discord: DiscordWorld) -> None:
    where = await followed(discord, "text")
    discord.fault("rights", where, rights=["VIEW_CHANNEL", "SEND_MESSAGES", "EMBED_LINKS", "READ_MESSAGE_HISTORY"])
    discord.page.publish("one")
    await discord.live()
    async with discord.database.read() as connection:
        assert (await connection.execute(select(chat.c.state))).scalar_one() == "held"
    discord.fault("rights", where, rights=["all"])
    async with discord.database.write() as connection:
        await connection.execute(chat.update().values(state="active"))
    discord.advance(timedelta(hours=1).total_seconds())
    await discord.restart()
    await discord.send()
    (thread,) = discord.threads(where)
    assert discord.headlines(where, thread.thread) == ["Headline one"]
    assert discord.headlines(where) == ["Lighthouse live"]
