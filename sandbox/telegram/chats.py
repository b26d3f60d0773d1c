"""Chats, messages, people and bots as the stand-in keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import rights
from .entities import Entity
from .updates import UpdateQueue

KINDS = ("private", "group", "supergroup", "forum", "channel")
ANONYMOUS_ADMIN = 1087968824
"""GroupAnonymousBot: the `from` of a message that an anonymous administrator sent (PLATFORMS 6)."""
CHANNEL_BOT, SERVICE = 136817688, 777000
"""The `from` of a message that somebody sent in the name of a channel, and of one that came from a linked channel."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the platform; bots are users, too."""

    id: int
    name: str
    is_bot: bool = False
    username: str = ""
    language: str = field(default="en", compare=False)


@dataclass(slots=True, eq=False)
class Bot:
    """One token. `person` is what others see of it; `queries` are presses that it has not answered, and since when.

    `hooked_at` is when it last set a webhook.
    """

    person: Person
    since: datetime
    updates: UpdateQueue
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    queries: dict[str, datetime] = field(default_factory=dict)
    logged_out: bool = False
    hooked_at: datetime | None = None

    @property
    def id(self) -> int:
        """The bot's user id."""
        return self.person.id


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo on the platform's servers. `source` is the URL or file name that it came from."""

    file_id: str
    unique_id: str
    width: int
    height: int
    source: str
    content: bytes = b""


@dataclass(slots=True, eq=False)
class Post:
    """A message as it stands in its chat. `service` is what it says if it is no message of words (a pin, a move).

    `by_chat`: an anonymous administrator wrote it in the chat's name; `as_chat` is another one in whose name it was
    written, `automatic` that it came by itself from the channel to which the group is linked.
    """

    id: int
    chat: Chat
    sender: Person | None
    sent_at: datetime
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    photo: Picture | None = None
    thread: int = 0
    edited_at: datetime | None = None
    silent: bool = False
    reply_to: int = 0
    markup: dict[str, Any] | None = None
    keyboard: dict[str, Any] | None = None
    preview: dict[str, Any] | None = None
    above: bool = False
    album: str = ""
    by_chat: bool = False
    as_chat: Chat | None = None
    automatic: bool = False
    service: dict[str, Any] | None = None

    @property
    def content(self) -> tuple[Any, ...]:
        """What an edit must change, or it is refused as no modification."""
        photo = self.photo.unique_id if self.photo else None
        return (self.text, self.entities, photo, self.markup, self.preview, self.above)

    @property
    def pinned(self) -> bool:
        """Whether it is pinned in its chat."""
        return self.id in self.chat.pinned


@dataclass(slots=True, eq=False)
class Chat:
    """A chat with all that stands in it. `absent` says why a bot is out of it, `barred` why all to come are.

    Its admins have every right, but for those that they are `lacking`. `signs`: posts in it bear names.
    """

    id: int
    kind: str
    title: str
    admins: list[Person]
    rights: frozenset[str]
    posts: dict[int, Post] = field(default_factory=dict)
    deleted: list[Post] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    members: dict[int, Person] = field(default_factory=dict)
    absent: dict[int, str] = field(default_factory=dict)
    barred: str = ""
    signs: bool = False
    lacking: dict[int, frozenset[str]] = field(default_factory=dict)
    moved_to: int = 0

    @property
    def is_private(self) -> bool:
        """Whether it is a private chat with one person."""
        return self.kind == "private"

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel."""
        return self.kind == "channel"

    @property
    def numbers_itself(self) -> bool:
        """Whether message ids count per chat; in private chats and groups they count per account."""
        return self.kind in ("supergroup", "forum", "channel")

    def status(self, bot: Bot) -> str:
        """Return the bot's status as getChatMember words it."""
        why = self.absent.get(bot.id)
        if why is None:
            return rights.status(self.kind, self.rights)
        return "left" if why == "left" else "kicked"

    def may(self, right: str) -> bool:
        """Whether bots in this chat have the right."""
        return rights.may(self.kind, self.rights, right)
