"""/ping: the role that is called for some new entries, where a platform has roles."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import CommandError
from ..languages import _
from ..model import Ping
from ..ports import Answer, Role
from ..richtext import RichText, join
from ..store import subscriptions
from ..store.listing import Listed
from .filtering import OFF, checked_filter
from .pressing import buttons
from .replies import named
from .targets import NOTHING_FOLLOWED, one_or_ask, split_target
from .turn import Turn

USUAL, EVERYTHING = "is:breaking", "everything"
_RIGHT = "Mention @everyone, @here, and All Roles"


async def ping(turn: Turn) -> RichText | Answer:
    """Say whom new entries call, or choose a role and for which entries it is called."""
    if not turn.command.server:
        raise CommandError(_("Only Discord servers have roles to call; here every entry rings as /style silent says."))
    followed, role = await turn.followed(), turn.command.role
    chosen, words = split_target(followed, _without(turn.arguments, role))
    if role is None and not words:
        return _shown(chosen or followed)
    turn.for_admins()
    chosen = chosen or one_or_ask(followed, "ping", words)
    if words.lower() in OFF:
        return await _ended(turn, chosen)
    if role is not None:
        _allowed(role)
    checked_filter(turn, "" if words.lower() == EVERYTHING else words)
    for each in chosen:
        await subscriptions.set_ping(turn.connection, each.id, _wanted(each, role, words))
    return await _set(turn, chosen)


def calls(ping: Ping) -> str:
    """Return whom somebody calls, and for what, in one line."""
    if not ping.words:
        return _("Calls @{role} for every new entry").format(role=ping.name)
    return _("Calls @{role} for new entries that fit: {words}").format(role=ping.name, words=ping.words)


def _without(arguments: str, role: Role | None) -> str:
    """Leave out the id of the role, which came as an option of its own."""
    return " ".join(word for word in arguments.split() if role is None or word != role.id)


def _allowed(role: Role) -> None:
    """Raise CommandError where the role must not be called: by anybody, by this person, by the bot."""
    if role.everybody:
        raise CommandError(_("Everybody at once is never called: choose a role that people took because they want it."))
    if not role.for_user:
        problem = _("You may not call @{role}: that takes the right “{right}” here, or a role that anyone may mention.")
        raise CommandError(problem.format(role=role.name, right=_RIGHT))
    if not role.for_bot:
        problem = _("I may not call @{role}: give me the right “{right}” here, or let anyone mention the role.")
        raise CommandError(problem.format(role=role.name, right=_RIGHT))


def _wanted(each: Listed, role: Role | None, words: str) -> Ping:
    """Return what is chosen; what was not said stays as it is. Raises CommandError where no role is known."""
    before = each.calls
    if role is None and before is None:
        raise CommandError(_("Choose the role, too: it is an option of /ping."))
    said = "" if words.lower() == EVERYTHING else words or (before.words if before else USUAL)
    chosen = (role.id, role.name) if role else (before.role, before.name) if before else ("", "")
    return Ping(*chosen, said)


async def _ended(turn: Turn, chosen: Sequence[Listed]) -> Answer:
    for each in chosen:
        await subscriptions.set_ping(turn.connection, each.id, None)
    return Answer(RichText(_("From now on nobody is called by:")) + " " + named(chosen) + ".")


async def _set(turn: Turn, chosen: Sequence[Listed]) -> Answer:
    numbers = {each.number for each in chosen}
    now = [each for each in await turn.followed() if each.number in numbers]
    rule = _("At most once in five minutes in a channel, and never for corrections, digests or summaries.")
    target = "all" if len(chosen) > 1 else str(chosen[0].number)
    return Answer(join("\n", [*map(_line, now), rule]), buttons((_("Off"), f"ping {target} off")))


def _shown(followed: Sequence[Listed]) -> Answer:
    if not followed:
        raise CommandError(NOTHING_FOLLOWED)
    hint = _("Choose a role in the option role, and in words for which entries it is called.")
    said = join("\n", [*map(_line, followed), hint])
    only = followed[0]
    return Answer(said, buttons((_("Off"), f"ping {only.number} off")) if len(followed) == 1 and only.calls else ())


def _line(each: Listed) -> RichText:
    return RichText(f"{each.number}. ") + named([each]) + f": {calls(each.calls) if each.calls else _('Calls nobody')}"
