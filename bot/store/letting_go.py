"""What is folded and can no longer be told by its message is let go: it is sent by itself, and never folded again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .holding import holds_delivery
from .planning import wake_lanes
from .schema import Moment, chat, delivery, entry, lane, subscription


async def let_go(connection: AsyncConnection, which: ColumnElement[bool], now: datetime, *, unsaid: bool) -> None:
    """Let folded deliveries be sent by themselves; `unsaid`: those of which the chat has not been told.

    What a pause, quiet hours or a schedule hold by now waits for their end.
    """
    into = delivery.alias("into")
    folded = (
        select(into.c.id).where(into.c.id == delivery.c.told_by, into.c.kind == "entry").correlate(delivery).exists()
    )
    moment = literal(now, Moment)
    alone = update(delivery).where(
        which, folded, delivery.c.state == "told", *([delivery.c.shown == 0] if unsaid else [])
    )
    lanes = await connection.execute(
        alone.values(
            state=case((delivery.c.wanted > 0, "due"), else_="settled"),
            due_at=case((_held(now), null()), else_=moment),
            wanted_at=moment,
            told_by=None,
            shown=0,
            alone=1,
        ).returning(delivery.c.lane_id)
    )
    await wake_lanes(connection, lane.c.id.in_(lanes.scalars().all()), now)


async def let_go_of_ended(connection: AsyncConnection, subscriptions: Sequence[int], now: datetime) -> None:
    """Let go what messages of ended subscriptions were to tell, and now never will."""
    into = delivery.alias("into")
    ended = select(into.c.id).where(
        into.c.subscription_id.in_(subscriptions),
        into.c.state == "ended",
        into.c.wording_wanted != into.c.wording_shown,
    )
    await let_go(connection, delivery.c.told_by.in_(ended), now, unsaid=True)


def _held(now: datetime) -> ScalarSelect[Any]:
    return (
        select(holds_delivery(now))
        .select_from(subscription)
        .join(chat, chat.c.id == subscription.c.chat_id)
        .join(entry, entry.c.id == delivery.c.entry_id)
        .where(subscription.c.id == delivery.c.subscription_id)
        .correlate(delivery)
        .scalar_subquery()
    )
