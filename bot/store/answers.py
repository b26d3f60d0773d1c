"""What is about to be done to a delivery, written down before the call, and what the platform answered, after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import LeaseLost
from ..planner import Act, Part
from ..settling import Settlement
from . import folding
from .chats import move_chat
from .outbox import Claim
from .pausing import pause
from .schema import FOREVER, Moment, chat, delivery, lane, part, subscription


@dataclass(frozen=True, slots=True)
class Begun:
    """What is about to be done to a claimed delivery, stored before the call; `act` None: nothing needs to be.

    `opens`: the thread of its page is opened first. `pings`: a role is called for the first time in a while.
    """

    claim: Claim
    act: Act | None
    parts: tuple[Part, ...] = ()
    opens: bool = False
    pings: bool = False


_BEGIN = (
    update(delivery)
    .where(delivery.c.id == bindparam("of"))
    .values(
        act=bindparam("now_done"),
        tried_revision=bindparam("with_revision"),
        tried_at=bindparam("at"),
        thread=bindparam("placed"),
        ping=bindparam("calls"),
    )
)
_PINGS = update(lane).where(lane.c.id == bindparam("of")).values(pinged_at=bindparam("at"))
_OPENS = (
    update(subscription)
    .where(subscription.c.id == bindparam("of"), subscription.c.thread_tried_at.is_(None))
    .values(thread_tried_at=bindparam("at"))
)


async def begin(connection: AsyncConnection, begun: Sequence[Begun], now: datetime) -> None:
    """Write down each act, the revision first tried under it and the nonces of the parts that it will send."""
    tried = [
        {
            "of": each.claim.id,
            "now_done": each.act,
            "with_revision": each.claim.owed.wanted,
            "at": now,
            "placed": each.claim.place,
            "calls": each.claim.pinged,
        }
        for each in begun
        if each.claim.owed.act != each.act or each.claim.owed.tried_at is None  # else it is stored already
    ]
    if tried:
        await connection.execute(_BEGIN, tried)
    opening = [{"of": each.claim.subscription_id, "at": now} for each in begun if each.opens]
    if opening:
        await connection.execute(_OPENS, opening)
    calling = [{"of": each.claim.lane_id, "at": now} for each in begun if each.pings]
    if calling:
        await connection.execute(_PINGS, calling)
    rows = [
        {
            "delivery_id": each.claim.id,
            "number": new.number,
            "generation": new.generation,
            "nonce": new.nonce,
            "chat": new.chat,
            "kind": new.kind,
        }
        for each in begun
        for new in each.parts
    ]
    if rows:
        await connection.execute(part.insert(), rows)


_ACCEPT = (
    update(part)
    .where(
        part.c.delivery_id == bindparam("of"),
        part.c.number == bindparam("which"),
        part.c.generation == bindparam("made_in"),
    )
    .values(
        message_id=bindparam("as_message"),
        sent_at=bindparam("at"),
        kind=bindparam("of_kind"),
        chat=bindparam("in_chat"),
    )
)


async def accept(connection: AsyncConnection, accepted: Sequence[tuple[Claim, Part]]) -> None:
    """Write down that the platform accepted these parts."""
    rows = [
        {
            "of": claim.id,
            "which": sent.number,
            "made_in": sent.generation,
            "as_message": sent.message_id,
            "at": sent.sent_at,
            "of_kind": sent.kind,
            "in_chat": sent.chat,
        }
        for claim, sent in accepted
    ]
    if rows:
        await connection.execute(_ACCEPT, rows)


async def opened(connection: AsyncConnection, claim: Claim, thread: str) -> None:
    """Write down the thread that was opened for a delivery's page; "": its beginning was taken away, begin anew."""
    mine = update(subscription).where(subscription.c.id == claim.subscription_id)
    await connection.execute(mine.values(thread=thread, thread_tried_at=None))
    await connection.execute(update(delivery).where(delivery.c.id == claim.id).values(thread=thread))


async def forget(connection: AsyncConnection, claim: Claim, removed: Part) -> None:
    """Write down that a part is no more: what stands in its place one day gets a nonce of the next generation."""
    await connection.execute(delete(part).where(_is(claim, removed)))
    behind = update(delivery).where(delivery.c.id == claim.id, delivery.c.generation <= removed.generation)
    await connection.execute(behind.values(generation=removed.generation + 1))


async def leave(connection: AsyncConnection, claim: Claim, leaving: Part) -> None:
    """Write down whether the removal of a part is under way."""
    await connection.execute(update(part).where(_is(claim, leaving)).values(leaving=int(leaving.leaving)))


async def trying(connection: AsyncConnection, claim: Claim, tried: Part) -> None:
    """Write down since when a part may stand in the chat without our hearing of it; None: it certainly does not."""
    await connection.execute(update(part).where(_is(claim, tried)).values(sent_at=tried.sent_at))


def _is(claim: Claim, named: Part) -> ColumnElement[bool]:
    return and_(part.c.delivery_id == claim.id, part.c.number == named.number, part.c.generation == named.generation)


async def fence(connection: AsyncConnection, *claims: Claim) -> None:
    """Raise LeaseLost if a newer sender has taken one over; else none does before this transaction ends.

    The claims are one sender's.
    """
    ours = (
        select(delivery.c.id)
        .where(
            delivery.c.id.in_([claim.id for claim in claims]),
            delivery.c.state == "claimed",
            delivery.c.epoch == claims[0].epoch,
        )
        .with_for_update()
    )
    if len((await connection.execute(ours)).all()) < len(claims):
        raise LeaseLost("Another process sends for this bot now.")


_SHOWN = func.coalesce(bindparam("now_shown", type_=Integer), delivery.c.shown)
_WORDED = func.coalesce(bindparam("now_worded", type_=Integer), delivery.c.wording_shown)
_PINNED = func.coalesce(bindparam("now_pinned", type_=Integer), delivery.c.pin_shown)
_BECOMES = bindparam("becomes", type_=Text)
_KEPT_ACT = bindparam("kept_act", type_=Text)
_GENERATION = bindparam("now_generation", type_=Integer)
_UNSUBSCRIBED = exists().where(subscription.c.id == delivery.c.subscription_id, subscription.c.ended_at.is_not(None))
_AS_WANTED = and_(
    delivery.c.wanted == _SHOWN,
    or_(and_(delivery.c.pin_wanted == _PINNED, delivery.c.wording_wanted == _WORDED), _SHOWN == 0),
)
# "done" is settled if it shows what is wanted by now; a newer wish makes it due again; unsubscribed, it stays as it is.
_STATE = case(
    (and_(_UNSUBSCRIBED, or_(_BECOMES != "due", _KEPT_ACT.is_(None))), "ended"),
    (and_(_BECOMES == "done", _AS_WANTED), "settled"),
    (and_(_BECOMES == "dead", delivery.c.wanted != bindparam("had_wanted", type_=Integer)), "due"),
    (_BECOMES == "done", "due"),
    else_=_BECOMES,
)
_FAILING = func.coalesce(delivery.c.failing_since, bindparam("at", type_=Moment))
# Built once: putting a statement together takes longer than running it.
_SETTLE = (
    update(delivery)
    .where(delivery.c.id == bindparam("of"))
    .values(
        state=_STATE,
        shown=_SHOWN,
        pin_shown=_PINNED,
        wording_shown=_WORDED,
        act=_KEPT_ACT,
        attempts=bindparam("made"),
        # Parts that were taken away on the way may have raised it already.
        generation=case((delivery.c.generation < _GENERATION, _GENERATION), else_=delivery.c.generation),
        form=bindparam("in_form"),
        due_at=bindparam("from_then"),
        failing_since=case((bindparam("fails", type_=Boolean), _FAILING), else_=None),
        note=bindparam("why"),
        tried_revision=case((_KEPT_ACT.is_(None), None), else_=delivery.c.tried_revision),
        tried_at=case((_KEPT_ACT.is_(None), None), else_=delivery.c.tried_at),
    )
)


async def settle(connection: AsyncConnection, settled: Sequence[tuple[Claim, Settlement, datetime]]) -> None:
    """Write down what became of claimed deliveries. Raises LeaseLost if a newer sender has taken one over.

    Their lanes stay busy until `free`.
    """
    await fence(connection, *(claim for claim, _, _ in settled))
    rows = [
        {
            "of": claim.id,
            "becomes": "done" if result.done else result.state,
            "now_shown": result.shown,
            "now_pinned": result.pin_shown,
            "now_worded": result.worded,
            "kept_act": result.act,
            "had_wanted": claim.owed.wanted,
            "made": result.attempts,
            "now_generation": result.generation,
            "in_form": result.form,
            "from_then": now + result.due_in,
            "fails": result.failing,
            "at": now,
            "why": result.note,
        }
        for claim, result, now in settled
    ]
    await connection.execute(_SETTLE, rows)
    for claim, result, now in settled:
        await _follow(connection, claim, result, now)


async def _follow(connection: AsyncConnection, claim: Claim, result: Settlement, now: datetime) -> None:
    """Do what an answer means beyond its delivery."""
    if claim.owed.wording_wanted:
        await folding.answered(connection, claim.id, claim.also, result, now)
    if result.generation != claim.owed.generation:
        await _forget_unsent(connection, claim)
    if result.hold:
        await _hold(connection, claim, result.hold, now)
    if result.lost:
        await _lose_thread(connection, claim, result.lost)
    if result.move:
        await move_chat(connection, claim.address, result.move, now)


async def _forget_unsent(connection: AsyncConnection, claim: Claim) -> None:
    """Nonces of an earlier generation are never used again."""
    await connection.execute(delete(part).where(part.c.delivery_id == claim.id, part.c.message_id.is_(None)))


_FREE = (
    update(lane)
    .where(lane.c.id == bindparam("of"), lane.c.busy == bindparam("with"))
    .values(busy=None, served_at=bindparam("at"), paced_until=bindparam("until"), next_at=bindparam("at"))
)


async def free(connection: AsyncConnection, lanes: Sequence[tuple[Claim, datetime, datetime]]) -> None:
    """Let the lanes of these claims be served again: served when, and not before."""
    rows = [{"of": claim.lane_id, "with": claim.id, "at": at, "until": until} for claim, at, until in lanes]
    await connection.execute(_FREE, rows)


async def _hold(connection: AsyncConnection, claim: Claim, why: str, now: datetime) -> None:
    """Hold the chat: everything owed to it and all its settings stay until the bot is back."""
    held = update(chat).where(chat.c.id == claim.chat_id, chat.c.state == "active")
    await connection.execute(held.values(state="held", why=why, held_at=now))


async def _lose_thread(connection: AsyncConnection, claim: Claim, why: str) -> None:
    """People closed or deleted the page's thread: nothing more is said until they resume, and then in a new one."""
    await opened(connection, claim, "")
    mine = update(subscription).where(subscription.c.id == claim.subscription_id)
    await connection.execute(mine.values(why=why))
    await pause(connection, [claim.subscription_id], FOREVER)


async def known_messages(connection: AsyncConnection, where: str, ids: Sequence[str]) -> frozenset[str]:
    """Return which of these messages of a platform chat belong to deliveries."""
    ours = select(part.c.message_id).where(part.c.chat == where, part.c.message_id.in_(ids))
    return frozenset((await connection.execute(ours)).scalars().all())
