"""What each answer of a platform makes of a delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.planner import Act, Owed, Part, Policy, next_act
from bot.ports import Capabilities, Done, Failed, Gone, Later, Moved, Outcome, Refused, Unsure
from bot.settling import GIVE_UP_AFTER, PLAINEST, Settlement, Tried, backoff, settle, shown_revision

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
PLAIN = Capabilities(idempotent_send=False, history=False)
NONCE = Capabilities(idempotent_send=True, history=True)
PART = Part(0, 0, "nonce", "chat", "text", "7", NOW)
FRESH = Owed(wanted=2, shown=0, parts=(), chat="chat", attempts=1)
STANDING = replace(FRESH, shown=1, parts=(PART,))


def settled(
    outcome: Outcome, act: Act = "send", owed: Owed = FRESH, can: Capabilities = PLAIN, policy: Policy = "repeat"
) -> Settlement:
    return settle(Tried(owed, act, owed.wanted, can, policy, NOW), outcome)


def test_done_shows_the_revision_that_was_composed() -> None:
    assert settled(Done("7")) == Settlement(done=True, shown=2, worded=0)


def test_an_edit_settles_with_the_wording_that_was_composed() -> None:
    reworded = replace(STANDING, shown=2, wording_wanted=3, wording_shown=2)
    assert next_act(reworded, PLAIN, now=NOW) == "edit"
    assert settled(Done("7"), "edit", reworded).worded == 3


def test_what_may_say_an_older_text_after_a_lost_answer_is_not_taken_for_worded_anew() -> None:
    resumed = replace(FRESH, act="send", tried_revision=2, tried_at=NOW, wording_wanted=3, wording_shown=2)
    assert settled(Done("7"), "send", resumed, NONCE).worded is None


def test_a_message_that_is_only_worded_anew_is_never_replaced() -> None:
    reworded = replace(STANDING, shown=2, wording_wanted=1)
    assert next_act(reworded, PLAIN, now=NOW, kinds=("photo",), can_edit=lambda *_: False, is_last=True) == "edit"


def test_a_removal_shows_nothing_and_raises_the_generation() -> None:
    result = settled(Done(), "remove", replace(STANDING, wanted=0))
    assert (result.shown, result.generation) == (0, 1)


def test_a_message_that_people_deleted_before_we_removed_it_is_gone() -> None:
    gone = settled(Gone("not found"), "remove", replace(STANDING, wanted=0))
    assert (gone.state, gone.done, gone.shown) == ("gone", False, 0)


def test_a_part_whose_nonce_is_burnt_is_sent_under_the_next_one_also_within_an_edit() -> None:
    again = settled(Gone("Unknown Message", unsent=True), "edit", STANDING)
    assert (again.state, again.generation) == ("due", 1)


def test_an_edit_of_a_message_that_people_deleted_is_the_end_of_it() -> None:
    assert settled(Gone("not found"), "edit", STANDING).state == "gone"


@pytest.mark.parametrize("scope", ["delivery", "chat", "bot"])
def test_being_told_to_wait_costs_no_attempt_and_holds_only_what_it_concerns(scope: str) -> None:
    result = settled(Later(timedelta(seconds=30), scope))  # type: ignore[arg-type]  # one of the three
    assert (result.state, result.attempts, result.act) == ("due", 0, None)
    waits = {"delivery": result.due_in, "chat": result.lane_wait, "bot": result.bot_wait}
    assert {name: wait for name, wait in waits.items() if wait} == {scope: timedelta(seconds=30)}


def test_a_failure_of_the_whole_platform_costs_no_attempt() -> None:
    assert settled(Failed("no network", platform_wide=True)).attempts == 0


def test_a_failing_head_holds_its_lane_for_a_minute_and_then_stands_aside() -> None:
    first = settled(Failed("odd"))
    assert (first.failing, first.lane_wait, first.due_in) == (True, backoff(1), backoff(1))
    later = settled(Failed("odd"), owed=replace(FRESH, attempts=5, failing_since=NOW - timedelta(seconds=61)))
    assert (later.lane_wait, later.due_in) == (timedelta(), backoff(5))


def test_an_answer_that_is_lost_again_and_again_stands_aside_after_a_minute_too() -> None:
    late = replace(FRESH, attempts=7, act="send", failing_since=NOW - timedelta(seconds=61))
    assert settled(Unsure("cut"), owed=late).lane_wait == timedelta()


def test_after_many_failures_of_its_own_a_delivery_is_dead_and_says_why() -> None:
    result = settled(Failed("odd"), owed=replace(FRESH, attempts=GIVE_UP_AFTER))
    assert (result.state, result.note) == ("dead", "odd")


def test_a_lost_answer_keeps_the_act_stored() -> None:
    assert settled(Unsure("cut")).act == "send"
    assert settled(Unsure("cut"), "edit", STANDING).act == "edit"


def test_a_chat_that_skips_leaves_a_lost_send_unsure_unless_a_nonce_makes_it_safe() -> None:
    assert settled(Unsure("cut"), policy="skip").state == "unsure"
    assert settled(Unsure("cut"), can=NONCE, policy="skip").state == "due"


def test_a_lost_send_that_is_no_longer_wanted_is_over_without_a_nonce() -> None:
    result = settled(Unsure("cut"), owed=replace(FRESH, wanted=0))
    assert (result.done, result.shown) == (True, 0)
    assert settled(Unsure("cut"), owed=replace(FRESH, wanted=0), policy="skip").state == "unsure"


def test_what_is_refused_for_itself_is_said_more_plainly_until_nothing_plainer_is_left() -> None:
    result = settled(Refused("bad image", "message"))
    assert (result.state, result.form) == ("due", 1)
    assert settled(Refused("bad image", "message"), owed=replace(FRESH, form=PLAINEST)).state == "dead"


def test_a_refusal_that_concerns_the_chat_holds_it_and_keeps_what_is_owed() -> None:
    result = settled(Refused("kicked", "chat"))
    assert (result.state, result.hold, result.attempts) == ("due", "kicked", 0)


def test_a_removal_that_the_platform_no_longer_allows_becomes_a_notice() -> None:
    assert settled(Refused("too old", "act"), "remove", replace(STANDING, wanted=0)).act == "notice"


def test_a_pin_that_is_refused_does_not_hold_the_chat() -> None:
    result = settled(Refused("no right to pin", "chat"), "pin", replace(STANDING, pin_wanted=1))
    assert (result.done, result.pin_shown, result.hold) == (True, 1, "")


def test_a_chat_that_moved_is_tried_again_at_its_new_address() -> None:
    result = settled(Moved("new"))
    assert (result.state, result.move, result.attempts) == ("due", "new", 0)


def test_a_nonce_sent_again_shows_the_text_first_sent_under_it() -> None:
    resumed = replace(FRESH, act="send", tried_revision=1, tried_at=NOW)
    assert shown_revision(resumed, "send", NONCE) == 1
    assert shown_revision(resumed, "send", PLAIN) == 2


# ── the next act ─────────────────────────────────────────────────────────────────────────────────────────────────


def act_of(owed: Owed, can: Capabilities = PLAIN, now: datetime = NOW) -> Act | None:
    return next_act(owed, can, now=now)


def test_nothing_shown_is_sent_and_something_older_is_edited() -> None:
    assert act_of(FRESH) == "send"
    assert act_of(STANDING) == "edit"


def test_what_is_wanted_no_more_is_removed_while_the_platform_allows_it_and_told_about_afterwards() -> None:
    can = replace(PLAIN, removes_until=timedelta(hours=48))
    unwanted = replace(STANDING, wanted=0)
    assert act_of(unwanted, can) == "remove"
    assert act_of(unwanted, can, NOW + timedelta(hours=48)) == "notice"


def test_a_stored_send_is_finished_before_anything_else_and_a_stored_edit_gives_way() -> None:
    assert act_of(replace(FRESH, wanted=0, act="send")) == "send"
    assert act_of(replace(STANDING, wanted=0, act="edit")) == "remove"


def test_what_stands_in_a_chat_that_this_one_was_moved_from_is_left_alone() -> None:
    assert act_of(replace(STANDING, chat="supergroup")) is None


def test_a_pin_comes_when_the_text_is_right() -> None:
    assert act_of(replace(STANDING, shown=2, pin_wanted=1)) == "pin"
