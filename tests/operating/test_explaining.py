"""`liverelay explain`: what /why says in a chat, for any chat, from the operator's shell."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.cli import main
from bot.errors import UsageError
from bot.operating.explaining import explain
from bot.store.engine import Database
from bot.store.halting import pause_all
from bot.store.migrate import upgrade
from bot.store.schema import part
from tests.mirror.world import URL, World


@pytest.fixture
async def told(world: World) -> World:
    """Two chats follow a page, one of them only storms; an entry came, and was sent to the other."""
    await world.follow("-100200")
    await world.follow("-100300", words="storm")
    await world.live()
    world.page.publish("a")
    await world.live(60)
    return world


async def _explained(world: World, url: str = "", *, message: str = "", where: str = "") -> str:
    return await explain(world.database, url=url, message=message, where=where, now=world.clock.now())


async def test_an_entry_is_explained_in_every_chat_that_follows_its_page(told: World) -> None:
    first, second = (await _explained(told, f"{URL}#a")).split("\n\n")
    assert first.splitlines() == [
        "── terminal:-100200 -100200",
        "Lighthouse live: Headline a",
        "✓ Published 12:00, seen 12:01",
        "✓ Sent 12:01",
    ]
    assert second.startswith("── terminal:-100300")
    assert "✗ It does not fit the filter: it does not mention “storm”" in second


async def test_one_chat_is_named_as_operators_name_chats(told: World) -> None:
    for where in ("-100200", "terminal:-100200"):
        said = await _explained(told, f"{URL}#a", where=where)
        assert said.count("──") == 1
    with pytest.raises(UsageError, match="No chat is called telegram:-100200"):
        await _explained(told, f"{URL}#a", where="telegram:-100200")


async def test_the_address_of_a_page_means_its_newest_entry(told: World) -> None:
    assert "Headline a" in await _explained(told, URL)


async def test_the_operators_pause_is_told_as_what_holds(told: World) -> None:
    async with told.database.write() as connection:
        await pause_all(connection, told.clock.now())
    told.page.publish("b", at=1)
    await told.live(60)
    assert "… Held by whoever runs this bot" in await _explained(told, f"{URL}#b", where="-100200")


async def test_a_message_is_named_by_its_link(told: World) -> None:
    async with told.database.read() as connection:
        id_ = (await connection.execute(select(part.c.message_id))).scalar_one()
    for link in (f"https://t.me/c/200/{id_}", f"https://t.me/c/200/7/{id_}?single"):
        assert "✓ Sent 12:01" in await _explained(told, message=link)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Name an entry"),
        ({"url": URL, "message": "https://t.me/a/1"}, "Name an entry"),
        ({"url": "https://elsewhere.example/"}, "Nothing was ever read under https://elsewhere.example/"),
        ({"url": "mailto:a@b"}, "That is no web address"),
        ({"message": "https://t.me/name/999"}, "No message of ours that tells an entry is known"),
        ({"message": "https://news.example"}, "is no link to a message"),
    ],
)
async def test_what_cannot_be_explained_is_said_in_a_sentence(told: World, asked: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        await explain(told.database, **{"url": "", "message": "", "where": "", "now": told.clock.now()} | asked)  # type: ignore[arg-type]


async def test_entries_are_found_by_their_address_without_looking_through_all(database: Database) -> None:
    async with database.read() as connection:
        if database.is_sqlite:
            plan = "EXPLAIN QUERY PLAN SELECT id FROM entry WHERE url = 'x'"
            assert "ix_entry_url" in str((await connection.execute(text(plan))).all())
        dead = "EXPLAIN QUERY PLAN SELECT count(*) FROM delivery WHERE state = 'dead'" if database.is_sqlite else ""
        if dead:
            assert "ix_delivery_dead" in str((await connection.execute(text(dead))).all())


def test_it_is_typed_beside_the_running_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'liverelay.db'}"

    async def make() -> None:
        async with Database(url) as database:
            await upgrade(database)
            world = World(database)
            await world.follow()
            await world.live()
            world.page.publish("a", headline="Red \x1b[31m alert")
            await world.live(60)

    asyncio.run(make())
    monkeypatch.setenv("LIVERELAY_DATABASE__URL", url)
    monkeypatch.chdir(tmp_path)
    assert main(("explain", f"{URL}#a")) == 0
    said = capsys.readouterr().out
    assert "Red" in said
    assert "\x1b" not in said
    assert main(("explain",)) == 2
