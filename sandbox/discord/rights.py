"""Discord's permissions: their names, their bits, and which of them the others hang on."""

from __future__ import annotations

from collections.abc import Iterable

_BY_BIT = (
    "CREATE_INSTANT_INVITE KICK_MEMBERS BAN_MEMBERS ADMINISTRATOR MANAGE_CHANNELS MANAGE_GUILD ADD_REACTIONS "
    "VIEW_AUDIT_LOG PRIORITY_SPEAKER STREAM VIEW_CHANNEL SEND_MESSAGES SEND_TTS_MESSAGES MANAGE_MESSAGES EMBED_LINKS "
    "ATTACH_FILES READ_MESSAGE_HISTORY MENTION_EVERYONE USE_EXTERNAL_EMOJIS VIEW_GUILD_INSIGHTS CONNECT SPEAK "
    "MUTE_MEMBERS DEAFEN_MEMBERS MOVE_MEMBERS USE_VAD CHANGE_NICKNAME MANAGE_NICKNAMES MANAGE_ROLES MANAGE_WEBHOOKS "
    "MANAGE_GUILD_EXPRESSIONS USE_APPLICATION_COMMANDS REQUEST_TO_SPEAK MANAGE_EVENTS MANAGE_THREADS "
    "CREATE_PUBLIC_THREADS CREATE_PRIVATE_THREADS USE_EXTERNAL_STICKERS SEND_MESSAGES_IN_THREADS "
    "USE_EMBEDDED_ACTIVITIES MODERATE_MEMBERS"
)

RIGHTS = {name: 1 << bit for bit, name in enumerate(_BY_BIT.split())} | {"SEND_POLLS": 1 << 49, "PIN_MESSAGES": 1 << 51}
"""Every permission by its documented name."""

EVERYTHING = sum(RIGHTS.values())
ALL = EVERYTHING & ~RIGHTS["ADMINISTRATOR"]
"""What `all` gives a bot: each right by itself, so that taking one away shows."""

_NEED_SENDING = ("SEND_TTS_MESSAGES", "EMBED_LINKS", "ATTACH_FILES", "MENTION_EVERYONE", "SEND_POLLS")


def bits(*names: str) -> int:
    """Return the permissions of these names together."""
    return sum(RIGHTS[name] for name in names)


EVERYBODY = bits(
    "VIEW_CHANNEL",
    "SEND_MESSAGES",
    "SEND_MESSAGES_IN_THREADS",
    "READ_MESSAGE_HISTORY",
    "EMBED_LINKS",
    "ATTACH_FILES",
    "USE_APPLICATION_COMMANDS",
)
"""What people may in every server of the sandbox."""


def known(names: Iterable[str]) -> int:
    """Return the permissions that a test names, or all of them for `all`. Raises ValueError for an unknown name."""
    given = 0
    for name in names:
        if name != "all" and name not in RIGHTS:
            raise ValueError(f"{name} is no Discord permission: use all or names such as VIEW_CHANNEL, SEND_MESSAGES")
        given |= ALL if name == "all" else RIGHTS[name]
    return given


def effective(given: int, *, thread: bool) -> int:
    """Return what is left of permissions in a channel: without the right to see it or to speak in it others fall."""
    if given & RIGHTS["ADMINISTRATOR"]:
        return EVERYTHING
    if not given & RIGHTS["VIEW_CHANNEL"]:
        return 0
    if not given & RIGHTS["SEND_MESSAGES_IN_THREADS" if thread else "SEND_MESSAGES"]:
        return given & ~bits(*_NEED_SENDING)
    return given
