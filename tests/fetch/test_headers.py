"""Cache-Control and Retry-After, as servers write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.headers import LONGEST_SILENCE, max_age, retry_after

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=30", 30),
        ("public, stale-while-revalidate=120, max-age=30", 30),
        ("Public,MAX-AGE = 60", 60),
        ('max-age="10"', 10),
        ("s-maxage=600, max-age=5", 5),
        ("s-maxage=600", None),
        ("no-store", None),
        ("max-age=soon", None),
        ("", None),
    ],
)
def test_max_age_is_found_among_the_other_words(value: str, seconds: int | None) -> None:
    assert max_age(value) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Fri, 01 Mar 2024 12:02:00 GMT", 120),
        ("Fri, 01 Mar 2024 11:00:00 GMT", 0),
        ("Fri Mar  1 12:02:00 2024", 120),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: int | None) -> None:
    assert retry_after(value, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("value", ["31536000", "99999999999999", "Fri, 01 Mar 2999 12:00:00 GMT"])
def test_no_retry_after_silences_a_host_for_a_year(value: str) -> None:
    assert retry_after(value, NOW) in (LONGEST_SILENCE, None)


@given(st.text() | st.from_regex(r"\w{3}, \d{2} Mar \d{4} \d\d:\d\d:\d\d [+-]\d{4}"))
def test_no_header_raises(value: str) -> None:
    max_age(value)
    asked = retry_after(value, NOW)
    assert asked is None or timedelta() <= asked <= LONGEST_SILENCE
