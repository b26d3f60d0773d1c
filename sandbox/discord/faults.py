"""What goes wrong on demand: some things at once (a bot is thrown out), some to the next calls that fit."""

from __future__ import annotations

from collections.abc import Callable

from ..platform import Fault
from . import views
from .guilds import Channel, Guild
from .limits import Key, too_many
from .refusal import Refusal, unauthorized
from .registering import set_permissions
from .state import Asked, Discord

BEFORE = frozenset({"401", "429", "429_global", "500_before", "503", "reset_before", "hang"})
AFTER = frozenset({"500_after", "reset_after", "hang_after", "bad_json"})
CUTS = frozenset({"reset_before", "reset_after", "hang", "hang_after"})
CALM = "calm"
HANGS = frozenset({"hang", "hang_after"})
_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
_WORDS = {
    "send": ("POST /channels/{channel_id}/messages",),
    "edit": (f"PATCH {_MESSAGE}",),
    "delete": (f"DELETE {_MESSAGE}",),
    "pin": ("PUT /channels/{channel_id}/pins/{message_id}", "PUT /channels/{channel_id}/messages/pins/{message_id}"),
    "unpin": (
        "DELETE /channels/{channel_id}/pins/{message_id}",
        "DELETE /channels/{channel_id}/messages/pins/{message_id}",
    ),
    "history": ("GET /channels/{channel_id}/messages",),
}
"""Short names for `method`, which may also be POST, or POST /channels/{channel_id}/messages as the log has it."""


class Faults:
    """Faults that wait for their calls. One without a method strikes only calls that concern a channel."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._waiting: list[Fault] = []

    def reset(self) -> None:
        """Forget every fault."""
        self._waiting.clear()

    def add(self, fault: Fault) -> None:
        """Do a fault now or keep it for its calls. Raises ValueError for one that this platform does not know."""
        if fault.kind == CALM:
            self.reset()
        elif fault.kind in BEFORE | AFTER:
            self._waiting += [fault] * fault.times
        elif fault.kind in AT_ONCE:
            AT_ONCE[fault.kind](self._discord, fault)
        else:
            raise ValueError(f"kind must be one of {', '.join(sorted(BEFORE | AFTER | AT_ONCE.keys() | {CALM}))}")

    def strike(self, asked: Asked) -> Fault | None:
        """Return the fault that hits this call, used up by it; None if the call is spared."""
        for fault in self._waiting:
            if _fits_method(fault, asked) and self._fits_chat(fault, asked):
                self._waiting.remove(fault)
                return fault
        return None

    def refuse(self, fault: Fault, bucket: Key) -> None:
        """Answer for a fault that comes before anything is done. Raises Refusal."""
        if fault.kind in ("429", "429_global"):
            everywhere = fault.kind == "429_global"
            if code := fault.more.get("code"):
                raise too_many(fault.retry_after, {}, "A limit of its own.", int(code), shared=True)
            self._discord.limits.pause(bucket[0] if everywhere else bucket, fault.retry_after)
            raise too_many(fault.retry_after, {}, everywhere=everywhere)
        if fault.kind == "401":
            raise unauthorized()
        if fault.kind == "503":
            raise Refusal(503, {"message": "503: Service Unavailable", "code": 0})
        raise Refusal(500, {"message": "500: Internal Server Error", "code": 0})

    def _fits_chat(self, fault: Fault, asked: Asked) -> bool:
        if fault.chat is None:
            return True
        number = asked.path.get("channel_id", "")
        channel = self._discord.world.channels.get(int(number)) if number.isdecimal() else None
        return fault.chat == number or (channel is not None and fault.chat == str(channel.above.id))


def _fits_method(fault: Fault, asked: Asked) -> bool:
    if fault.method is None:
        return "channel_id" in asked.path
    call = f"{asked.method} {asked.route}"
    wanted = fault.method.lower()
    return wanted in (call.lower(), asked.method.lower(), asked.route.lower()) or call in _WORDS.get(wanted, ())


def _channel(discord: Discord, fault: Fault) -> Channel:
    if not fault.chat:
        raise ValueError("chat is missing")
    return discord.world.find(fault.chat, str(fault.more.get("thread") or ""))


def _guilds(discord: Discord, fault: Fault) -> list[Guild]:
    return [_channel(discord, fault).guild] if fault.chat else list(discord.world.guilds.values())


def _throw_out(discord: Discord, fault: Fault) -> None:
    """The bots are thrown out of the chat's server, and stay out."""
    for guild in _guilds(discord, fault):
        discord.world.throw_out(guild)


def _restore(discord: Discord, fault: Fault) -> None:
    for guild in _guilds(discord, fault):
        discord.world.restore(guild)


def _change_rights(discord: Discord, fault: Fault) -> None:
    """The bots' rights change, with `only_here` in that channel alone."""
    channel = _channel(discord, fault)
    only = channel if fault.more.get("only_here") else None
    discord.world.change_rights(channel.guild, list(fault.more.get("rights", [])), only)


def _hide(discord: Discord, fault: Fault) -> None:
    """The channel is hidden from the people `users`."""
    discord.world.hide(_channel(discord, fault), list(fault.more.get("users", [])))


def _role(discord: Discord, fault: Fault) -> None:
    """The server has a role of that `name`, which with `mentionable` everybody may call."""
    guild, name = _channel(discord, fault).guild, str(fault.more.get("name", "news"))
    discord.world.make_role(guild, name, mentionable=bool(fault.more.get("mentionable")))


def _archive(discord: Discord, fault: Fault) -> None:
    """The thread goes into the archive, with `locked` for good."""
    thread = _channel(discord, fault)
    if not thread.parent:
        raise ValueError("only a thread can be archived: name it in thread")
    discord.world.archive(thread, archived=True, locked=bool(fault.more.get("locked")))


def _tags(discord: Discord, fault: Fault) -> None:
    """The forum has these tags (`names`), and with `required` takes no post without one."""
    forum = _channel(discord, fault)
    forum.tags = [
        {"id": str(discord.world.ids.next()), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
        for name in fault.more.get("names", [])
    ]
    forum.tags_required = bool(fault.more.get("required"))
    discord.world.tell(forum.guild, "CHANNEL_UPDATE", views.channel(forum, discord.world.members(forum.guild)))


def _delete_channel(discord: Discord, fault: Fault) -> None:
    discord.world.delete_channel(_channel(discord, fault))


def _delete_message(discord: Discord, fault: Fault) -> None:
    """People delete the `message` with that id."""
    channel, number = _channel(discord, fault), str(fault.more.get("message", ""))
    if not number.isdecimal() or int(number) not in channel.messages:
        raise ValueError(f"there is no message {number} in that channel")
    discord.world.delete_message(channel.messages[int(number)])


def _speak(discord: Discord, fault: Fault) -> None:
    """The client of `user`, or the server, is in `language` from now on."""
    language = str(fault.more.get("language", "en-US"))
    if fault.chat:
        _channel(discord, fault).guild.locale = language
    else:
        discord.world.person(str(fault.more.get("user", ""))).locale = language


def _age(discord: Discord, fault: Fault) -> None:
    """Every message of the channel becomes `hours` older."""
    discord.world.age(_channel(discord, fault), float(fault.more.get("hours", 2)))


def _allow_command(discord: Discord, fault: Fault) -> None:
    """The server's admins let everybody give the `command`; `rules` are others (Discord's own objects).

    Without a command they are for all of the bots' commands together.
    """
    guild, name = _channel(discord, fault).guild, str(fault.more.get("command", ""))
    rules = fault.more.get("rules", [{"id": str(guild.id), "type": 1, "permission": True}])
    for bot in discord.world.members(guild):
        known = [int(one["id"]) for given in bot.commands.values() for one in given if one["name"] == name]
        for number in known or [bot.id]:
            set_permissions(discord, bot, guild, number, rules)


def _lift_limits(discord: Discord, _fault: Fault) -> None:
    """No fault, but wanted for benchmarks: no limit holds until the next reset."""
    discord.limits.enforced = False
    discord.gateways.starts.change({"every": 0.0}, left=None, reset_after=0.0)


def _invalid_session(discord: Discord, fault: Fault) -> None:
    discord.gateways.invalidate(resumable=bool(fault.more.get("resumable")))


def _reconnect(discord: Discord, _fault: Fault) -> None:
    discord.gateways.ask_to_reconnect()


def _close(discord: Discord, fault: Fault) -> None:
    """The gateway closes its connections with `code`."""
    discord.gateways.cut(int(fault.more.get("code", 4000)))


def _zombie(discord: Discord, _fault: Fault) -> None:
    """The connections stand, and nothing comes over them any more, not even an answer to a heartbeat."""
    discord.gateways.deafen()


def _heartbeat(discord: Discord, fault: Fault) -> None:
    """New connections are asked for a heartbeat every `seconds`."""
    discord.gateways.heartbeat = fault.seconds


def _starts(discord: Discord, fault: Fault) -> None:
    """Other rules for new sessions, and how many are `left` for the next `seconds`; `sandbox.discord.starts`."""
    rules = {name: value for name, value in fault.more.items() if name != "left"}
    discord.gateways.starts.change(rules, left=fault.more.get("left"), reset_after=fault.seconds)


def _replay(discord: Discord, fault: Fault) -> None:
    """The connections are closed, and the last `events` come twice once the sessions are taken up again."""
    discord.gateways.fall_behind(int(fault.more.get("events", 20)))


def _malformed_event(discord: Discord, fault: Fault) -> None:
    """An event (`event`) comes that is not formed as documented."""
    discord.gateways.say(str(fault.more.get("event", "GUILD_CREATE")), {"id": None, "unexpected": True})


AT_ONCE: dict[str, Callable[[Discord, Fault], None]] = {
    "403": _throw_out,
    "restore": _restore,
    "rights": _change_rights,
    "hide": _hide,
    "role": _role,
    "archive": _archive,
    "tags": _tags,
    "delete_channel": _delete_channel,
    "delete_message": _delete_message,
    "age": _age,
    "speaks": _speak,
    "allow_command": _allow_command,
    "unlimited": _lift_limits,
    "invalid_session": _invalid_session,
    "reconnect": _reconnect,
    "close": _close,
    "zombie": _zombie,
    "replayed": _replay,
    "heartbeat": _heartbeat,
    "starts": _starts,
    "malformed_event": _malformed_event,
}
