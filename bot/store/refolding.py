"""What a change of an entry makes of what is folded: the line follows it, or what is folded is let go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..fold import Report, parts_from
from . import folding, planning
from .entries import Recorded
from .letting_go import let_go
from .rewording import reword
from .schema import chat, delivery, entry, source


async def plan(connection: AsyncConnection, source_id: int, changes: Sequence[Recorded], now: datetime) -> None:
    """Write down what the changes make every subscription want (`planning.plan`), and of what is folded."""
    known = [change.entry_id for change in changes if change.kind != "new"]
    pairs = await _pairs(connection, known)
    await _lock(connection, pairs)
    await planning.plan(connection, source_id, changes, now)
    if not pairs:
        return
    pairs = await _pairs(connection, known)
    reports = await _reports(connection, pairs)
    for pair in pairs:
        await _follow(connection, pair, reports, now, changed=pair.entry_id in known)


async def _pairs(connection: AsyncConnection, entries: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what of these entries is folded, and what is folded into their messages."""
    if not entries:
        return ()
    into = delivery.alias("into")
    folded = (
        select(delivery.c.id, delivery.c.told_by, delivery.c.entry_id, delivery.c.wanted, chat.c.language)
        .add_columns(into.c.wanted.label("into_wanted"), into.c.taken_at)
        .join_from(delivery, into, into.c.id == delivery.c.told_by)
        .join(chat, chat.c.id == delivery.c.chat_id)
        .where(delivery.c.state == "told", into.c.kind == "entry")
        .where(or_(delivery.c.entry_id.in_(entries), into.c.entry_id.in_(entries)))
        .order_by(delivery.c.id)
    )
    return (await connection.execute(folded)).all()


async def _lock(connection: AsyncConnection, pairs: Sequence[Row[*tuple[Any, ...]]]) -> None:
    """Keep both sides from others: messages first, then what is folded into them, as whoever answers for one does.

    Two sources that change at once hold each other's deliveries; in one order, none waits for ever.
    """
    for ids in ({pair.told_by for pair in pairs}, {pair.id for pair in pairs}):
        if ids:
            rows = select(delivery.c.id).where(delivery.c.id.in_(ids)).order_by(delivery.c.id)
            await connection.execute(rows.with_for_update())


async def _reports(connection: AsyncConnection, pairs: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, Report]:
    ids = {id_ for pair in pairs for id_ in (pair.id, pair.told_by)}
    told = (
        select(*folding.REPORTED)
        .join_from(delivery, entry, entry.c.id == delivery.c.entry_id)
        .join(source, source.c.id == entry.c.source_id)
        .where(delivery.c.id.in_(ids))
    )
    rows = (await connection.execute(told)).all()
    return {row.id: folding.report(row) for row in rows}


async def _follow(
    connection: AsyncConnection,
    pair: Row[*tuple[Any, ...]],
    reports: dict[int, Report],
    now: datetime,
    *,
    changed: bool,
) -> None:
    """Bring one line up to date (`changed`: its entry was); let it go where its message was withdrawn or tells another.

    What people took away stays away, with all that it told.
    """
    if pair.taken_at is not None:
        return
    withdrawn = not pair.into_wanted
    parted = bool(pair.wanted) and parts_from(reports[pair.told_by], reports[pair.id], pair.language)
    if withdrawn or parted:
        await let_go(connection, delivery.c.id == pair.id, now, unsaid=False)
    if (parted or changed) and not withdrawn:
        await reword(connection, delivery.c.id == pair.told_by, now)
