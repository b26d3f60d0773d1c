"""The operator's alerts, kept as a source of their own: what it tells goes out like any entry, in order, at the
platform's pace, once, and is edited when it is over. No page has its address, so nobody can follow it by a command.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..alerts import KINDS, SOON_AGAIN, Failing, Kind, Trouble, begun, ended
from ..model import Address, Platform
from . import chats, subscriptions
from .holding import is_alert
from .noting import note
from .schema import ALERTS, alert, chat, delivery, source, subscription

NAME = "LiveRelay"
CREATED_BY = "alerts"
# More failing pages than this are counted, and not looked at one by one.
_MOST_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A trouble that was told, since when, and at which time its first message is dated (`told_at`)."""

    trouble: Trouble
    began_at: datetime
    told_at: datetime
    ended_at: datetime | None


async def active(connection: AsyncConnection) -> list[Told]:
    """Return the troubles that last, the oldest first."""
    return [each for each in await _all(connection) if each.ended_at is None]


async def counts(connection: AsyncConnection) -> Mapping[Kind, int]:
    """Return how many troubles of each kind last."""
    lasting = select(alert.c.kind, func.count().label("lasting")).where(alert.c.ended_at.is_(None))
    found = {row.kind: row.lasting for row in (await connection.execute(lasting.group_by(alert.c.kind))).all()}
    return {kind: found.get(kind, 0) for kind in KINDS}


async def _all(connection: AsyncConnection) -> list[Told]:
    rows = (await connection.execute(select(alert).order_by(alert.c.began_at, alert.c.key))).all()
    return [
        Told(
            Trouble(row.key, cast("Kind", row.kind), row.headline, row.body, row.over, row.url),
            row.began_at,
            row.told_at,
            row.ended_at,
        )
        for row in rows
    ]


async def keep(
    connection: AsyncConnection, found: Sequence[Trouble], now: datetime
) -> tuple[list[Trouble], list[Trouble]]:
    """Tell what is new, edit what says something else now, end what is over; return what began and what ended."""
    source_id = await _source(connection)
    known = {each.trouble.key: each for each in await _all(connection)}
    began = [each for each in found if not _lasts(known.get(each.key))]
    for trouble in found:
        await _tell(connection, source_id, trouble, known.get(trouble.key), now)
    await connection.execute(delete(alert).where(alert.c.ended_at < now - SOON_AGAIN))
    keys = {each.key for each in found}
    over = [each for each in known.values() if each.ended_at is None and each.trouble.key not in keys]
    for told in over:
        await _end(connection, source_id, told, now)
    return began, [each.trouble for each in over]


def _lasts(told: Told | None) -> bool:
    return told is not None and told.ended_at is None


async def _tell(
    connection: AsyncConnection, source_id: int, trouble: Trouble, told: Told | None, now: datetime
) -> None:
    if told is not None and told.ended_at is None and told.trouble == trouble:
        return
    again = told is not None and (told.ended_at is None or now - told.ended_at < SOON_AGAIN)
    told_at = told.told_at if told is not None and again else now
    began_at = told.began_at if told is not None and told.ended_at is None else now
    words = {"headline": trouble.headline, "body": trouble.body, "over": trouble.over, "url": trouble.url}
    values = {"kind": trouble.kind, **words, "began_at": began_at, "told_at": told_at, "ended_at": None}
    row = insert(alert).values(key=trouble.key, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["key"], set_=values))
    await note(connection, source_id, begun(trouble, told_at), now)


async def _end(connection: AsyncConnection, source_id: int, told: Told, now: datetime) -> None:
    """Say that it is over: in its message, and anew unless it came back again and again."""
    ended_alert = update(alert).where(alert.c.key == told.trouble.key)
    await connection.execute(ended_alert.values(ended_at=now))
    edited, anew = ended(told.trouble, told.told_at, now)
    await note(connection, source_id, edited, now)
    if told.began_at == told.told_at:
        await note(connection, source_id, anew, now)


async def failing(connection: AsyncConnection) -> tuple[list[Failing], int]:
    """Return the pages that the operator is to know of as failing, longest first, and how many those are in all."""
    theirs: list[ColumnElement[bool]] = [source.c.told_at.is_not(None), source.c.failing_since.is_not(None)]
    columns = (source.c.url, source.c.title, source.c.last_error, source.c.failing_since)
    some = select(*columns).where(*theirs).order_by(source.c.failing_since, source.c.id).limit(_MOST_LOOKED_AT)
    rows = (await connection.execute(some)).all()
    count = (await connection.execute(select(func.count()).select_from(source).where(*theirs))).scalar_one()
    return [Failing(row.url, row.title, row.last_error, row.failing_since) for row in rows], int(count)


# ── who hears them ───────────────────────────────────────────────────────────────────────────────────────────────


async def receive(connection: AsyncConnection, bot: Address, receiver: str, now: datetime) -> None:
    """Let this chat of a bot ("" for none) hear alerts from now on, and no other chat of it."""
    mine = (
        select(subscription.c.id, chat.c.chat)
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .join(source, source.c.id == subscription.c.source_id)
        .where(source.c.url == ALERTS, subscription.c.ended_at.is_(None))
        .where(chat.c.platform == bot.platform, chat.c.bot == bot.bot)
    )
    hearing = {row.chat: row.id for row in (await connection.execute(mine)).all()}
    for where, wish in hearing.items():
        if where != receiver:
            await subscriptions.unsubscribe(connection, wish, now)
    if receiver and receiver not in hearing:
        await _let_hear(connection, Address(bot.platform, bot.bot, receiver), now)


async def waiting(connection: AsyncConnection, bots: Sequence[tuple[Platform, str]]) -> bool:
    """Whether an alert is still to be said by one of these bots (platform, bot) in a chat that it can write in."""
    owed = (
        select(delivery.c.id)
        .join_from(delivery, chat)
        .join(subscription, subscription.c.id == delivery.c.subscription_id)
        .where(delivery.c.state.in_(("due", "claimed")), is_alert(), chat.c.state == "active")
        .where(tuple_(chat.c.platform, chat.c.bot).in_(bots))
    )
    return (await connection.execute(owed.limit(1))).first() is not None


async def _let_hear(connection: AsyncConnection, where: Address, now: datetime) -> None:
    source_id = await _source(connection)
    known = await chats.find(connection, where)
    there = known or await chats.find_or_make(connection, where, kind="private", title="")
    sequence = (await connection.execute(select(source.c.sequence).where(source.c.id == source_id))).scalar_one()
    wish: dict[str, Any] = {"since": sequence, "caught_up_at": now, "ended_at": None, "created_by": CREATED_BY}
    # What people see is numbered from 1.
    row = insert(subscription).values(
        source_id=source_id, chat_id=there.id, number=0, created_at=now, summary="off", **wish
    )
    await connection.execute(row.on_conflict_do_update(index_elements=["source_id", "chat_id"], set_=wish))


async def _source(connection: AsyncConnection) -> int:
    """Return the source of the alerts, locked, as everything is that plans; made if it was missing."""
    made = insert(source).values(url=ALERTS, name=NAME, baseline_at=None)
    await connection.execute(made.on_conflict_do_nothing(index_elements=["url"]))
    locked = select(source.c.id).where(source.c.url == ALERTS).with_for_update()
    return cast("int", (await connection.execute(locked)).scalar_one())
