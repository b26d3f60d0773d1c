"""/manage: choose in a private chat which channel or group is managed from there."""

from __future__ import annotations

from ..errors import CommandError
from ..languages import _, retold
from ..model import ChatKind
from ..ports import Answer, Button, Standing
from ..richtext import RichText, join
from ..store import chats, managing
from .directing import Place
from .pressing import Rows, buttons, shortened
from .turn import Turn


async def manage(turn: Turn) -> Answer:
    """Choose a chat, end its choice, or offer what may be chosen."""
    command, asked = turn.command, turn.arguments.lower()
    if command.chat_kind != "private" or not turn.manages:
        raise CommandError(_("Send me /manage in a private chat: there you choose what you manage from there."))
    if asked in ("off", "stop"):
        return await _off(turn)
    if asked in ("channel", "group"):
        return _picker("channel" if asked == "channel" else "group")
    if asked:
        return await _choose(turn)
    return await _offer(turn)


async def _off(turn: Turn) -> Answer:
    ended = await managing.leave(turn.connection, turn.command.address, turn.command.user.id)
    if not ended:
        return Answer(RichText(_("You manage no other chat from here.")))
    return Answer(RichText(_("What you send here is about this private chat again.")))


def _picker(*kinds: ChatKind) -> Answer:
    """Let the person choose among all the chats that they run, as the platform knows them."""
    what = _(
        "Which one? Press below and choose it; you must be an administrator there. A channel that I am not in yet lets "
        "me in when you choose it; to a group I am added by the button under /start."
    )
    return Answer(RichText(what), picks=kinds)


async def _choose(turn: Turn) -> Answer:
    """Manage the chat that is named from here on."""
    place = turn.places[0] if turn.places else None
    if place is None or not isinstance(place.standing, Standing):
        raise CommandError(_("I am not in that chat. Add me there first: /start has the buttons for it."))
    there = place.standing
    if not there.may_change:
        raise CommandError(_("You are no administrator there who may change what is posted, so you cannot manage it."))
    chat = await chats.find_or_make(
        turn.connection, place.address, kind=there.chat_kind, title=there.chat_title, zone=turn.limits.zone
    )
    await managing.choose(turn.connection, turn.command.address, chat.id, turn.command.user.id, turn.now)
    what = _("You manage {chat} from here now: what you send me is about it, until /manage off.")
    lines: list[RichText | str] = [RichText.filled(what, chat=RichText(there.chat_title).marked("bold"))]
    if there.missing_rights:
        lacks = _("I cannot post there yet: I lack {rights}. Give me that in its settings.")
        lines.append(lacks.format(rights=", ".join(there.missing_rights)))
    begin = _(
        "Begin with /subscribe and the address of a live page; /list shows what it follows, /settings what is set."
    )
    return Answer(join("\n\n", [*lines, *map(retold, there.rights_notes), begin]))


async def _offer(turn: Turn) -> Answer:
    """Offer the chats that the person was seen to run and runs now, and the way to others."""
    current = await managing.chosen(turn.connection, turn.command.address, turn.command.user.id)
    offered = [place for place in turn.places if place.may_be_managed]
    if not offered:
        return _picker("channel", "group")
    lines = [RichText(_("Which chat do you want to manage from here?"))]
    if current is not None:
        now = _("You manage {chat} from here: what you send me is about it.")
        lines.insert(0, RichText.filled(now, chat=RichText(current.title).marked("bold")))
    rows: Rows = tuple((_button(place),) for place in offered)
    others = buttons((_("Another channel"), "manage channel"), (_("Another group"), "manage group"))
    stop = buttons((_("This private chat again"), "manage off")) if current else ()
    return Answer(join("\n\n", lines), (*rows, *others, *stop))


def _button(place: Place) -> Button:
    assert place.chat is not None
    assert isinstance(place.standing, Standing)
    title = place.standing.chat_title
    if place.address.thread:
        title = _("{chat}, topic {number}").format(chat=title, number=place.address.thread)
    return Button(shortened(title), f"manage {place.chat.id}")
