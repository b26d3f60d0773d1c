"""Times and zones as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.commands.times import find_zone, paused_until
from bot.errors import CommandError

from ..rows import NOON

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("for 2h", 120),
        ("2h", 120),
        ("for 2 hours", 120),
        ("1h30m", 90),
        ("for 1h 30 min", 90),
        ("90 minutes", 90),
        ("1d", 1440),
        ("until 18:00", 360),
        ("until 6pm", 360),
        ("until 18", 360),
        ("till 18.30", 390),
        ("until 12:00", 1440),
        ("until 11:59", 1439),
        ("until 12am", 720),
    ],
)
def test_a_pause_ends_when_a_person_would_say(typed: str, minutes: int) -> None:
    assert paused_until(typed, NOON, LONDON) == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["lunch", "for a while", "until 25:00", "until 13pm", "0h", "999d", "2 months"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(CommandError):
        paused_until(typed, NOON, LONDON)


def test_a_time_is_the_chats_own_also_over_the_change_of_the_clocks() -> None:
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert paused_until("until 9:00", evening, LONDON) == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("UTC", "UTC"),
        ("europe/kyiv", "Europe/Kyiv"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Buenos Aires", "America/Buenos_Aires"),
        (" Tokyo ", "Asia/Tokyo"),
    ],
)
def test_a_zone_is_found_by_name_or_city_however_it_is_written(typed: str, name: str) -> None:
    assert find_zone(typed) == name


def test_a_zone_far_from_every_name_is_answered_with_an_example() -> None:
    with pytest.raises(CommandError, match="such as London"):
        find_zone("xqzw!!")
