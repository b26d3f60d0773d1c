"""What the control API asks of a stand-in, and the record that all of them keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person sees it now; `text` without markup, embeds included; `media` are URLs or file names.

    `pinged` are the names of roles whose people it called.
    """

    id: str
    text: str
    media: tuple[str, ...]
    edited: bool
    pinned: bool
    silent: bool
    sent_at: datetime
    pinged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatView:
    """What a person who opens the chat sees, oldest first; `deleted` are (id, text) of messages that were removed."""

    platform: str
    chat: str
    thread: str
    kind: str
    title: str
    messages: tuple[Shown, ...]
    deleted: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its answer. `problems` says where either breaks the published specification.

    `fault` is the kind of the fault that struck it, "" for none; `meant` is the answer before that spoiled it, which
    tells what was done.
    """

    at: datetime
    platform: str
    bot: str
    method: str
    chat: str
    request: dict[str, Any]
    status: int
    answer: Any
    problems: tuple[str, ...] = ()
    fault: str = ""
    meant: Any = None

    @property
    def valid(self) -> bool:
        """Whether request and answer both keep to the specification."""
        return not self.problems


@dataclass(slots=True)
class Fault:
    """What is to go wrong, for the next `times` calls that fit; None fits everything.

    Kinds: `429` (this chat waits `retry_after` seconds), `429_global`, `500_before` and `500_after` (the call is
    done or not), `reset_before` and `reset_after` (the connection is cut), `hang` (no answer for `seconds`), `403` (the
    bot is thrown out; stays so), `bad_json`, and for Discord `invalid_session`, `reconnect`, `close` (of the gateway).
    A platform may add more.
    """

    kind: str
    chat: str | None = None
    method: str | None = None
    times: int = 1
    retry_after: float = 1.0
    seconds: float = 30.0
    more: dict[str, Any] = field(default_factory=dict)


@runtime_checkable
class Interacts(Protocol):
    """A stand-in on which people press, fill forms and are shown what they may type, as on Discord."""

    async def press(self, chat: str, thread: str, user: str, label: str, message_id: str = "") -> list[str]:
        """Press what says `label` under the newest answer to that user (or a message); return what it then says."""

    async def submit(self, chat: str, thread: str, user: str, typed: str) -> list[str]:
        """Fill in and send the form that the user opened last; return what is answered."""

    async def suggestions(self, chat: str, thread: str, user: str, text: str) -> list[tuple[str, Any]]:
        """Type the beginning of a command; return the (name, value) of what is suggested."""


class StandIn(Protocol):
    """A stand-in of one chat platform."""

    name: str

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the routes it answers, its path prefix included."""

    def create_chat(
        self, kind: str, title: str, admins: list[str], rights: list[str], beside: str = ""
    ) -> tuple[str, str]:
        """Make a chat that holds every bot that logs in, and return its chat and thread id ("" for none).

        `beside` names a chat in whose server it is to stand, where the platform has servers.
        """

    def chats(self) -> list[ChatView]:
        """Return every chat as a person would see it now."""

    async def command(self, chat: str, thread: str, user: str, text: str) -> list[str]:
        """Type `text` in the chat as that user and return the bot's replies, once there are some, or after 30 s."""

    def fault(self, fault: Fault) -> None:
        """Make something go wrong."""

    def reset(self) -> None:
        """Forget chats, messages, faults and limits; the bots stay connected."""

    async def close(self) -> None:
        """End open connections and tasks."""
