"""Answers that had to be said before a channel's readers: they lead to a private chat, and go after a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from ..languages import _
from ..ports import Adapter, Answer, Clock, Command, Done, HasWays, Link, Sent
from ..richtext import join
from ..store import leftovers
from ..store.engine import Database
from .again import again_after

log = structlog.get_logger(__name__)

READ_WITHIN = timedelta(minutes=1)


def before_readers(said: Answer, command: Command, adapter: Adapter) -> Answer:
    """Return what to say in a channel itself: how long it stands there, and how it is managed out of sight."""
    ways = adapter.ways if isinstance(adapter, HasWays) else None
    if not said or command.pressed or ways is None or not ways.private:
        return said
    goes = _("I take this away in a minute, because the readers of this channel see it.")
    link = Link(_("Manage it in private"), f"{ways.private}?start=manage{command.address.chat}")
    return replace(said, text=join("\n\n", [said.text, goes]), links=(*said.links, link))


async def keep(database: Database, command: Command, done: Done, now: datetime) -> None:
    """Write down what an answer left before a channel's readers; what is pressed again stays a minute more."""
    messages = [message for message in (done.message_id, *done.further) if message]
    if messages and command.chat_kind == "channel":
        async with database.write() as connection:
            await leftovers.keep(connection, command.address, messages, now, now + READ_WITHIN)


async def tidy(database: Database, adapters: Sequence[Adapter], clock: Clock) -> None:
    """Take away what has stood long enough; what the platform does not let go stays."""
    ours = {(adapter.platform, adapter.bot): adapter for adapter in adapters if adapter.bot}
    async with database.read() as connection:
        waiting = await leftovers.due(connection, list(ours), clock.now())
    for left in waiting:
        adapter = ours[left.address.platform, left.address.bot]
        outcome = await adapter.remove(left.address, Sent(left.message_id, "text", left.said_at))
        wait = again_after(outcome)
        async with database.write() as connection:
            if wait is None:
                await leftovers.gone(connection, left)
            else:
                await leftovers.later(connection, left, clock.now() + wait)
