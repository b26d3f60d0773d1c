"""Folding: a first send whose event a message of another source tells already becomes a line under that message.

    due ─fold─▶ told ─let go─▶ due

It is decided at the claim, when nothing holds the entry any more and what stands in the chat is known, in the
transaction that claims the message for the edit. What is folded is never lost: where the message cannot say it, is
withdrawn, or stands no more before it said it, the entry is let go, and sent by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import pinging
from ..fold import MOST_FOLDED, WITHIN, Report, folds_into
from ..model import Entry, SourceTitle, Style
from ..settling import Settlement
from ..summary import first_sentence
from . import content
from .letting_go import let_go
from .rewording import reword
from .schema import Moment, chat, delivery, due, entry, lane, part, source, subscription

# So many of a chat's last messages are looked through for one that tells the event.
_NEAR = 300
# In these it will say nothing new.
_SAYS_NO_MORE = ("gone", "dead", "unsure", "ended")


@dataclass(frozen=True, slots=True)
class Folded:
    """An entry that is folded into a delivery, as it reads today; `said`: the line stands in the chat."""

    id: int
    entry: Entry
    source: SourceTitle
    revision: int
    said: bool


# ── folding ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def fold(connection: AsyncConnection, id_: int, now: datetime) -> int | None:
    """Fold the first send of an entry, and return the delivery whose message speaks for it; None to send it by itself.

    What was begun, shown or folded before is sent; so is what calls a role, or stands in the thread of its page.
    """
    row = (await connection.execute(_to_fold(id_))).one_or_none()
    if row is None or _has_a_thread(row) or _calls(row, now):
        return None
    standing = (await connection.execute(_standing(row, now))).all()
    named = await _named_under(connection, [each.id for each in standing])
    others = [each for each in standing if len(named[each.id]) < MOST_FOLDED and row.source_id not in named[each.id]]
    place = folds_into(report(row), [report(each) for each in others], row.language)
    if place is None:
        return None
    return await _fold(connection, id_, others[place].id, now)


def _to_fold(id_: int) -> Select[Any]:
    begun = select(part.c.id).where(part.c.delivery_id == id_).exists()
    return (
        select(
            *REPORTED,
            delivery.c.chat_id,
            entry.c.key,
            entry.c.kind,
            entry.c.content,
            chat.c.chat,
            chat.c.thread,
            chat.c.kind.label("chat_kind"),
            chat.c.language,
            subscription.c.style,
            subscription.c.ping,
            lane.c.pinged_at,
        )
        .join_from(delivery, entry, entry.c.id == delivery.c.entry_id)
        .join(chat, chat.c.id == delivery.c.chat_id)
        .join(lane, lane.c.id == delivery.c.lane_id)
        .join(source, source.c.id == entry.c.source_id)
        .join(subscription, subscription.c.id == delivery.c.subscription_id)
        .where(delivery.c.id == id_, delivery.c.alone == 0, delivery.c.generation == 0, delivery.c.act.is_(None))
        .where(delivery.c.for_review == 0, entry.c.kind == "entry", ~begun)
    )


def _has_a_thread(row: Row[*tuple[Any, ...]]) -> bool:
    return not row.thread and (row.chat_kind == "forum" or Style(**row.style).thread)


def _calls(row: Row[*tuple[Any, ...]], now: datetime) -> bool:
    ping = pinging.from_json(row.ping)
    return bool(ping and pinging.called(ping, content.from_json(row.key, row.kind, row.content), row.pinged_at, now))


def _standing(row: Row[*tuple[Any, ...]], now: datetime) -> Select[Any]:
    """The entries of other sources whose messages were sent lately where this one will stand, and can be edited."""
    last = (
        select(part.c.delivery_id, part.c.sent_at)
        .where(part.c.chat == row.chat, part.c.message_id.is_not(None))
        .order_by(part.c.id.desc())
        .limit(_NEAR)
        .subquery()
    )
    recent = select(last.c.delivery_id).where(last.c.sent_at >= literal(now - WITHIN, Moment))
    return (
        select(*REPORTED)
        .join_from(delivery, entry, entry.c.id == delivery.c.entry_id)
        .join(source, source.c.id == entry.c.source_id)
        .where(
            delivery.c.id.in_(recent),
            delivery.c.chat_id == row.chat_id,
            delivery.c.thread == "",
            delivery.c.for_review == 0,
            entry.c.source_id != row.source_id,
            entry.c.kind == "entry",
            entry.c.content.is_not(None),
            _can_speak(now),
        )
        .order_by(delivery.c.rank, delivery.c.id)
    )


def _can_speak(now: datetime) -> ColumnElement[bool]:
    """Whether a message stands whose edit nothing puts off."""
    ready = or_(delivery.c.state == "settled", and_(delivery.c.state == "due", due(delivery.c.due_at, now)))
    return and_(
        ready, delivery.c.shown > 0, delivery.c.wanted > 0, delivery.c.act.is_(None), delivery.c.taken_at.is_(None)
    )


async def _named_under(connection: AsyncConnection, messages: Sequence[int]) -> dict[int, set[int]]:
    """Return the sources that are named under each of these messages."""
    told = (
        select(delivery.c.told_by, subscription.c.source_id)
        .join_from(delivery, subscription, subscription.c.id == delivery.c.subscription_id)
        .where(delivery.c.told_by.in_(messages))
    )
    named: dict[int, set[int]] = defaultdict(set)
    for row in (await connection.execute(told)).all():
        named[row.told_by].add(row.source_id)
    return named


async def _fold(connection: AsyncConnection, id_: int, into: int, now: datetime) -> int | None:
    """Write it down, unless one of the two has changed since it was read."""
    message = select(delivery.c.id).where(delivery.c.id == into, _can_speak(now)).with_for_update()
    if (await connection.execute(message)).first() is None:
        return None
    told = update(delivery).where(delivery.c.id == id_, delivery.c.state == "due", delivery.c.wanted > 0)
    if not (await connection.execute(told.values(state="told", told_by=into))).rowcount:
        return None
    await reword(connection, delivery.c.id == into, now)
    return into


# ── what is said for them ────────────────────────────────────────────────────────────────────────────────────────


async def folded_into(connection: AsyncConnection, messages: Sequence[int]) -> dict[int, tuple[Folded, ...]]:
    """Return the entries that are folded into these deliveries and still stand, in the order of their lines.

    The line of a subscription that ended stays, as everything does that it posted.
    """
    if not messages:
        return {}
    told = (
        select(
            delivery.c.id,
            delivery.c.told_by,
            delivery.c.wanted,
            delivery.c.shown,
            entry.c.key,
            entry.c.kind,
            entry.c.content,
            source.c.name,
            source.c.title,
            source.c.url,
        )
        .join_from(delivery, entry, entry.c.id == delivery.c.entry_id)
        .join(source, source.c.id == entry.c.source_id)
        .where(delivery.c.told_by.in_(messages), delivery.c.wanted > 0)
        .where(or_(delivery.c.state == "told", and_(delivery.c.state == "ended", delivery.c.shown > 0)))
        .order_by(delivery.c.rank, delivery.c.id)
    )
    found: dict[int, tuple[Folded, ...]] = {}
    for row in (await connection.execute(told)).all():
        named = SourceTitle(row.name, row.title, row.url)
        one = Folded(row.id, content.from_json(row.key, row.kind, row.content), named, row.wanted, row.shown > 0)
        found[row.told_by] = (*found.get(row.told_by, ()), one)
    return found


async def answered(
    connection: AsyncConnection, id_: int, said: Sequence[Folded], result: Settlement, now: datetime
) -> None:
    """Write down what a message says by now of what is folded into it, and let go what it will not say."""
    theirs = update(delivery).where(delivery.c.told_by == id_, delivery.c.state == "told")
    current = (delivery.c.wording_wanted == delivery.c.wording_shown).label("current")
    now_stands = (await connection.execute(select(delivery.c.state, current).where(delivery.c.id == id_))).one()
    says_all = bool(result.done and result.shown and now_stands.current)
    if result.done and result.shown == 0:
        await connection.execute(theirs.values(shown=0))
    for each in said if says_all else ():
        await connection.execute(theirs.where(delivery.c.id == each.id).values(shown=each.revision))
    # An edit that the platform puts off for this message alone may wait long (Discord, of old messages).
    put_off = not result.done and not result.failing and bool(result.due_in)
    if says_all or put_off or now_stands.state in _SAYS_NO_MORE:
        await let_go(connection, delivery.c.told_by == id_, now, unsaid=True)


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────


REPORTED = (
    delivery.c.id,
    entry.c.source_id,
    func.coalesce(entry.c.published_at, entry.c.seen_at).label("at"),
    entry.c.headline,
    entry.c.text,
    entry.c.url,
    entry.c.breaking,
    source.c.url.label("page"),
    source.c.asked,
)


def report(row: Row[*tuple[Any, ...]]) -> Report:
    """Return an entry as folding sees it, from a row of `REPORTED`; without a headline its first sentence tells.

    An address that is its page's names no entry.
    """
    headline = row.headline or row.text[: first_sentence(row.text)]
    url = "" if row.url in (row.page, row.asked) else row.url
    return Report(row.source_id, row.at, headline, url, bool(row.breaking))
