"""A page that is read at another address than its own."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.errors import FetchError, PageGone
from bot.model import Offer
from bot.store.schema import source

from .world import URL, World

API = "https://api.example/liveblog/7"
ELSEWHERE = (Offer("platform", API, "platform"),)


async def asked(world: World) -> str:
    async with world.database.read() as connection:
        return str((await connection.execute(select(source.c.asked))).scalar_one())


async def test_a_page_that_embeds_a_live_blog_is_read_at_the_platform_from_the_first_look_on(world: World) -> None:
    world.page.readings = ELSEWHERE
    await world.follow()
    world.page.publish("a")
    await world.live()
    await world.live(60)
    world.page.publish("b", at=2)
    await world.live(60)
    assert await asked(world) == API
    assert [url for url, _ in world.page.asked] == [URL, API, API, API]
    assert world.shows() == ["Headline b"]
    assert world.platform.chats["chat"][0].link == f"{URL}#b"


async def test_a_platform_that_is_gone_is_looked_for_anew_on_the_page(world: World) -> None:
    world.page.readings = ELSEWHERE
    await world.follow()
    world.page.publish("a")
    await world.live()
    world.page.readings = ()
    world.page.fail = PageGone("It is not there.", status=404)
    world.page.publish("b", at=2)
    await world.live(120)
    assert await asked(world) == ""
    assert world.shows() == ["Headline b"]


async def test_a_platform_that_fails_for_a_while_is_waited_for(world: World) -> None:
    world.page.readings = ELSEWHERE
    await world.follow()
    world.page.publish("a")
    await world.live()
    for _ in range(3):
        world.page.fail = FetchError("It is not available now.", status=503)
        await world.live(60)
        assert await asked(world) == API
    world.page.fail = FetchError("It is not available now.", status=503)
    world.page.readings = ()
    await world.live(60)
    assert await asked(world) == ""


async def test_entries_that_go_by_other_keys_at_another_address_are_not_sent_again(world: World) -> None:
    world.page.readings = ELSEWHERE
    await world.follow()
    for number in range(3):
        world.page.publish(f"old-{number}", at=number)
    await world.live(300)
    world.page.entries = []
    for number in range(3):
        world.page.publish(f"new-{number}", at=number, headline=f"Otherwise told {number}")
    world.page.publish("later", at=7)
    world.page.readings = ()
    world.page.fail = PageGone("It is not there.", status=404)
    await world.live(200)
    assert world.shows() == ["Headline later"]


async def test_a_source_from_before_is_asked_at_its_own_address(world: World) -> None:
    await world.follow()
    async with world.database.write() as connection:
        await connection.execute(update(source).values(baseline_at=world.clock.now()))
    world.page.readings = ELSEWHERE
    await world.live()
    assert [url for url, _ in world.page.asked] == [URL]
