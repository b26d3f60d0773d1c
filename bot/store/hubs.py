"""WebSub: which sources a hub pushes for, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from .schema import hub, source, subscription

AGAIN_AFTER = timedelta(hours=1)
"""How long a hub that did not answer, or did not verify, is left alone."""
AHEAD = timedelta(hours=6)
"""How long before a lease ends it is renewed."""
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Hub:
    """A source that a hub announces: the hub, and the topic by which the hub knows it."""

    source_id: int
    url: str
    topic: str


async def name(connection: AsyncConnection, source_id: int, url: str, topic: str) -> None:
    """Write down which hub a source names now; what was agreed with another, or for another topic, is void."""
    known = (await connection.execute(select(hub).where(hub.c.source_id == source_id))).one_or_none()
    if known is not None and (known.url, known.topic) == (url, topic):
        return
    values = {"url": url, "topic": topic, "asked_at": None, "lease_until": None}
    made = postgresql.insert(hub).values(source_id=source_id, **values)
    await connection.execute(made.on_conflict_do_update(index_elements=["source_id"], set_=values))


async def to_ask(connection: AsyncConnection, now: datetime, since: datetime) -> list[Hub]:
    """Return the hubs to ask now: never asked since this process began, or with a lease about to end, and followed."""
    unasked = or_(hub.c.asked_at.is_(None), hub.c.asked_at < since)
    ending = or_(hub.c.lease_until.is_(None), hub.c.lease_until < now + AHEAD) & (hub.c.asked_at < now - AGAIN_AFTER)
    followed = exists().where(subscription.c.source_id == hub.c.source_id, subscription.c.ended_at.is_(None))
    wanted = select(hub).where(or_(unasked, ending), followed).order_by(hub.c.asked_at).limit(_AT_ONCE)
    return [Hub(row.source_id, row.url, row.topic) for row in (await connection.execute(wanted)).all()]


async def asked(connection: AsyncConnection, source_id: int, now: datetime) -> None:
    """Write down that a hub was asked."""
    await connection.execute(update(hub).where(hub.c.source_id == source_id).values(asked_at=now))


async def find(connection: AsyncConnection, source_id: int) -> Hub | None:
    """Return the hub of a source; None where it names none."""
    row = (await connection.execute(select(hub).where(hub.c.source_id == source_id))).one_or_none()
    return Hub(row.source_id, row.url, row.topic) if row else None


async def agreed(connection: AsyncConnection, source_id: int, until: datetime | None) -> None:
    """Write down until when a hub pushes; None: it does not want to."""
    await connection.execute(update(hub).where(hub.c.source_id == source_id).values(lease_until=until))


async def wake(connection: AsyncConnection, source_id: int, now: datetime, apart: timedelta) -> None:
    """Let a source be looked at now, though not sooner after its last look than `apart`; one that rests goes on to."""
    row = (await connection.execute(select(source.c.last_ok_at).where(source.c.id == source_id))).one()
    soonest = max(now, row.last_ok_at + apart) if row.last_ok_at else now
    later = update(source).where(source.c.id == source_id, source.c.next_poll_at > soonest)
    await connection.execute(later.values(next_poll_at=soonest))
