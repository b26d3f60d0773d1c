"""The sources: which are due, who reads them now, and what a poll made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..compare import Comparison, Watched
from ..model import Snapshot
from ..ports import Validators
from .schema import Moment, due, entry, source, subscription


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as one poll finds it."""

    id: int
    url: str
    asked: str
    title: str
    name: str
    watched: Watched
    validators: Validators
    interval: timedelta
    failures: int
    sequence: int
    changed_at: datetime | None
    last_ok_at: datetime | None
    last_error: str
    waiting_since: datetime | None
    reader: str
    every: timedelta | None
    successor: str
    failing_since: datetime | None
    told_at: datetime | None

    @property
    def read_at(self) -> str:
        """The address that is asked for it."""
        return self.asked or self.url


def _state(row: Row[*tuple[Any, ...]]) -> SourceState:
    return SourceState(
        id=row.id,
        url=row.url,
        asked=row.asked,
        title=row.title,
        name=row.name,
        watched=Watched(row.baseline_at is None, row.status, row.floor_at, row.modified_at, row.stale_since),
        validators=Validators(row.etag, row.last_modified, row.body_hash),
        interval=timedelta(seconds=row.interval),
        failures=row.failures,
        sequence=row.sequence,
        changed_at=row.changed_at,
        last_ok_at=row.last_ok_at,
        last_error=row.last_error,
        waiting_since=row.waiting_since,
        reader=row.reader,
        every=None if row.every is None else timedelta(seconds=row.every),
        successor=row.successor,
        failing_since=row.failing_since,
        told_at=row.told_at,
    )


async def claim_due(
    connection: AsyncConnection,
    owner: str,
    now: datetime,
    lease: timedelta,
    lets_in: Callable[[str], bool] = lambda _: True,
) -> list[SourceState]:
    """Take the sources that are due, longest due first, and hold them until the poll is recorded or the lease ends.

    `lets_in` chooses: it is asked in that order, with the address at which each is read.
    """
    free = (
        due(source.c.next_poll_at, now),
        source.c.lease_until.is_(None) | due(source.c.lease_until, now),
    )
    waiting = select(source.c.id, source.c.url, source.c.asked).where(*free).order_by(source.c.next_poll_at)
    chosen = [row.id for row in (await connection.execute(waiting)).all() if lets_in(row.asked or row.url)]
    if not chosen:
        return []
    ready = select(source).where(source.c.id.in_(chosen), *free).order_by(source.c.next_poll_at)
    rows = (await connection.execute(ready.with_for_update(skip_locked=True))).all()
    held = update(source).where(source.c.id.in_([row.id for row in rows]))
    await connection.execute(held.values(lease_owner=owner, lease_until=now + lease))
    return [_state(row) for row in rows]


async def lock(connection: AsyncConnection, source_id: int, owner: str) -> SourceState | None:
    """Lock the source for planning; None if it is no longer ours (deleted, or the lease went to another)."""
    ours = select(source).where(source.c.id == source_id, source.c.lease_owner == owner).with_for_update()
    row = (await connection.execute(ours)).one_or_none()
    return _state(row) if row else None


async def free_leases(connection: AsyncConnection, owner: str | None) -> None:
    """Let go of an owner's leases, or (None) of all: who has the database to itself knows that nobody else reads."""
    held = update(source).where(source.c.lease_owner != "")
    mine = held if owner is None else held.where(source.c.lease_owner == owner)
    await connection.execute(mine.values(lease_owner="", lease_until=None))


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll that went well, as it is to be recorded; `asked`: where the page was read, "" for its own address.

    `next_at` is None where nothing more is to be expected.
    """

    at: datetime
    next_at: datetime | None
    interval: timedelta
    validators: Validators
    waiting_since: datetime | None = None
    asked: str = ""


async def last_look(connection: AsyncConnection) -> datetime | None:
    """Return when a source was last read, by the clock of whoever did; None if none ever was."""
    at: datetime | None = (await connection.execute(select(func.max(source.c.last_ok_at)))).scalar_one()
    return at


async def record_ok(connection: AsyncConnection, state: SourceState, owner: str, polled: Polled) -> bool:
    """Write down that the source was read, and when it will be again: never, if nobody follows it any more.

    False, and nothing, if the source is no longer ours.
    """
    followed = exists().where(subscription.c.source_id == state.id, subscription.c.ended_at.is_(None))
    ours = update(source).where(source.c.id == state.id, source.c.lease_owner == owner)
    recorded = await connection.execute(
        ours.values(
            asked=polled.asked,
            etag=polled.validators.etag,
            last_modified=polled.validators.last_modified,
            body_hash=polled.validators.body_hash,
            next_poll_at=case((followed, literal(polled.next_at, Moment)), else_=None),
            interval=polled.interval.total_seconds(),
            waiting_since=polled.waiting_since,
            lease_owner="",
            lease_until=None,
            failures=0,
            last_error="",
            failing_since=None,
            told_at=None,
            last_ok_at=polled.at,
        )
    )
    return recorded.rowcount == 1


@dataclass(frozen=True, slots=True)
class Missed:
    """A poll that failed, as it is to be recorded; `ended`: the page is not there any more, what was posted stays."""

    error: str
    next_at: datetime | None
    since: datetime
    told_at: datetime | None
    ended: bool = False


async def record_failure(connection: AsyncConnection, state: SourceState, missed: Missed) -> None:
    """Write down that the source could not be read."""
    values: dict[str, Any] = {
        "lease_owner": "",
        "lease_until": None,
        "last_error": missed.error,
        "next_poll_at": missed.next_at,
        "failing_since": missed.since,
        "told_at": missed.told_at,
    }
    if missed.ended:
        values["status"] = "ended"
    failed = update(source).where(source.c.id == state.id)
    await connection.execute(failed.values(failures=source.c.failures + 1, **values))


async def polled_by(connection: AsyncConnection, reader: str) -> int:
    """Return how many sources a reader reads that are looked at."""
    counted = select(func.count()).where(source.c.reader == reader, source.c.next_poll_at.is_not(None))
    return int((await connection.execute(counted)).scalar_one())


async def record_snapshot(
    connection: AsyncConnection,
    state: SourceState,
    snapshot: Snapshot,
    found: Comparison,
    *,
    now: datetime,
    floor_at: datetime | None,
) -> None:
    """Write down what the page says of itself."""
    values: dict[str, Any] = {
        "reader": snapshot.reader,
        "title": snapshot.title or state.title,
        "name": snapshot.source_name or state.name,
        "status": snapshot.status if snapshot.complete else state.watched.status,
        "modified_at": snapshot.modified_at or state.watched.modified_at,
        "successor": snapshot.successor or state.successor,
        "every": snapshot.every.total_seconds() if snapshot.every else None,
        "stale_since": None,
        "held": found.held or (source.c.held if await _any_held(connection, state.id) else ""),
    }
    if found.changes:
        values["changed_at"] = now
    if state.watched.baseline:
        values |= {"baseline_at": now, "floor_at": floor_at}
    await connection.execute(update(source).where(source.c.id == state.id).values(**values))


async def record_stale(connection: AsyncConnection, state: SourceState, now: datetime) -> None:
    """Write down that an older copy of the page was served, and since when."""
    stale = update(source).where(source.c.id == state.id, source.c.stale_since.is_(None))
    await connection.execute(stale.values(stale_since=now))


async def _any_held(connection: AsyncConnection, source_id: int) -> bool:
    held = select(entry.c.id).where(entry.c.source_id == source_id, entry.c.held_at.is_not(None)).limit(1)
    return (await connection.execute(held)).first() is not None
