"""/review: people decide in one chat what another chat gets; and what they decide, by a press under each entry."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import cast, get_args

from ..errors import CommandError
from ..languages import N_, _, ngettext
from ..model import Decision
from ..ports import Answer, Command
from ..richtext import RichText, join
from ..store import chats, deciding, reviewing
from ..store.deciding import Choice, Decided, Press
from ..store.listing import Listed
from .filtering import OFF
from .numbers import whole_number
from .pressing import buttons
from .replies import entries, listed, named
from .targets import NOTHING_FOLLOWED, one_or_ask, split_target
from .turn import Turn

# Letters and digits that are not taken for each other when a code is typed from a screen: 8 of 30 are never guessed.
_LETTERS, _LENGTH = "abcdefghjkmnpqrstuvwxyz2346789", 8
# In a group all its members can read a code.
_LIVES = timedelta(days=1)
_BEFORE = {"published": N_("{name} has published it already."), "skipped": N_("{name} has skipped it already.")}


async def review(turn: Turn) -> Answer:
    """Show what is decided where; begin or end it; decide on an entry."""
    first, _space, rest = turn.arguments.partition(" ")
    if first in get_args(Choice):
        return await _decide(turn, cast("Choice", first), rest)
    if len(first) == _LENGTH and not first.isdecimal() and set(first.lower()) <= set(_LETTERS):
        return await _begin(turn, first.lower())
    followed = await turn.followed()
    chosen, typed = split_target(followed, turn.arguments)
    if not typed:
        return await _shown(turn, chosen or followed)
    turn.for_admins()
    (page,) = (chosen or one_or_ask(followed, "review", typed))[:1]
    how, _space, choice = typed.lower().partition(" ")
    if how == "on" and not choice:
        return await _invite(turn, page)
    if how in OFF and choice in ("", *get_args(Choice)):
        return await _end(turn, page, choice)
    usage = _("Say {on} to let another chat decide, or {off} to end that.")
    raise CommandError(usage.format(on="/review 1 on", off="/review 1 off"))


# ── where it is decided ──────────────────────────────────────────────────────────────────────────────────────────


async def _shown(turn: Turn, followed: list[Listed]) -> Answer:
    here = await chats.find(turn.connection, turn.command.address)
    if here is None:
        raise CommandError(_(NOTHING_FOLLOWED))
    desks = await reviewing.reviewed(turn.connection, here.id)
    lines = [listed(each, _there(desks.get(each.id))) for each in followed if not each.review_only]
    decided = _("It is decided here what {chat} gets of {page}.")
    lines += [
        RichText(decided.format(chat=each.chat, page=each.page))
        for each in await reviewing.reviews(turn.connection, here.id)
    ]
    if not lines:
        raise CommandError(_(NOTHING_FOLLOWED))
    hint = _("{on} lets another chat decide, {off} ends that.")
    lines.append(RichText(hint.format(on="/review 1 on", off="/review 1 off")))
    if len(followed) != 1 or followed[0].review_only:
        return Answer(join("\n", lines))
    switch = (_("End it"), "off") if followed[0].id in desks else (_("Let another chat decide"), "on")
    return Answer(join("\n", lines), buttons((switch[0], f"review {followed[0].number} {switch[1]}")))


def _there(desk: reviewing.Reviewed | None) -> str:
    if desk is None:
        return _("comes by itself")
    if not desk.reachable:
        return _("is decided on in {chat}, where I cannot post now").format(chat=desk.chat)
    said = _("is decided on in {chat}").format(chat=desk.chat)
    return _("{what}; {entries} undecided").format(what=said, entries=entries(desk.waiting)) if desk.waiting else said


async def _invite(turn: Turn, page: Listed) -> Answer:
    if page.review_only:
        raise CommandError(_("Nothing of it comes here but what is to be decided on."))
    code = "".join(secrets.choice(_LETTERS) for _each in range(_LENGTH))
    await reviewing.invite(turn.connection, page.id, code, turn.now + _LIVES)
    what = _(
        "Which chat shall decide on {page}? Send this there, as one of its admins:\n\n{command}\n\n"
        "Then each new entry comes there first, with buttons to publish or to skip it. Until then all comes as before."
    )
    return Answer(RichText.filled(what, page=named([page]), command=RichText(f"/review {code}").marked("code")))


async def _begin(turn: Turn, code: str) -> Answer:
    """Let this chat decide what a code is for."""
    turn.for_admins()
    meant = await reviewing.invited(turn.connection, code, turn.now)
    if meant is None:
        unknown = _("I do not know that code, or it was used. In the chat that gets the entries, {command} gives one.")
        raise CommandError(unknown.format(command="/review 1 on"))
    here = await turn.chat()
    if here.id == meant.chat_id:
        raise CommandError(_("That is the chat which gets the entries. Send the code in the one that shall decide."))
    await reviewing.set_review(turn.connection, meant.id, here.id, turn.command.user.id, turn.now)
    what = _(
        "Each new entry of {page} for {chat} comes here first. What is published there is corrected and withdrawn by "
        "itself; what nobody decides on in two days is skipped. {off} in {chat} ends it."
    )
    return Answer(RichText(what.format(page=meant.page, chat=meant.chat, off="/review off")))


async def _end(turn: Turn, page: Listed, choice: str) -> Answer:
    desk = (await reviewing.reviewed(turn.connection, page.chat_id)).get(page.id)
    if desk is None:
        raise CommandError(_("Nobody decides on that page: its entries come by themselves."))
    if desk.waiting and not choice:
        some = ngettext(
            "{entries} waits for a decision. What shall become of it?",
            "{entries} wait for a decision. What shall become of them?",
            desk.waiting,
        )
        line = f"review {page.number} off"
        offered = (_("Publish"), f"{line} publish"), (_("Skip"), f"{line} skip")
        return Answer(RichText(some.format(entries=entries(desk.waiting))), buttons(*offered))
    await reviewing.end_review(turn.connection, page.id, cast("Choice", choice or "skip"), turn.now)
    return Answer(RichText.filled(_("The entries of {page} come by themselves again."), page=named([page])))


# ── what is decided ──────────────────────────────────────────────────────────────────────────────────────────────


def decides(command: Command) -> bool:
    """Whether a command is an admin's press under an entry: however many wait, each may be decided on at once."""
    first = command.arguments.partition(" ")[0]
    return command.name == "review" and command.pressed and command.is_admin and first in get_args(Choice)


async def _decide(turn: Turn, choice: Choice, typed: str) -> Answer:
    """Publish or skip what the pressed message asks about; whoever pressed is told, the message says it to all."""
    turn.for_admins()
    number, _space, anyway = typed.partition(" ")
    here = await chats.find(turn.connection, turn.command.address)
    asking = whole_number(number)
    if here is None or asking is None:
        raise CommandError(_("There is nothing to decide on. The buttons under an entry do that."))
    who = turn.command.user.name or turn.command.user.id
    press = Press(here.id, asking, choice, who, anyway=bool(anyway))
    came = await deciding.decide(turn.connection, press, turn.now)
    return Answer(RichText(_came(came, choice)), aside=True, passing=bool(came.now and not came.held))


def _came(came: Decided, choice: Choice) -> str:
    if came.now and choice == "skip":
        return _("Skipped. It does not come to {chats}.").format(chats=", ".join(came.now))
    if came.held:
        held = _("Published. {chats} gets it when its pause, its quiet hours or its schedule let it.")
        return held.format(chats=", ".join(came.held))
    if came.now:
        return _("Published in {chats}.").format(chats=", ".join(came.now))
    if came.withdrawn:
        return _("The page has withdrawn it meanwhile.")
    return _already(came.before[0]) if came.before else _("There is nothing to decide on it any more.")


def _already(before: Decision) -> str:
    if not before.by:
        return _("Nobody decided in time, so it was skipped.")
    return _(_BEFORE[before.made]).format(name=before.by)
