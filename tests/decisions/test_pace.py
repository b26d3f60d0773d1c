"""The pace never lets a window be broken, and never waits longer than a window asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import ChatKind
from bot.pace import Pace, Queue
from bot.ports import Rates, Window

START = datetime(2026, 3, 14, tzinfo=UTC)
TELEGRAM = Rates(Window(28, 1.0), (Window(1, 1.0),), (Window(1, 1.0), Window(20, 60.0)))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@settings(max_examples=60)
@given(st.lists(st.floats(0, 3), min_size=1, max_size=80), st.sampled_from(["private", "group", "channel"]))
def test_a_lane_served_as_soon_as_it_may_be_breaks_no_window(latencies: list[float], kind: ChatKind) -> None:
    pace, now, begun = Pace(TELEGRAM), START, []
    for latency in latencies:
        begun.append(now)
        now = pace.after(1, kind, now + timedelta(seconds=latency))
    windows = TELEGRAM.private if kind == "private" else TELEGRAM.shared
    for window in windows:
        for first, last in zip(begun, begun[window.count :], strict=False):
            assert last - first >= timedelta(seconds=window.seconds)


def test_twenty_messages_go_to_a_group_in_twenty_seconds_and_the_next_waits_for_the_minute() -> None:
    pace, now = Pace(TELEGRAM), START
    times = []
    for _ in range(21):
        times.append((now - START).total_seconds())
        now = pace.after(1, "group", now)
    assert times == [*range(20), 60]


def test_a_bot_makes_no_more_calls_in_a_second_than_it_may_counted_from_their_answers() -> None:
    pace = Pace(TELEGRAM)
    pace.begin(28)
    assert pace.allowance(at(100)) == 0
    for _ in range(28):
        pace.end(at(100.5))
    assert pace.allowance(at(101)) == 0
    assert pace.next_allowance(at(101)) == at(101.5)
    assert pace.allowance(at(101.5)) == 28


def test_one_chat_told_to_wait_does_not_stop_the_others_but_two_within_a_second_do() -> None:
    pace = Pace(TELEGRAM)
    pace.refused(1, timedelta(seconds=30), START)
    assert pace.allowance(START) == 28
    pace.refused(1, timedelta(seconds=30), at(0.5))
    assert pace.allowance(at(0.5)) == 28
    pace.refused(2, timedelta(seconds=30), at(0.9))
    assert pace.allowance(at(1)) == 0
    assert pace.allowance(at(30.9)) == 28


def test_after_a_restart_a_lane_served_lately_is_served_with_care() -> None:
    pace = Pace(TELEGRAM)
    pace.remember(1, "group", START)
    assert pace.after(1, "group", at(3)) == at(6)


def test_a_lane_that_rested_for_its_whole_window_is_served_as_if_it_were_new() -> None:
    pace = Pace(TELEGRAM)
    pace.remember(1, "group", START)
    assert pace.after(1, "group", at(600)) == at(601)


def test_a_platform_without_limits_is_never_waited_for() -> None:
    pace = Pace(Rates())
    assert pace.after(1, "group", START) == START


def test_the_lanes_that_would_finish_last_go_first_and_leave_the_others_their_share() -> None:
    pace = Pace(TELEGRAM)
    short = [Queue(lane, "group", 3) for lane in range(60)]
    long = [Queue(lane, "private", 18) for lane in range(60, 75)]
    assert pace.longest([*short, *long]) == set(range(60, 75))
    even = [Queue(lane, "channel", 2) for lane in range(100)]
    assert pace.longest(even) == set()


def test_a_group_owed_more_than_a_minute_lets_through_is_longer_than_a_private_chat_owed_more() -> None:
    pace = Pace(TELEGRAM)
    others = [Queue(lane, "group", 10) for lane in range(2, 140)]
    assert pace.longest([Queue(0, "group", 21), Queue(1, "private", 40), *others]) == {0}


def test_what_is_owed_is_counted_anew_the_later_the_more_it_is() -> None:
    pace = Pace(TELEGRAM)
    assert pace.longest_until([], START) == at(1)
    assert pace.longest_until([Queue(1, "private", 28 * 200 + 1)], START) == at(10)
    assert pace.longest_until([Queue(1, "private", 10**6)], START) == at(60)
