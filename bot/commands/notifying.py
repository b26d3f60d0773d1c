"""Who subscribed a chat hears in private, once, that nothing can be posted there and why; and that it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ..languages import _, retold, speaking
from ..model import Address
from ..ports import Adapter, Answer, Clock, Speaks
from ..richtext import RichText, join
from ..store import chats, troubles
from ..store.engine import Database
from ..store.troubles import Trouble
from .again import again_after

_MOST_NAMED = 10


async def notify(database: Database, adapters: Sequence[Adapter], clock: Clock) -> None:
    """Tell whoever must hear something now, one message for each person; who cannot be told is not asked again."""
    speaking_ones = {(each.platform, each.bot): each for each in adapters if each.bot and isinstance(each, Speaks)}
    async with database.write() as connection:
        await troubles.look(connection, list(speaking_ones), clock.now())
        waiting = await troubles.due(connection, list(speaking_ones), clock.now())
    for private, those in groupby(sorted(waiting, key=_key), key=_private):
        adapter = speaking_ones[private.platform, private.bot]
        assert isinstance(adapter, Speaks)
        await _tell(database, adapter, private, list(those), clock)


def _private(each: Trouble) -> Address:
    return Address(each.chat.address.platform, each.chat.address.bot, each.person)


def _key(each: Trouble) -> tuple[str, ...]:
    return (each.chat.address.platform, each.chat.address.bot, each.person)


async def _tell(database: Database, adapter: Speaks, private: Address, those: Sequence[Trouble], clock: Clock) -> None:
    async with database.read() as connection:
        known = await chats.find(connection, private)
    with speaking((known and known.language) or those[0].chat.language):
        said = join("\n\n", [_line(each) for each in those[:_MOST_NAMED]])
    outcome = await adapter.say(private, Answer(said))
    wait = again_after(outcome)
    async with database.write() as connection:
        if wait is None:
            await troubles.told(connection, those, clock.now())
        else:
            await troubles.later(connection, those, clock.now() + wait)


def _line(each: Trouble) -> RichText:
    name = RichText(each.chat.title or each.chat.address.chat).marked("bold")
    if each.over:
        return RichText.filled(
            _("I can post in {chat} again. What was missed comes now, shortened if it is much."), chat=name
        )
    if each.chat.address.thread:
        what = _(
            "I cannot post in a topic of {chat} any more: {why}. What it follows is kept. Open the topic again and "
            "send /resume there, or /subscribe in another one."
        )
    else:
        what = _(
            "I cannot post in {chat} any more: {why}. What it follows, and all that is owed, is kept. Put me back, or "
            "give me the right to post, and it goes on."
        )
    return RichText.filled(what, chat=name, why=retold(each.why))
