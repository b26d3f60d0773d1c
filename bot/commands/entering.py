"""Who may use the bot: the check before every command, and /start, /claim, /allow and /deny."""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

from ..errors import CommandError, Stranger
from ..languages import N_, _
from ..ports import ADDED, Answer, Command, CommandSpec
from ..richtext import RichText, join
from ..store import access, chats
from ..store.access import What
from .pressing import ways_on
from .replies import help_text
from .specs import ALSO_READ, SPECS
from .turn import Turn

_ID = re.compile(r"<?@?!?(-?\d{1,20})>?")
_SERVER = re.compile(r"server(?:\s+(\d{1,20}))?", re.IGNORECASE)
_JUST = timedelta(minutes=10)
_FIRST_STEPS = ("help", "subscribe", "list", "pause", "filter")


async def admit(turn: Turn, spec: CommandSpec) -> None:
    """Raise CommandError unless this user may give this command here."""
    if spec.name not in ("start", "claim", "manage") and not await is_let_in(turn):
        raise await _closed(turn)
    if spec.changes and spec.name not in ALSO_READ:
        turn.for_admins()


async def is_let_in(turn: Turn) -> bool:
    """Whether this user may use the bot here at all."""
    command = turn.command
    if _is_operator(command):
        return True
    return await turn.limits.lets_in(turn.connection, command.address, command.user, command.server)


def _is_operator(command: Command) -> bool:
    """Whoever types into the program's own terminal runs it."""
    return command.address.platform == "terminal"


async def _closed(turn: Turn) -> CommandError:
    """Return what says how to get in."""
    command = turn.command
    if await access.owner(turn.connection, command.address.platform) is None:
        return CommandError(
            _("Nobody owns this bot yet. If you run it, send /claim and the code that it printed when it started.")
        )
    if not _is_person(command):
        allow_it = _("This bot is private. Its owner can let this chat in: send me {command} in private.")
        return Stranger(allow_it.format(command=f"/allow {command.address.chat}"))
    if command.chat_kind == "private":
        allow_you = _("This bot is private. Ask its owner to let you in; they send me: {command}")
        return Stranger(allow_you.format(command=f"/allow {command.user.id}"))
    return Stranger(_("This bot is private. Its owner can let this chat in by sending /allow here."))


def _is_person(command: Command) -> bool:
    """Whether the command came from somebody in particular: not from a channel, nor from an anonymous admin.

    Who writes in a Telegram group in the name of another channel has the channel's id, which begins with -.
    """
    nobody = command.user.id in ("", command.address.chat) or command.user.id.startswith("-")
    return command.chat_kind == "private" or not nobody


async def start(turn: Turn) -> RichText | Answer:
    """Say what the bot does and lead on; with the claim code behind it, as a link brings it, claim the bot."""
    if turn.arguments and turn.claim_code and _same(turn.arguments, turn.claim_code):
        return await claim(turn)
    if not await is_let_in(turn):
        raise await _closed(turn)
    if turn.arguments == ADDED and await _was_greeted(turn):
        return RichText()
    hello = _(
        "I mirror live pages into this chat: each new entry as it is published, corrected when the page corrects it, "
        "removed when the page withdraws it."
    )
    how = _("Send /subscribe and the address of a live page.")
    if turn.command.chat_kind == "private":
        how = _("Send /subscribe and the address of a live page, or just the address.")
    first = help_text(spec for spec in SPECS if spec.name in _FIRST_STEPS)
    return Answer(join("\n\n", [f"{hello} {how}", first]), links=ways_on(turn))


async def _was_greeted(turn: Turn) -> bool:
    """Whether the bot has just introduced itself here: the link that adds it to a group also starts it there."""
    greeted_at = await chats.greeted_at(turn.connection, turn.command.address)
    return greeted_at is not None and turn.now - greeted_at < _JUST


async def claim(turn: Turn) -> RichText:
    """Make the first who knows the code the owner."""
    if not turn.claim_code or not _same(turn.arguments, turn.claim_code):
        raise CommandError(_("That is not the claim code. It is printed each time the program starts."))
    if not _is_person(turn.command):
        raise CommandError(_("I cannot see who you are here. Send me the code in a private chat."))
    platform, user = turn.command.address.platform, turn.command.user
    private = turn.command.address.chat if turn.command.chat_kind == "private" else ""
    if not await access.claim(turn.connection, platform, user, turn.now, chat=private):
        owner = await access.owner(turn.connection, platform)
        belongs = _("This bot belongs to {owner} already; ask them to let you in.")
        raise CommandError(belongs.format(owner=(owner and owner.name) or _("somebody")))
    return RichText(
        _(
            "This bot is yours now. Send /allow in a chat to let everybody there use it, or /allow and a user's id. "
            "Begin with /subscribe and the address of a live page."
        )
    )


def _same(typed: str, code: str) -> bool:
    # Half a sign of UTF-16, which JSON can carry, has no bytes of its own.
    return hmac.compare_digest(typed.strip().encode(errors="replace"), code.encode())


async def allow(turn: Turn) -> RichText:
    """Let this chat, or a user, in."""
    what, id_ = await _whom(turn, "allow")
    name = "" if turn.arguments else turn.command.chat_title
    await access.allow(turn.connection, turn.command.address.platform, what, id_, name=name, now=turn.now)
    if what == "user":
        return RichText(_("User {id} may use this bot now.").format(id=id_))
    if what == "server":
        return RichText(_("Everybody in that server may use this bot now; changing things is for those who manage it."))
    return RichText(_("Everybody in that chat may use this bot now; changing things there is for its admins."))


async def deny(turn: Turn) -> RichText:
    """Take back what /allow gave; what is followed goes on until somebody unsubscribes."""
    what, id_ = await _whom(turn, "deny")
    if not await access.deny(turn.connection, turn.command.address.platform, what, id_):
        raise CommandError(_(_NEVER_LET_IN[what]))
    return RichText(_(_SHUT_OUT[what]))


_NEVER_LET_IN: dict[What, str] = {
    "user": N_("That user was not let in by /allow."),
    "chat": N_("That chat was not let in by /allow."),
    "server": N_("That server was not let in by /allow."),
}
_SHUT_OUT: dict[What, str] = {
    "user": N_("That user may no longer use this bot. What it follows goes on until you send /unsubscribe there."),
    "chat": N_("That chat may no longer use this bot. What it follows goes on until you send /unsubscribe there."),
    "server": N_("That server may no longer use this bot. What it follows goes on until somebody sends /unsubscribe."),
}


async def _whom(turn: Turn, name: str) -> tuple[What, str]:
    """Return whom the owner means: the one typed (a chat's id begins with -), else this chat."""
    owner = await access.owner(turn.connection, turn.command.address.platform)
    owns = owner is not None and _is_person(turn.command) and owner.id == turn.command.user.id
    if not owns and not _is_operator(turn.command):
        raise CommandError(_("Only the owner of this bot can use /{command}.").format(command=name))
    if not turn.arguments:
        if turn.command.chat_kind == "private":
            whom = _("Whom? Send /{command} and a user's id, or /{command} in the chat itself.")
            raise CommandError(whom.format(command=name))
        return "chat", turn.command.address.chat
    server = _SERVER.fullmatch(turn.arguments)
    if server is not None:
        return "server", _server_meant(server[1] or turn.command.server, name)
    typed = _ID.fullmatch(turn.arguments)
    if typed is None:
        no_id = _("“{typed}” is no id: it should be a number, for example {example}.")
        raise CommandError(no_id.format(typed=turn.arguments, example=f"/{name} 123456789"))
    return "chat" if typed[1].startswith("-") else "user", typed[1]


def _server_meant(server: str, name: str) -> str:
    """Return the server that is typed, else the one in which the command was given."""
    if not server:
        which = _("Which server? Send /{command} server in it, or its id too: {example}.")
        raise CommandError(which.format(command=name, example=f"/{name} server 123456789012345678"))
    return server
