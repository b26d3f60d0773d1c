"""`liverelay doctor`: what may be wrong, each with its line, against the platforms' stand-ins."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import text

from bot.operating.doctor import Finding, examine, shown
from bot.settings import Settings, load
from bot.store.engine import Database
from bot.store.migrate import newest, upgrade
from sandbox.platform import Fault
from sandbox.server import Sandbox
from tests.process.program import DISCORD_TOKEN, TELEGRAM_TOKEN

NOW = datetime.now(UTC)


@pytest.fixture
async def base(tmp_path: Path) -> dict[str, str]:
    """A database as the program makes it, and no token."""
    url = f"sqlite:///{tmp_path / 'liverelay.db'}"
    async with Database(url) as database:
        await upgrade(database)
    (tmp_path / "liverelay.db").chmod(0o600)
    return {"LIVERELAY_DATABASE__URL": url, "LIVERELAY_FETCH__CONTACT": "me@example.org"}


@pytest.fixture
async def platforms(sandbox: Sandbox, base: dict[str, str]) -> dict[str, str]:
    return base | {
        "LIVERELAY_TELEGRAM__TOKEN": TELEGRAM_TOKEN,
        "LIVERELAY_TELEGRAM__API_URL": sandbox.telegram_url,
        "LIVERELAY_DISCORD__TOKEN": DISCORD_TOKEN,
        "LIVERELAY_DISCORD__API_URL": sandbox.discord_url,
    }


async def _found(given: dict[str, str] | Settings, *, file: Path | None = None) -> list[Finding]:
    settings = load(file, given) if isinstance(given, dict) else given
    found = [each async for each in examine(settings, file, datetime.now(UTC))]
    assert not [each for each in found if TELEGRAM_TOKEN in each.said or DISCORD_TOKEN in each.said]
    return found


def _bad(found: list[Finding]) -> list[str]:
    return [f"{each.level} {each.what}: {each.said}" for each in found if each.level != "ok"]


async def test_where_all_is_well_every_line_says_so(platforms: dict[str, str]) -> None:
    found = await _found(platforms | {"LIVERELAY_HEALTH__LISTEN": "127.0.0.1:0"})
    assert _bad(found) == []
    assert [each.what for each in found] == [
        "settings", "zones", "database", "letters", "disk", "ports", "telegram", "discord",
    ]  # fmt: skip
    assert "lets @" in next(each.said for each in found if each.what == "telegram")


async def test_a_token_that_is_not_accepted_fails_and_says_what_to_set(
    platforms: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.telegram.fault(Fault("401", method="getMe", times=9))
    found = await _found(platforms | {"LIVERELAY_DISCORD__TOKEN": "nonsense"})
    assert "fail telegram: Telegram does not accept the token: set telegram.token to a valid one." in _bad(found)
    assert "warn discord: discord.token does not look like one: compare it sign by sign." in _bad(found)


async def test_a_platform_that_cannot_be_reached_is_said_without_its_address(base: dict[str, str]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        given = {"LIVERELAY_TELEGRAM__TOKEN": TELEGRAM_TOKEN, "LIVERELAY_TELEGRAM__API_URL": url}
        (said,) = _bad(await _found(base | given))
    assert said.startswith("fail telegram: Telegram cannot be reached (ClientConnectorError)")


@pytest.fixture
async def odd_telegram() -> AsyncIterator[str]:
    """A Bot API whose clock is an hour ahead, with a webhook set."""

    async def answer(request: web.Request) -> web.Response:
        ahead = datetime.now(UTC) + timedelta(hours=1)
        told = {"url": "https://old.example"} if request.path.endswith("getWebhookInfo") else {"username": "odd_bot"}
        headers = {"Date": ahead.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        return web.json_response({"ok": True, "result": told}, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_wrong_clock_and_a_webhook_that_was_left_are_warned_of(base: dict[str, str], odd_telegram: str) -> None:
    given = {"LIVERELAY_TELEGRAM__TOKEN": TELEGRAM_TOKEN, "LIVERELAY_TELEGRAM__API_URL": odd_telegram}
    clock, webhook = _bad(await _found(base | given))
    assert clock.startswith("warn clock: This machine's clock is 3")
    assert "behind Telegram's" in clock
    assert webhook.startswith("warn telegram: A webhook is set")


async def test_files_that_others_can_read_are_warned_of(base: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "liverelay.db").chmod(0o644)
    file = tmp_path / "liverelay.toml"
    file.write_text('[guardian]\napi_key = "a-secret-key"\n')
    file.chmod(0o644)
    bad = _bad(await _found(base, file=file))
    assert any("which holds a secret: chmod 600" in said for said in bad)
    assert any("Others on this machine can read it: chmod 600" in said for said in bad)
    file.chmod(0o600)
    assert not any("holds a secret" in said for said in _bad(await _found(base, file=file)))


async def test_a_database_that_is_older_newer_damaged_missing_or_anothers_is_said_to_be(
    base: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "liverelay.db"
    async with Database(base["LIVERELAY_DATABASE__URL"]) as database:
        for revision, said in (("0001", "warn database"), ("9999", "belongs to a newer LiveRelay"), (newest(), "")):
            async with database.write() as connection:
                await connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
            assert any(said in each for each in _bad(await _found(base)))
        async with database.write() as connection:
            await connection.execute(text("DROP TABLE alembic_version"))
    assert any("holds other tables than ours" in each for each in _bad(await _found(base)))
    path.write_bytes(b"no database at all" * 500)
    assert any("fail database" in each for each in _bad(await _found(base)))
    path.unlink()
    assert not any("database" in each for each in _bad(await _found(base)))
    with sqlite3.connect(path) as new:
        new.execute("CREATE TABLE alembic_version (version_num TEXT)")
        new.execute(f"INSERT INTO alembic_version VALUES ('{newest()}')")
    new.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    assert any("fail database" in each for each in _bad(await _found(base)))


async def test_a_port_that_another_program_has_fails_unless_that_is_the_relay_itself(base: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        given = base | {"LIVERELAY_HEALTH__LISTEN": f"127.0.0.1:{other.getsockname()[1]}"}
        assert any(each.startswith("fail ports: health.listen cannot listen on") for each in _bad(await _found(given)))
        async with Database(base["LIVERELAY_DATABASE__URL"]):
            assert not any("ports" in each for each in _bad(await _found(given)))


def test_a_line_is_folded_at_the_terminals_edge() -> None:
    lines = shown(Finding("warn", "database", "word " * 40), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("warn  database   word")
    assert lines[1].startswith(" " * 17 + "word")
