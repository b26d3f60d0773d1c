"""The outbox: taking the next delivery of each lane, writing down what is about to be done, and what came of it.

    due ─claim─▶ claimed ─settle─▶ settled | due | unsure | dead | gone

A claim ends by `settle`, fenced by the sender's epoch, or by a newer sender's `senders.recover`; never by time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import CompoundSelect, Row, Select, and_, bindparam, func, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import pinging
from ..compose_review import styled_for_review
from ..model import Address, ChatKind, Decision, Entry, Ping, SourceTitle, Style
from ..pace import Queue
from ..planner import LATE, Owed, Part, Policy
from . import content
from .deciding import decisions
from .digests import make_digest, may_go_since, members
from .folding import Folded, fold, folded_into
from .halting import paused_since
from .holding import holds_delivery, is_alert, quiet_now
from .schema import EDIT, SEND, chat, delivery, due, entry, lane, part, source, subscription

# An edit that has waited this long goes before first sends.
PATIENCE_OF_EDITS = timedelta(seconds=30)
# So many of a chat's last messages are looked through for the one to reply to.
NEAR = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery taken by a sender, with all that is needed to say it.

    `told` is the entry, or (for a digest) None; `members` are a digest's entries that still stand, `withdrawn` how
    many do not, `gathered` whether a schedule made it. `number` is the subscription's. `newest`: no message of ours
    stands below it in its chat. `salt` makes nonces differ between installations. `place` is the thread of its page in
    which it stands or will stand, `opens`: that thread must be opened first, which was first tried at `opening_since`.
    `previous` is the subscription's message before it, where it is to reply to that.
    `ping` is whom the subscription calls, `pinged` the role that this delivery calls, `pinged_at` when one was last
    called in its platform chat. `also` are the entries that are folded into it, `decisions` those that it asks
    for, where its chat reviews for others.
    """

    id: int
    epoch: int
    lane_id: int
    chat_id: int
    subscription_id: int
    chat_kind: ChatKind
    address: Address
    zone: ZoneInfo
    language: str
    policy: Policy | None
    number: int
    style: Style
    source: SourceTitle
    told: Entry | None
    members: tuple[Entry, ...]
    withdrawn: int
    gathered: bool
    owed: Owed
    newest: bool
    salt: str
    served_at: datetime | None
    ping: Ping | None = None
    pinged: str = ""
    pinged_at: datetime | None = None
    place: str = ""
    opens: bool = False
    opening_since: datetime | None = None
    previous: str = ""
    also: tuple[Folded, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def within(self, thread: str) -> Claim:
        """Return the claim with its page's thread opened."""
        address = replace(self.address, thread=thread)
        return replace(self, address=address, place=thread, opens=False, owed=replace(self.owed, in_thread=True))

    def opening_nonce(self, since: datetime) -> str:
        """Return the nonce of a thread's first message: the same at every try, another once the thread is lost."""
        return hashlib.sha256(f"{self.salt}/thread/{since.isoformat()}".encode()).hexdigest()[:24]

    def nonce(self, number: int) -> str:
        """Return the nonce of a part: 24 hex digits (Discord takes 25 characters), the same at every try."""
        named = f"{self.salt}/{self.id}/{self.owed.generation}/{number}"
        return hashlib.sha256(named.encode()).hexdigest()[:24]


async def queues(connection: AsyncConnection, *, platform: str, bot: str, now: datetime) -> list[Queue]:
    """Return what every lane is owed that may be served now or soon."""
    kind = select(func.min(chat.c.kind)).where(chat.c.lane_id == lane.c.id).scalar_subquery()
    owed = select(func.count()).where(delivery.c.lane_id == lane.c.id, delivery.c.state == "due").scalar_subquery()
    served = (lane.c.platform == platform, lane.c.bot == bot, due(lane.c.next_at, now))
    found = await connection.execute(select(lane.c.id, kind.label("kind"), owed.label("owed")).where(*served))
    return [Queue(row.id, row.kind, row.owed) for row in found.all()]


async def claim(
    connection: AsyncConnection,
    *,
    platform: str,
    bot: str,
    epoch: int,
    now: datetime,
    limit: int,
    first: Collection[int] = (),
) -> list[Claim]:
    """Take the next delivery of up to `limit` lanes that may be served now: those in `first`, then longest waiting."""
    ready = (
        select(lane.c.id)
        .where(
            lane.c.platform == platform,
            lane.c.bot == bot,
            due(lane.c.next_at, now),
            lane.c.busy.is_(None),
            lane.c.paced_until.is_(None) | due(lane.c.paced_until, now),
        )
        .order_by(*([lane.c.id.not_in(first)] if first else []), lane.c.next_at, lane.c.served_at)
        .with_for_update(skip_locked=True)
    )
    taken: list[int] = []
    served: Select[Any] | None = None
    # A lane that proves to be owed nothing takes no room: the next one gets it.
    while lanes := (await connection.execute(ready.limit(limit - len(taken)))).scalars().all():
        if served is None:
            served = _served(now, halted=await paused_since(connection) is not None)
        taken += await _take(connection, lanes, now, epoch, served)
        if len(taken) == limit:
            break
    return await _claims(connection, taken) if taken else []


async def _take(
    connection: AsyncConnection, lanes: Sequence[int], now: datetime, epoch: int, served: Select[Any]
) -> list[int]:
    """Take the delivery whose turn it is in each of the lanes, and let those sleep that are owed nothing now."""
    # Built once for all lanes: putting the statement together takes longer than running it.
    turns_of = _turns(served, now)
    turns: dict[int, int] = {}
    for id_ in lanes:
        turn = await _turn(connection, id_, now, served, turns_of)
        if turn is None:
            await _rest(connection, id_, now)
        else:
            turns[id_] = turn
    if turns:
        # One statement for all lanes: what is done for each delivery by itself bounds how many can be sent in a second.
        busy = update(lane).where(lane.c.id == bindparam("of")).values(busy=bindparam("with"))
        await connection.execute(busy, [{"of": id_, "with": turn} for id_, turn in turns.items()])
        claimed = update(delivery).where(delivery.c.id.in_(turns.values()))
        await connection.execute(claimed.values(state="claimed", epoch=epoch, attempts=delivery.c.attempts + 1))
    return list(turns.values())


def _servable(now: datetime, *, halted: bool) -> Any:
    """What a lane may be served: due, its chat reachable, and not a first send that something holds.

    `halted`: the operator has paused all of them but alerts.
    """
    return and_(
        *([or_(delivery.c.urgency != SEND, is_alert())] if halted else []),
        delivery.c.lane_id == bindparam("lane"),
        delivery.c.state == "due",
        due(delivery.c.due_at, now),
        chat.c.state == "active",
        or_(delivery.c.urgency != SEND, ~holds_delivery(now)),
    )


def _served(now: datetime, *, halted: bool) -> Select[Any]:
    """Return the statement for what the lane `:lane` may be served."""
    columns = (
        delivery.c.id,
        delivery.c.urgency,
        delivery.c.subscription_id,
        subscription.c.backlog,
        subscription.c.style,
        or_(subscription.c.schedule != "", quiet_now(now)).label("gathering"),
        may_go_since().label("since"),
        entry.c.kind,
        chat.c.fold,
    )
    return (
        select(*columns)
        .join_from(delivery, chat)
        .join(subscription, subscription.c.id == delivery.c.subscription_id)
        .outerjoin(entry, entry.c.id == delivery.c.entry_id)
        .where(_servable(now, halted=halted))
    )


def _turns(served: Select[Any], now: datetime) -> CompoundSelect[Any]:
    """Return the statement for the first of what is served, and the first of the edits that have waited."""
    head = served.order_by(delivery.c.urgency, delivery.c.rank, delivery.c.id).limit(1).subquery()
    waited = (
        served.where(delivery.c.urgency == EDIT, delivery.c.wanted_at <= now - PATIENCE_OF_EDITS)
        .order_by(delivery.c.rank)
        .limit(1)
        .subquery()
    )
    return union_all(select(head), select(waited))


async def _turn(
    connection: AsyncConnection, lane_id: int, now: datetime, served: Select[Any], turns: CompoundSelect[Any]
) -> int | None:
    """Return the delivery whose turn it is: by urgency and rank, but an edit that has waited before first sends."""
    found = (await connection.execute(turns, {"lane": lane_id})).all()
    if not found:
        return None
    first = found[0]
    if first.urgency != SEND:
        return cast("int", first.id)
    if len(found) > 1:
        return cast("int", found[1].id)
    # What a schedule or quiet hours hold is not folded because something else may pass.
    late = not first.gathering and first.since is not None and (first.backlog == "digest" or now - first.since > LATE)
    digest = await make_digest(connection, first.subscription_id, now) if late else None
    if digest is not None or first.kind != "entry":
        return digest or cast("int", first.id)
    chosen = cast("int", first.id)
    if Style(**first.style).order == "newest":
        chosen = await _newest_owed(connection, lane_id, first.subscription_id, served)
    # The turn of what is folded is taken by the message that speaks for it from now on.
    return (await fold(connection, chosen, now) if first.fold else None) or chosen


async def _newest_owed(connection: AsyncConnection, lane_id: int, subscription_id: int, served: Select[Any]) -> int:
    """Return the newest of the first sends that a subscription is owed, of those that may be served."""
    mine = served.where(
        delivery.c.subscription_id == subscription_id, delivery.c.urgency == SEND, entry.c.kind == "entry"
    )
    newest = mine.order_by(delivery.c.rank.desc(), delivery.c.id.desc()).limit(1)
    return cast("int", (await connection.execute(newest, {"lane": lane_id})).one().id)


async def _rest(connection: AsyncConnection, lane_id: int, now: datetime) -> None:
    """Nothing can be done in this lane now: let it sleep until something in it falls due, or for ever."""
    later = (
        select(func.min(delivery.c.due_at))
        .join_from(delivery, chat)
        .where(
            delivery.c.lane_id == lane_id, delivery.c.state == "due", delivery.c.due_at > now, chat.c.state == "active"
        )
    )
    next_at = (await connection.execute(later)).scalar_one()
    await connection.execute(update(lane).where(lane.c.id == lane_id).values(next_at=next_at))


async def _claims(connection: AsyncConnection, ids: Sequence[int]) -> list[Claim]:
    """Load the claimed deliveries with everything around them."""
    wanted = (
        select(
            delivery,
            chat.c.platform,
            chat.c.bot,
            chat.c.chat,
            chat.c.thread.label("chat_thread"),
            chat.c.kind.label("chat_kind"),
            chat.c.timezone,
            chat.c.language,
            chat.c.policy,
            subscription.c.number.label("subscription_number"),
            subscription.c.style,
            subscription.c.created_at,
            subscription.c.thread.label("page_thread"),
            subscription.c.thread_tried_at,
            source.c.url.label("source_url"),
            source.c.title.label("source_title"),
            source.c.name.label("source_name"),
            entry.c.key,
            entry.c.kind.label("entry_kind"),
            entry.c.content,
            lane.c.served_at,
            subscription.c.ping.label("calls"),
            lane.c.pinged_at,
        )
        .join_from(delivery, chat)
        .join(lane, lane.c.id == delivery.c.lane_id)
        .join(subscription, subscription.c.id == delivery.c.subscription_id)
        .join(source)
        .outerjoin(entry, entry.c.id == delivery.c.entry_id)
        .where(delivery.c.id.in_(ids))
    )
    rows = {row.id: row for row in (await connection.execute(wanted)).all()}
    parts: dict[int, list[Part]] = {id_: [] for id_ in ids}
    stored = select(part).where(part.c.delivery_id.in_(ids)).order_by(part.c.number, part.c.generation)
    for row in (await connection.execute(stored)).all():
        parts[row.delivery_id].append(
            Part(
                row.number,
                row.generation,
                row.nonce,
                row.chat,
                row.kind,
                row.message_id,
                row.sent_at,
                leaving=bool(row.leaving),
            )
        )
    also = await folded_into(connection, [row.id for row in rows.values() if row.wording_wanted])
    return [await _claim(connection, rows[id_], tuple(parts[id_]), also.get(id_, ())) for id_ in ids]


async def _claim(
    connection: AsyncConnection, row: Row[*tuple[Any, ...]], parts: tuple[Part, ...], also: tuple[Folded, ...]
) -> Claim:
    told: Entry | None = None
    standing: tuple[Entry, ...] = ()
    withdrawn = 0
    if row.kind == "digest":
        standing, withdrawn = await members(connection, row.id)
    else:
        told = content.from_json(row.key, row.entry_kind, row.content)
    style = styled_for_review(Style(**row.style)) if row.for_review else Style(**row.style)
    place, opens = _place(row, parts, style)
    return Claim(
        id=row.id,
        epoch=row.epoch,
        lane_id=row.lane_id,
        chat_id=row.chat_id,
        subscription_id=row.subscription_id,
        chat_kind=row.chat_kind,
        address=Address(row.platform, row.bot, row.chat, place or row.chat_thread),
        zone=ZoneInfo(row.timezone),
        language=row.language,
        policy=row.policy or None,
        number=row.subscription_number,
        style=style,
        source=SourceTitle(row.source_name, row.source_title, row.source_url),
        told=told,
        members=standing,
        withdrawn=withdrawn,
        gathered=bool(row.gathered),
        owed=_owed(row, parts, in_thread=bool(place)),
        newest=not (parts and row.shown and await _anything_after(connection, row.id, row.chat)),
        salt=f"{row.subscription_id}/{row.created_at.isoformat()}",
        served_at=row.served_at,
        ping=pinging.from_json(row.calls),
        pinged=row.ping,
        pinged_at=row.pinged_at,
        place=place,
        opens=opens,
        opening_since=row.thread_tried_at,
        previous=await _previous(connection, row, place) if style.reply and not row.shown else "",
        also=also,
        decisions=await decisions(connection, row.entry_id, row.chat_id) if row.for_review else (),
    )


def _place(row: Row[*tuple[Any, ...]], parts: tuple[Part, ...], style: Style) -> tuple[str, bool]:
    """Return the thread of its page in which a delivery stands or will stand, and whether that is still to be opened.

    What was tried or shown somewhere stays there, whatever the style has become.
    """
    begun = row.act is not None and row.thread_tried_at is None
    if row.thread or row.shown or begun or any(part.message_id for part in parts):
        return row.thread, False
    if row.chat_thread or not (style.thread or row.chat_kind == "forum"):
        return "", False
    return row.page_thread, not row.page_thread


def _owed(row: Row[*tuple[Any, ...]], parts: tuple[Part, ...], *, in_thread: bool) -> Owed:
    return Owed(
        wanted=row.wanted,
        shown=row.shown,
        parts=parts,
        chat=row.chat,
        act=row.act,
        tried_revision=row.tried_revision,
        tried_at=row.tried_at,
        failing_since=row.failing_since,
        attempts=row.attempts,
        form=row.form,
        generation=row.generation,
        pin_wanted=row.pin_wanted,
        pin_shown=row.pin_shown,
        in_thread=in_thread,
        wording_wanted=row.wording_wanted,
        wording_shown=row.wording_shown,
        for_review=bool(row.for_review),
    )


async def _anything_after(connection: AsyncConnection, delivery_id: int, platform_chat: str) -> bool:
    """Whether we sent anything to the platform chat after the last part of this delivery."""
    last = select(func.max(part.c.id)).where(part.c.delivery_id == delivery_id, part.c.message_id.is_not(None))
    later = part.c.id > last.scalar_subquery()
    found = select(part.c.id).where(part.c.chat == platform_chat, later, part.c.message_id.is_not(None)).limit(1)
    return (await connection.execute(found)).first() is not None


async def _previous(connection: AsyncConnection, claimed: Row[*tuple[Any, ...]], place: str) -> str:
    """Return the last message of a subscription's entries and digests where the claimed entry will stand; "" for none.

    It is looked for among the chat's last messages only: a reply to something far above helps nobody.
    """
    if claimed.entry_kind != "entry":
        return ""
    recent = (
        select(part.c.id, part.c.delivery_id, part.c.message_id)
        .where(part.c.chat == claimed.chat, part.c.message_id.is_not(None))
        .order_by(part.c.id.desc())
        .limit(NEAR)
        .subquery()
    )
    last = (
        select(recent.c.message_id)
        .join(delivery, delivery.c.id == recent.c.delivery_id)
        .outerjoin(entry, entry.c.id == delivery.c.entry_id)
        .where(
            delivery.c.subscription_id == claimed.subscription_id,
            delivery.c.id != claimed.id,
            delivery.c.shown > 0,
            delivery.c.thread == place,
            or_(delivery.c.kind == "digest", entry.c.kind == "entry"),
        )
        .order_by(recent.c.id.desc())
        .limit(1)
    )
    return (await connection.execute(last)).scalar_one_or_none() or ""
