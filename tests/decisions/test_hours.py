"""Times by a chat's clock: quiet hours and schedules, over the nights on which the clock changes, too."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.hours import Quiet, Schedule, clock, next_at, next_digest, quiet_hours, quiet_period, schedule

BERLIN, KATHMANDU, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York")
LORD_HOWE, APIA, UTC_ZONE = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia"), ZoneInfo("UTC")


def utc(*at: int) -> datetime:
    return datetime(*at, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("23:00-07:00", "23:00-07:00"),
        ("23-7", "23:00-07:00"),
        ("11pm to 7:30 am", "23:00-07:30"),
        ("from 22.15 until 6", "22:15-06:00"),
        ("13:00–14:00", "13:00-14:00"),
        ("23:00-07:00 breaking", "23:00-07:00 breaking"),
        ("23-7, but breaking passes", "23:00-07:00 breaking"),
        ("23-7 except breaking", "23:00-07:00 breaking"),
    ],
)
def test_quiet_hours_are_understood_and_written_back(typed: str, meant: str) -> None:
    assert str(quiet_hours(typed)) == meant
    assert quiet_hours(meant) == quiet_hours(typed)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("night", "“night” are no quiet hours. Say them like 23:00-07:00"),
        ("25:00-07:00", "There is no 25:00 on a clock"),
        ("23:00-7:75", "There is no 7:75 on a clock"),
        ("13pm-7am", "There is no 13 pm on a clock"),
        ("7-7", "begin when they end"),
        ("dusk-dawn", "“dusk” is no time of day"),
        ("breaking", "are no quiet hours"),
    ],
)
def test_what_are_no_quiet_hours_is_refused(typed: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        quiet_hours(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("every 30m", "every 30m"),
        ("every 90 minutes", "every 1h30m"),
        ("every hour", "every 1h"),
        ("every day", "every 24h"),
        ("at 08:00,18:00", "at 08:00,18:00"),
        ("at 6pm and 8am", "at 08:00,18:00"),
        ("18:00", "at 18:00"),
        ("daily 7:30", "at 07:30"),
        ("breaking live, rest at 18:00", "breaking live, rest at 18:00"),
        ("breaking live every 2h", "breaking live, rest every 2h"),
        ("Breaking live and the rest at 18", "breaking live, rest at 18:00"),
    ],
)
def test_schedules_are_understood_and_written_back(typed: str, meant: str) -> None:
    wanted = schedule(typed)
    assert str(wanted) == meant
    assert schedule(meant) == wanted


def test_live_is_no_schedule() -> None:
    assert schedule("live") is None
    assert schedule("Off") is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("sometimes", "“sometimes” is no schedule. Say live, every 30m"),
        ("every", "is not understood"),
        ("every full moon", "“every full moon” is not understood"),
        ("every 1m", "A digest comes every 5m to every 24h"),
        ("every 2d", "A digest comes every 5m to every 24h"),
        ("at 26:00", "There is no 26:00 on a clock"),
        ("at " + ",".join(f"{hour}:00" for hour in range(13)), "At most 12 times a day"),
        ("breaking live", "is no schedule"),
        ("", "is no schedule"),
    ],
)
def test_what_is_no_schedule_is_refused(typed: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        schedule(typed)


def test_a_time_is_that_of_the_chats_clock() -> None:
    assert next_at((time(8),), utc(2026, 3, 14, 1, 0), KATHMANDU) == utc(2026, 3, 14, 2, 15)
    assert next_at((time(8),), utc(2026, 3, 14, 2, 15), KATHMANDU) == utc(2026, 3, 15, 2, 15)
    assert next_at((time(8), time(18)), utc(2026, 3, 14, 2, 15), KATHMANDU) == utc(2026, 3, 14, 12, 15)


def test_a_digest_at_half_past_two_comes_once_on_the_night_that_has_none() -> None:
    wanted = Schedule(at=(time(2, 30),))
    at, came = utc(2026, 3, 27, 12, 0), []
    while at < utc(2026, 3, 31, 12, 0):
        at = next_digest(wanted, at, BERLIN)
        came.append(at)
    assert came[:4] == [
        utc(2026, 3, 28, 1, 30),
        utc(2026, 3, 29, 1, 30),
        utc(2026, 3, 30, 0, 30),
        utc(2026, 3, 31, 0, 30),
    ]
    assert f"{came[1].astimezone(BERLIN):%H:%M}" == "03:30"


def test_a_digest_at_half_past_two_comes_once_on_the_night_that_has_two() -> None:
    wanted = Schedule(at=(time(2, 30),))
    first = next_digest(wanted, utc(2026, 10, 24, 12, 0), BERLIN)
    assert first == utc(2026, 10, 25, 0, 30)
    assert next_digest(wanted, first, BERLIN) == utc(2026, 10, 26, 1, 30)
    assert next_digest(wanted, utc(2026, 10, 25, 1, 15), BERLIN) == utc(2026, 10, 26, 1, 30)


def test_every_so_often_is_by_the_time_that_passes_and_not_by_the_clock() -> None:
    wanted = Schedule(every=timedelta(minutes=30))
    last = utc(2026, 10, 25, 0, 10)
    assert next_digest(wanted, last, BERLIN, last) == utc(2026, 10, 25, 0, 40)
    assert next_digest(wanted, utc(2026, 10, 25, 3, 0), BERLIN, last) == utc(2026, 10, 25, 3, 10)
    assert next_digest(wanted, last, BERLIN) == utc(2026, 10, 25, 0, 40)


def test_the_quiet_hours_are_those_that_last_or_come_next() -> None:
    night = Quiet(time(23), time(7))
    assert quiet_period(night, utc(2026, 1, 10, 12, 0), UTC_ZONE) == (utc(2026, 1, 10, 23, 0), utc(2026, 1, 11, 7, 0))
    assert quiet_period(night, utc(2026, 1, 11, 2, 0), UTC_ZONE) == (utc(2026, 1, 10, 23, 0), utc(2026, 1, 11, 7, 0))
    assert quiet_period(night, utc(2026, 1, 11, 7, 0), UTC_ZONE) == (utc(2026, 1, 11, 23, 0), utc(2026, 1, 12, 7, 0))
    noon = Quiet(time(13), time(14))
    assert quiet_period(noon, utc(2026, 1, 10, 13, 30), UTC_ZONE) == (utc(2026, 1, 10, 13, 0), utc(2026, 1, 10, 14, 0))
    assert quiet_period(noon, utc(2026, 1, 10, 14, 0), UTC_ZONE) == (utc(2026, 1, 11, 13, 0), utc(2026, 1, 11, 14, 0))


def test_a_quiet_night_is_an_hour_shorter_when_the_clock_goes_forward() -> None:
    begins, ends = quiet_period(Quiet(time(23), time(7)), utc(2026, 3, 28, 23, 0), BERLIN)
    assert (begins, ends) == (utc(2026, 3, 28, 22, 0), utc(2026, 3, 29, 5, 0))
    begins, ends = quiet_period(Quiet(time(23), time(7)), utc(2026, 10, 24, 23, 0), BERLIN)
    assert (begins, ends) == (utc(2026, 10, 24, 21, 0), utc(2026, 10, 25, 6, 0))


_ZONES = st.sampled_from((BERLIN, KATHMANDU, NEW_YORK, LORD_HOWE, APIA, UTC_ZONE))
_MOMENTS = st.integers(0, 18 * 365 * 24 * 60).map(lambda minutes: utc(2011, 12, 20) + timedelta(minutes=minutes))
_TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(_TIMES, _MOMENTS, _ZONES)
def test_the_next_time_is_within_two_days_and_after_now(at: time, now: datetime, zone: ZoneInfo) -> None:
    found = next_at((at,), now, zone)
    assert now < found <= now + timedelta(hours=50)  # Apia once skipped a whole day
    there = found.astimezone(zone)
    skipped = there.replace(hour=at.hour, minute=at.minute, fold=0).astimezone(UTC) != found
    assert skipped or (there.hour, there.minute) == (at.hour, at.minute)


@given(_TIMES, _TIMES, _MOMENTS, _ZONES)
def test_quiet_hours_end_after_now_and_begin_before_they_end(
    begins: time, ends: time, now: datetime, zone: ZoneInfo
) -> None:
    if begins == ends:
        return
    start, end = quiet_period(Quiet(begins, ends), now, zone)
    assert start < end
    assert now < end


@pytest.mark.parametrize(("typed", "meant"), [("12am", time(0)), ("12 pm", time(12)), ("0:05", time(0, 5))])
def test_midnight_and_noon(typed: str, meant: time) -> None:
    assert clock(typed) == meant
