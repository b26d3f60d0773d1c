"""All that people chose, read as one value, and written into another database in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..hours import quiet_hours, schedule
from ..model import Address, Ping
from ..portable import (
    Chosen,
    ChosenAccess,
    ChosenChat,
    ChosenDesk,
    ChosenPing,
    ChosenSource,
    ChosenSubscription,
)
from . import chats, reviewing, schedules, subscriptions
from .halting import pause_all, paused_since
from .schema import ALERTS, FOREVER, access, chat, source, subscription
from .summaries import set_summary


async def chosen(connection: AsyncConnection) -> Chosen:
    """Return what people chose, in an order that depends on nothing else."""
    return Chosen(
        paused_at=await paused_since(connection),
        access=tuple(await _access(connection)),
        sources=tuple(await _sources(connection)),
        chats=tuple(await _chats(connection)),
    )


async def _access(connection: AsyncConnection) -> list[ChosenAccess]:
    rows = await connection.execute(select(access).order_by(access.c.platform, access.c.what, access.c.id))
    return [ChosenAccess(**row._mapping) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name for a row as a mapping


async def _sources(connection: AsyncConnection) -> list[ChosenSource]:
    followed = exists().where(subscription.c.source_id == source.c.id, subscription.c.ended_at.is_(None))
    columns = (source.c.url, source.c.asked, source.c.title, source.c.name, source.c.reader)
    wanted = select(*columns).where(followed, source.c.url != ALERTS, source.c.taken_down_at.is_(None))
    rows = await connection.execute(wanted.order_by(source.c.url))
    return [ChosenSource(**row._mapping) for row in rows]  # noqa: SLF001  # as above


async def _chats(connection: AsyncConnection) -> list[ChosenChat]:
    followed = await _subscriptions(connection)
    place = (chat.c.platform, chat.c.bot, chat.c.chat, chat.c.thread)
    set_up = (chat.c.language, chat.c.timezone, chat.c.quiet, chat.c.policy)
    columns = (chat.c.server, chat.c.kind, chat.c.title, *set_up, (chat.c.fold == 1).label("fold"))
    wanted = select(chat.c.id, *place, *columns).where(chat.c.state != "left").order_by(*place)
    rows = (await connection.execute(wanted)).all()
    return [
        ChosenChat(
            **{name: value for name, value in row._mapping.items() if name != "id"},  # noqa: SLF001  # as above
            subscriptions=tuple(followed[row.id]),
        )
        for row in rows
    ]


async def _subscriptions(connection: AsyncConnection) -> dict[int, list[ChosenSubscription]]:
    mine = subscription.c
    columns = (mine.number, mine.filter, mine.style, mine.ping, mine.summary, mine.schedule, mine.paused_until)
    wanted = (
        select(mine.chat_id, source.c.url, *columns, mine.created_by, mine.review_chat_id)
        .join_from(subscription, source)
        .where(mine.ended_at.is_(None), source.c.url != ALERTS, source.c.taken_down_at.is_(None))
        .where(mine.review_only == 0)
        .order_by(mine.chat_id, mine.number)
    )
    desks = await _desks(connection)
    found: dict[int, list[ChosenSubscription]] = defaultdict(list)
    for row in (await connection.execute(wanted)).all():
        own = ("chat_id", "review_chat_id")
        values = {name: value for name, value in row._mapping.items() if name not in own}  # noqa: SLF001  # as above
        values["review"] = desks.get(row.review_chat_id)
        values["ping"] = ChosenPing(**row.ping) if row.ping else None
        values["paused_until"] = "resumed" if row.paused_until == FOREVER else row.paused_until
        found[row.chat_id].append(ChosenSubscription(**values))
    return found


async def _desks(connection: AsyncConnection) -> dict[int, ChosenDesk]:
    """Return the chats where people decide for others, by their ids."""
    reviewing_ones = select(subscription.c.review_chat_id).where(subscription.c.ended_at.is_(None))
    place = (chat.c.platform, chat.c.bot, chat.c.chat, chat.c.thread)
    rows = await connection.execute(select(chat.c.id, *place).where(chat.c.id.in_(reviewing_ones)))
    return {row.id: ChosenDesk(platform=row.platform, bot=row.bot, chat=row.chat, thread=row.thread) for row in rows}


# ── written ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def conflicts(connection: AsyncConnection, wanted: Chosen) -> list[str]:
    """Return a sentence, with its place, for everything that this database does not allow."""
    owners = dict(
        (await connection.execute(select(access.c.platform, access.c.id).where(access.c.role == "owner"))).all()
    )
    found = [
        f"access[{index}]: {each.platform} has another owner here, {owners[each.platform]}."
        for index, each in enumerate(wanted.access)
        if each.role == "owner" and owners.get(each.platform, each.id) != each.id
    ]
    down = set((await connection.execute(select(source.c.url).where(source.c.taken_down_at.is_not(None)))).scalars())
    found += [
        f"sources[{index}].url: The page {each.url} was taken down here."
        for index, each in enumerate(wanted.sources)
        if each.url in down
    ]
    return found


async def choose(connection: AsyncConnection, wanted: Chosen, now: datetime) -> Counter[str]:
    """Make it so, adding to what is there; return how many sources, chats, subscriptions and accesses are new."""
    made: Counter[str] = Counter()
    if wanted.paused_at is not None:
        await pause_all(connection, wanted.paused_at)
    for each in wanted.access:
        row = insert(access).values(**each.model_dump())
        done = row.on_conflict_do_nothing(index_elements=["platform", "what", "id"]).returning(access.c.id)
        made["access"] += (await connection.execute(done)).first() is not None
    pages = {each.url: each for each in wanted.sources}
    before = set((await connection.execute(select(source.c.url).where(source.c.url.in_(list(pages))))).scalars())
    for there in wanted.chats:
        await _choose_chat(connection, there, pages, now, made)
    for there in wanted.chats:
        await _review(connection, there, now)
    followed = {wish.url for there in wanted.chats for wish in there.subscriptions}
    made["sources"] = len(followed - before)
    return made


async def _choose_chat(
    connection: AsyncConnection,
    wanted: ChosenChat,
    pages: dict[str, ChosenSource],
    now: datetime,
    made: Counter[str],
) -> None:
    address = Address(wanted.platform, wanted.bot, wanted.chat, wanted.thread)
    made["chats"] += await chats.find(connection, address) is None
    there = await chats.find_or_make(connection, address, kind=wanted.kind, title=wanted.title, server=wanted.server)
    settings = {"language": wanted.language, "timezone": wanted.timezone, "policy": wanted.policy, "fold": wanted.fold}
    await connection.execute(update(chat).where(chat.c.id == there.id).values(**settings))
    await schedules.set_zone(connection, there.id, wanted.timezone, now)
    if wanted.quiet != there.quiet:
        await schedules.set_quiet(connection, there.id, quiet_hours(wanted.quiet) if wanted.quiet else None, now)
    for wish in wanted.subscriptions:
        made["subscriptions"] += await _follow(connection, there.id, wish, pages[wish.url], now)


async def _follow(
    connection: AsyncConnection, chat_id: int, wish: ChosenSubscription, page: ChosenSource, now: datetime
) -> bool:
    """Make a chat follow a page as was chosen; whether that is new. It is caught up as after /subscribe."""
    known = await subscriptions.subscribe(
        connection,
        chat_id=chat_id,
        url=wish.url,
        asked=page.asked or None,
        title=page.title,
        name=page.name,
        filter_text=wish.filter,
        created_by=wish.created_by,
        now=now,
    )
    if known.made != "known":
        await _number(connection, chat_id, known.id, wish.number)
    await subscriptions.set_filter(connection, known.id, wish.filter)
    await subscriptions.set_style(connection, known.id, wish.style)
    await subscriptions.set_ping(connection, known.id, Ping(**wish.ping.model_dump()) if wish.ping else None)
    await set_summary(connection, known.id, wish.summary, now)
    await _pause(connection, known.id, wish)
    await _schedule(connection, known.id, wish, now)
    return known.made != "known"


async def _review(connection: AsyncConnection, wanted: ChosenChat, now: datetime) -> None:
    """Let people decide on what a chat gets where they did; until all chats are there, no desk is."""
    here = await chats.find(connection, Address(wanted.platform, wanted.bot, wanted.chat, wanted.thread))
    assert here is not None, "it was just made"
    for wish in wanted.subscriptions:
        if (place := wish.review) is None:
            continue
        desk = await chats.find(connection, Address(place.platform, place.bot, place.chat, place.thread))
        assert desk is not None, "the file was refused otherwise"
        mine = select(subscription).join_from(subscription, source).where(subscription.c.chat_id == here.id)
        row = (await connection.execute(mine.where(source.c.url == wish.url))).one()
        if row.review_chat_id != desk.id:
            await reviewing.set_review(connection, row.id, desk.id, wish.created_by, now)


async def _number(connection: AsyncConnection, chat_id: int, subscription_id: int, number: int) -> None:
    """Give a new subscription the number that people knew it by, where nothing here has it."""
    mine = subscription.c.chat_id == chat_id
    taken = select(subscription.c.id).where(mine, subscription.c.number == number)
    if (await connection.execute(taken)).first() is None:
        await connection.execute(update(subscription).where(subscription.c.id == subscription_id).values(number=number))
    highest = select(func.max(subscription.c.number)).where(mine).scalar_subquery()
    await connection.execute(update(chat).where(chat.c.id == chat_id).values(last_number=highest))


async def _pause(connection: AsyncConnection, subscription_id: int, wish: ChosenSubscription) -> None:
    until: Any = FOREVER if wish.paused_until == "resumed" else wish.paused_until
    paused = update(subscription).where(subscription.c.id == subscription_id)
    await connection.execute(paused.values(paused_until=until))


async def _schedule(connection: AsyncConnection, subscription_id: int, wish: ChosenSubscription, now: datetime) -> None:
    """Set the schedule, unless it is so already: setting it anew would let go what waits for it."""
    now_set = select(subscription.c.schedule).where(subscription.c.id == subscription_id)
    if (await connection.execute(now_set)).scalar_one() != wish.schedule:
        await schedules.set_schedule(connection, [subscription_id], schedule(wish.schedule or "live"), now)
