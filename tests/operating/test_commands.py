"""The operator's commands, typed: beside a program that holds the database, in words and in JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.cli import main
from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.schema import chat, source
from tests.mirror.world import NOON, URL, World

NASTY = "Desk \x1b[31m\u202e"


@pytest.fixture
async def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A database in which a chat follows a page, and the settings that name it."""
    url = f"sqlite:///{tmp_path / 'liverelay.db'}"
    monkeypatch.setenv("LIVERELAY_DATABASE__URL", url)
    monkeypatch.chdir(tmp_path)
    async with Database(url) as database:
        await upgrade(database)
        world = World(database)
        await world.follow()
        await world.live()
        for minute, key in enumerate(("a", "b")):
            world.page.publish(key, at=minute)
        await world.live(60)
        async with database.write() as connection:
            await connection.execute(update(chat).values(title=NASTY))
            failed = {"failures": 3, "last_error": "It answered 503.", "last_ok_at": NOON - timedelta(hours=1)}
            await connection.execute(update(source).values(**failed))
    return world


def _printed(capsys: pytest.CaptureFixture[str], *typed: str) -> str:
    assert main(typed) == 0
    return capsys.readouterr().out


def test_sources_tell_how_each_page_is_doing(running: World, capsys: pytest.CaptureFixture[str]) -> None:
    said = _printed(capsys, "sources", "--failing")
    assert "It answered 503." in said
    assert URL in said
    (line,) = map(json.loads, _printed(capsys, "sources", "--json").splitlines())
    assert (line["url"], line["subscriptions"], line["failures"]) == (URL, 1, 3)


def test_chats_and_subscriptions_are_listed_and_nothing_in_them_drives_the_terminal(
    running: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("chats", "subscriptions", "deliveries"):
        said = _printed(capsys, command, *(["--state", "settled"] if command == "deliveries" else []))
        assert "Desk" in said
        assert "\x1b" not in said
    assert _printed(capsys, "chats", "--held").strip() == "No chat."
    assert _printed(capsys, "subscriptions", "--chat", "elsewhere").strip() == "No subscription."


def test_deliveries_are_those_that_are_owed_or_were_given_up(
    running: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _printed(capsys, "deliveries").strip() == "No delivery."
    (newest, _) = map(json.loads, _printed(capsys, "deliveries", "--state", "settled", "--json").splitlines())
    assert (newest["headline"], newest["shown"]) == ("Headline b", 1)
    assert _printed(capsys, "replay").strip() == "Nothing to be sent again."


def test_everything_is_paused_and_goes_on(running: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert _printed(capsys, "resume").strip() == "Nothing was paused."
    assert "until `liverelay resume`" in _printed(capsys, "pause")
    assert _printed(capsys, "resume").startswith("Going on; it was paused since ")


def test_a_takedown_is_asked_about_unless_it_was_said_to_be_meant(
    running: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert main(("takedown", f"{URL}#a")) == 2
    assert capsys.readouterr().err == "Nothing was taken down; --yes does it without asking.\n"
    assert "gone from 1 place" in _printed(capsys, "takedown", f"{URL}#a", "--yes")


async def test_it_is_done_while_the_program_runs(running: World, tmp_path: Path) -> None:
    async with (
        Database(f"sqlite:///{tmp_path / 'liverelay.db'}") as held,
        Database(f"sqlite:///{tmp_path / 'liverelay.db'}", beside=True) as beside,
    ):
        assert held.exclusive
        async with beside.write() as connection:
            await connection.execute(update(chat).values(title="Renamed beside it"))


def test_without_a_database_it_says_what_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIVERELAY_DATABASE__URL", f"sqlite:///{tmp_path / 'none.db'}")
    assert main(("sources",)) == 1
    assert capsys.readouterr().err.endswith("none.db yet: `liverelay run` makes it.\n")
    assert not (tmp_path / "none.db").exists()
