"""The edges of the world: what the core asks of a platform, of the network and of the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from .message import Message
from .model import Address, ChatKind, Offers, Page, Platform, Snapshot, User
from .richtext import RichText

# ── what a platform answers ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Done:
    """It is so. `message_id` names the message that a send made (for the other calls it may be "").

    `further` are the messages that the same call made for the parts that follow (an album), in order.
    """

    message_id: str = ""
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: ask again after `after`. It costs no attempt.

    `scope` is what must wait: this delivery alone (Discord's limit on old edits), its chat, or the whole bot.
    """

    after: timedelta
    scope: Literal["delivery", "chat", "bot"] = "chat"


@dataclass(frozen=True, slots=True)
class Failed:
    """It certainly did not happen, and may work next time.

    `platform_wide` failures (no network, a 5xx that came before anything was done) cost no attempt.
    """

    reason: str
    platform_wide: bool = False


@dataclass(frozen=True, slots=True)
class Unsure:
    """The answer was lost: it may have happened."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It never will be done as asked.

    `about` says what is wrong: this message (a bad image, too long), this act (an edit or removal that the platform
    does not allow for this message), the chat (blocked, thrown out, no right): then the chat is held; or the thread in
    it alone (deleted, closed).
    """

    reason: str
    about: Literal["message", "act", "chat", "thread"]


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new address on the same platform; nothing was done."""

    chat: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The message that was to be edited, removed or pinned is not there: people removed it.

    `unsent`: it was to be sent, and its nonce names one that was taken away; under another it can be.
    """

    reason: str
    unsent: bool = False


Outcome = Done | Later | Failed | Unsure | Refused | Moved | Gone

MOST_BUTTON_BYTES = 60
TO_BE_TYPED = "…"
ADDED = "added"
"""What follows `/start` where one of `Ways` added the bot to a group and started it there."""


# ── a platform ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Window:
    """At most `count` calls in any `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast a platform may be called: by the whole bot, in one private chat, in one chat of several people."""

    bot: Window = Window(1000, 1.0)
    private: tuple[Window, ...] = ()
    shared: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do; the dispatcher asks here and never for the platform's name.

    `idempotent_send`: a send repeated with its nonce within two minutes makes no second message.
    `history`: the chat can be read back. `removes_until`: a message older than this cannot be removed (None: always).
    `answers_aside`: every command waits for its answer, which only its giver sees.
    `names_scope`: a limit comes with what it holds for; elsewhere two chats that must wait at once mean the whole bot.
    """

    idempotent_send: bool
    history: bool
    removes_until: timedelta | None = None
    rates: Rates = Rates()
    names_scope: bool = False
    answers_aside: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A platform message of ours: its id, the kind its adapter gave it (`Adapter.parts`), when it was accepted."""

    message_id: str
    kind: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A message of ours that `history` found; `nonce` and `link` where the platform shows them.

    `part` is its number among the messages of its link.
    """

    message_id: str
    sent_at: datetime
    nonce: str = ""
    link: str = ""
    headline: str = ""
    part: int = 0


OptionKind = Literal["text", "integer", "boolean", "channel", "role"]


@dataclass(frozen=True, slots=True)
class Option:
    """An argument of a command, as a platform's menu shows it. `choices`: nothing else may be given (up to 25).

    `kind` is what a platform with typed options lets people pick; among the arguments a boolean is `on` or `off`, a
    role its id. A channel is none of the arguments: the command is about that chat (`Command.address`). `least` and
    `most` bound an integer, or the characters of a text. Elsewhere all are words, and a channel cannot be named.
    `suggested`: whoever types it can be shown what it may be (`Suggest`), where the platform does that.
    """

    name: str
    description: str
    required: bool = False
    choices: tuple[str, ...] = ()
    kind: OptionKind = "text"
    least: int | None = None
    most: int | None = None
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command, as a platform's menu shows it.

    `changes`: only the chat's admins may give it. `private`: it has its place in a private chat with the bot; where a
    platform keeps menus for each kind of chat, those of others leave it out. `only_on`: the platforms on which there is
    such a command, if not on all. `asks`: given without arguments it wants some, which a platform may ask for itself.
    """

    name: str
    description: str
    options: tuple[Option, ...] = ()
    changes: bool = False
    private: bool = False
    asks: bool = False
    only_on: tuple[Platform, ...] = ()

    def is_on(self, platform: Platform) -> bool:
        """Whether there is such a command on a platform."""
        return not self.only_on or platform in self.only_on


@dataclass(frozen=True, slots=True)
class Role:
    """A role that was picked with a command: whether who picked it may call its people, and whether the bot may.

    `everybody`: it is the one that everybody has.
    """

    id: str
    name: str
    for_user: bool
    for_bot: bool
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it came in, with everything needed to answer it after a restart.

    `id` is the platform's own update or interaction id: the same one twice is the same command. `name` is without
    the slash, in lower case, `arguments` the rest of the line. `is_admin`: the user may change this chat (Telegram:
    creator, administrator, anonymous admin, or a channel post; Discord: Manage Server, or what the server set; a
    private chat: always). `reply_to` is the adapter's own note on how to answer (a message id, an interaction token: a
    secret, so it does not print). `missing_rights` are the rights that the bot lacks to relay into this chat, where the
    platform tells them with the command, named as its settings name them ("Embed Links"): do not subscribe, say which.
    `rights_notes` says, a sentence each, what will not work without rights that can be done without.
    `replied_to` is the id of the message that the command replies to, "" for none (Telegram; on Discord commands are no
    replies). `pressed`: it came from a button under an earlier answer, which this one's answer replaces. `given_in` is
    where it was given and is answered, if it is about another chat than that (Discord's option `channel`, /manage on
    Telegram). `server` is the one in which the chat stands, "" where the platform has none; `leads_server`: the user
    may change every chat of it. `language` is the locale of who gave it, or of the server, as the platform tells it
    ("de", "es-419"; "" for none): a chat's language at first contact. `role` is one of that
    server's that was picked.
    """

    id: str
    address: Address
    chat_kind: ChatKind
    chat_title: str
    user: User
    is_admin: bool
    name: str
    arguments: str = ""
    reply_to: str = field(default="", repr=False)
    language: str = ""
    missing_rights: tuple[str, ...] = ()
    rights_notes: tuple[str, ...] = ()
    pressed: bool = False
    replied_to: str = ""
    role: Role | None = None
    given_in: Address | None = None
    server: str = ""
    leads_server: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press under an answer: `label` is what it says, `command` the command line that a press gives.

    The command line is without the slash ("pause 3") and has at most 60 bytes of UTF-8: Telegram's 64 for what a button
    carries, and room for an adapter's mark. A press is a command like any other: rights are checked again. `about` is
    the id of another channel or thread of the same server, which the command is about.

    `asks`: whoever presses types what comes after the command line, in a form that shows `typed` at first. A platform
    without forms gives the command line with `TO_BE_TYPED` at its end, and asks then.
    """

    label: str
    command: str
    about: str = ""
    asks: bool = False
    typed: str = ""

    def __post_init__(self) -> None:
        size = len(self.command.encode())
        if size > MOST_BUTTON_BYTES:
            raise ValueError(f"a button carries at most {MOST_BUTTON_BYTES} bytes, not {size}: {self.command}")


@dataclass(frozen=True, slots=True)
class Link:
    """Something to press under an answer that opens an address: one of the web, or one of the adapter's `Ways`."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a command: a text, rows of buttons under it, `links` below these, and what it asks for.

    `asks` is the command line ("subscribe", "filter 2") whose argument the text asks for: the adapter lets the person
    type it right there (a forced reply, a form), and hands it over as that command. `aside`: where a button was
    pressed, it is for whoever pressed it only, and what stands above the button stays. `picks`: the person is to choose
    a chat of theirs of such a kind, in the platform's own way; the chosen one's id is handed over as `manage` of it.
    `passing`: what is said `aside` need not be confirmed: it goes by itself, where the platform has that.
    """

    text: RichText
    buttons: tuple[tuple[Button, ...], ...] = ()
    asks: str = ""
    aside: bool = False
    links: tuple[Link, ...] = ()
    picks: tuple[ChatKind, ...] = ()
    passing: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody put the bot into a chat, or let it write there.

    `rights_notes` says, a sentence each, what will not work there without rights that can be done without; `language`
    is theirs, as in a Command.
    """

    by: User
    chat_kind: ChatKind
    chat_title: str
    rights_notes: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot's place in a chat changed: it is in it and may write (`present`), or not, and why.

    `arrival` where the platform tells that it has come newly, and who wanted it there.

    `address.thread` is "" here: it concerns the platform chat with all its threads. On Discord `chat` may stand for
    every channel of a server: then `chats` lists them.
    """

    id: str
    address: Address
    present: bool
    reason: str = ""
    chats: tuple[str, ...] = ()
    arrival: Arrival | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """A group became a supergroup: everything of `address.chat` now belongs to `to`."""

    id: str
    address: Address
    to: str


Incoming = Command | Membership | Migration

Inbox = Callable[[Incoming], Awaitable[None]]
"""Records what came in, durably, before it returns; the adapter confirms to the platform only afterwards."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that an argument may be: `value` is what is typed, `label` what it says (both up to 100 characters)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Typing:
    """A command that is being typed: so far it is `command`, and `typed` stands in its option `option`."""

    command: Command
    option: str
    typed: str


Suggest = Callable[[Typing], Awaitable[Sequence[Suggestion]]]
"""Says what an argument may be, the likeliest first (up to 25); changes nothing. It may take long, or raise."""


class Adapter(Protocol):
    """A chat platform, seen through one bot. It returns what the platform says as an Outcome and does not raise for it.

    `bot` is the bot's user id, known after `connect`. No method sleeps on the platform's word: that is `Later`.
    """

    platform: Platform
    bot: str
    can: Capabilities

    async def connect(self) -> None:
        """Log in. Raises AdapterError with a sentence for the operator (a wrong token)."""

    async def listen(self, inbox: Inbox) -> None:
        """Hand over what comes in until cancelled; reconnects by itself, survives malformed events."""

    def parts(self, message: Message) -> tuple[str, ...]:
        """Return the kinds of the platform messages that `message` takes, in order; at least one. Pure."""

    def can_edit(self, shown: str, wanted: str) -> bool:
        """Whether a platform message of kind `shown` can be edited into one of kind `wanted`.

        `shown` "" asks whether a part can be added below what stands, `wanted` "" whether one can be taken away.
        """

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:
        """Send part number `part` (from 0) of the message; those that only go together follow it (`Done.further`)."""

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:
        """Make what was sent say part number `part` of the message. "Not modified" is Done."""

    async def remove(self, address: Address, sent: Sent) -> Outcome:
        """Take the message away. Already away is Gone."""

    async def pin(self, address: Address, sent: Sent, *, pinned: bool) -> Outcome:
        """Pin the message without ringing, or unpin it."""

    async def history(self, address: Address, since: datetime) -> tuple[Found, ...] | Outcome:
        """Return this bot's own messages since then, oldest first (only where `can.history`)."""

    async def reply(self, command: Command, answer: Answer) -> Outcome:
        """Answer a command, seen by its sender only where the platform can do that; long answers are split.

        A press is answered even with nothing to say: whoever pressed sees that it waits. Done names the messages of an
        answer that should not stay, because readers of a channel see it.
        """

    async def close(self) -> None:
        """Log out and free everything; safe to call twice."""


@runtime_checkable
class OpensThreads(Protocol):
    """What an adapter can do, too, whose platform has threads."""

    async def open_thread(self, address: Address, message: Message, nonce: str, since: datetime | None) -> Outcome:
        """Open a thread that begins with `message`, whose headline names it; Done names the thread.

        One for the same page that was opened earlier, at `since` or (in a forum) at any time, is found and taken.
        """


@runtime_checkable
class Speaks(Protocol):
    """What an adapter can do, too, whose platform lets a bot say something that is no answer."""

    async def say(self, address: Address, answer: Answer) -> Outcome:
        """Say it there; a private chat has the id of its person, and may be refused until that person begins it."""


@runtime_checkable
class Suggests(Protocol):
    """What an adapter can do, too, on whose platform people are shown what they may type."""

    def suggest_with(self, suggest: Suggest) -> None:
        """Ask there what an argument may be, from now on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A chat as it is now, and what somebody is there: whether they `may_change` what it follows.

    `missing_rights` and `rights_notes` are the bot's there, as in a Command.
    """

    chat_kind: ChatKind
    chat_title: str
    may_change: bool
    missing_rights: tuple[str, ...] = ()
    rights_notes: tuple[str, ...] = ()


@runtime_checkable
class KnowsPeople(Protocol):
    """What an adapter can do, too, on whose platform a chat can be managed from a private chat."""

    async def standing(self, chat: str, user: str) -> Standing | Outcome:
        """Return what a person is in a chat at this moment; Refused where the bot is not in it (any more)."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses that lead a person to the bot, "" where there is no such way.

    `group` and `channel` let them choose a group or channel of theirs and add the bot to it, with the rights that it
    needs there. `private` opens their private chat with it.
    """

    group: str = ""
    channel: str = ""
    private: str = ""


@runtime_checkable
class HasWays(Protocol):
    """What an adapter tells, too, on whose platform links lead to the bot; they are known after `connect`."""

    ways: Ways


# ── the network and the clock ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request conditional; "" where the server gave none."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came. `unchanged`: the server said 304, or the body's hash is the one we had; then `page` is None.

    `max_age` is the server's Cache-Control word; `moved_to` the address after permanent redirects only, else "". `hub`
    and `topic` are those of a Link header (WebSub), "" without one.
    """

    page: Page | None
    validators: Validators
    fetched_at: datetime
    max_age: timedelta | None = None
    moved_to: str = ""
    hub: str = ""
    topic: str = ""

    @property
    def unchanged(self) -> bool:
        """Whether nothing is there to be read."""
        return self.page is None


class Fetcher(Protocol):
    """The network, guarded. Raises FetchError and its kinds, each with one sentence."""

    async def fetch(self, url: str, known: Validators = ...) -> Fetched:
        """Get one page, conditionally where `known` says something."""


class Pictures(Protocol):
    """Where an adapter has a picture from whose address its platform does not take, if the operator allows that."""

    async def picture(self, url: str, most: int) -> bytes | None:
        """Return a picture's bytes, whatever they are; None where it cannot be had, or has more than `most` bytes."""


Read = Callable[[Page], Snapshot]
"""Turns bytes into a Snapshot; pure; raises UnreadablePage with one sentence."""

Discover = Callable[[Page], Offers]
"""Finds what a page names besides what it says; pure; raises UnreadablePage with one sentence."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What whoever runs the program should know: `event` as logs call it, about which page, why, and since when."""

    event: Literal["source.failing", "source.recovered"]
    page: str
    why: str
    since: datetime


Alarm = Callable[[Alert], None]
"""Tells the operator; never raises, never waits."""


class Clock(Protocol):
    """Time as a parameter."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
