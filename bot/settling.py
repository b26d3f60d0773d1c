"""What a platform's answer makes of a delivery. Pure; `store.outbox.settle` writes it down, fenced by the epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, assert_never

from .planner import Act, Owed, Policy, State
from .ports import Capabilities, Done, Failed, Gone, Later, Moved, Outcome, Refused, Unsure

# A head that keeps failing holds its lane this long, then stands aside.
HEAD_HOLDS_LANE = timedelta(seconds=60)
# Tried this often with a failure of its own, a delivery is dead (an operator may replay it).
GIVE_UP_AFTER = 8
# The plainest form in which a message is said (`compose.compose`) before it is given up.
PLAINEST = 2


@dataclass(frozen=True, slots=True)
class Tried:
    """An act that was answered: on what, on which kind of platform, and the revision that the chat shows if it is done.

    That is not always today's: a nonce sent again brings back the text first sent under it (`shown_revision`).
    """

    owed: Owed
    act: Act
    revision: int
    can: Capabilities
    policy: Policy
    now: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of the delivery. None in `shown`, `pin_shown` or `worded` leaves them as they are.

    `done`: the act happened; the store decides between settled and due by what is wanted by then, and `state` is not
    used. `act` is what stays stored because its answer is not known. `hold` says why the chat is to be held, `move`
    where it went; `lost` why the thread of the page is no longer to be used: the subscription pauses. `lane_wait` and
    `bot_wait` are pauses for the chat and for the whole bot.
    """

    state: State = "due"
    done: bool = False
    shown: int | None = None
    pin_shown: int | None = None
    worded: int | None = None
    act: Act | None = None
    attempts: int = 0
    generation: int = 0
    form: int = 0
    due_in: timedelta = timedelta()
    failing: bool = False
    note: str = ""
    hold: str = ""
    move: str = ""
    lost: str = ""
    lane_wait: timedelta = timedelta()
    bot_wait: timedelta = timedelta()


def settle(tried: Tried, outcome: Outcome) -> Settlement:
    """Return what the answer makes of the delivery."""
    again = _again(tried.owed)
    result: Settlement
    match outcome:
        case Done():
            result = _done(tried)
        case Gone():
            result = _gone(tried, outcome)
        case Later(after, "delivery"):
            result = replace(again, due_in=after)
        case Later(after, "chat"):
            result = replace(again, lane_wait=after)
        case Later(after, _):
            result = replace(again, bot_wait=after)
        case Failed(reason, platform_wide):
            result = _failed(tried, reason, platform_wide=platform_wide)
        case Unsure(reason):
            result = _unsure(tried, reason)
        case Refused(reason, about):
            result = _refused(tried, reason, about)
        case Moved(chat):
            result = replace(again, move=chat)
        case _:
            assert_never(outcome)
    return result


def shown_revision(owed: Owed, act: Act, can: Capabilities) -> int:
    """Return the revision that a chat shows once `act` is done.

    What is finished after a lost answer or a crash may have left the text first tried under it: a send as a whole (the
    nonce brought it back) or in its first parts, an edit in the parts that it added. It is said to show that one, and
    the edit to today's follows.
    """
    return owed.tried_revision or owed.wanted if _may_be_older(owed, act, can) else owed.wanted


def _may_be_older(owed: Owed, act: Act, can: Capabilities) -> bool:
    """Whether what stands once `act` is done may be the text first tried under it."""
    if owed.act != act or not owed.tried_revision:
        return False
    unheard = can.idempotent_send and any(part.message_id is None for part in owed.parts)
    return unheard if act == "edit" else act == "send" and (can.idempotent_send or bool(owed.accepted))


def backoff(attempts: int) -> timedelta:
    """Return how long a delivery rests after its n-th failed attempt: 2, 4, 8, … seconds, at most a minute."""
    return timedelta(seconds=min(2 ** max(1, min(attempts, 10)), 60))


def _again(owed: Owed) -> Settlement:
    """It certainly did not happen now, and costs no attempt. What an earlier attempt left unsure stays stored."""
    attempts = max(0, owed.attempts - 1)
    return Settlement(act=owed.act, attempts=attempts, generation=owed.generation, form=owed.form)


def _kept(owed: Owed, **changes: object) -> Settlement:
    """The attempt is over and counts; nothing stays stored."""
    kept = Settlement(attempts=owed.attempts, generation=owed.generation, form=owed.form)
    return replace(kept, **changes)  # type: ignore[arg-type]  # the callers below name fields of Settlement


def _done(tried: Tried) -> Settlement:
    owed, act = tried.owed, tried.act
    if act == "pin":
        return Settlement(done=True, pin_shown=owed.pin_wanted, generation=owed.generation, form=owed.form)
    if act == "remove":
        return Settlement(done=True, shown=0, pin_shown=0, generation=owed.generation + 1, form=owed.form)
    if act == "notice":
        return Settlement(done=True, shown=0, generation=owed.generation, form=owed.form)
    # What may be older than today's is edited again wherever it was worded anew meanwhile.
    worded = None if _may_be_older(owed, act, tried.can) else owed.wording_wanted
    return Settlement(done=True, shown=tried.revision, worded=worded, generation=owed.generation, form=owed.form)


def _gone(tried: Tried, gone: Gone) -> Settlement:
    owed = tried.owed
    if tried.act == "send" or gone.unsent:
        # The nonce names a message that is no more (10008): under the next generation's it is sent again.
        return _kept(owed, generation=owed.generation + 1, note=gone.reason)
    kept = _kept(owed, state="gone", note=gone.reason)
    return replace(kept, shown=0, pin_shown=0) if tried.act == "remove" else kept


def _failed(tried: Tried, reason: str, *, platform_wide: bool) -> Settlement:
    owed = tried.owed
    if not platform_wide and owed.attempts >= GIVE_UP_AFTER and not owed.act:
        return _kept(owed, state="dead", note=reason)
    attempts = owed.attempts - platform_wide
    return replace(_rested(tried, reason), act=owed.act, attempts=attempts)


def _unsure(tried: Tried, reason: str) -> Settlement:
    """The act stays stored until its answer is known; only a send without a nonce is left to the chat's policy.

    One that is no longer wanted is not sent again; should its entry come back, it is.
    """
    owed, sending = tried.owed, tried.act == "send"
    if sending and not tried.can.idempotent_send and tried.policy == "skip":
        return _kept(owed, state="unsure", note=reason)
    if sending and not tried.can.idempotent_send and not owed.wanted:
        return _kept(owed, done=True, shown=0, note=reason)
    if not sending and owed.attempts >= GIVE_UP_AFTER:
        return _kept(owed, state="dead", note=reason)
    return replace(_rested(tried, reason), act=tried.act)


def _rested(tried: Tried, reason: str) -> Settlement:
    """It is tried again after a while; until it has failed for a minute, its lane waits for it."""
    wait = backoff(tried.owed.attempts)
    holding = (tried.owed.failing_since or tried.now) + HEAD_HOLDS_LANE - tried.now
    lane_wait = max(timedelta(), min(wait, holding))
    return _kept(tried.owed, due_in=wait, failing=True, note=reason, lane_wait=lane_wait)


def _refused(tried: Tried, reason: str, about: Literal["message", "act", "chat", "thread"]) -> Settlement:
    owed, act = tried.owed, tried.act
    if about == "thread" and owed.in_thread:
        return _without_thread(tried, reason)
    if act == "pin":
        # A pin is a courtesy: without the right to it the chat goes on.
        return Settlement(done=True, pin_shown=owed.pin_wanted, generation=owed.generation, form=owed.form, note=reason)
    if about in ("chat", "thread"):
        return replace(_again(owed), hold=reason)
    if about == "message" and act in {"send", "edit"} and owed.form < PLAINEST:
        return _kept(owed, form=owed.form + 1, note=reason)
    if act == "remove" and not owed.wanted:
        # The platform no longer lets it be removed: it is told to have been withdrawn instead.
        return _kept(owed, act="notice", note=reason)
    # It stands as it is; a later revision is tried again.
    return _kept(owed, state="dead", note=reason)


def _without_thread(tried: Tried, reason: str) -> Settlement:
    """People took the page's thread away, or closed it: what stood there is gone, what is owed waits for their word."""
    if tried.act != "send":
        return _kept(tried.owed, state="gone", note=reason)
    return _kept(tried.owed, attempts=max(0, tried.owed.attempts - 1), lost=reason, note=reason)
