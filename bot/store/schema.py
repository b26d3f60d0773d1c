"""The tables. Read this first: everything the program remembers is here, and nowhere else.

Times are whole microseconds since 1970 (UTC) in the database and aware datetimes in the program (`Moment`), so that
the same comparison runs on SQLite and PostgreSQL. Words and states are those of `docs/glossary.md`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Computed,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    or_,
    text,
)
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# Nothing is ever put off longer than this; what seems to be was written by a clock that was wrong, and counts as due.
LONGEST_DELAY = timedelta(days=2)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as whole microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the microseconds."""
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the datetime, in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


# SQLite counts rows by itself only where the primary key is INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")

# NULL and JSON's null are one thing here.
Json = JSON(none_as_null=True)


def due(column: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """Whether a time has come; one that lies further ahead than anything is ever put off has, too."""
    return or_(column <= now, column > now + LONGEST_DELAY)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A live page or feed we watch: one row per canonical URL, shared by all who subscribe to it.
source = Table(
    "source",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Text, nullable=False, unique=True),  # canonical: what people name and are shown
    Column("asked", Text, nullable=False, server_default=""),  # where it is read instead, "" for the url itself
    Column("reader", Text, nullable=False, server_default=""),
    Column("title", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),  # the publisher, as messages call it
    Column("status", Text, nullable=False, server_default="unknown"),
    Column("etag", Text, nullable=False, server_default=""),
    Column("last_modified", Text, nullable=False, server_default=""),
    Column("body_hash", Text, nullable=False, server_default=""),
    Column("next_poll_at", Moment),  # null: nobody subscribes, or the page is gone
    Column("interval", Float, nullable=False, server_default="0"),  # seconds, as last decided
    Column("lease_owner", Text, nullable=False, server_default=""),
    Column("lease_until", Moment),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text, nullable=False, server_default=""),
    Column("failing_since", Moment),
    Column("told_at", Moment),  # when the operator last heard that it fails; null: not in this row of failures
    Column("last_ok_at", Moment),
    Column("changed_at", Moment),  # when an entry last came or changed
    Column("baseline_at", Moment),  # when the first snapshot was recorded
    Column("floor_at", Moment),  # unknown entries published before it were on a further page all along: never news
    Column("successor", Text, nullable=False, server_default=""),  # where the page says that its coverage goes on
    Column("every", Float),  # seconds: how often the source itself asks to be read at most
    Column("modified_at", Moment),  # the page's own word on its age, of the newest copy we believed
    Column("stale_since", Moment),  # since when only copies older than that are served
    Column("waiting_since", Moment),  # something awaits a second look: the page is read again even if it is unchanged
    Column("sequence", Integer, nullable=False, server_default="0"),  # the last one given to an entry
    Column("held", Text, nullable=False, server_default=""),  # why removals are held back, "" if they are not
    Column("taken_down_at", Moment),  # the operator took it down: never asked for again, and nobody can follow it
    CheckConstraint("status IN ('live', 'ended', 'unknown')", name="status"),
    Index(None, "next_poll_at"),
)

# One update of a source, as it tells it today. Keys outlive bodies: retention empties old rows and keeps them.
entry = Table(
    "entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sequence", Integer, nullable=False),  # order of first sighting; 0 for what was never news
    Column("rank", BigInteger, nullable=False),  # fixes the order in which chats get it (`planner.rank`)
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),  # of what a reader would notice (`compare.digest`)
    Column("previous_digest", Text, nullable=False, server_default=""),
    Column("content", Json),  # the entry as read; null once retention emptied it
    Column("headline", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("breaking", Integer, nullable=False, server_default="0"),  # 1: marked so; it may pass what holds others
    Column("published_at", Moment),
    Column("seen_at", Moment, nullable=False),
    Column("missing_since", Moment),  # absent since, not yet proved to be removed
    Column("held_at", Moment),  # vanished together with too many others: nothing is concluded from its absence
    Column("doubted_since", Moment),  # an older text (or a removed entry) was seen again: a stale copy, perhaps
    Column("removed_at", Moment),
    Column("taken_down_at", Moment),  # the operator took it down: it stays away whatever the page shows
    UniqueConstraint("source_id", "key"),
    CheckConstraint("kind IN ('entry', 'summary', 'end', 'note')", name="kind"),
    Index(None, "source_id", "sequence"),
    Index(None, "source_id", "published_at"),
    Index(None, "url"),
)

# Keys under which an entry was known before, or is known now on another shape of the page.
entry_alias = Table(
    "entry_alias",
    metadata,
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("entry_id", ForeignKey("entry.id", ondelete="CASCADE"), nullable=False),
)

# The queue of one platform chat, shared by its topics: one act in flight, in order, at the platform's pace.
lane = Table(
    "lane",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("busy", Id),  # the delivery in flight
    Column("next_at", Moment),  # when there may be something to do; null: nothing is owed
    Column("paced_until", Moment),  # the platform's pace, or a head that fails
    Column("served_at", Moment),
    Column("pinged_at", Moment),  # when a role was last called there
    UniqueConstraint("platform", "bot", "chat"),
    Index(None, "platform", "bot", "next_at"),
)

# An address to deliver to, with its own settings. A thread id of "" means the chat itself.
chat = Table(
    "chat",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("thread", Text, nullable=False, server_default=""),
    Column("lane_id", ForeignKey("lane.id"), nullable=False),
    Column("server", Text, nullable=False, server_default=""),  # that it stands in, where the platform has servers
    Column("kind", Text, nullable=False, server_default="group"),
    Column("title", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False, server_default=""),
    Column("timezone", Text, nullable=False, server_default="UTC"),
    Column("quiet", Text, nullable=False, server_default=""),  # hours in which nothing new arrives (`hours.Quiet`)
    Column("quiet_from", Moment),  # the quiet hours that last now, or come next; null: none
    Column("quiet_until", Moment),
    Column("fold", Integer, nullable=False, server_default="0"),  # 1: one message speaks for several of one event
    Column("policy", Text, nullable=False, server_default=""),  # after a lost answer: repeat or skip; "": as configured
    Column("state", Text, nullable=False, server_default="active"),
    Column("why", Text, nullable=False, server_default=""),
    Column("held_at", Moment),
    Column("greeted_at", Moment),  # when the bot introduced itself there; it does so once
    Column("last_number", Integer, nullable=False, server_default="0"),  # of its subscriptions; never reused
    UniqueConstraint("platform", "bot", "chat", "thread"),
    CheckConstraint("kind IN ('private', 'group', 'channel', 'forum')", name="kind"),
    CheckConstraint("state IN ('active', 'held', 'left')", name="state"),
    CheckConstraint("policy IN ('', 'repeat', 'skip')", name="policy"),
    Index(None, "lane_id"),
    Index(None, "quiet_until"),
    Index(None, "server"),
)

# A chat's standing wish to hear from a source.
subscription = Table(
    "subscription",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("chat_id", ForeignKey("chat.id"), nullable=False),
    Column("number", Integer, nullable=False),  # what /list shows
    Column("since", Integer, nullable=False),  # only entries of a later sequence are news to it
    Column("caught_up_at", Moment),  # null: it is owed the summary and the newest entries
    Column("filter", Text, nullable=False, server_default=""),
    Column("style", Json, nullable=False, server_default="{}"),
    Column("style_draft", Text, nullable=False, server_default=""),  # a change as typed, tried and not yet kept
    Column("ping", Json, nullable=False, server_default="{}"),  # the role that is called, and for what (`pinging`)
    Column("summary", Text, nullable=False, server_default="pin"),  # pin it, only send it, or off: none
    Column("schedule", Text, nullable=False, server_default=""),  # when digests come (`hours.Schedule`); "": live
    Column("next_digest_at", Moment),  # when the schedule gathers next; null: it has none
    Column("paused_until", Moment),  # null: not paused; FOREVER: until resumed
    Column(
        "backlog", Text, nullable=False, server_default="send"
    ),  # digest: what is owed becomes one at the next claim
    Column("created_at", Moment, nullable=False),
    Column("created_by", Text, nullable=False, server_default=""),
    Column("ended_at", Moment),  # unsubscribed
    Column("thread", Text, nullable=False, server_default=""),  # opened for the page; "": none, or not yet
    Column("thread_tried_at", Moment),  # when opening it was first tried, until that is answered
    Column("why", Text, nullable=False, server_default=""),  # why it was paused by itself
    Column(
        "review_chat_id", ForeignKey("chat.id")
    ),  # where people decide on its entries; null: they come by themselves
    Column("review_code", Text, nullable=False, server_default=""),  # the chat where this is sent will decide; "": none
    Column("review_code_until", Moment),  # when that code ends
    Column("review_only", Integer, nullable=False, server_default="0"),  # 1: only what its chat is to decide on comes
    UniqueConstraint("source_id", "chat_id"),
    UniqueConstraint("chat_id", "number"),
    Index(None, "next_digest_at"),
    Index(None, "created_by"),
    Index(None, "review_chat_id"),
    CheckConstraint("summary IN ('pin', 'send', 'off')", name="summary"),
    CheckConstraint("backlog IN ('send', 'digest')", name="backlog"),
)

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)

# What a row is owed next, in the order in which a lane serves it.
ACT_STORED, REMOVAL, SEND, EDIT, PIN, NOTHING = range(6)

_URGENCY = f"""
CASE WHEN act IS NOT NULL THEN {ACT_STORED}
     WHEN wanted = 0 AND shown > 0 THEN {REMOVAL}
     WHEN wanted > 0 AND shown = 0 THEN {SEND}
     WHEN wanted <> shown THEN {EDIT}
     WHEN wording_wanted <> wording_shown AND shown > 0 THEN {EDIT}
     WHEN pin_wanted <> pin_shown AND shown > 0 THEN {PIN}
     ELSE {NOTHING} END
"""

STATES = ("due", "claimed", "settled", "unsure", "dead", "gone", "told", "ended")

# One entry, or one digest, owed to one subscription: the revision it should show, and the one it shows.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False, server_default="entry"),
    Column("subscription_id", ForeignKey("subscription.id"), nullable=False),
    Column("entry_id", ForeignKey("entry.id")),  # null for a digest
    Column("chat_id", ForeignKey("chat.id"), nullable=False),
    Column("lane_id", ForeignKey("lane.id"), nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("wanted", Integer, nullable=False),  # 0: nothing
    Column("wanted_at", Moment, nullable=False),
    Column("shown", Integer, nullable=False, server_default="0"),  # 0: nothing
    Column("state", Text, nullable=False, server_default="due"),
    Column("act", Text),  # written before the call, cleared when its answer is known
    Column("tried_revision", Integer),  # the revision first tried under the stored act
    Column("tried_at", Moment),  # when the stored act was first tried
    Column("failing_since", Moment),  # a head that fails holds its lane for a minute from here
    Column("due_at", Moment),  # null: held (paused)
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("epoch", Integer, nullable=False, server_default="0"),  # of the sender that claimed it
    Column("generation", Integer, nullable=False, server_default="0"),  # raised by every removal of ours
    Column("form", Integer, nullable=False, server_default="0"),  # how plainly it is said: 0 as styled, 1, 2 plainest
    Column("gathered", Integer, nullable=False, server_default="0"),  # 1: a digest that a schedule made
    Column("told_by", ForeignKey("delivery.id")),  # the digest, or the message it is folded into, that speaks for it
    Column("alone", Integer, nullable=False, server_default="0"),  # 1: it was folded and let go, and is not again
    Column("wording_wanted", Integer, nullable=False, server_default="0"),  # raised by what is said beside its entry
    Column("wording_shown", Integer, nullable=False, server_default="0"),
    Column("pin_wanted", Integer, nullable=False, server_default="0"),
    Column("pin_shown", Integer, nullable=False, server_default="0"),
    Column("ping", Text, nullable=False, server_default=""),  # the role that its first send calls; "": none
    # What people decided on it in the review chat of its subscription; "": it needs no decision.
    Column("decision", Text, nullable=False, server_default=""),
    Column("decided_by", Text, nullable=False, server_default=""),  # their name; "": nobody did, it had waited too long
    Column("decided_at", Moment),
    Column("for_review", Integer, nullable=False, server_default="0"),  # 1: it asks for such decisions
    Column("taken_at", Moment),  # when people had it taken away by /remove: it never comes back
    Column("note", Text, nullable=False, server_default=""),
    Column("thread", Text, nullable=False, server_default=""),  # the page's thread in which it stands; "": its chat
    Column("urgency", Integer, Computed(_URGENCY, persisted=True)),
    UniqueConstraint("entry_id", "subscription_id"),
    CheckConstraint(f"state IN {STATES}", name="state"),
    CheckConstraint("kind IN ('entry', 'digest')", name="kind"),
    CheckConstraint("act IN ('send', 'edit', 'remove', 'notice', 'pin')", name="act"),
    CheckConstraint("decision IN ('', 'waiting', 'published', 'skipped')", name="decision"),
    Index(
        "ix_delivery_waiting",
        "entry_id",
        sqlite_where=text("decision = 'waiting'"),
        postgresql_where=text("decision = 'waiting'"),
    ),
    Index(
        "ix_delivery_turn",
        "lane_id",
        "urgency",
        "rank",
        sqlite_where=text("state = 'due'"),
        postgresql_where=text("state = 'due'"),
    ),
    Index(
        "ix_delivery_told_by",
        "told_by",
        sqlite_where=text("told_by IS NOT NULL"),
        postgresql_where=text("told_by IS NOT NULL"),
    ),
    Index(None, "subscription_id"),
    Index("ix_delivery_dead", "lane_id", sqlite_where=text("state = 'dead'"), postgresql_where=text("state = 'dead'")),
)

# One platform message of a delivery. `chat` is where it was sent: after a move it is frozen there.
part = Table(
    "part",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery_id", ForeignKey("delivery.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("message_id", Text),  # null until the platform accepted it
    Column("kind", Text, nullable=False),
    Column("sent_at", Moment),  # without a message id: it may stand there since then, and is not sent again
    Column("leaving", Integer, nullable=False, server_default="0"),  # 1: its removal was begun, its end is not known
    UniqueConstraint("delivery_id", "number", "generation"),
    Index(None, "chat", "id"),
    Index(None, "chat", "message_id"),
)

# A bot token has one sender at a time. The epoch fences what an earlier one still believes.
sender = Table(
    "sender",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", Moment, nullable=False),
)

# The WebSub hub that announces a source, the topic by which it knows it, and until when it has agreed to.
hub = Table(
    "hub",
    metadata,
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("asked_at", Moment),
    Column("lease_until", Moment),
)

# Who is known to run a chat of several people, so that it can be offered to them in their private chat with the bot;
# what they may do there is asked of the platform each time.
manager = Table(
    "manager",
    metadata,
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("known_at", Moment, nullable=False),
    Column("chosen_at", Moment),  # what they send in private is about this chat since then; one at most of a bot
    Index(None, "person"),
)

# Who subscribed a chat and must hear, in private and once, that nothing can be posted there; and that it goes on again.
# found ─ told ─▶ told ─ the chat can be posted in again ─▶ over ─ told ─▶ closed
trouble = Table(
    "trouble",
    metadata,
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("due_at", Moment),  # when there is something to say; null: nothing is
    Column("tried_at", Moment),  # written before it is said: what a dead process may have said is not said again
    Column("told_at", Moment),  # when they last heard of it
    CheckConstraint("state IN ('found', 'told', 'over', 'closed')", name="state"),
    Index(None, "due_at"),
)

# Answers that stand before a channel's readers, until they are taken away.
leftover = Table(
    "leftover",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("bot", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("said_at", Moment, nullable=False),
    Column("remove_at", Moment, nullable=False),
    Index(None, "remove_at"),
)

# Something that a chat may follow with one press: an address is too long for a button.
offer = Table(
    "offer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("url", Text, nullable=False),
    Column("filter", Text, nullable=False, server_default=""),  # what was typed with the address it came from
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("chat_id", "url"),
)

# A command is recorded before the platform hears that we have it, and done once.
command = Table(
    "command",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("bot", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("content", Json),  # null once done
    Column("recorded_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("platform", "bot", "command_id"),
    Index("ix_command_open", "id", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
)

# What concerns the whole installation; one row, or none while everything is at its default.
installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("paused_at", Moment),  # the operator holds first sends everywhere since then
    CheckConstraint("id = 1", name="id"),
)

# What the operator is told of: a row while it lasts, and for a while after, so that what comes back is the same one.
alert = Table(
    "alert",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # `alerts.Kind`
    Column("headline", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("over", Text, nullable=False),  # what is said when it has ended
    Column("url", Text, nullable=False, server_default=""),
    Column("began_at", Moment, nullable=False),
    Column("told_at", Moment, nullable=False),  # when its message was first told; later than that it came back
    Column("ended_at", Moment),
)

# The source under whose address alerts are told; it is no web address, so nobody can follow it by a command.
ALERTS = "liverelay:alerts"

# Who may use this installation: users, chats and servers that its owner let in. Roles: owner, allowed.
access = Table(
    "access",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("granted_at", Moment, nullable=False),
    Column("chat", Text, nullable=False, server_default=""),  # of an owner: where the bot was claimed, if in private
    CheckConstraint("what IN ('user', 'chat', 'server')", name="what"),
    CheckConstraint("role IN ('owner', 'allowed')", name="role"),
)
