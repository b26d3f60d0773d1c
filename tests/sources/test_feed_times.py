"""The times that feeds tell, in all their spellings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.feed_times import feed_time

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("2019-10-12T07:20:50.52Z", "2019-10-12T07:20:50.520000+00:00"),
        ("2024-03-10T17:15:00+01:00", "2024-03-10T17:15:00+01:00"),
        ("2024-03-10T17:15:00-0500", "2024-03-10T17:15:00-05:00"),
        ("2024-03-10T17:15:00+05", "2024-03-10T17:15:00+05:00"),
        ("2024-03-10T17:15:00.123456789+05:30", "2024-03-10T17:15:00.123456+05:30"),
        ("2024-03-10T17:15", "2024-03-10T17:15:00+00:00"),
        ("2024-03-10 17:15:00", "2024-03-10T17:15:00+00:00"),
        ("2024-03-10", "2024-03-10T00:00:00+00:00"),
        ("20240310T171500Z", "2024-03-10T17:15:00+00:00"),
        ("2024-03-10T24:00:00Z", "2024-03-11T00:00:00+00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
        ("Wed, 14 Dec 2022 21:28:41 +0000", "2022-12-14T21:28:41+00:00"),
        ("Thu, 08 Aug 2024 15:39:03 GMT", "2024-08-08T15:39:03+00:00"),
        ("Thu, 08 Aug 2024 15:39:03 BST", "2024-08-08T15:39:03+01:00"),
        ("Thu, 08 Aug 2024 15:39:03 CET", "2024-08-08T15:39:03+01:00"),
        ("Thu, 08 Aug 2024 15:39:03 EDT", "2024-08-08T15:39:03-04:00"),
        ("Thu, 08 Aug 2024 15:39:03 GMT+0200", "2024-08-08T15:39:03+02:00"),
        ("8 Aug 24 15:39 PST", "2024-08-08T15:39:00-08:00"),
        ("8 Aug 98 15:39 Z", "1998-08-08T15:39:00+00:00"),
        ("Thu Aug  8 15:39:03 2024", "2024-08-08T15:39:03+00:00"),
        ("Thu Aug 8 15:39:03 CEST 2024", "2024-08-08T15:39:03+02:00"),
        ("August 8, 2024 3:39 PM EST", "2024-08-08T15:39:00-05:00"),
        ("Do, 08 Mai 2024 08:00:00 +0200", "2024-05-08T08:00:00+02:00"),
        ("mer. 12 juin 2019 08:00", "2019-06-12T08:00:00+00:00"),
        ("24.10.2018 07:25", "2018-10-24T07:25:00+00:00"),
        ("1540365910", "2018-10-24T07:25:10+00:00"),
        (1540365910, "2018-10-24T07:25:10+00:00"),
        (1540365910123, "2018-10-24T07:25:10.123000+00:00"),
    ],
)
def test_a_time_is_understood_however_it_is_spelled(spelled: object, meant: str) -> None:
    found = feed_time(spelled, NOW)
    assert found is not None
    assert found.isoformat() == meant


@pytest.mark.parametrize(
    "told",
    ["", "yesterday", "0000-00-00", "2018-13-45", "12/10/2018", "25:00 8 Aug 2024", "9" * 400, None, True, [], 1e300],
)
def test_what_is_no_time_is_none(told: object) -> None:
    assert feed_time(told, NOW) is None


@pytest.mark.parametrize(
    "told", ["1970-01-01", "Thu, 01 Jan 1970 00:00:00 GMT", "1994-12-31", "2026-11-25", "2039-01-01"]
)
def test_a_time_that_cannot_be_is_none(told: str) -> None:
    assert feed_time(told, NOW) is None


def test_a_clock_that_is_hours_ahead_is_believed() -> None:
    assert feed_time("2026-11-24T06:00:00Z", NOW) == NOW + timedelta(hours=18)


@given(st.text(max_size=100) | st.integers() | st.floats() | st.none())
def test_anything_is_a_time_within_bounds_or_none(told: object) -> None:
    found = feed_time(told, NOW)
    assert found is None or datetime(1995, 1, 1, tzinfo=UTC) <= found <= NOW + timedelta(days=1)


@given(st.datetimes(datetime(1995, 1, 2), datetime(2026, 11, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_what_is_written_as_iso_or_rfc_822_is_read_again(moment: datetime) -> None:
    assert feed_time(moment.isoformat(), NOW) == moment
    assert feed_time(f"{moment:%a, %d %b %Y %H:%M:%S} +0000", NOW) == moment.replace(microsecond=0)
