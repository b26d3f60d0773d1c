"""A page that cannot be read: the operator hears, after a day the chats, and both when it is over."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.errors import FetchError, PageGone
from bot.store import subscriptions
from bot.store.schema import source

from .world import URL, World

DOWN = FetchError("The site is down (it answered 500).", status=500)


async def begun(world: World) -> None:
    await world.follow()
    world.page.publish("a")
    await world.live()


async def fails(world: World, times: int, every: float, error: FetchError = DOWN) -> None:
    for _ in range(times):
        world.page.fail = error
        await world.live(every)


async def watched(world: World) -> bool:
    async with world.database.read() as connection:
        return (await connection.execute(select(source.c.next_poll_at))).scalar_one() is not None


async def test_the_operator_hears_of_the_first_failure_that_lasts_and_of_its_end(world: World) -> None:
    await begun(world)
    await fails(world, 2, 60)
    assert world.alerts == []
    await fails(world, 5, 60)
    assert [(alert.event, alert.page, alert.why) for alert in world.alerts] == [("source.failing", URL, str(DOWN))]
    await world.live(60)
    assert [alert.event for alert in world.alerts] == ["source.failing", "source.recovered"]
    assert world.alerts[0].since == world.alerts[1].since
    await fails(world, 2, 60)
    await world.live(60)
    assert len(world.alerts) == 2, "a slip is nobody's business"


async def test_the_chats_hear_once_after_a_day_and_the_same_message_says_when_it_is_over(world: World) -> None:
    await begun(world)
    await fails(world, 30, 3600)
    shown = ["This page cannot be read at present: Lighthouse live"]
    assert world.shows() == shown
    await world.live(3600)
    assert world.shows() == ["This page can be read again: Lighthouse live"]
    assert [message.edits for message in world.platform.chats["chat"]] == [1]
    world.page.publish("b", at=9)
    await world.live(60)
    assert world.shows()[1:] == ["Headline b"]


async def test_every_outage_is_told_by_itself(world: World) -> None:
    await begun(world)
    for _ in range(2):
        await fails(world, 26, 3600)
        await world.live(60)
    assert world.shows() == ["This page can be read again: Lighthouse live"] * 2


async def test_a_chat_that_comes_later_does_not_hear_of_what_was(world: World) -> None:
    await begun(world)
    await fails(world, 26, 3600)
    await world.live(60)
    await world.follow("other")
    await world.live(60)
    assert world.shows("other") == []


async def test_a_page_that_has_been_gone_for_a_week_is_asked_for_no_more(world: World) -> None:
    await begun(world)
    gone = PageGone("There is no such page.", status=404)
    await fails(world, 20, 6 * 3600, gone)
    assert await watched(world)
    await fails(world, 10, 6 * 3600, gone)
    assert not await watched(world)


@pytest.mark.parametrize("wakes", [True, False])
async def test_coverage_that_ended_a_week_ago_rests_until_somebody_asks_for_it(world: World, *, wakes: bool) -> None:
    await begun(world)
    world.page.status = "ended"
    await world.live(60)
    await world.live(6 * 86400)
    assert await watched(world)
    await world.live(2 * 86400)
    assert not await watched(world)
    async with world.database.write() as connection:
        (row,) = (await connection.execute(select(source))).all()
        assert await subscriptions.look_again(connection, row.id, world.clock.now())
    if wakes:
        world.page.publish("b", at=60 * 24 * 9)
        world.page.status = "live"
    await world.live(60)
    assert world.shows()[-1] == ("Headline b" if wakes else "Live coverage has ended: Lighthouse live")
    assert await watched(world) == wakes


async def test_a_page_that_names_its_successor_says_so_once_to_everybody(world: World) -> None:
    await begun(world)
    world.page.successor = f"{URL}-2"
    await world.live(60)
    await world.live(60)
    (shown,) = world.platform.chats["chat"]
    assert shown.text.split("\n")[0] == "Coverage goes on at another page: Lighthouse live"
    assert shown.link == f"{URL}-2"
    world.page.successor = f"{URL}-3"
    await world.live(60)
    assert len(world.shows()) == 2


async def test_a_page_that_was_closed_when_it_was_followed_says_where_it_goes_on(world: World) -> None:
    world.page.successor = f"{URL}-2"
    world.page.publish("a")
    await world.follow()
    async with world.database.write() as connection:
        await connection.execute(update(source).values(sequence=0))
    await world.live()
    assert world.shows() == ["Coverage goes on at another page: Lighthouse live"]
