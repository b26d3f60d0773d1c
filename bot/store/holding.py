"""What holds a first send: a pause, quiet hours, a schedule, a decision that people have to make.

One place says it, for planning and for the claim.

Edits, removals and pins are never held: they do not ask here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from .schema import ALERTS, Moment, chat, delivery, entry, source, subscription


def paused_now(now: datetime) -> ColumnElement[bool]:
    """Whether a subscription is paused."""
    return func.coalesce(subscription.c.paused_until > literal(now, Moment), False)


def quiet_now(now: datetime) -> ColumnElement[bool]:
    """Whether it is quiet in a chat."""
    moment = literal(now, Moment)
    return and_(func.coalesce(chat.c.quiet_from <= moment, False), func.coalesce(chat.c.quiet_until > moment, False))


def holds_first_send(
    now: datetime, *, ordinary: ColumnElement[bool], breaking: ColumnElement[bool], undecided: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether a first send is held, in a statement that knows its subscription and its chat.

    `ordinary`: it is an entry and not the summary, the end of coverage or a digest, which no schedule gathers.
    `breaking`: it is marked so, and passes quiet hours and schedules that let such pass. `undecided`: people are to
    decide on it, and have not; nothing passes that.
    """
    through_quiet = and_(breaking, chat.c.quiet.endswith("breaking"))
    through_schedule = and_(breaking, subscription.c.schedule.startswith("breaking"))
    return or_(
        undecided,
        paused_now(now),
        and_(quiet_now(now), ~through_quiet),
        and_(subscription.c.schedule != "", ordinary, ~through_schedule),
    )


def undecided() -> ColumnElement[bool]:
    """Whether a delivery waits for people to decide on it."""
    return delivery.c.decision == "waiting"


def is_alert() -> ColumnElement[bool]:
    """Whether a delivery tells the operator of a trouble: the operator's own pause of everything lets it through."""
    theirs = select(source.c.id).where(source.c.url == ALERTS).correlate(None).scalar_subquery()
    return func.coalesce(subscription.c.source_id == theirs, False)


def holds_delivery(now: datetime) -> ColumnElement[Any]:
    """Whether the first send of a delivery is held, in a statement that knows its entry, too (none for a digest)."""
    # What asks for a decision cannot be told by a digest, so no schedule gathers it.
    ordinary = and_(
        delivery.c.kind == "entry", delivery.c.for_review == 0, func.coalesce(entry.c.kind == "entry", False)
    )
    breaking = func.coalesce(entry.c.breaking == 1, False)
    return holds_first_send(now, ordinary=ordinary, breaking=breaking, undecided=undecided())
