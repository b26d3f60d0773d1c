"""WebSub, with a hub on loopback: asked, verified, heard, and never trusted."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import insert, select, update

from bot.errors import SettingsError
from bot.model import Address
from bot.sources.fetch import HttpFetcher
from bot.store import chats, hubs
from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.schema import hub, source, subscription
from bot.websub import WebSub, WebSubSettings

from .site import HandClock, Site

FEED = "https://feeds.example/news.xml"
APART = timedelta(seconds=15)


@dataclass
class Stage:
    """A feed that is followed, its hub, and what hubs reach of us."""

    site: Site
    clock: HandClock
    database: Database
    websub: WebSub
    outside: TestClient[web.Request, web.Application]
    forms: list[dict[str, str]] = field(default_factory=list)
    woken: list[bool] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def path(self) -> str:
        """Where the hub was told to call."""
        return urlsplit(self.forms[-1]["hub.callback"]).path

    async def row(self) -> tuple[datetime | None, datetime | None]:
        """When the feed is polled next, and until when the hub has agreed to call."""
        async with self.database.read() as connection:
            next_at = (await connection.execute(select(source.c.next_poll_at))).scalar_one()
            lease = (await connection.execute(select(hub.c.lease_until))).scalar_one()
        return next_at, lease

    async def verify(self, **query: str) -> ClientResponse:
        """Let the hub ask back."""
        asked = {"mode": "subscribe", "topic": FEED, "challenge": "c-1", "lease_seconds": "86400", **query}
        return await self.outside.get(self.path, params={f"hub.{name}": value for name, value in asked.items()})

    async def announce(self, body: bytes = b"<rss/>", *, key: str = "", header: str = "X-Hub-Signature-256") -> int:
        """Let the hub say that there is something new, signed with the secret that it was given."""
        secret = (key or self.forms[-1]["hub.secret"]).encode()
        signature = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        return (await self.outside.post(self.path, data=body, headers={header: signature})).status


@pytest.fixture
async def stage(site: Site, clock: HandClock, fetcher: HttpFetcher, tmp_path: Path) -> AsyncIterator[Stage]:
    async with Database(f"sqlite:///{tmp_path / 'liverelay.db'}") as database:
        await upgrade(database)
        woken: list[bool] = []
        chosen = WebSubSettings("https://relay.example/", "127.0.0.1", 0)
        websub = WebSub(
            database, fetcher, chosen, clock=clock, apart=APART, woken=lambda: woken.append(True), key=b"k" * 32
        )
        async with TestClient(TestServer(websub.application())) as outside:
            stage = Stage(site, clock, database, websub, outside, woken=woken)
            await _follow(stage)
            _open(stage)
            yield stage


async def _follow(stage: Stage) -> None:
    now = stage.clock.now()
    async with stage.database.write() as connection:
        await connection.execute(insert(source).values(id=1, url=FEED, next_poll_at=now + timedelta(minutes=10)))
        there = await chats.find_or_make(connection, Address("telegram", "7", "-1"), kind="group", title="Desk")
        wish = {"source_id": 1, "chat_id": there.id, "number": 1, "since": 0, "created_at": now}
        await connection.execute(insert(subscription).values(**wish))
        await hubs.name(connection, 1, stage.site.url("/hub", "hub.example"), FEED)


def _open(stage: Stage, status: int = 202) -> None:
    async def asked(request: web.Request) -> web.Response:
        stage.forms.append({name: str(value) for name, value in (await request.post()).items()})
        stage.asked.set()
        return web.Response(status=status)

    stage.site.on("/hub", asked)


async def test_a_hub_is_asked_to_call_and_its_challenge_is_answered(stage: Stage) -> None:
    await stage.websub.renew()
    (form,) = stage.forms
    assert (form["hub.mode"], form["hub.topic"], len(form["hub.secret"])) == ("subscribe", FEED, 64)
    assert form["hub.callback"].startswith("https://relay.example/websub/1/")
    answer = await stage.verify()
    assert (answer.status, await answer.text()) == (200, "c-1")
    assert (await stage.row())[1] == stage.clock.now() + timedelta(days=1)


@pytest.mark.attack("webhooks")
async def test_what_was_not_asked_for_is_not_confirmed(stage: Stage) -> None:
    await stage.websub.renew()
    assert (await stage.verify(topic="https://other.example/feed")).status == 404
    assert (await stage.verify(mode="unsubscribe")).status == 404
    assert (await stage.row())[1] is None


@pytest.mark.attack("webhooks")
@pytest.mark.parametrize("path", ["/websub/1/guessed", "/websub/2/guessed", "/websub/x/guessed"])
async def test_a_callback_that_is_not_ours_is_gone(stage: Stage, path: str) -> None:
    assert (await stage.outside.get(path, params={"hub.mode": "subscribe"})).status == 410
    assert (await stage.outside.post(path, data=b"")).status == 410


@pytest.mark.parametrize("header", ["X-Hub-Signature-256", "X-Hub-Signature"])
async def test_a_signed_call_wakes_the_poll_of_its_feed(stage: Stage, header: str) -> None:
    await stage.websub.renew()
    assert await stage.announce(header=header) == 202
    assert ((await stage.row())[0], stage.woken) == (stage.clock.now(), [True])


@pytest.mark.attack("webhooks")
async def test_a_call_with_a_wrong_signature_is_acknowledged_and_ignored(stage: Stage) -> None:
    await stage.websub.renew()
    before = await stage.row()
    assert await stage.announce(key="guessed") == 202
    assert (await stage.outside.post(stage.path, data=b"unsigned")).status == 202
    assert (await stage.row(), stage.woken) == (before, [])


@pytest.mark.attack("webhooks")
async def test_calls_without_end_wake_a_feed_no_more_than_it_may_be_asked(stage: Stage) -> None:
    await stage.websub.renew()
    read_at = stage.clock.now()
    async with stage.database.write() as connection:
        await connection.execute(update(source).values(last_ok_at=read_at))
    for _ in range(3):
        stage.clock.advance(timedelta(seconds=1))
        await stage.announce()
    assert (await stage.row())[0] == read_at + APART


async def test_a_lease_is_renewed_before_it_ends_and_not_before(stage: Stage) -> None:
    await stage.websub.renew()
    await stage.verify(lease_seconds="864000")
    for hours, asked in ((24, 1), (9 * 24 - 24, 1), (19, 2)):
        stage.clock.advance(timedelta(hours=hours))
        await stage.websub.renew()
        assert len(stage.forms) == asked


async def test_a_hub_that_fails_is_left_alone_for_an_hour(stage: Stage) -> None:
    _open(stage, status=500)
    for minutes in (0, 30, 40):
        stage.clock.advance(timedelta(minutes=minutes))
        await stage.websub.renew()
    assert len(stage.forms) == 2


async def test_a_hub_that_does_not_want_to_is_believed(stage: Stage) -> None:
    await stage.websub.renew()
    await stage.verify()
    assert (await stage.verify(mode="denied", reason="no")).status == 200
    assert (await stage.row())[1] is None


async def test_another_process_asks_anew_with_another_secret(stage: Stage, fetcher: HttpFetcher) -> None:
    await stage.websub.renew()
    await stage.verify()
    stage.clock.advance(timedelta(minutes=1))
    chosen = WebSubSettings("https://relay.example", "127.0.0.1", 0)
    other = WebSub(stage.database, fetcher, chosen, clock=stage.clock, apart=APART, woken=lambda: None)
    await other.renew()
    first, second = stage.forms
    assert first["hub.secret"] != second["hub.secret"]
    assert (await stage.outside.get(urlsplit(second["hub.callback"]).path)).status == 410


async def test_what_nobody_follows_is_not_asked_for(stage: Stage) -> None:
    async with stage.database.write() as connection:
        await connection.execute(update(subscription).values(ended_at=stage.clock.now()))
    await stage.websub.renew()
    assert stage.forms == []


async def test_another_hub_or_topic_voids_what_was_agreed(stage: Stage) -> None:
    await stage.websub.renew()
    await stage.verify()
    async with stage.database.write() as connection:
        await hubs.name(connection, 1, stage.site.url("/hub", "hub.example"), FEED)
        kept = (await connection.execute(select(hub.c.lease_until))).scalar_one()
        await hubs.name(connection, 1, stage.site.url("/hub2", "hub.example"), FEED)
        void = (await connection.execute(select(hub.c.lease_until))).scalar_one()
    assert (kept is not None, void) == (True, None)


@pytest.mark.attack("webhooks")
async def test_a_hub_on_a_private_address_is_not_asked(stage: Stage) -> None:
    async with stage.database.write() as connection:
        await hubs.name(connection, 1, "ftp://hub.example/", FEED)
    await stage.websub.renew()
    assert stage.forms == []


async def test_a_port_that_is_taken_is_the_operators_to_change(stage: Stage) -> None:
    taken = WebSubSettings("https://relay.example", "127.0.0.1", stage.site.port)
    websub = WebSub(stage.database, stage.websub._poster, taken, clock=stage.clock, apart=APART, woken=lambda: None)
    with pytest.raises(SettingsError, match=r"websub\.port: cannot be listened on: "):
        await websub.run(asyncio.Event())


async def test_it_stops_when_it_is_told_to(stage: Stage) -> None:
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(stage.websub.run(stopping))
        await stage.asked.wait()
        stopping.set()
