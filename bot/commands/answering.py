"""From a command to its answer: look ahead, check, do, say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..errors import CommandError, Mistake, SourceError, Stranger
from ..exploring import Explored
from ..languages import _
from ..ports import TO_BE_TYPED, Answer, Command
from ..richtext import RichText
from ..store import subscriptions
from . import (
    entering,
    explaining,
    filtering,
    folding,
    following,
    managing,
    moving,
    overview,
    pausing,
    pinging,
    reading,
    removing,
    replies,
    reviewing,
    scheduling,
    speaking,
    styling,
    summing,
)
from .specs import BY_NAME
from .turn import Turn

Probe = Callable[[str], Awaitable[Explored]]
"""Looks where the page at a canonical address is read best. Raises SourceError."""

LOOKING = ("subscribe", "move")
"""The commands that may have to look at a page first."""

Handler = Callable[[Turn], Awaitable[RichText | Answer]]
"""Does one command; where there is nothing to press or to ask, it returns the bare text."""

_HANDLERS: dict[str, Handler] = {
    "start": entering.start,
    "help": reading.show_help,
    "subscribe": following.subscribe,
    "unsubscribe": following.unsubscribe,
    "move": moving.move,
    "manage": managing.manage,
    "list": reading.show_list,
    "pause": pausing.pause,
    "resume": pausing.resume,
    "filter": filtering.set_filter,
    "style": styling.style,
    "ping": pinging.ping,
    "fold": folding.fold,
    "quiet": scheduling.quiet,
    "schedule": scheduling.set_schedule,
    "why": explaining.why,
    "latest": reading.latest,
    "summary": summing.summary,
    "remove": removing.remove,
    "review": reviewing.review,
    "settings": overview.settings,
    "timezone": reading.timezone,
    "language": speaking.language,
    "claim": entering.claim,
    "allow": entering.allow,
    "deny": entering.deny,
}


async def look(url: str, probe: Probe) -> Explored | SourceError:
    """Look at a page that /subscribe or /move names, outside any transaction; the error where it cannot be had."""
    try:
        return await probe(url)
    except SourceError as error:
        return error


async def unknown_page(turn: Turn) -> str | None:
    """Return the address of the page that must be looked at first; None if there is none, or the answer will be no."""
    name = turn.command.name
    if name not in LOOKING or turn.command.missing_rights:
        return None
    try:
        await entering.admit(turn, BY_NAME[name])
        url = await moving.page_of(turn) if name == "move" else (await following.page_of(turn))[0]
    except CommandError:
        return None
    known = await subscriptions.watched(turn.connection, url)
    return None if known is not None and (known.polled or known.taken_down) else url


async def answer(turn: Turn) -> Answer:
    """Do what a command asks and return what to say; what was refused changed nothing."""
    try:
        async with turn.connection.begin_nested():
            said = await _do(turn)
    except Stranger as error:
        return Answer(RichText("" if turn.told_today() else str(error)), aside=True)
    except Mistake as error:
        said = Answer(replies.mistake(error), aside=True)
    except CommandError as error:
        said = Answer(RichText(str(error)), aside=True)
    return said if isinstance(said, Answer) else Answer(said)


async def _do(turn: Turn) -> RichText | Answer:
    spec = BY_NAME.get(turn.command.name)
    if spec is None:
        return _unknown(turn.command)
    await entering.admit(turn, spec)
    if turn.command.pressed and turn.command.arguments.endswith(TO_BE_TYPED):
        return _question(turn.command)
    return await _HANDLERS[spec.name](turn)


def _question(pressed: Command) -> Answer:
    """Ask for what a button wants typed, where the platform has no form for it."""
    line = f"{pressed.name} {pressed.arguments.removesuffix(TO_BE_TYPED)}".strip()
    return Answer(RichText(_("What shall stand after {command}?").format(command=f"/{line}")), asks=line)


def _unknown(command: Command) -> RichText:
    """In a group it was probably meant for another bot."""
    if command.pressed:
        raise CommandError(_("That button is from another version of this bot. /help lists what it knows now."))
    if command.chat_kind != "private":
        return RichText()
    return RichText(_("I do not know /{command}. /help lists what I know.").format(command=command.name))
