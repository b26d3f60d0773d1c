"""The things that Discord knows: bots, people, guilds with their channels and threads, and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .snowflake import stable

TEXT, ANNOUNCEMENT, ANNOUNCEMENT_THREAD, PUBLIC_THREAD, FORUM = 0, 5, 10, 11, 15
KINDS = {"text": TEXT, "announcement": ANNOUNCEMENT, "forum": FORUM, "thread": TEXT}
"""What a chat can be made as, and the type of its channel; a thread stands in a text channel."""

EPHEMERAL, SILENT, SUPPRESS_EMBEDS, CROSSPOSTED, LOADING = 1 << 6, 1 << 12, 1 << 2, 1 << 0, 1 << 7
COMPONENTS_V2 = 1 << 15
SETTABLE = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2
"""Flags that a bot can give a message; Discord passes over others."""
REQUIRES_TAG = 1 << 4
"""The flag of a forum that takes no post without a tag."""
DEFAULT, PIN_NOTE, REPLY, COMMAND_ANSWER = 0, 6, 19, 20


@dataclass(slots=True, eq=False)
class Account:
    """A person or a bot; `locale` is the language of a person's client."""

    id: int
    name: str
    is_bot: bool = False
    locale: str = "en-US"


@dataclass(slots=True, eq=False)
class Bot:
    """One application and its bot, which have the same id; `commands` (and when new ones were `created`) by
    guild id, 0 for the global ones; `allowed` is what a guild's admins set for a command.
    """

    account: Account
    token: str
    commands: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    created: dict[int, list[datetime]] = field(default_factory=dict)
    allowed: dict[tuple[int, int], list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The id of the application and of its user."""
        return self.account.id

    def role_in(self, guild: Guild) -> int:
        """The id of the role that the guild made for this bot."""
        return stable("role", f"{guild.id}/{self.id}")


@dataclass(slots=True, eq=False)
class Role:
    """A role that a server's admins made for its people."""

    id: int
    name: str
    mentionable: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """One message. `reference` is what it replies to; `ephemeral` ones are seen by one person only.

    `called` are the roles whose people heard it ring.
    """

    id: int
    channel: Channel
    author: Account
    sent_at: datetime
    content: str = ""
    called: list[Role] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    type: int = 0
    flags: int = 0
    tts: bool = False
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    reference: dict[str, Any] | None = None
    application_id: int = 0
    interaction: dict[str, Any] | None = None
    thread: Channel | None = None


@dataclass(slots=True, eq=False)
class Channel:
    """A channel or, with a parent, a thread. A forum's posts are threads, and bear tags that the forum has.

    `rights` are what bots may here, where that is not what they may in the whole guild; `hidden_from` who cannot see
    it.
    """

    id: int
    guild: Guild
    type: int
    name: str
    title: str
    made_at: datetime
    parent: Channel | None = None
    owner: int = 0
    rights: int | None = None
    hidden_from: list[Account] = field(default_factory=list)
    archived: bool = False
    locked: bool = False
    archived_at: datetime | None = None
    auto_archive_minutes: int = 4320
    tags: list[dict[str, Any]] = field(default_factory=list)
    tags_required: bool = False
    applied_tags: list[str] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    deleted: list[Message] = field(default_factory=list)

    @property
    def is_thread(self) -> bool:
        """Whether it stands in another channel."""
        return self.parent is not None

    @property
    def above(self) -> Channel:
        """The channel whose permissions count here."""
        return self.parent or self

    @property
    def thread_type(self) -> int:
        """The type that a thread in this channel has."""
        return ANNOUNCEMENT_THREAD if self.type == ANNOUNCEMENT else PUBLIC_THREAD

    @property
    def kind(self) -> str:
        """What the control API calls it."""
        return {FORUM: "forum", ANNOUNCEMENT: "announcement", TEXT: "text"}.get(self.type, "thread")


@dataclass(slots=True, eq=False)
class Guild:
    """A server: `rights` are what bots may in its channels, `absent` those that were thrown out.

    Its `locale` can be chosen where it is a Community only; elsewhere it is en-US (Discord's documentation, "Guild").
    """

    id: int
    name: str
    owner: Account
    admins: list[Account]
    rights: int
    made_at: datetime
    channels: dict[int, Channel] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    absent: set[int] = field(default_factory=set)
    barred: bool = False
    locale: str = "en-US"

    @property
    def admin_role(self) -> int:
        """The id of the role of those who may manage the server."""
        return stable("role", f"{self.id}/admins")

    def has(self, bot: Bot) -> bool:
        """Whether the bot is a member."""
        return not self.barred and bot.id not in self.absent
