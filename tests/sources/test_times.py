"""The times that pages tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.times import SKEW, iso_time, told_time

SUMMER = datetime(2025, 7, 2, 9, 30, tzinfo=UTC)
WINTER = datetime(2025, 1, 1, 0, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "fetched_at", "expected"),
    [
        ("published at 09:15 Greenwich Mean Time 14 February 2023", SUMMER, "2023-02-14T09:15:00+00:00"),
        ("published at 17:16 British Summer Time 1 July", SUMMER, "2025-07-01T17:16:00+01:00"),
        ("published at 17:16 British Summer Time 3 July", SUMMER, "2024-07-03T17:16:00+01:00"),
        ("published at 10:16 BST", SUMMER, "2025-07-02T10:16:00+01:00"),
        ("published at 10:36 BST", SUMMER, "2025-07-01T10:36:00+01:00"),
        ("published at 09:16 GMT", SUMMER, "2025-07-02T09:16:00+00:00"),
        ("published at 9:15 4 June", SUMMER, "2025-06-04T09:15:00+01:00"),
        ("23:05 BST 4 Jun", SUMMER, "2025-06-04T23:05:00+01:00"),
        ("10:05", SUMMER, "2025-07-02T10:05:00+01:00"),
        ("published at 23:59 GMT", WINTER, "2024-12-31T23:59:00+00:00"),
        ("published at 23:59 Greenwich Mean Time 31 December", WINTER, "2024-12-31T23:59:00+00:00"),
        ("published at 08:00 GMT 29 February", WINTER, "2024-02-29T08:00:00+00:00"),
        ("published at 08:00 EST 30 December", WINTER, "2024-12-30T08:00:00-05:00"),
        ("published at 12:31 Greenwich Mean Time 6 NovemberBreaking", WINTER, "2024-11-06T12:31:00+00:00"),
        ("published at 12:31 Greenwich Mean Time 6 November 2023Breaking", WINTER, "2023-11-06T12:31:00+00:00"),
    ],
)
def test_a_told_time_becomes_a_moment(words: str, fetched_at: datetime, expected: str) -> None:
    moment = told_time(words, fetched_at)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "words", ["", "soon", "25:00", "12:61", "12:00 GMT 31 June 2020", "12:00 Lost Harbour Time", "12:00 GMT 1 May 0000"]
)
def test_what_tells_no_time_is_none(words: str) -> None:
    assert told_time(words, SUMMER) is None


def test_a_clock_slightly_ahead_of_ours_is_not_taken_for_yesterday() -> None:
    assert told_time("09:31 GMT", SUMMER) == SUMMER + timedelta(minutes=1)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.times())  # noqa: DTZ001  # hypothesis wants naive bounds
def test_a_time_without_a_day_is_never_in_the_future_nor_older_than_a_day(fetched: datetime, clock: object) -> None:
    fetched_at = fetched.replace(tzinfo=UTC)
    moment = told_time(f"published at {clock:%H:%M} GMT", fetched_at)
    assert moment is not None
    assert fetched_at - timedelta(days=1, hours=2) < moment <= fetched_at + SKEW


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2020-05-12T15:05:08.441Z", "2020-05-12T15:05:08.441000+00:00"),
        ("2020-05-12T15:05:08+01:00", "2020-05-12T15:05:08+01:00"),
        ("2020-05-12T15:05:08", "2020-05-12T15:05:08+00:00"),
        (1589295908441, "2020-05-12T15:05:08.441000+00:00"),
    ],
)
def test_a_machines_stamp_is_aware(stamp: object, expected: str) -> None:
    moment = iso_time(stamp)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize("stamp", [None, "", "yesterday", True, [], float("nan"), 1e300, "2020-13-01"])
def test_what_is_no_stamp_is_none(stamp: object) -> None:
    assert iso_time(stamp) is None
