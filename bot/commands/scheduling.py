"""/quiet and /schedule: at which hours new entries arrive, and whether they are gathered into digests."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from ..errors import CommandError
from ..hours import Quiet, quiet_hours, schedule
from ..languages import N_, _
from ..ports import Answer, Button
from ..richtext import RichText, join
from ..store import chats, schedules
from ..store.listing import Listed
from .everywhere import EVERYWHERE
from .filtering import OFF
from .pressing import buttons
from .replies import listed, scheduled
from .targets import NOTHING_FOLLOWED, one_or_ask, split_target
from .turn import Turn

_NIGHTS = ("23:00-07:00", "22:00-08:00")
_OFTEN = ((N_("Every 30m"), "every 30m"), (N_("Every 2h"), "every 2h"), ("08:00, 18:00", "at 08:00,18:00"))
_RARELY = ((N_("Breaking live, rest 18:00"), "breaking live, rest at 18:00"), (N_("Live"), "live"))


_BREAKING_ARRIVES = N_(
    "Breaking entries still arrive; corrections and withdrawals go on. What was missed comes at {ends}."
)
_ALL_WAITS = N_(
    "New entries wait, breaking ones, too; corrections and withdrawals go on. What was missed comes at {ends}."
)


async def quiet(turn: Turn) -> RichText | Answer:
    """Set the hours in which nothing new arrives in this chat, or (bare) say which they are."""
    first, _space, rest = turn.arguments.partition(" ")
    everywhere = first.lower() == EVERYWHERE
    typed = rest.strip() if everywhere else turn.arguments
    if not typed:
        return await _quiet(turn)
    turn.for_admins()
    wanted = None if typed.lower() in OFF else quiet_hours(typed)
    await turn.chat()
    here = await chats.find(turn.connection, turn.command.address)
    assert here is not None
    ids = await turn.together() if everywhere else [here.id]
    for each in ids:
        await schedules.set_quiet(turn.connection, each, wanted, turn.now)
    return await _quiet(turn)


async def _quiet(turn: Turn) -> Answer:
    here = await chats.find(turn.connection, turn.command.address)
    if here is None or not here.quiet:
        said = _("There are no quiet hours here. Set them like this: {example}").format(example=f"/quiet {_NIGHTS[0]}")
        return Answer(RichText(said), buttons(*((each, f"quiet {each}") for each in _NIGHTS)))
    hours, zone = quiet_hours(here.quiet), ZoneInfo(here.timezone)
    begins, ends = f"{hours.begins:%H:%M}", f"{hours.ends:%H:%M}"
    passing = _BREAKING_ARRIVES if hours.breaking else _ALL_WAITS
    lines = [
        _("Quiet from {begins} to {ends}, {zone} time.").format(begins=begins, ends=ends, zone=zone.key),
        _(passing).format(ends=ends),
    ]
    other = Quiet(hours.begins, hours.ends, not hours.breaking)
    label = _("Hold breaking, too") if hours.breaking else _("Let breaking through")
    return Answer(RichText("\n".join(lines)), buttons((label, f"quiet {other}"), (_("Off"), "quiet off")))


async def set_schedule(turn: Turn) -> RichText | Answer:
    """Choose when entries come: live, or gathered into digests."""
    followed = await turn.followed()
    chosen, typed = split_target(followed, turn.arguments)
    if not chosen and _is_time(turn.arguments):
        chosen, typed = [], turn.arguments
    if not chosen and not typed:
        return await _schedules(turn, followed)
    if not typed:
        return await _schedules(turn, chosen)
    turn.for_admins()
    chosen = chosen or one_or_ask(followed, "schedule", typed)
    wanted = schedule(typed)
    await schedules.set_schedule(turn.connection, [each.id for each in chosen], wanted, turn.now)
    known = {each.id: each for each in await turn.followed()}
    return await _schedules(turn, [known[each.id] for each in chosen])


def _is_time(typed: str) -> bool:
    return ":" in typed.partition(" ")[0] and "://" not in typed


async def _schedules(turn: Turn, followed: Sequence[Listed]) -> Answer:
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    zone = await turn.zone()
    lines = [listed(each, schedule_text(each, turn, zone)) for each in followed]
    hint = _("A digest names what came, newest first. Change it with {every}, {at} or {live}.").format(
        every="/schedule every 2h", at="at 08:00,18:00", live="live"
    )
    return Answer(join("\n", [*lines, hint]), _menu(followed[0]) if len(followed) == 1 else ())


def schedule_text(each: Listed, turn: Turn, zone: ZoneInfo) -> str:
    """Return when a subscription's entries come, and when the next digest does."""
    if not each.schedule:
        return _("live, each as it comes")
    return scheduled(each, turn.now, zone)


def _menu(each: Listed) -> tuple[tuple[Button, ...], ...]:
    rows = (
        [(_(label), typed) for label, typed in row if typed != (each.schedule or "live")] for row in (_OFTEN, _RARELY)
    )
    return tuple(
        line for row in rows for line in buttons(*((label, f"schedule {each.number} {typed}") for label, typed in row))
    )
