"""What a subscription wants of its page's summary: pinned, sent, or none."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import and_, case, delete, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Address
from . import content
from .asking import still_asks
from .entries import Recorded
from .planning import owe, unless_claimed, wake_lanes
from .schema import Moment, chat, delivery, entry, lane, part, source, subscription

Wanted = Literal["pin", "send", "off"]


async def set_summary(connection: AsyncConnection, subscription_id: int, wanted: Wanted, now: datetime) -> None:
    """Choose what becomes of the summary; what stands is unpinned or pinned, and made current unless it is off."""
    mine = subscription.c.id == subscription_id
    source_id: int = (await connection.execute(select(subscription.c.source_id).where(mine))).scalar_one()
    await connection.execute(select(source.c.id).where(source.c.id == source_id).with_for_update())
    await connection.execute(update(subscription).where(mine).values(summary=wanted))
    now_there = select(entry).where(entry.c.source_id == source_id, entry.c.kind == "summary")
    row = (await connection.execute(now_there)).one_or_none()
    if row is None:
        return
    await _change(connection, subscription_id, row.id, wanted, now)
    if wanted != "off" and row.removed_at is None:
        told = content.from_json(row.key, row.kind, row.content)
        # Whoever switched it off before it first came was never owed it.
        change = Recorded("new", row.id, row.kind, max(row.sequence, 1 << 30), row.rank, row.revision, told)
        await owe(connection, change, mine, now)
    lanes = select(delivery.c.lane_id).where(delivery.c.subscription_id == subscription_id)
    await wake_lanes(connection, lane.c.id.in_(lanes), now)


async def say_again(connection: AsyncConnection, left: Address, to: str, now: datetime) -> None:
    """Owe `to`, where a chat has moved, its pages' summaries anew: those in the chat that was left cannot be edited.

    So is what asks for a decision there, whose buttons were left behind. What is in flight waits for its answer, which
    tells of the move again.
    """
    current = and_(entry.c.kind == "summary", source.c.status != "ended")
    stand = (
        select(delivery.c.id)
        .join_from(delivery, entry, entry.c.id == delivery.c.entry_id)
        .join(source, source.c.id == entry.c.source_id)
        .join(chat, chat.c.id == delivery.c.chat_id)
        .join(part, part.c.delivery_id == delivery.c.id)
        .where(
            chat.c.platform == left.platform,
            chat.c.bot == left.bot,
            chat.c.chat == to,
            part.c.chat == left.chat,
            part.c.message_id.is_not(None),
            or_(current, still_asks()),
            delivery.c.state.in_(("due", "settled", "dead")),
            delivery.c.taken_at.is_(None),
            delivery.c.wanted > 0,
        )
    )
    ids = (await connection.execute(stand)).scalars().all()
    moment = literal(now, Moment)
    nothing_tried = {"act": None, "tried_revision": None, "tried_at": None, "attempts": 0, "form": 0}
    nothing_shown = {"shown": 0, "pin_shown": 0, "generation": delivery.c.generation + 1}
    due_now = {"state": "due", "due_at": moment, "wanted_at": moment}
    anew = update(delivery).where(delivery.c.id.in_(ids)).values(**nothing_tried, **nothing_shown, **due_now)
    await connection.execute(anew)
    await connection.execute(delete(part).where(part.c.delivery_id.in_(ids)))
    lanes = select(delivery.c.lane_id).where(delivery.c.id.in_(ids))
    await wake_lanes(connection, lane.c.id.in_(lanes), now)


async def _change(
    connection: AsyncConnection, subscription_id: int, entry_id: int, wanted: Wanted, now: datetime
) -> None:
    """Change the delivery of the summary that is there, if it is."""
    status = select(source.c.status).join_from(entry, source).where(entry.c.id == entry_id).scalar_subquery()
    pin = case((status == "ended", 0), else_=int(wanted == "pin"))
    newest = select(case((entry.c.removed_at.is_(None), entry.c.revision), else_=0)).where(entry.c.id == entry_id)
    theirs = and_(
        delivery.c.subscription_id == subscription_id,
        delivery.c.entry_id == entry_id,
        delivery.c.state.not_in(("gone", "unsure")),
        delivery.c.taken_at.is_(None),
    )
    changed = update(delivery).where(theirs)
    due_now = {"state": unless_claimed("due"), "due_at": literal(now, Moment), "wanted_at": literal(now, Moment)}
    if wanted == "off":
        unsent = and_(delivery.c.shown == 0, delivery.c.act.is_(None), delivery.c.state == "due")
        await connection.execute(changed.where(unsent).values(state="ended"))
        await connection.execute(
            changed.where(delivery.c.shown > 0, delivery.c.pin_wanted > 0).values(pin_wanted=0, **due_now)
        )
        return
    await connection.execute(changed.values(pin_wanted=pin, wanted=newest.scalar_subquery(), **due_now))
