"""Health and metrics as who watches over the program sees them: over HTTP, on a real database, after real polls and
sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_text
from sqlalchemy import update

from bot.errors import FetchError, FetchRefused, PageGone, SettingsError, UnreadablePage
from bot.health import Health, Listen
from bot.metrics import Metrics
from bot.ports import Failed, Later, Refused
from bot.pulse import Pulse, ailing
from bot.store.engine import Database
from bot.store.halting import pause_all
from bot.store.migrate import upgrade
from bot.store.schema import chat
from bot.watch import failed_as
from tests.mirror.world import NOON, World

Client = TestClient[web.Request, web.Application]


class Watched(World):
    """A world that is counted, with the web server that tells."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.watch = self.metrics = Metrics(CollectorRegistry())
        listen = Listen("127.0.0.1", 0)
        self.health = Health(database, self.metrics, listen, platforms=["terminal"], clock=self.clock)


@pytest.fixture
def watched(database: Database) -> Watched:
    return Watched(database)


@pytest.fixture
async def outside(watched: Watched) -> AsyncIterator[Client]:
    async with TestClient(TestServer(watched.health.application())) as client:
        yield client


async def _metrics(outside: Client) -> dict[str, float]:
    """Return every sample by its name and the values of its labels, in the order of the labels' names."""
    told = await (await outside.get("/metrics")).text()
    samples = [sample for family in plain_text(told) for sample in family.samples]
    return {
        " ".join([sample.name, *(sample.labels[label] for label in sorted(sample.labels))]): sample.value
        for sample in samples
    }


async def test_what_happened_is_counted(watched: Watched, outside: Client) -> None:
    await watched.follow()
    await watched.live()
    watched.page.publish("a")
    await watched.live(30)
    watched.page.edit("a", headline="Corrected")
    watched.platform.trick("edit", Later(timedelta(seconds=9)))
    await watched.live(60)
    told = await _metrics(outside)
    name = watched.platform.platform
    assert told["liverelay_polls_total changed"] == 2
    assert told["liverelay_polls_total unchanged"] == 1
    assert told[f"liverelay_acts_total send done {name}"] == 1
    assert told[f"liverelay_told_to_wait_total {name} chat"] == 1
    assert told[f"liverelay_lag_seconds_sum {name}"] == 30
    assert told[f"liverelay_lag_seconds_bucket 20.0 {name}"] == 0
    assert told[f"liverelay_lag_seconds_bucket 30.0 {name}"] == 1


async def test_a_refusal_is_counted_by_what_was_wrong_and_never_by_the_words_it_came_in(
    watched: Watched, outside: Client
) -> None:
    await watched.follow()
    await watched.live()
    watched.platform.trick("send", Refused("Forbidden: bot was kicked from “Desk”", "chat"))
    watched.page.publish("a")
    await watched.live(30)
    told = await _metrics(outside)
    assert told[f"liverelay_refusals_total chat {watched.platform.platform}"] == 1
    assert not [name for name in told if "Desk" in name or "Forbidden" in name]


async def test_what_is_owed_is_told_apart_from_what_is_held(watched: Watched, outside: Client) -> None:
    for where in ("here", "there"):
        await watched.follow(where)
    await watched.live()
    watched.page.publish("a")
    watched.page.publish("b", at=1)
    watched.advance(60)
    await watched.poll()
    async with watched.database.write() as connection:
        await connection.execute(update(chat).where(chat.c.chat == "there").values(state="held"))
    watched.advance(20)
    name = watched.platform.platform
    told = await _metrics(outside)
    figures = {each: told[f"liverelay_{each} {name}"] for each in ("owed", "held", "lanes_owed", "oldest_owed_seconds")}
    assert figures == {"owed": 2, "held": 2, "lanes_owed": 1, "oldest_owed_seconds": 20}
    async with watched.database.write() as connection:
        await pause_all(connection, watched.clock.now())
    watched.advance(5)
    assert (await _metrics(outside))[f"liverelay_owed {name}"] == 0
    assert (await _metrics(outside))[f"liverelay_held {name}"] == 4


async def test_what_is_owed_is_counted_at_most_every_five_seconds(watched: Watched, outside: Client) -> None:
    await watched.follow()
    await watched.live()
    await _metrics(outside)
    watched.page.publish("a")
    await watched.poll()
    name = f"liverelay_owed {watched.platform.platform}"
    assert (await _metrics(outside))[name] == 0
    watched.advance(5)
    assert (await _metrics(outside))[name] == 1


async def test_who_asks_for_openmetrics_gets_it(watched: Watched, outside: Client) -> None:
    asked = {"Accept": "application/openmetrics-text; version=1.0.0"}
    answer = await outside.get("/metrics", headers=asked)
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    told = list(open_metrics(await answer.text()))  # type: ignore[no-untyped-call]
    assert {"liverelay_build", "liverelay_polls", "liverelay_database_seconds"} <= {family.name for family in told}
    assert all(family.documentation for family in told)


async def test_transactions_are_measured(tmp_path: object) -> None:
    metrics = Metrics(CollectorRegistry())
    async with Database(f"sqlite:///{tmp_path}/one.db", timed=metrics.transaction) as database:
        await upgrade(database)
        async with database.write() as connection:
            await pause_all(connection, NOON)
    counted = metrics.registry.get_sample_value
    assert counted("liverelay_database_seconds_count", {"kind": "write"}) == 1
    assert counted("liverelay_database_seconds_count", {"kind": "read"}) == 1


async def test_ready_is_who_polls_is_connected_and_sends(watched: Watched, outside: Client) -> None:
    answer = await outside.get("/readyz")
    assert answer.status == 503
    assert await answer.text() == "poller: has not looked for due pages yet\nterminal: not connected\n"
    watched.metrics.ticked(watched.clock.now())
    watched.metrics.connected("terminal", so=True)
    assert "the lease of its token is not held" in await (await outside.get("/readyz")).text()
    watched.metrics.sends("terminal", so=True)
    answer = await outside.get("/readyz")
    assert (answer.status, await answer.text()) == (200, "ready\n")
    watched.advance(61)
    assert await (await outside.get("/readyz")).text() == "poller: last looked for due pages 61 s ago\n"
    assert (await outside.get("/healthz")).status == 200


async def test_a_platform_that_answers_nothing_is_not_ready_until_it_answers() -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.ticked(NOON)
    metrics.connected("telegram", so=True)
    metrics.sends("telegram", so=True)
    for _ in range(5):
        assert ailing(metrics.pulse, ["telegram"], NOON) == []
        metrics.answered("telegram", "send", Failed("no network", platform_wide=True), given_up=False, lag=None)
    assert ailing(metrics.pulse, ["telegram"], NOON) == ["telegram: has not answered the last 5 calls"]
    metrics.answered("telegram", "send", Refused("too long", "message"), given_up=False, lag=None)
    assert ailing(metrics.pulse, ["telegram"], NOON) == []


async def test_a_database_that_does_not_answer_makes_it_unready_and_leaves_the_figures(tmp_path: object) -> None:
    async with Database(f"sqlite:///{tmp_path}/empty.db") as bare:
        watched = Watched(bare)
        async with TestClient(TestServer(watched.health.application())) as outside:
            answer = await outside.get("/readyz")
            assert answer.status == 503
            assert (await answer.text()).startswith("database: ")
            assert (await outside.get("/metrics")).status == 200


def test_nobody_is_ready_before_anything_was_heard() -> None:
    assert len(ailing(Pulse(), ["telegram", "discord"], NOON)) == 3


async def test_a_port_that_is_taken_is_said_with_the_setting(watched: Watched) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    health = Health(watched.database, watched.metrics, Listen("127.0.0.1", port), platforms=[], clock=watched.clock)
    with pytest.raises(SettingsError, match=r"^health\.listen: cannot be listened on: "):
        await health.run(asyncio.Event())
    server.close()
    await server.wait_closed()


def test_every_error_of_a_source_has_its_outcome() -> None:
    errors = (PageGone("gone"), FetchRefused("private"), FetchError("no answer"), UnreadablePage("no feed"))
    assert [failed_as(error) for error in errors] == ["gone", "refused", "unreachable", "unreadable"]
