"""When a source is looked at again."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import SPREAD, Failure, Limits, Look, Next, next_interval

LIMITS = Limits()
FAST = Limits(
    min_interval=timedelta(seconds=0.2), max_interval=timedelta(seconds=2), removal_after=timedelta(seconds=1)
)
CHANGED, QUIET = Look(changed=True), Look(changed=False)
seconds = st.floats(min_value=0, max_value=10**7).map(lambda number: timedelta(seconds=number))
jitters = st.floats(min_value=-1, max_value=1)
looks = st.builds(
    Look, changed=st.booleans(), ended=st.booleans(), max_age=st.none() | seconds, missing_for=st.none() | seconds
)


def after(*looks: Look | Failure, limits: Limits = LIMITS, start: timedelta | None = None) -> Next:
    """Return what is decided after these polls, one after the other."""
    decided = Next(start or timedelta(), timedelta())
    interval = start
    for look in looks:
        decided = next_interval(interval, look, limits, 0)
        interval = decided.interval
    return decided


def test_a_new_source_is_looked_at_about_once_a_minute() -> None:
    assert timedelta(seconds=30) <= after(QUIET).wait <= timedelta(seconds=90)


def test_a_page_that_changes_at_every_poll_is_read_every_15_seconds() -> None:
    assert after(*[CHANGED] * 4).wait == timedelta(seconds=15)


def test_a_quiet_page_is_read_less_and_less_down_to_every_15_minutes() -> None:
    waits = [after(*[QUIET] * polls).wait for polls in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(seconds=900)


def test_the_wait_of_a_quiet_page_is_about_a_quarter_of_its_silence() -> None:
    silence = sum((after(*[QUIET] * polls).wait for polls in range(1, 10)), timedelta())
    assert 0.2 < after(*[QUIET] * 10).wait / silence < 0.4


def test_one_change_after_a_long_silence_brings_it_back_to_once_a_minute() -> None:
    assert after(*[QUIET] * 30, CHANGED).wait == timedelta(seconds=60)


@pytest.mark.parametrize("minutes", [2, 3, 4])
def test_a_bbc_page_with_a_post_every_few_minutes_is_read_about_once_a_minute(minutes: int) -> None:
    now, interval, seen, waits = timedelta(), None, 0, []
    while now < timedelta(hours=2):
        posts = int(now / timedelta(minutes=minutes))
        decided = next_interval(interval, Look(changed=posts > seen, max_age=timedelta(seconds=30)), LIMITS, 0)
        seen, interval, now = posts, decided.interval, now + decided.wait
        waits.append(decided.wait)
    assert timedelta(seconds=30) <= sum(waits, timedelta()) / len(waits) <= timedelta(seconds=75)
    assert max(waits) < timedelta(minutes=3)


def test_nobody_asks_again_before_the_servers_max_age_is_over() -> None:
    aged = Look(changed=True, max_age=timedelta(seconds=120))
    waits = [next_interval(timedelta(seconds=15), aged, LIMITS, jitter).wait for jitter in (-1, 0, 1)]
    assert waits == [timedelta(seconds=144), timedelta(seconds=120), timedelta(seconds=144)]


def test_a_max_age_of_a_year_does_not_silence_a_source() -> None:
    assert after(Look(changed=True, max_age=timedelta(days=365))).wait == timedelta(seconds=900)


def test_an_ended_page_slows_down_to_the_longest_interval_whatever_it_does() -> None:
    ended = Look(changed=True, ended=True)
    assert after(CHANGED, CHANGED, CHANGED, ended).wait == timedelta(seconds=30)
    assert after(*[ended] * 6).wait == timedelta(seconds=900)


def test_while_something_is_missing_the_page_is_looked_at_again_when_that_can_be_decided() -> None:
    def missing(for_seconds: float) -> Look:
        return Look(changed=False, missing_for=timedelta(seconds=for_seconds))

    quiet = timedelta(seconds=600)
    assert after(missing(0), start=quiet).wait == timedelta(seconds=60)
    assert after(missing(40), start=quiet).wait == timedelta(seconds=20)
    assert after(missing(59.9), start=quiet).wait == timedelta(seconds=15)
    assert after(missing(3600), start=quiet).wait == timedelta(seconds=60)
    assert after(missing(0), start=quiet).interval == quiet


def test_a_suspicion_does_not_slow_a_fast_page_down() -> None:
    assert after(CHANGED, CHANGED, Look(changed=True, missing_for=timedelta())).wait == timedelta(seconds=15)


def test_a_suspicion_is_checked_within_a_minute_even_where_the_server_wants_five() -> None:
    cached = Look(changed=False, missing_for=timedelta(), max_age=timedelta(minutes=5))
    assert after(cached).wait == timedelta(seconds=60)


def test_failures_back_off_and_leave_the_interval_as_it_was() -> None:
    waits = [after(Failure(failures), start=timedelta(seconds=15)).wait.total_seconds() for failures in range(1, 8)]
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert after(Failure(5), start=timedelta(seconds=15)).interval == timedelta(seconds=15)
    assert after(Failure(10**9)).wait == timedelta(seconds=900)


def test_retry_after_is_honoured_beyond_the_longest_interval_and_not_for_a_year() -> None:
    hour, year = timedelta(hours=1), timedelta(days=365)
    assert next_interval(None, Failure(1, retry_after=hour), LIMITS, -1).wait == hour
    assert after(Failure(1, retry_after=year)).wait == timedelta(hours=6)


def test_chance_spreads_a_wait_by_a_fifth_and_leaves_the_interval_alone() -> None:
    interval = timedelta(seconds=80)
    early, late = (next_interval(interval, QUIET, LIMITS, jitter) for jitter in (-1, 1))
    assert (early.wait, late.wait) == (timedelta(seconds=80), timedelta(seconds=120))
    assert early.interval == late.interval == timedelta(seconds=100)


def test_fractions_of_a_second_scale_with_the_settings() -> None:
    assert after(*[CHANGED] * 4, limits=FAST).wait == timedelta(seconds=0.2)
    assert after(*[QUIET] * 30, limits=FAST).wait == timedelta(seconds=2)
    assert after(Failure(1), limits=FAST, start=timedelta(seconds=0.2)).wait == timedelta(seconds=0.4)


@given(interval=st.none() | seconds, look=looks, jitter=jitters)
def test_every_wait_lies_between_the_shortest_and_the_longest(
    interval: timedelta | None, look: Look, jitter: float
) -> None:
    decided = next_interval(interval, look, LIMITS, jitter)
    assert LIMITS.min_interval <= decided.wait <= LIMITS.max_interval * (1 + SPREAD)
    assert LIMITS.min_interval <= decided.interval <= LIMITS.max_interval
    if look.missing_for is not None:
        assert decided.wait <= timedelta(seconds=60)
    elif look.max_age is not None:
        assert decided.wait >= min(look.max_age, LIMITS.max_interval)


@given(interval=seconds, look=looks, jitter=jitters)
def test_settings_a_hundred_times_shorter_give_waits_a_hundred_times_shorter(
    interval: timedelta, look: Look, jitter: float
) -> None:
    def shrunk(value: timedelta | None) -> timedelta | None:
        return None if value is None else value / 100

    limits = Limits(LIMITS.min_interval / 100, LIMITS.max_interval / 100, LIMITS.removal_after / 100)
    small = Look(look.changed, look.ended, shrunk(look.max_age), shrunk(look.missing_for))
    wait = next_interval(interval, look, LIMITS, jitter).wait
    short = next_interval(interval / 100, small, limits, jitter).wait
    assert abs(short * 100 - wait) < timedelta(milliseconds=10)


@given(failures=st.integers(1, 10**6), asked=st.none() | seconds, jitter=jitters)
def test_no_failure_silences_a_source_for_more_than_six_hours(
    failures: int, asked: timedelta | None, jitter: float
) -> None:
    wait = next_interval(None, Failure(failures, asked), LIMITS, jitter).wait
    assert LIMITS.min_interval <= wait <= timedelta(hours=6)
    assert asked is None or wait >= min(asked, timedelta(hours=6))


# ── pages of which hardly anything is to be expected ─────────────────────────────────────────────────────────────


def rested(hours: float) -> Look:
    return Look(changed=False, ended=True, quiet_for=timedelta(hours=hours))


def test_coverage_that_ended_hours_ago_is_looked_at_every_six_hours_and_after_a_week_no_more() -> None:
    assert after(*[rested(5)] * 9).wait == timedelta(minutes=15)
    waits = [after(*[rested(7)] * polls, start=timedelta(minutes=15)).wait for polls in (1, 2, 9)]
    assert waits == [timedelta(minutes=30), timedelta(minutes=60), timedelta(hours=6)]
    assert [rested(hours).is_over for hours in (7, 167, 168)] == [False, False, True]


def test_a_page_that_wakes_up_is_read_as_before() -> None:
    asleep = after(*[rested(7)] * 9)
    assert next_interval(asleep.interval, CHANGED, LIMITS, 0).wait == timedelta(seconds=60)


def test_what_is_missing_is_decided_even_on_a_page_that_rests() -> None:
    missing = Look(changed=False, ended=True, quiet_for=timedelta(days=9), missing_for=timedelta())
    assert not missing.is_over
    assert after(missing).wait == timedelta(seconds=60)


def test_a_page_that_fails_for_more_than_a_day_is_tried_every_six_hours() -> None:
    failing = Failure(40, lasting=timedelta(days=2))
    assert after(failing).wait == timedelta(hours=6)
    assert not Failure(40, lasting=timedelta(days=8)).is_over
    assert Failure(40, lasting=timedelta(days=8), gone=True).is_over


@pytest.mark.parametrize("floor", [None, 60, 900])
def test_sources_that_fall_due_together_drift_apart(floor: float | None) -> None:
    dice = random.Random(7)
    look = Look(changed=False, max_age=None if floor is None else timedelta(seconds=floor))
    due = [0.0] * 600
    for _ in range(4):
        waits = [next_interval(timedelta(seconds=60), look, LIMITS, dice.uniform(-1, 1)).wait for _ in due]
        due = [at + wait.total_seconds() for at, wait in zip(due, waits, strict=True)]
    together = Counter(int(at) for at in due)
    assert max(together.values()) <= 40
    assert sum(count for at, count in together.items() if at % 60 == 0) <= 60


def test_an_allowance_that_many_share_is_kept_beyond_the_longest_interval() -> None:
    scarce = Look(changed=True, allowance=timedelta(minutes=30))
    waits = [next_interval(timedelta(seconds=60), scarce, LIMITS, jitter).wait for jitter in (-1, 0, 1)]
    assert min(waits) == timedelta(minutes=30)
