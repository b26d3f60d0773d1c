"""The subscriptions: made, revived, changed and ended, with the source locked, so that none misses an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import pinging
from ..model import Ping
from .letting_go import let_go_of_ended
from .planning import wake_lanes
from .schema import chat, delivery, entry, lane, source, subscription


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What `subscribe` found or made."""

    id: int
    number: int
    made: Literal["new", "revived", "known"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A source as it is known before anybody asks the network; `polled`: somebody follows it, and it answers.

    `taken_down`: the operator does not let anybody follow it.
    """

    id: int
    title: str
    polled: bool
    taken_down: bool


async def watched(connection: AsyncConnection, url: str) -> Watched | None:
    """Return what is known of the source under a canonical URL."""
    row = (await connection.execute(select(source).where(source.c.url == url))).one_or_none()
    if row is None:
        return None
    polled = row.next_poll_at is not None and row.baseline_at is not None and not row.failures
    return Watched(row.id, row.title, polled, row.taken_down_at is not None)


async def follows(connection: AsyncConnection, chat_id: int, url: str) -> bool:
    """Whether a chat follows the page at a canonical URL."""
    standing = select(subscription.c.id).join_from(subscription, source)
    stands = subscription.c.ended_at.is_(None), subscription.c.review_only == 0
    mine = standing.where(subscription.c.chat_id == chat_id, source.c.url == url, *stands)
    return (await connection.execute(mine)).first() is not None


async def subscribe(
    connection: AsyncConnection,
    *,
    chat_id: int,
    url: str,
    asked: str | None = None,
    title: str = "",
    name: str = "",
    filter_text: str = "",
    created_by: str = "",
    now: datetime,
) -> Subscribed:
    """Make a chat follow the page at a canonical URL; one that it unsubscribed from is revived and repeats nothing.

    So is one that it follows only to decide what other chats get.

    `asked` is where a look found the page to be read (None: there was no look); `title` and `name` (the publisher's)
    serve until the first poll. A subscription that stands is left as it is.
    """
    watching = await _lock_source(connection, url, now, asked=asked or "", title=title, name=name)
    same = select(subscription).where(subscription.c.source_id == watching.id, subscription.c.chat_id == chat_id)
    known = (await connection.execute(same.with_for_update())).one_or_none()
    if known is not None and known.ended_at is None and not known.review_only:
        return Subscribed(known.id, known.number, "known")
    await _wake_source(connection, watching.id, watching.asked if asked is None else asked, now)
    wish: dict[str, Any] = {
        "since": watching.sequence,
        "caught_up_at": None,
        "filter": filter_text,
        "created_by": created_by,
    }
    if known is not None:
        if known.review_only:
            wish |= {"review_only": 0, "summary": "pin"}
        await _change(connection, known.id, ended_at=None, paused_until=None, why="", backlog="send", **wish)
        await _thaw_summary(connection, known.id, now)
        return Subscribed(known.id, known.number, "revived")
    number = await next_number(connection, chat_id)
    made = insert(subscription).values(source_id=watching.id, chat_id=chat_id, number=number, created_at=now, **wish)
    new: int = (await connection.execute(made.returning(subscription.c.id))).scalar_one()
    return Subscribed(new, number, "new")


async def _lock_source(
    connection: AsyncConnection, url: str, now: datetime, *, asked: str, title: str, name: str
) -> Row[*tuple[Any, ...]]:
    """Return the source, made if it was missing, and keep planners away from it until the transaction ends."""
    made = postgresql.insert(source).values(url=url, asked=asked, title=title, name=name, next_poll_at=now)
    await connection.execute(made.on_conflict_do_nothing(index_elements=["url"]))
    return (await connection.execute(select(source).where(source.c.url == url).with_for_update())).one()


async def _wake_source(connection: AsyncConnection, source_id: int, asked: str, now: datetime) -> None:
    """Poll a source again that nobody followed: what came meanwhile is not news, so its next snapshot is a baseline.

    A look that is still under way loses its lease: it began before, and may find the page unchanged. One that rests,
    and is followed by others, goes on where it was.
    """
    if await look_again(connection, source_id, now, followed=True):
        return
    asleep = update(source).where(source.c.id == source_id, source.c.next_poll_at.is_(None))
    forgotten = {"asked": asked, "baseline_at": None, "etag": "", "last_modified": "", "body_hash": "", "failures": 0}
    await connection.execute(asleep.values(next_poll_at=now, lease_owner="", lease_until=None, **forgotten))


async def look_again(connection: AsyncConnection, source_id: int, now: datetime, *, followed: bool = False) -> bool:
    """Look again at a page whose coverage has ended long ago; `followed`: only if somebody follows it."""
    resting = update(source).where(
        source.c.id == source_id, source.c.next_poll_at.is_(None), source.c.taken_down_at.is_(None)
    )
    if followed:
        resting = resting.where(
            exists().where(subscription.c.source_id == source_id, subscription.c.ended_at.is_(None))
        )
    return (await connection.execute(resting.values(next_poll_at=now))).rowcount > 0


async def _thaw_summary(connection: AsyncConnection, subscription_id: int, now: datetime) -> None:
    """Let a revived subscription's summary be current again: editing what stands in the chat repeats nothing."""
    newest = select(entry.c.revision).where(entry.c.id == delivery.c.entry_id, entry.c.kind == "summary")
    frozen = update(delivery).where(
        delivery.c.subscription_id == subscription_id,
        delivery.c.state == "ended",
        delivery.c.entry_id.in_(select(entry.c.id).where(entry.c.kind == "summary")),
    )
    thawed = frozen.values(state="due", wanted=newest.scalar_subquery(), wanted_at=now, due_at=now)
    lanes = (await connection.execute(thawed.returning(delivery.c.lane_id))).scalars().all()
    await wake_lanes(connection, lane.c.id.in_(lanes), now)


async def next_number(connection: AsyncConnection, chat_id: int) -> int:
    """Return a number that no subscription of this chat ever had."""
    counted = update(chat).where(chat.c.id == chat_id).values(last_number=chat.c.last_number + 1)
    number: int = (await connection.execute(counted.returning(chat.c.last_number))).scalar_one()
    return number


async def unsubscribe(connection: AsyncConnection, subscription_id: int, now: datetime) -> None:
    """End a subscription: nothing more is sent, what stands freezes, what is in flight settles.

    A source that nobody follows any more is no longer polled.
    """
    source_id = await _lock_source_of(connection, subscription_id)
    await _change(connection, subscription_id, ended_at=now, paused_until=None, backlog="send")
    left = update(delivery).where(
        delivery.c.subscription_id == subscription_id, delivery.c.state.not_in(("claimed", "gone", "ended"))
    )
    # What was begun and not answered is finished first: only then it is known what stands in the chat.
    await connection.execute(left.where(or_(delivery.c.state != "due", delivery.c.act.is_(None))).values(state="ended"))
    await let_go_of_ended(connection, [subscription_id], now)
    followed = exists().where(subscription.c.source_id == source_id, subscription.c.ended_at.is_(None))
    rest = update(source).where(source.c.id == source_id, ~followed)
    await connection.execute(rest.values(next_poll_at=None))


async def set_filter(connection: AsyncConnection, subscription_id: int, text: str) -> None:
    """Give a subscription another filter, one that `filters.parse` accepts; it judges what comes from now on."""
    await _lock_source_of(connection, subscription_id)
    await _change(connection, subscription_id, filter=text)


async def set_draft(connection: AsyncConnection, subscription_id: int, typed: str) -> None:
    """Remember a change of style that somebody tries, as it was typed."""
    await _change(connection, subscription_id, style_draft=typed)


async def set_style(connection: AsyncConnection, subscription_id: int, style: dict[str, Any]) -> None:
    """Give a subscription another style (`styles.to_json`): for what is sent, and edited, from now on."""
    await _change(connection, subscription_id, style=style, style_draft="")


async def set_ping(connection: AsyncConnection, subscription_id: int, ping: Ping | None) -> None:
    """Choose whom a subscription calls from now on, and for what; None for nobody."""
    await _change(connection, subscription_id, ping=pinging.to_json(ping))


async def _lock_source_of(connection: AsyncConnection, subscription_id: int) -> int:
    mine = select(subscription.c.source_id).where(subscription.c.id == subscription_id).scalar_subquery()
    locked = select(source.c.id).where(source.c.id == mine).with_for_update()
    source_id: int = (await connection.execute(locked)).scalar_one()
    return source_id


async def _change(connection: AsyncConnection, subscription_id: int, **values: Any) -> None:
    await connection.execute(update(subscription).where(subscription.c.id == subscription_id).values(**values))
