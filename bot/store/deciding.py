"""What people decide on an entry that waits for them, written down once, and told in the message that asked.

waiting ─publish─▶ published (due)    waiting ─skip, or two days─▶ skipped (ended) ─publish after all─▶ published
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, case, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Decision
from .asking import chat_name, owed, waits, wish
from .holding import holds_first_send
from .planning import wake_lanes
from .rewording import reword
from .schema import Moment, chat, delivery, entry, lane, subscription

Choice = Literal["publish", "skip"]

# Nobody publishes live news later than this; what still waits then is let go.
PATIENCE = timedelta(days=2)
_MOST_EXPIRED = 200


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody decides (`by` is their name) at the message of a delivery that must stand in that chat.

    `anyway`: what was skipped is published after all.
    """

    chat_id: int
    asking: int
    choice: Choice
    by: str
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a press. `now` are the chats that it decided on, `held` those of them that get it later.

    Where there were none, `before` are the decisions that were made already, and `withdrawn` says that the page took it
    back meanwhile.
    """

    now: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    before: tuple[Decision, ...] = ()
    withdrawn: bool = False


async def decisions(connection: AsyncConnection, entry_id: int, chat_id: int) -> tuple[Decision, ...]:
    """Return what was decided on an entry, or waits, for each chat that this one reviews for."""
    rows = (await connection.execute(_asked_for(entry_id, chat_id))).all()
    return tuple(_decision(row) for row in rows if row.waits or row.decision != "waiting")


def _asked_for(entry_id: int, chat_id: int) -> Select[Any]:
    """What an entry's deliveries, whose subscriptions a chat reviews, wait for."""
    return (
        select(
            owed.c.id,
            owed.c.decision,
            owed.c.decided_by,
            owed.c.decided_at,
            owed.c.wanted,
            owed.c.shown,
            owed.c.subscription_id,
            waits().label("waits"),
            chat_name(chat),
        )
        .join_from(owed, wish, wish.c.id == owed.c.subscription_id)
        .join(chat, chat.c.id == owed.c.chat_id)
        .where(owed.c.entry_id == entry_id, wish.c.review_chat_id == chat_id, owed.c.decision != "")
        .order_by(chat.c.id)
    )


def _decision(row: Row[*tuple[Any, ...]]) -> Decision:
    return Decision(row.name, row.decision, row.decided_by, row.decided_at)


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def decide(connection: AsyncConnection, press: Press, now: datetime) -> Decided:
    """Publish or skip the entry that a message asks about, for all chats that wait for it.

    Where nothing waits any more it says what was decided before: of two people who press at once the first decides.
    """
    asked = (
        await connection.execute(select(delivery).where(delivery.c.id == press.asking).with_for_update())
    ).one_or_none()
    if asked is None or not asked.for_review or asked.chat_id != press.chat_id:
        return Decided()
    about = _asked_for(asked.entry_id, asked.chat_id).with_for_update(of=owed)
    rows = (await connection.execute(about)).all()
    chosen = [row for row in rows if row.waits or (press.anyway and row.decision == "skipped")]
    # Whoever presses what no longer asks for anything sees it say so, too.
    await reword(connection, delivery.c.id == press.asking, now)
    if not chosen:
        gone = bool(rows) and all(not row.wanted for row in rows)
        before = tuple(_decision(row) for row in rows if row.decision != "waiting")
        return Decided(before=before, withdrawn=gone)
    ids = [row.id for row in chosen]
    if press.choice == "skip":
        await _skip(connection, delivery.c.id.in_(ids), press.by, now)
        return Decided(tuple(row.name for row in chosen))
    held = await _publish(connection, ids, press.by, now)
    return Decided(tuple(row.name for row in chosen), tuple(row.name for row in chosen if row.id in held))


async def _publish(connection: AsyncConnection, ids: Sequence[int], who: str, now: datetime) -> set[int]:
    """Let these be sent; return which of them something else holds (a pause, quiet hours, a schedule)."""
    ordinary, breaking = literal(value=True), entry.c.breaking == 1
    held = holds_first_send(now, ordinary=ordinary, breaking=breaking, undecided=literal(value=False))
    found = (
        select(
            delivery.c.id,
            held.label("held"),
            case((entry.c.removed_at.is_(None), entry.c.revision), else_=0).label("now"),
        )
        .join_from(delivery, subscription, subscription.c.id == delivery.c.subscription_id)
        .join(chat, chat.c.id == delivery.c.chat_id)
        .join(entry, entry.c.id == delivery.c.entry_id)
        .where(delivery.c.id.in_(ids), subscription.c.ended_at.is_(None))
    )
    rows = (await connection.execute(found)).all()
    for row in rows:
        decided = {"decision": "published", "decided_by": who, "decided_at": now}
        # What was skipped was kept current no longer.
        turn = {"state": "due" if row.now else "settled", "wanted": row.now, "due_at": None if row.held else now}
        await connection.execute(update(delivery).where(delivery.c.id == row.id).values(**decided, **turn))
    lanes = select(delivery.c.lane_id).where(delivery.c.id.in_(ids))
    await wake_lanes(connection, lane.c.id.in_(lanes), now)
    return {row.id for row in rows if row.held}


async def _skip(connection: AsyncConnection, which: ColumnElement[bool], who: str, now: datetime) -> None:
    decided = {"decision": "skipped", "decided_by": who, "decided_at": literal(now, Moment)}
    await connection.execute(update(delivery).where(which).values(**decided, state="ended"))


async def expire(connection: AsyncConnection, now: datetime) -> int:
    """Let go what nobody decided on in time, and say so where it was asked; how many those were."""
    old = (
        select(delivery.c.id, delivery.c.entry_id)
        .join_from(delivery, entry, entry.c.id == delivery.c.entry_id)
        .where(delivery.c.decision == "waiting", delivery.c.state == "due", entry.c.seen_at < now - PATIENCE)
        .limit(_MOST_EXPIRED)
        .with_for_update(skip_locked=True, of=delivery)
    )
    rows = (await connection.execute(old)).all()
    if rows:
        await _skip(connection, delivery.c.id.in_([row.id for row in rows]), "", now)
        asking = and_(delivery.c.entry_id.in_([row.entry_id for row in rows]), delivery.c.for_review == 1)
        await reword(connection, asking, now)
    return len(rows)
