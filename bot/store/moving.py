"""A page at a new address: its subscriptions go with it, and nothing that a chat shows is said again.

Where the new address tells the same entries, what a chat shows goes on being corrected there: its deliveries then
belong to the new source's entries with the same keys. Where it is another page, what was posted freezes, as after
/unsubscribe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..filters import passes
from ..model import Entry
from . import content
from .catching_up import catch_up_all
from .entries import Recorded
from .letting_go import let_go_of_ended
from .planning import owe, wake
from .reviewing import go_along
from .schema import Moment, delivery, entry, entry_alias, source, subscription

_Row = Row[*tuple[Any, ...]]

# What a source knows of its server and of our polls of it is worth nothing at another address.
_OF_THE_ADDRESS: dict[str, Any] = {
    "etag": "",
    "last_modified": "",
    "body_hash": "",
    "lease_owner": "",
    "lease_until": None,
    "failures": 0,
    "last_error": "",
}
# So many entries that came to the new source, and never to the old one, are owed after a move.
_MOST_OWED = 200
# Two entries that say the same under other keys may be chance; that many are the same page.
_ALIKE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is now; `asked` is where it is read, "" for its own address. Title and name serve until a poll."""

    url: str
    asked: str = ""
    title: str = ""
    name: str = ""


async def is_same_page(connection: AsyncConnection, source_id: int, told: Sequence[Entry]) -> bool:
    """Whether these are entries of a source that we know: by a key, or several by their times and headlines."""
    keys = [each.key for each in told]
    known = select(entry.c.id).where(entry.c.source_id == source_id, entry.c.kind == "entry", entry.c.key.in_(keys))
    if (await connection.execute(known.limit(1))).first() is not None:
        return True
    said = {(each.published_at, each.headline) for each in told if each.headline and each.published_at}
    times = [at for at, _ in said]
    there = select(entry.c.published_at, entry.c.headline).where(
        entry.c.source_id == source_id, entry.c.kind == "entry", entry.c.published_at.in_(times)
    )
    rows = (await connection.execute(there)).all()
    return len(said & {(row.published_at, row.headline) for row in rows}) >= _ALIKE


async def redirect(connection: AsyncConnection, source_id: int, url: str, now: datetime) -> None:
    """Take a source to where its page moved for good; a source that is there already takes over its subscriptions."""
    there = (await connection.execute(select(source).where(source.c.url == url).with_for_update())).one_or_none()
    if there is None:
        await connection.execute(update(source).where(source.c.id == source_id).values(url=url))
        return
    if there.taken_down_at is not None:
        return
    mine = subscription.c.source_id == source_id, subscription.c.ended_at.is_(None)
    await _go(connection, await _wishes(connection, *mine), source_id, there, now, same=True)


async def move(connection: AsyncConnection, wish: int, to: Place, now: datetime, *, same: bool) -> int:
    """Let one subscription follow the page at another address, and return the number that it has then.

    `same`: that page tells the entries that its source told. The other subscriptions of the source stay where they are.
    """
    (row,) = await _wishes(connection, subscription.c.id == wish)
    here = (await connection.execute(select(source).where(source.c.id == row.source_id).with_for_update())).one()
    there = (await connection.execute(select(source).where(source.c.url == to.url).with_for_update())).one_or_none()
    if there is None:
        alone = await _is_alone(connection, row)
        if same and alone:
            moved = update(source).where(source.c.id == here.id)
            await connection.execute(moved.values(url=to.url, asked=to.asked, next_poll_at=now, **_OF_THE_ADDRESS))
            return int(row.number)
        there = await _copied(connection, here, to, now) if same else await _made(connection, asdict(to), now)
    elif there.next_poll_at is None:
        await connection.execute(update(source).where(source.c.id == there.id).values(next_poll_at=now))
    await _go(connection, [row], here.id, there, now, same=same)
    await _rest(connection, here.id)
    return await _number(connection, row.chat_id, there.id)


async def _wishes(connection: AsyncConnection, *which: ColumnElement[bool]) -> Sequence[_Row]:
    return (await connection.execute(select(subscription).where(*which).order_by(subscription.c.id))).all()


async def _is_alone(connection: AsyncConnection, wish: _Row) -> bool:
    others = select(subscription.c.id).where(subscription.c.source_id == wish.source_id, subscription.c.id != wish.id)
    return (await connection.execute(others.limit(1))).first() is None


async def _rest(connection: AsyncConnection, source_id: int) -> None:
    """Look no more at a source that nobody follows."""
    followed = select(subscription.c.id).where(subscription.c.source_id == source_id, subscription.c.ended_at.is_(None))
    if (await connection.execute(followed.limit(1))).first() is None:
        await connection.execute(update(source).where(source.c.id == source_id).values(next_poll_at=None))


async def _number(connection: AsyncConnection, chat_id: int, source_id: int) -> int:
    mine = select(subscription.c.number).where(
        subscription.c.chat_id == chat_id, subscription.c.source_id == source_id, subscription.c.ended_at.is_(None)
    )
    number: int = (await connection.execute(mine)).scalar_one()
    return number


# ── the new source ───────────────────────────────────────────────────────────────────────────────────────────────


async def _made(connection: AsyncConnection, values: dict[str, Any], now: datetime) -> _Row:
    made = insert(source).values({**values, "next_poll_at": now}).returning(source.c.id)
    id_ = (await connection.execute(made)).scalar_one()
    return (await connection.execute(select(source).where(source.c.id == id_))).one()


async def _copied(connection: AsyncConnection, here: _Row, to: Place, now: datetime) -> _Row:
    """Make a source that knows what another one knows, so that its first look finds what changed since."""
    values = {column.name: getattr(here, column.name) for column in source.c if column.name != "id"}
    made = await _made(connection, {**values, "url": to.url, "asked": to.asked, **_OF_THE_ADDRESS}, now)
    kept = [column for column in entry.c if column.name not in ("id", "source_id")]
    old = select(literal(made.id), *kept).where(entry.c.source_id == here.id)
    await connection.execute(insert(entry).from_select(["source_id", *(column.name for column in kept)], old))
    mine, theirs = entry.alias("mine"), entry.alias("theirs")
    names = (
        select(literal(made.id), entry_alias.c.key, theirs.c.id)
        .join_from(entry_alias, mine, mine.c.id == entry_alias.c.entry_id)
        .join(theirs, and_(theirs.c.source_id == made.id, theirs.c.key == mine.c.key))
        .where(entry_alias.c.source_id == here.id)
    )
    await connection.execute(insert(entry_alias).from_select(["source_id", "key", "entry_id"], names))
    return made


# ── the subscriptions ────────────────────────────────────────────────────────────────────────────────────────────


async def _go(
    connection: AsyncConnection, wishes: Sequence[_Row], source_id: int, there: _Row, now: datetime, *, same: bool
) -> None:
    """Let subscriptions of one source follow another; where their chat follows it already, theirs there stays."""
    since = await _seen_by_both(connection, source_id, there) if same else there.sequence
    gone = []
    for wish in wishes:
        twin = and_(subscription.c.chat_id == wish.chat_id, subscription.c.source_id == there.id)
        standing = (await connection.execute(select(subscription).where(twin))).one_or_none()
        if standing is not None:
            await _end(connection, wish.id, now)
            if standing.ended_at is None:
                continue
            await _revive(connection, standing.id, wish, since, now if same else None)
        else:
            values = {"source_id": there.id, "since": since, "caught_up_at": wish.caught_up_at if same else None}
            await connection.execute(update(subscription).where(subscription.c.id == wish.id).values(**values))
            gone.append(wish.id)
    if same:
        await _hand_over(connection, gone, source_id, there.id, now)
        await _owe_what_came(connection, source_id, there.id, since, now)
    else:
        await _freeze(connection, gone, now)
        await catch_up_all(connection, there.id, now)
    await go_along(connection, source_id, there.id, now)


async def _seen_by_both(connection: AsyncConnection, source_id: int, there: _Row) -> int:
    """Return the last sequence of the new source that was there when the old one was last read."""
    read = select(source.c.last_ok_at).where(source.c.id == source_id).scalar_subquery()
    early = select(func.max(entry.c.sequence)).where(entry.c.source_id == there.id, entry.c.seen_at <= read)
    return (await connection.execute(early)).scalar_one() or 0


async def _end(connection: AsyncConnection, wish: int, now: datetime) -> None:
    await connection.execute(update(subscription).where(subscription.c.id == wish).values(ended_at=now))
    await _freeze(connection, [wish], now)


async def _freeze(connection: AsyncConnection, wishes: Sequence[int], now: datetime) -> None:
    """End what these subscriptions were owed; what was begun and not answered is finished first."""
    idle = delivery.c.state.not_in(("claimed", "gone", "ended")) & delivery.c.act.is_(None)
    await connection.execute(update(delivery).where(delivery.c.subscription_id.in_(wishes), idle).values(state="ended"))
    await let_go_of_ended(connection, wishes, now)


async def _revive(
    connection: AsyncConnection, twin: int, wish: _Row, since: int, caught_up_at: datetime | None
) -> None:
    """Make an ended subscription wish what the one that comes wished."""
    own = ("id", "source_id", "chat_id", "number", "since", "caught_up_at", "created_at")
    wished = {column.name: getattr(wish, column.name) for column in subscription.c if column.name not in own}
    revived = update(subscription).where(subscription.c.id == twin)
    await connection.execute(revived.values(**wished, since=since, caught_up_at=caught_up_at))


# ── what is shown, and what is owed ──────────────────────────────────────────────────────────────────────────────


async def _hand_over(
    connection: AsyncConnection, wishes: Sequence[int], source_id: int, to: int, now: datetime
) -> None:
    """Let the deliveries of entries that both sources tell show the new source's from now on."""
    mine, theirs = entry.alias("mine"), entry.alias("theirs")
    shared = (
        select(mine.c.id, mine.c.revision, theirs.c.id.label("to"), theirs.c.removed_at, theirs.c.revision.label("new"))
        .add_columns((mine.c.digest == theirs.c.digest).label("same"))
        .join_from(mine, theirs, and_(theirs.c.key == mine.c.key, theirs.c.source_id == to))
        .where(mine.c.source_id == source_id)
        .where(mine.c.id.in_(select(delivery.c.entry_id).where(delivery.c.subscription_id.in_(wishes))))
    )
    pairs = (await connection.execute(shared)).all()
    for pair in pairs:
        current = await _renumbered(connection, pair.to, pair.new, max(pair.new, pair.revision) + 1)
        # A revision that is not today's only says that the message must be edited, whichever it was.
        shown = case(
            (delivery.c.shown == 0, 0), (and_(literal(pair.same), delivery.c.shown == pair.revision), current), else_=1
        )
        handed = update(delivery).where(delivery.c.entry_id == pair.id, delivery.c.subscription_id.in_(wishes))
        wanted = case((delivery.c.wanted == 0, 0), else_=0 if pair.removed_at else current)
        await connection.execute(handed.values(entry_id=pair.to, shown=shown, wanted=wanted))
        await _make_due(connection, pair.to, wishes, now)
    await wake(connection, [pair.to for pair in pairs], now)


async def _renumbered(connection: AsyncConnection, entry_id: int, revision: int, new: int) -> int:
    """Give an entry's text a revision that neither source has used, so that every earlier number is an earlier text.

    Whoever shows that text today goes on showing it, under the new number.
    """
    await connection.execute(update(entry).where(entry.c.id == entry_id).values(revision=new))
    theirs = update(delivery).where(delivery.c.entry_id == entry_id)
    await connection.execute(theirs.where(delivery.c.wanted == revision).values(wanted=new))
    await connection.execute(theirs.where(delivery.c.shown == revision).values(shown=new))
    return new


async def _make_due(connection: AsyncConnection, entry_id: int, wishes: Sequence[int], now: datetime) -> None:
    """What does not show what is wanted is due; a first send keeps its turn, or stays held."""
    differs = and_(
        delivery.c.entry_id == entry_id,
        delivery.c.subscription_id.in_(wishes),
        delivery.c.wanted != delivery.c.shown,
        delivery.c.shown > 0,
        delivery.c.state == "settled",
    )
    await connection.execute(
        update(delivery).where(differs).values(state="due", wanted_at=literal(now, Moment), due_at=literal(now, Moment))
    )


async def _owe_what_came(connection: AsyncConnection, source_id: int, to: int, since: int, now: datetime) -> None:
    """Owe what the new source saw after the old one was last read, and the old one never had."""
    known = select(entry.c.key).where(entry.c.source_id == source_id)
    came = (
        select(entry)
        .where(entry.c.source_id == to, entry.c.sequence > since, entry.c.kind == "entry")
        .where(entry.c.removed_at.is_(None), entry.c.content.is_not(None), entry.c.key.not_in(known))
        .order_by(entry.c.sequence)
        .limit(_MOST_OWED)
    )
    rows = (await connection.execute(came)).all()
    texts = select(subscription.c.filter).where(subscription.c.source_id == to).distinct()
    filters = (await connection.execute(texts)).scalars().all() if rows else ()
    for row in rows:
        told = content.from_json(row.key, row.kind, row.content)
        change = Recorded("new", row.id, row.kind, row.sequence, row.rank, row.revision, told)
        for text in filters:
            if not text or passes(text, told):
                wishes = and_(subscription.c.source_id == to, subscription.c.filter == text)
                await owe(connection, change, wishes, now)
    await wake(connection, [row.id for row in rows], now)
