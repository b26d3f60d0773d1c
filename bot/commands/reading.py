"""/list, /latest, /summary, /timezone and /help: what a chat can ask, whoever asks."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ..errors import CommandError
from ..languages import _
from ..ports import Answer
from ..richtext import RichText
from ..store import listing, schedules
from ..store.listing import Listed
from . import replies
from .everywhere import EVERYWHERE, list_everywhere
from .numbers import whole_number
from .pressing import under_list, ways_on
from .specs import BY_NAME, SPECS
from .targets import NOTHING_FOLLOWED
from .times import find_zone
from .turn import Turn

LATEST, MOST_LATEST = 5, 10


async def show_list(turn: Turn) -> Answer:
    """Show what the chat follows and how it is doing; with `everywhere`, what all chats around it follow."""
    first, _rest, page = turn.arguments.partition(" ")
    if first.lower() == EVERYWHERE:
        return await list_everywhere(turn, page.strip())
    followed = await _followed(turn)
    return Answer(replies.listing(followed, turn.now, await turn.zone()), under_list(followed, turn.now))


async def latest(turn: Turn) -> RichText:
    """Show the newest entries of all that the chat follows, its filters aside."""
    count = _count(turn.arguments)
    pages = {each.source_id: each for each in await _followed(turn)}
    found = await listing.latest(turn.connection, list(pages), count)
    if not found:
        return RichText(_("There are no entries yet."))
    newest = [(pages[source_id], entry) for source_id, entry in found]
    return replies.latest(newest, turn.now, await turn.zone(), several=len(pages) > 1)


def _count(typed: str) -> int:
    if not typed:
        return LATEST
    count = whole_number(typed)
    if count is None or not 1 <= count <= MOST_LATEST:
        how_many = _("How many? A number from 1 to {most}, for example {example}.")
        raise CommandError(how_many.format(most=MOST_LATEST, example="/latest 3"))
    return count


async def timezone(turn: Turn) -> RichText:
    """Choose the chat's time zone, or (bare) say which it has."""
    if turn.arguments:
        turn.for_admins()
        chat = await turn.chat()
        await schedules.set_zone(turn.connection, chat.id, find_zone(turn.arguments), turn.now)
    zone = await turn.zone()
    told = _("Times here are those of {city}, where it is {time} now.")
    return RichText(told.format(city=_city(zone), time=replies.when(turn.now, turn.now, zone)))


def _city(zone: ZoneInfo) -> str:
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return city if city == zone.key else f"{city} ({zone.key})"


async def show_help(turn: Turn) -> Answer:
    """List the commands; with the name of one, say how that is used."""
    name = turn.arguments.removeprefix("/").lower()
    if not name:
        return Answer(
            replies.help_text(spec for spec in SPECS if spec.is_on(turn.command.address.platform)), links=ways_on(turn)
        )
    if name not in BY_NAME:
        raise CommandError(_("There is no /{command}. /help lists what I know.").format(command=name))
    return Answer(replies.usage(BY_NAME[name]))


async def _followed(turn: Turn) -> list[Listed]:
    followed = await turn.followed()
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    return followed
