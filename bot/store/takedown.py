"""Taking an entry or a whole page down for good, as a publisher or a court asked: out of every chat, and forgotten.

A withdrawal follows the page and can be undone by it; what was taken down stays down whatever the page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .letting_go import let_go
from .planning import unless_claimed, wake_lanes
from .rewording import reword
from .schema import delivery, entry, lane, source

# A message of a delivery in one of these states may stand in its chat.
_STANDING = ("due", "claimed", "settled", "dead", "ended", "unsure")


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What was taken down: a page with all its entries, or (`whole` False) entries; from how many deliveries."""

    whole: bool
    entries: int
    deliveries: int


async def take_down(connection: AsyncConnection, url: str, page: str, now: datetime) -> TakenDown | None:
    """Take down the entries at `url`, or the source at the canonical address `page`; None where neither is known."""
    known = (await connection.execute(select(source).where(source.c.url == page).with_for_update())).first()
    # Where entries have no address of their own theirs is the page's, and the page is meant.
    entries = [] if known and known.url == url else await _entries(connection, entry.c.url == url)
    if not entries and known is None:
        return None
    whole = not entries
    if known is not None and whole:
        await _close(connection, known.id, now)
        entries = await _entries(connection, entry.c.source_id == known.id)
    return TakenDown(whole, len(entries), await _take(connection, entries, now))


async def _entries(connection: AsyncConnection, which: Any) -> Sequence[int]:
    return (await connection.execute(select(entry.c.id).where(which))).scalars().all()


async def _close(connection: AsyncConnection, source_id: int, now: datetime) -> None:
    """A page that was taken down is no longer asked for, and nobody can follow it."""
    values = {"taken_down_at": now, "next_poll_at": None, "lease_owner": "", "lease_until": None, "status": "ended"}
    await connection.execute(update(source).where(source.c.id == source_id).values(**values))


async def _take(connection: AsyncConnection, entries: Sequence[int], now: datetime) -> int:
    """Empty the entries and want their messages gone, also where a chat has unsubscribed since."""
    emptied = {"content": null(), "headline": "", "text": "", "taken_down_at": now, "removed_at": now}
    await connection.execute(update(entry).where(entry.c.id.in_(entries)).values(**emptied))
    mine = delivery.c.entry_id.in_(entries)
    await _retell(connection, mine, now)
    standing = and_(mine, or_(delivery.c.shown > 0, delivery.c.act.is_not(None)), delivery.c.state.in_(_STANDING))
    gone = update(delivery).where(standing)
    values = {"wanted": 0, "wanted_at": now, "due_at": now, "attempts": 0, "state": unless_claimed("due")}
    taken = (await connection.execute(gone.values(**values).returning(delivery.c.lane_id, delivery.c.id))).all()
    lanes = [row.lane_id for row in taken]
    await let_go(connection, delivery.c.told_by.in_([row.id for row in taken]), now, unsaid=False)
    unsent = delivery.c.state.in_(("due", "claimed", "dead"))
    never = update(delivery).where(mine, unsent, delivery.c.shown == 0, delivery.c.act.is_(None))
    await connection.execute(never.values(wanted=0, state=unless_claimed("settled")))
    await wake_lanes(connection, lane.c.id.in_(lanes), now)
    return len(lanes)


async def _retell(connection: AsyncConnection, mine: Any, now: datetime) -> None:
    """Make the digests and messages that speak for the entries say nothing of them."""
    tellers = select(delivery.c.told_by).where(mine, delivery.c.told_by.is_not(None))
    await reword(connection, and_(delivery.c.id.in_(tellers), delivery.c.kind == "entry"), now)
    standing = and_(delivery.c.kind == "digest", delivery.c.state != "gone", delivery.c.taken_at.is_(None))
    again = update(delivery).where(delivery.c.id.in_(tellers), standing)
    values = {"wanted": delivery.c.wanted + 1, "wanted_at": now, "state": unless_claimed("due"), "due_at": now}
    lanes = (await connection.execute(again.values(**values).returning(delivery.c.lane_id))).scalars().all()
    await connection.execute(update(delivery).where(mine, delivery.c.told_by.is_not(None)).values(wanted=0))
    await wake_lanes(connection, lane.c.id.in_(lanes), now)
