"""Pauses: they hold first sends only; what stands in a chat is still corrected and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .digests import gather
from .holding import undecided
from .planning import wake_lanes
from .schema import SEND, Moment, delivery, entry, lane, subscription

How = Literal["", "digest", "skip"]
"""What becomes of what was missed: "" sends it, as a digest where it is much."""


def unsent(subscriptions: Sequence[int]) -> ColumnElement[bool]:
    """First sends that nobody has begun."""
    return and_(delivery.c.subscription_id.in_(subscriptions), delivery.c.state == "due", delivery.c.urgency == SEND)


async def pause(connection: AsyncConnection, subscriptions: Sequence[int], until: datetime) -> None:
    """Hold the first sends of these subscriptions until then (`schema.FOREVER`: until somebody resumes them)."""
    paused = update(subscription).where(subscription.c.id.in_(subscriptions))
    await connection.execute(paused.values(paused_until=until))
    await connection.execute(update(delivery).where(unsent(subscriptions)).values(due_at=None))


async def resume(connection: AsyncConnection, subscriptions: Sequence[int], now: datetime, how: How = "") -> None:
    """Send again: what is owed, as a digest where it is much, or with "digest" in any case, or with "skip" not at all.

    What is skipped is never sent; the summary and the end of coverage are not skipped, because they speak for today,
    nor is what people have still to decide on, or are to be asked about.
    """
    if how == "skip":
        entries = select(entry.c.id).where(entry.c.kind == "entry")
        skipped = delivery.c.entry_id.in_(entries) | (delivery.c.kind == "digest")
        missed = update(delivery).where(unsent(subscriptions), skipped, ~undecided(), delivery.c.for_review == 0)
        await connection.execute(missed.values(state="ended"))
    resumed = update(subscription).where(subscription.c.id.in_(subscriptions))
    await connection.execute(resumed.values(paused_until=None, why="", backlog="send"))
    await release(connection, subscriptions, now, folding=how != "skip")
    if how == "digest":
        for each in subscriptions:
            await gather(connection, each, now, scheduled=False)


async def release(
    connection: AsyncConnection, subscriptions: Sequence[int], now: datetime, *, folding: bool = True
) -> None:
    """Let go what held the first sends of these subscriptions; what still holds some of them is seen at the claim.

    `folding`: what is owed comes as a digest where it is much, or where a schedule asks for one.
    """
    if folding:
        theirs = update(subscription).where(subscription.c.id.in_(subscriptions))
        await connection.execute(theirs.where(subscription.c.schedule == "").values(backlog="digest"))
        await connection.execute(
            theirs.where(subscription.c.schedule != "").values(next_digest_at=literal(now, Moment))
        )
    held = update(delivery).where(unsent(subscriptions), delivery.c.due_at.is_(None), ~undecided())
    await connection.execute(held.values(due_at=literal(now, Moment)))
    lanes = select(delivery.c.lane_id).where(unsent(subscriptions))
    await wake_lanes(connection, lane.c.id.in_(lanes), now)


async def end_pauses(connection: AsyncConnection, now: datetime, limit: int = 200) -> int:
    """Resume the subscriptions whose pause has run out; how many those were."""
    over = select(subscription.c.id).where(subscription.c.paused_until <= now).limit(limit)
    due = (await connection.execute(over.with_for_update(skip_locked=True))).scalars().all()
    if due:
        await resume(connection, due, now)
    return len(due)
