"""Changes × Subscriptions → Deliveries: the fan-out, in the transaction that records the changes.

Unfiltered subscriptions cost one INSERT … SELECT however many there are; filtered ones are judged once per filter text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Case, ColumnElement, Integer, and_, case, func, literal, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..filters import passes
from ..model import SUMMARY_KEY, Status
from .asking import ask
from .entries import Recorded
from .holding import holds_first_send, undecided
from .schema import Moment, chat, delivery, entry, lane, subscription

# States in which a new revision makes a difference; the others are final, or wait for an operator.
_CHANGEABLE = ("due", "claimed", "settled", "dead")

_PLANNED = (
    "subscription_id",
    "entry_id",
    "chat_id",
    "lane_id",
    "rank",
    "wanted",
    "wanted_at",
    "due_at",
    "pin_wanted",
    "decision",
)


async def plan(connection: AsyncConnection, source_id: int, changes: Sequence[Recorded], now: datetime) -> None:
    """Write down what the changes make every subscription of the source want."""
    if not changes:
        return
    filters = await _filters(connection, source_id)
    for change in sorted(changes, key=lambda change: change.rank):
        if change.kind == "removed":
            await _want(connection, change, 0, now)
            continue
        if change.kind != "new":
            await _want(connection, change, change.revision, now)
            await _let_pass(connection, change, now)
        for text in filters:
            if _is_news(change, text):
                await owe(
                    connection, change, and_(subscription.c.source_id == source_id, subscription.c.filter == text), now
                )
    await wake(connection, [change.entry_id for change in changes], now)


async def _filters(connection: AsyncConnection, source_id: int) -> Sequence[str]:
    """The different filter texts of a source's subscriptions, none ("") included."""
    mine = and_(subscription.c.source_id == source_id, subscription.c.ended_at.is_(None))
    return (await connection.execute(select(subscription.c.filter).where(mine).distinct())).scalars().all()


def _is_news(change: Recorded, text: str) -> bool:
    """Whether a change can make an entry news to subscriptions with this filter: it is new, or was edited into it."""
    if change.entry_kind != "entry" or change.entry is None:
        return True
    # Without a filter it was owed from the start, or was never news: an edit changes nothing about that.
    return passes(text, change.entry) if text else change.kind == "new"


async def owe(connection: AsyncConnection, change: Recorded, wishes: ColumnElement[bool], now: datetime) -> None:
    """Owe an entry to the subscriptions that it is news to; those that were owed it before keep their delivery."""
    breaking = change.entry is not None and "breaking" in change.entry.flags
    ordinary = change.entry_kind == "entry"
    reviewed = and_(literal(ordinary), subscription.c.review_chat_id.is_not(None))
    held = holds_first_send(now, ordinary=literal(ordinary), breaking=literal(breaking), undecided=reviewed)
    news = or_(subscription.c.since < change.sequence, subscription.c.caught_up_at.is_(None))
    wished = (
        select(
            subscription.c.id,
            literal(change.entry_id, BigInteger),
            chat.c.id,
            chat.c.lane_id,
            literal(change.rank, BigInteger),
            literal(change.revision, Integer),
            literal(now, Moment),
            case((held, null()), else_=literal(now, Moment)),
            case((subscription.c.summary == "pin", int(change.entry_kind == "summary")), else_=0),
            case((reviewed, "waiting"), else_=""),
        )
        .join_from(subscription, chat, chat.c.id == subscription.c.chat_id)
        .where(wishes, news, subscription.c.ended_at.is_(None), *_wants_summary(change.entry_kind))
        .where(subscription.c.review_only == 0)
    )
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    await connection.execute(insert(delivery).from_select(_PLANNED, wished).on_conflict_do_nothing())
    if ordinary:
        await ask(connection, now, entries=[change.entry_id])


def _wants_summary(kind: str) -> list[ColumnElement[bool]]:
    """The summary is owed to those who did not switch it off."""
    return [subscription.c.summary != "off"] if kind == "summary" else []


def _freezes(kind: str) -> list[ColumnElement[bool]]:
    """A summary that was switched off stands as it is."""
    off = select(subscription.c.id).where(subscription.c.summary == "off")
    return [delivery.c.subscription_id.not_in(off)] if kind == "summary" else []


async def _want(connection: AsyncConnection, change: Recorded, revision: int, now: datetime) -> None:
    """Make every delivery of an entry want a revision (0: nothing).

    The state of a claimed row is its sender's to change; what is gone, ended or left unsure stays so; what was never
    shown and no longer is to be is settled at once, unless an act is stored.
    """
    never = and_(literal(revision) == 0, delivery.c.shown == 0, delivery.c.act.is_(None))
    state = case((delivery.c.state == "claimed", "claimed"), (never, "settled"), else_="due")
    wanting = and_(
        delivery.c.entry_id == change.entry_id,
        delivery.c.state.in_(("due", "claimed", "settled", "dead")),
        delivery.c.wanted != revision,
        delivery.c.taken_at.is_(None),
        *_freezes(change.entry_kind),
    )
    first = and_(delivery.c.shown == 0, delivery.c.act.is_(None))
    await connection.execute(
        update(delivery)
        .where(wanting)
        .values(
            wanted=revision,
            wanted_at=literal(now, Moment),
            state=state,
            # A first send keeps its turn (or stays held); everything else is due at once.
            due_at=case(
                (and_(first, delivery.c.state == "due"), delivery.c.due_at),
                (and_(first, undecided()), null()),
                else_=literal(now, Moment),
            ),
            attempts=0,
            form=0,
            failing_since=None,
        )
    )
    await _retell(connection, change.entry_id, revision, now)


async def _let_pass(connection: AsyncConnection, change: Recorded, now: datetime) -> None:
    """Look again at first sends that are held, where an edit marked their entry as breaking: it may pass now."""
    if change.entry is None or "breaking" not in change.entry.flags:
        return
    waiting = and_(delivery.c.entry_id == change.entry_id, delivery.c.state == "due", delivery.c.shown == 0)
    held = update(delivery).where(waiting, delivery.c.act.is_(None), delivery.c.due_at.is_(None), ~undecided())
    await connection.execute(held.values(due_at=literal(now, Moment)))


async def _retell(connection: AsyncConnection, entry_id: int, revision: int, now: datetime) -> None:
    """Make the digests that speak for an entry say what it says now."""
    spoken_for = and_(delivery.c.entry_id == entry_id, delivery.c.state == "told")
    await connection.execute(update(delivery).where(spoken_for).values(wanted=revision))
    digests = and_(delivery.c.id.in_(select(delivery.c.told_by).where(spoken_for)), delivery.c.kind == "digest")
    await connection.execute(
        update(delivery)
        .where(digests, delivery.c.state.in_(_CHANGEABLE), delivery.c.taken_at.is_(None))
        .values(
            wanted=delivery.c.wanted + 1,
            wanted_at=literal(now, Moment),
            state=unless_claimed("due"),
            due_at=literal(now, Moment),
        )
    )


async def pin_summary(connection: AsyncConnection, source_id: int, status: Status, now: datetime) -> None:
    """Pin the summary while coverage goes on; its end unpins it, and a page that wakes up pins it again."""
    wanted = 0 if status == "ended" else 1
    summary = select(entry.c.id).where(entry.c.source_id == source_id, entry.c.key == SUMMARY_KEY)
    pinning = select(subscription.c.id).where(subscription.c.source_id == source_id, subscription.c.summary == "pin")
    wanting = and_(
        delivery.c.entry_id.in_(summary),
        delivery.c.pin_wanted != wanted,
        delivery.c.state.in_(_CHANGEABLE),
        delivery.c.taken_at.is_(None),
        or_(literal(wanted) == 0, delivery.c.subscription_id.in_(pinning)),
    )
    changed = update(delivery).where(wanting).returning(delivery.c.lane_id)
    due = func.coalesce(delivery.c.due_at, literal(now, Moment))
    lanes = await connection.execute(changed.values(pin_wanted=wanted, state=unless_claimed("due"), due_at=due))
    await wake_lanes(connection, lane.c.id.in_(lanes.scalars().all()), now)


def unless_claimed(state: str) -> Case[str]:
    """The state of a claimed row is its sender's to change."""
    return case((delivery.c.state == "claimed", "claimed"), else_=state)


async def wake(connection: AsyncConnection, entries: Sequence[int], now: datetime) -> None:
    """Tell the lanes of these entries' deliveries, and of the digests that speak for them, that something is owed."""
    told = select(delivery.c.told_by).where(delivery.c.entry_id.in_(entries), delivery.c.told_by.is_not(None))
    owed = select(delivery.c.lane_id).where(
        or_(delivery.c.entry_id.in_(entries), delivery.c.id.in_(told)), delivery.c.state == "due"
    )
    await wake_lanes(connection, lane.c.id.in_(owed), now)


async def wake_lanes(connection: AsyncConnection, lanes: ColumnElement[bool], now: datetime) -> None:
    """Tell these lanes that there may be something to do now."""
    sleeping = or_(lane.c.next_at.is_(None), lane.c.next_at > now)
    await connection.execute(update(lane).where(lanes, sleeping).values(next_at=literal(now, Moment)))
