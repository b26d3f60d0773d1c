"""What goes wrong on demand: some things at once (a bot is thrown out), some to the next calls that fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..platform import Fault
from .access import Servers
from .chats import Chat
from .people import thread_number
from .refusal import Refusal, too_many
from .updates import CONFLICT

BEFORE = frozenset({"401", "409", "429", "429_global", "500_before", "reset_before", "hang"})
AFTER = frozenset({"500_after", "reset_after", "hang_after", "bad_json"})
CUTS = frozenset({"reset_before", "reset_after", "hang", "hang_after"})
CALM = "calm"
HANGS = frozenset({"hang", "hang_after"})
_REFUSALS = {
    "401": (401, "Unauthorized"),
    "409": (409, CONFLICT),
    "500_before": (500, "Internal Server Error"),
}
REASONS = ("kicked", "left", "blocked", "deactivated", "deleted")


class Faults:
    """Faults that wait for their calls. One without a method strikes only calls that concern a chat, never a poll."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
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
            AT_ONCE[fault.kind](self._servers, fault)
        else:
            kinds = ", ".join(sorted(BEFORE | AFTER | AT_ONCE.keys() | {CALM}))
            raise ValueError(f"kind must be one of {kinds}")

    def strike(self, method: str, values: dict[str, Any]) -> Fault | None:
        """Return the fault that hits this call, used up by it; None if the call is spared."""
        chat = str(values.get("chat_id", ""))
        for fault in self._waiting:
            fits = fault.method.lower() == method.lower() if fault.method else bool(chat) or fault.kind == "409"
            if fits and fault.chat in (None, chat) and (fault.kind != "409" or method == "getUpdates"):
                self._waiting.remove(fault)
                return fault
        return None

    def refuse(self, fault: Fault, bot: int, values: dict[str, Any]) -> None:
        """Answer for a fault that comes before anything is done. Raises Refusal."""
        if fault.kind in ("429", "429_global"):
            chat = values.get("chat_id") if fault.kind == "429" else None
            self._servers.limits.pause(bot, chat, fault.retry_after)
            raise too_many(max(1, math.ceil(fault.retry_after)))
        if fault.kind in _REFUSALS:
            raise Refusal(*_REFUSALS[fault.kind])


def _chats(servers: Servers, fault: Fault) -> list[Chat]:
    return [servers.world.find(fault.chat)] if fault.chat else list(servers.world.chats.values())


def _throw_out(servers: Servers, fault: Fault) -> None:
    """`reason` says how: kicked, left, blocked, deactivated, deleted."""
    for chat in _chats(servers, fault):
        why = str(fault.more.get("reason") or ("blocked" if chat.is_private else "kicked"))
        if why not in REASONS:
            raise ValueError(f"reason must be one of {', '.join(REASONS)}")
        servers.world.throw_out(chat, why)


def _restore(servers: Servers, fault: Fault) -> None:
    for chat in _chats(servers, fault):
        servers.world.restore(chat)


def _migrate(servers: Servers, fault: Fault) -> None:
    servers.world.migrate(_the_chat(servers, fault))


def _close_topic(servers: Servers, fault: Fault) -> None:
    """`thread` names the topic; without it the General topic is closed."""
    servers.world.close_topic(_the_chat(servers, fault), thread_number(str(fault.more.get("thread", ""))))


def _reopen_topic(servers: Servers, fault: Fault) -> None:
    servers.world.reopen_topic(_the_chat(servers, fault), thread_number(str(fault.more.get("thread", ""))))


def _delete_topic(servers: Servers, fault: Fault) -> None:
    chat, thread = _the_chat(servers, fault), thread_number(str(fault.more.get("thread", "")))
    if chat.topics.pop(thread, None) is None:
        raise ValueError(f"there is no topic {thread} in that chat")
    for post in [post for post in chat.posts.values() if post.thread == thread]:
        servers.world.remove(post)


def _delete_message(servers: Servers, fault: Fault) -> None:
    """People delete the `message` with that id."""
    chat, number = _the_chat(servers, fault), str(fault.more.get("message", ""))
    if not number.isdecimal() or int(number) not in chat.posts:
        raise ValueError(f"there is no message {number} in that chat")
    servers.world.remove(chat.posts[int(number)])


def _change_rights(servers: Servers, fault: Fault) -> None:
    servers.world.change_rights(_the_chat(servers, fault), list(fault.more.get("rights", [])))


def _speak(servers: Servers, fault: Fault) -> None:
    """The app of `user` is in `language` from now on."""
    servers.world.let_speak(str(fault.more.get("user", "")), str(fault.more.get("language", "en")))


def _unconfirm(servers: Servers, _fault: Fault) -> None:
    """What every bot confirmed last waits again."""
    for bot in servers.world.bots.values():
        bot.updates.unconfirm()


def _age(servers: Servers, fault: Fault) -> None:
    """Everything in the chat becomes `hours` older."""
    for chat in _chats(servers, fault):
        servers.world.age(chat, float(fault.more.get("hours", 48)))


def _lift_limits(servers: Servers, _fault: Fault) -> None:
    """No fault, but wanted for benchmarks: no limit holds until the next reset."""
    servers.limits.enforced = False


def _the_chat(servers: Servers, fault: Fault) -> Chat:
    if not fault.chat:
        raise ValueError("chat is missing")
    return servers.world.find(fault.chat)


AT_ONCE: dict[str, Callable[[Servers, Fault], None]] = {
    "403": _throw_out,
    "restore": _restore,
    "migrate": _migrate,
    "topic_closed": _close_topic,
    "topic_reopened": _reopen_topic,
    "topic_deleted": _delete_topic,
    "delete_message": _delete_message,
    "rights": _change_rights,
    "age": _age,
    "unconfirmed": _unconfirm,
    "speaks": _speak,
    "unlimited": _lift_limits,
}
