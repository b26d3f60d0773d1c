"""Who sends for a bot token: one process at a time, by a lease; the epoch fences what an earlier one still believes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .schema import delivery, lane, sender


def token_hash(token: str) -> str:
    """Return what stands for a token in the database, which never holds the token itself."""
    return hashlib.sha256(b"liverelay sender " + token.encode()).hexdigest()


async def take(
    connection: AsyncConnection, token: str, *, platform: str, owner: str, now: datetime, lease: timedelta, alone: bool
) -> int | None:
    """Become the token's sender and return the new epoch; None while another's lease runs.

    `alone`: nobody else can be using this database (its lock file is ours), so a lease that runs is a dead process's.
    """
    key = token_hash(token)
    holder = (
        await connection.execute(select(sender).where(sender.c.token_hash == key).with_for_update())
    ).one_or_none()
    mine = {"platform": platform, "owner": owner, "lease_until": now + lease}
    if holder is None:
        await connection.execute(insert(sender).values(token_hash=key, epoch=1, **mine))
        return 1
    if holder.lease_until > now and holder.owner != owner and not alone:
        return None
    epoch: int = holder.epoch + 1
    await connection.execute(update(sender).where(sender.c.token_hash == key).values(epoch=epoch, **mine))
    return epoch


async def renew(connection: AsyncConnection, token: str, epoch: int, now: datetime, lease: timedelta) -> bool:
    """Keep the lease; False if it went to another, who has taken over: stop sending."""
    ours = update(sender).where(sender.c.token_hash == token_hash(token), sender.c.epoch == epoch)
    return (await connection.execute(ours.values(lease_until=now + lease))).rowcount == 1


async def holds(connection: AsyncConnection, token: str, epoch: int) -> bool:
    """Whether this is still the token's sender; if so, nobody takes over before this transaction ends."""
    ours = select(sender.c.epoch).where(sender.c.token_hash == token_hash(token), sender.c.epoch == epoch)
    return (await connection.execute(ours.with_for_update(read=True))).first() is not None


async def release(connection: AsyncConnection, token: str, epoch: int, now: datetime) -> None:
    """Let go of the lease after a clean stop, so that the next sender need not wait for its end."""
    ours = update(sender).where(sender.c.token_hash == token_hash(token), sender.c.epoch == epoch)
    await connection.execute(ours.values(lease_until=now))


async def recover(connection: AsyncConnection, platform: str, bot: str, epoch: int, now: datetime) -> int:
    """Free what earlier senders left in flight, and return how many deliveries that were.

    Their acts stay stored: each is finished before anything else is done to its delivery.
    """
    lanes = select(lane.c.id).where(lane.c.platform == platform, lane.c.bot == bot)
    left = update(delivery).where(
        delivery.c.lane_id.in_(lanes), delivery.c.state == "claimed", delivery.c.epoch < epoch
    )
    freed = await connection.execute(left.values(state="due", due_at=now))
    waiting = update(lane).where(lane.c.platform == platform, lane.c.bot == bot)
    await connection.execute(waiting.values(busy=None, next_at=now))
    return freed.rowcount
