"""How much a bot asks of Discord, whatever Discord answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.allowance import CALLS, INVALID_WINDOW, MOST_INVALID, MOST_TRIED, Allowance, Asking, Wait


def ask(allowance: Allowance, channel: str, now: float, *, invalid: bool = False) -> Wait | None:
    """Ask at once and get the answer at once; return the wait where there is one."""
    asking = allowance.begin(channel, now)
    if isinstance(asking, Wait):
        return asking
    allowance.end(asking, now, invalid=invalid, well=not invalid)
    return None


def begun(allowance: Allowance, channel: str, now: float) -> Asking:
    asking = allowance.begin(channel, now)
    assert isinstance(asking, Asking)
    return asking


def test_fifty_calls_a_second_and_no_more() -> None:
    allowance = Allowance()
    assert [ask(allowance, "", 10.0) for _ in range(CALLS)] == [None] * CALLS
    assert ask(allowance, "", 10.25) == Wait(0.75, everywhere=True)
    assert ask(allowance, "", 11.0) is None


def test_a_call_under_way_counts_until_a_second_after_its_answer() -> None:
    allowance = Allowance()
    asked = [begun(allowance, "", 10.0) for _ in range(CALLS)]
    assert isinstance(allowance.begin("", 20.0), Wait)
    allowance.end(asked[0], 20.0, invalid=False, well=True)
    assert isinstance(allowance.begin("", 20.5), Wait)
    assert isinstance(allowance.begin("", 21.0), Asking)


def test_answers_to_commands_do_not_count_among_the_fifty() -> None:
    allowance = Allowance()
    for _ in range(CALLS):
        ask(allowance, "", 10.0)
    assert isinstance(allowance.begin("", 10.0, counts=False), Asking)


def test_a_hundred_who_press_at_once_keep_neither_the_next_nor_the_page_waiting() -> None:
    allowance = Allowance()
    for _ in range(3 * MOST_INVALID):
        assert isinstance(allowance.begin("", 10.0, counts=False, first=True), Asking)
    assert isinstance(allowance.begin("", 10.0), Asking)


def test_channels_that_threw_us_out_do_not_silence_the_others() -> None:
    allowance = Allowance()
    allowance.told(["open"], open_to_us=True)
    assert ask(allowance, "well", 0.0) is None
    for number in range(MOST_TRIED):
        assert ask(allowance, f"gone-{number}", 10.0 + number, invalid=True) is None
    assert ask(allowance, "gone-too", 100.0) == Wait(510.0, everywhere=False)
    assert ask(allowance, "open", 100.0) is None
    assert ask(allowance, "well", 100.0) is None
    allowance.told(["open"], open_to_us=False)
    assert isinstance(ask(allowance, "quiet", 100.0), Wait)


def test_a_channel_that_refused_is_no_longer_taken_for_well() -> None:
    allowance = Allowance()
    ask(allowance, "turned", 0.0)
    for number in range(MOST_TRIED - 1):
        ask(allowance, f"gone-{number}", 1.0 + number, invalid=True)
    assert ask(allowance, "turned", 60.0, invalid=True) is None
    assert isinstance(ask(allowance, "turned", 61.0), Wait)


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(0, 40), st.booleans(), st.floats(0, 5)), max_size=400))
def test_fewer_than_a_hundred_answers_in_ten_minutes_are_invalid_whatever_comes(
    calls: list[tuple[float, int, bool, float]],
) -> None:
    allowance, now = Allowance(), 0.0
    under_way: list[tuple[float, Asking, bool]] = []
    invalid: list[float] = []
    for pause, channel, refused, latency in calls:
        now += pause / 10
        for due in sorted([each for each in under_way if each[0] <= now], key=lambda each: each[0]):
            under_way.remove(due)
            allowance.end(due[1], now, invalid=due[2], well=not due[2])
            invalid += [now] * due[2]
        asking = allowance.begin(str(channel), now)
        if isinstance(asking, Asking):
            under_way.append((now + latency, asking, refused))
        recent = [at for at in invalid if at > now - INVALID_WINDOW]
        assert len(recent) + sum(each[2] for each in under_way) <= MOST_INVALID < 100
