"""Whom to tell when a page cannot be read for long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.cadence import Limits
from bot.courtesy import courtesy
from bot.failing import chats_hear, operator_hears

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def told(minutes: float) -> list[float]:
    """Return when the operator hears, in minutes, of an outage with a failure every five minutes."""
    heard: list[float] = []
    for failures in range(1, int(minutes // 5)):
        now = NOON + timedelta(minutes=5 * failures)
        last = NOON + timedelta(minutes=heard[-1]) if heard else None
        if operator_hears(NOON, last, failures, now):
            heard.append(5 * failures)
    return heard


def test_the_operator_hears_when_a_failure_lasts_and_then_at_growing_distances() -> None:
    heard = told(5 * 24 * 60)
    assert heard[:6] == [15, 75, 150, 300, 600, 1200]
    assert {later - earlier for earlier, later in pairwise(heard[6:])} == {24 * 60}


def test_a_slip_is_nobodys_business() -> None:
    assert told(15) == []


def test_the_chats_hear_after_a_day() -> None:
    assert not chats_hear(NOON, NOON + timedelta(hours=23))
    assert chats_hear(NOON, NOON + timedelta(hours=24))


def test_every_kind_of_page_has_its_own_pace() -> None:
    def seconds(reader: str, every: float | None = None, limits: Limits | None = None) -> float:
        asked = None if every is None else timedelta(seconds=every)
        return courtesy(reader, asked, limits or Limits()).total_seconds()

    assert [seconds(reader) for reader in ("bbc", "guardian-json", "liveblog", "arena")] == [60] * 4
    assert [seconds(reader) for reader in ("wordpress-liveblog", "sourcefabric", "guardian-api", "feed")] == [
        30,
        30,
        180,
        900,
    ]
    assert seconds("feed", 300) == 300
    assert courtesy("guardian-api", None, Limits(), sharing=7).total_seconds() == 7 * 180
    assert seconds("bbc", limits=Limits(min_interval=timedelta(seconds=1.5))) == 6
