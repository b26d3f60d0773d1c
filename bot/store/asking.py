"""Asking people to decide: what waits for that is owed to the chat that reviews it, with buttons.

A subscription whose entries are reviewed names the chat that does so (`review_chat_id`). That chat follows the page,
too: by a subscription of its own, or by one that exists for this alone (`review_only`), so that corrections and
withdrawals reach it as they reach every other chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Label, and_, case, exists, false, literal, null, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from .holding import holds_first_send
from .schema import Moment, chat, delivery, entry, subscription

# The subscription whose entry waits, and what it is owed.
wish, owed = subscription.alias("wish"), delivery.alias("owed")

_ASKED = (
    "subscription_id",
    "entry_id",
    "chat_id",
    "lane_id",
    "rank",
    "wanted",
    "wanted_at",
    "due_at",
    "for_review",
)


def waits() -> ColumnElement[bool]:
    """Whether what a `wish` is `owed` waits for a decision; what was withdrawn, or is no longer wished, does not."""
    return and_(owed.c.decision == "waiting", owed.c.state == "due", owed.c.wanted > 0, wish.c.ended_at.is_(None))


def still_asks() -> ColumnElement[bool]:
    """Whether a delivery asks for a decision that nobody has made."""
    waiting = owed.c.entry_id == delivery.c.entry_id, wish.c.id == owed.c.subscription_id
    mine = wish.c.review_chat_id == delivery.c.chat_id
    return and_(delivery.c.for_review == 1, exists().where(*waiting, mine, waits()).correlate(delivery))


def chat_name(which: FromClause) -> Label[str]:
    """What people call a chat; one without a title goes by its id."""
    return case((which.c.title == "", which.c.chat), else_=which.c.title).label("name")


async def ask(
    connection: AsyncConnection, now: datetime, *, entries: Sequence[int] = (), wishes: Sequence[int] = ()
) -> Sequence[int]:
    """Owe what waits for a decision to the chats that decide, and return the lanes of what is owed anew or otherwise.

    Of these entries, or of these subscriptions. What such a chat was shown before by itself gets its buttons now; in a
    digest it has none, so it is told once more.
    """
    moment = literal(now, Moment)
    held = holds_first_send(now, ordinary=false(), breaking=entry.c.breaking == 1, undecided=false())
    asked = (
        select(
            subscription.c.id,
            owed.c.entry_id,
            chat.c.id,
            chat.c.lane_id,
            owed.c.rank,
            owed.c.wanted,
            moment,
            case((held, null()), else_=moment),
            literal(1),
        )
        .join_from(owed, wish, wish.c.id == owed.c.subscription_id)
        .join(entry, entry.c.id == owed.c.entry_id)
        .join(
            subscription,
            and_(subscription.c.chat_id == wish.c.review_chat_id, subscription.c.source_id == wish.c.source_id),
        )
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(waits(), subscription.c.ended_at.is_(None), or_(owed.c.entry_id.in_(entries), wish.c.id.in_(wishes)))
        .distinct()
    )
    new = insert(delivery).from_select(_ASKED, asked)
    again = new.on_conflict_do_update(
        index_elements=["entry_id", "subscription_id"],
        set_=_asked_again(new.excluded, moment),
        where=and_(or_(delivery.c.for_review == 0, delivery.c.state == "ended"), delivery.c.taken_at.is_(None)),
    )
    lanes: Sequence[int] = (await connection.execute(again.returning(delivery.c.lane_id))).scalars().all()
    return lanes


def _asked_again(excluded: Any, moment: ColumnElement[datetime]) -> dict[str, Any]:
    """What becomes of a delivery that asked for nothing until now; what people deleted stays away."""
    stands = delivery.c.state.in_(("claimed", "due", "gone", "unsure"))
    return {
        "for_review": 1,
        "state": case((stands, delivery.c.state), else_="due"),
        "told_by": None,
        # A line under another message, or in a digest, is no message of its own.
        "shown": case((delivery.c.state == "told", 0), else_=delivery.c.shown),
        "wanted": case((delivery.c.state == "gone", delivery.c.wanted), else_=excluded.wanted),
        "wanted_at": moment,
        "due_at": case((delivery.c.shown > 0, moment), else_=excluded.due_at),
        "wording_wanted": delivery.c.wording_wanted + 1,
    }
