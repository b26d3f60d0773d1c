"""The commands, as platforms' menus and `/help` show them. docs/commands.md has a section for each."""

from __future__ import annotations

from dataclasses import replace

from ..languages import LANGUAGES
from ..ports import CommandSpec, Option

_WHICH = Option("which", "Its number from /list, its address, or all")
_CHANNEL = Option("channel", "Which channel it is about; leave out for this one", kind="channel")

_DECLARED: tuple[CommandSpec, ...] = (
    CommandSpec("start", "Say what this bot does", private=True),
    CommandSpec("help", "List the commands", (Option("command", "The one whose use is to be explained"),)),
    CommandSpec(
        "subscribe",
        "Follow a live page in this chat",
        (
            Option("url", "The address of the live page; leave out to be asked"),
            Option("filter", 'Only entries with these words; -word leaves out, "a phrase" is exact'),
        ),
        changes=True,
        asks=True,
    ),
    CommandSpec("unsubscribe", "Stop following a page; what was posted stays", (_WHICH,), changes=True),
    CommandSpec(
        "move",
        "Follow a page at its new address; nothing is sent again",
        (_WHICH, Option("url", "Where it is now; next: where the page says that it goes on", required=True)),
        changes=True,
    ),
    CommandSpec(
        "list",
        "Show what this chat follows and how it is doing",
        (
            Option(
                "where", "everywhere: all channels of this server, all topics of this group", choices=("everywhere",)
            ),
        ),
    ),
    CommandSpec(
        "pause",
        "Stop new entries at once; corrections still arrive",
        (
            Option("which", "A number from /list, or everywhere; leave out for this whole chat"),
            Option("time", "For how long: for 2h, until 18:00; leave out to stop until /resume"),
        ),
        changes=True,
    ),
    CommandSpec(
        "resume",
        "Send new entries again",
        (
            Option("which", "A number from /list, or everywhere; leave out for all that is paused"),
            Option(
                "missed",
                "digest: what was missed as one message; skip: only what comes from now on",
                choices=("digest", "skip"),
            ),
        ),
        changes=True,
    ),
    CommandSpec(
        "filter",
        "Choose which entries arrive",
        (_WHICH, Option("words", "kyiv -sport, a OR b, author:smith; test shows what would pass; off for everything")),
        changes=True,
    ),
    CommandSpec(
        "style",
        "Choose how entries look; shows one before you keep it",
        (
            _WHICH,
            Option("look", "headline, summary, full; images off; silent on; template {headline} {link}"),
        ),
        changes=True,
    ),
    CommandSpec(
        "quiet",
        "Choose hours in which nothing new arrives",
        (Option("hours", "23:00-07:00; add breaking to let breaking entries through; off"),),
        changes=True,
    ),
    CommandSpec(
        "schedule",
        "Get entries live, or gathered into digests",
        (_WHICH, Option("times", "live, every 30m, at 08:00,18:00, or breaking live, rest at 18:00")),
        changes=True,
    ),
    CommandSpec(
        "fold",
        "Tell the same story once, with who else reported it",
        (Option("switch", "on or off; leave out to see which it is", choices=("on", "off")),),
        changes=True,
    ),
    CommandSpec(
        "review",
        "Let people decide in another chat what is posted here",
        (
            Option("which", "Its number from /list; or, in the chat that is to decide, the code"),
            Option("what", "on, off; off publish, off skip: what waits; leave out to see it"),
        ),
        changes=True,
    ),
    CommandSpec(
        "ping",
        "Choose a role that is called for some new entries",
        (
            _WHICH,
            Option("role", "The role whose people are called, where there are roles", kind="role"),
            Option("words", "For which entries, as in /filter; is:breaking if nothing is said; everything; off"),
        ),
        changes=True,
    ),
    CommandSpec(
        "latest", "Show the newest entries", (Option("count", "How many, up to 10", kind="integer", least=1, most=10),)
    ),
    CommandSpec(
        "why",
        "Say why an entry did, or did not, arrive",
        (Option("link", "The entry's link, or a message's; leave out for the newest"),),
    ),
    CommandSpec(
        "summary",
        "Show each page's summary, or choose whether it is pinned",
        (_WHICH, Option("how", "pin: keep it pinned; send: without a pin; off: none")),
        changes=True,
    ),
    CommandSpec(
        "remove",
        "Take away my last messages here",
        (Option("last", "How many: 1, 5, up to 20", required=True, kind="integer", least=1, most=20),),
        changes=True,
    ),
    CommandSpec(
        "manage",
        "Manage a channel or group from this private chat",
        (Option("chat", "off: this private chat again; leave out to choose"),),
        private=True,
        only_on=("telegram",),
    ),
    CommandSpec("settings", "Show all that is set here, and change it"),
    CommandSpec(
        "timezone", "Choose the time zone of this chat", (Option("zone", "A city or zone: London"),), changes=True
    ),
    CommandSpec(
        "language",
        "Choose the language I speak in this chat",
        (Option("language", "Which one; leave out to see which it is", choices=tuple(LANGUAGES.values())),),
        changes=True,
    ),
    CommandSpec(
        "claim",
        "Become the owner of this bot",
        (Option("code", "The code printed at its start", required=True),),
        private=True,
    ),
    CommandSpec(
        "allow",
        "Owner: let this chat, a user or a server use the bot",
        (Option("user", "A user's id, or server for this whole server"),),
        private=True,
    ),
    CommandSpec(
        "deny",
        "Owner: take that back",
        (Option("user", "A user's id, or server for this whole server"),),
        private=True,
    ),
)

_OF_NO_CHAT = frozenset({"start", "help", "claim", "manage"})

# What `suggesting` finds something for, by the option's name or by the command's and the option's.
_SUGGESTED = frozenset(
    {"which", "subscribe url", "subscribe filter", "filter words", "move url", "why link", "timezone zone"}
    | {"help command", "pause time", "quiet hours", "schedule times", "style look", "remove last", "latest count"}
)


def _completed(spec: CommandSpec) -> CommandSpec:
    """Mark what can be suggested, and let the command be about another channel."""
    options = tuple(
        replace(option, suggested=bool(_SUGGESTED & {option.name, f"{spec.name} {option.name}"}))
        for option in spec.options
    )
    return replace(spec, options=options if spec.name in _OF_NO_CHAT else (*options, _CHANNEL))


SPECS: tuple[CommandSpec, ...] = tuple(map(_completed, _DECLARED))

BY_NAME = {spec.name: spec for spec in SPECS}

# These show, too, what is set, and reading is for everyone: they look themselves at who changes something.
ALSO_READ = frozenset(
    {"filter", "fold", "ping", "quiet", "review", "schedule", "style", "summary", "timezone", "language"}
)
