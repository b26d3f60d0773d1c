"""Everything that exists on this Discord, and what happens to bots from outside."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

from ..clock import Now
from . import guild_views, rights, views
from .guilds import FORUM, KINDS, Account, Bot, Channel, Guild, Message, Role
from .refusal import refuse
from .sessions import Session, wanted
from .snowflake import Snowflakes, stable

Heard = Callable[[Message], None]


class World:
    """The guilds and channels by id, the bots by token. Ids are never given twice, not even after a reset."""

    def __init__(self, now: Now) -> None:
        self.now = now
        self.ids = Snowflakes(now)
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.bots: dict[str, Bot] = {}
        self.people: dict[str, Account] = {}
        self.sessions: dict[str, Session] = {}
        self._arrivals: list[Callable[[], None]] = []
        self.owner = Account(stable("user", "owner"), "Owner")

    def reset(self) -> None:
        """Forget the guilds; bots stay connected, with the commands that they registered."""
        for guild in list(self.guilds.values()):
            self.throw_out(guild)
        self.guilds.clear()
        self.channels.clear()
        for bot in self.bots.values():
            bot.created.clear()
            bot.allowed.clear()

    def arrived(self) -> None:
        """Let those who wait for a bot see that one has connected, or registered commands."""
        waiting, self._arrivals = self._arrivals, []
        for wake in waiting:
            wake()

    async def arrival(self) -> None:
        """Wait until a bot connects or registers commands."""
        event = asyncio.Event()
        self._arrivals.append(event.set)
        await event.wait()

    # ── bots and people ──────────────────────────────────────────────────────────────────────────────────────────

    def bot(self, token: str) -> Bot:
        """Return the bot of a token. Any token makes one, and it is a member of every guild."""
        if token not in self.bots:
            number = stable("bot", token)
            self.bots[token] = Bot(Account(number, f"Relay {number % 1000:03}", is_bot=True), token)
        return self.bots[token]

    def application(self, number: str) -> Bot:
        """Return the bot of an application's id. Raises Refusal."""
        for bot in self.bots.values():
            if str(bot.id) == number:
                return bot
        raise refuse(404, 10002)

    def person(self, named: str) -> Account:
        """Return the person of that name, or id: a name always has the same id."""
        number = int(named) if named.isdecimal() else stable("user", named)
        return self.people.setdefault(named, Account(number, f"User {named}" if named.isdecimal() else named))

    def members(self, guild: Guild) -> list[Bot]:
        """Return the bots in a guild."""
        return [bot for bot in self.bots.values() if guild.has(bot)]

    def guilds_of(self, bot: Bot) -> list[Guild]:
        """Return the guilds that a bot is in."""
        return [guild for guild in self.guilds.values() if guild.has(bot)]

    # ── chats ────────────────────────────────────────────────────────────────────────────────────────────────────

    def create(self, kind: str, title: str, admins: list[str], allowed: list[str]) -> tuple[Channel, Channel | None]:
        """Make a guild with a channel and, for a thread or a forum, a thread in it. Raises ValueError."""
        people = [self.person(name) for name in admins]
        guild = Guild(self.ids.next(), title, self.owner, people, rights.known(allowed), self.now())
        made = self._furnish(guild, kind, title)
        self.guilds[guild.id] = guild
        for session in self.sessions.values():
            self.introduce(session, guild)
        return made

    def add(self, beside: Channel, kind: str, title: str, allowed: list[str]) -> tuple[Channel, Channel | None]:
        """Make a channel in the guild of another one; `allowed` is what bots may in it. Raises ValueError."""
        guild, given = beside.guild, rights.known(allowed)
        channel, thread = self._furnish(guild, kind, title)
        channel.rights = given
        self.tell(guild, "CHANNEL_CREATE", views.channel(channel, self.members(guild)))
        if thread:
            self.tell(guild, "THREAD_CREATE", views.thread(thread))
        return channel, thread

    def _furnish(self, guild: Guild, kind: str, title: str) -> tuple[Channel, Channel | None]:
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        channel = self._new_channel(guild, KINDS[kind], title)
        maker = guild.admins[0] if guild.admins else self.owner
        return channel, self.open_thread(channel, title, maker) if kind in ("thread", "forum") else None

    def open_thread(self, parent: Channel, title: str, maker: Account, begun_by: Message | None = None) -> Channel:
        """Open a thread, of its own or on a message; a post in a forum begins with a message by its maker."""
        thread = self._new_channel(parent.guild, parent.thread_type, title, parent, begun_by.id if begun_by else 0)
        thread.owner = maker.id
        if begun_by:
            begun_by.thread = thread
        elif parent.type == FORUM and not maker.is_bot:
            thread.messages[thread.id] = Message(thread.id, thread, maker, self.now(), title)
        return thread

    def _new_channel(
        self, guild: Guild, kind: int, title: str, parent: Channel | None = None, number: int = 0
    ) -> Channel:
        name = title if parent else _channel_name(title)
        channel = Channel(number or self.ids.next(), guild, kind, name, title, self.now(), parent)
        self.channels[channel.id] = guild.channels[channel.id] = channel
        return channel

    def find(self, chat: str, thread: str = "") -> Channel:
        """Return the channel or thread that a test names. Raises ValueError."""
        named = thread or chat
        found = self.channels.get(int(named)) if named.isdecimal() else None
        if found is None or (thread and (found.parent is None or str(found.parent.id) != chat)):
            raise ValueError(f"there is no Discord {'thread' if thread else 'channel'} {named}")
        return found

    # ── what bots may ────────────────────────────────────────────────────────────────────────────────────────────

    def rights_in(self, bot: Bot, channel: Channel) -> int:
        """Return what a bot may in a channel."""
        if not channel.guild.has(bot):
            return 0
        above = channel.above
        given = channel.guild.rights if above.rights is None else above.rights
        return rights.effective(given, thread=channel.is_thread)

    def may(self, person: Account, channel: Channel) -> int:
        """Return what a person may in a channel; nothing where it is hidden from them."""
        if person in channel.above.hidden_from:
            return 0
        return rights.EVERYBODY | (rights.bits("MANAGE_GUILD") if person in channel.guild.admins else 0)

    def channel(self, bot: Bot, number: str, *needed: str) -> Channel:
        """Return a channel in which the bot has the rights `needed`. Raises Refusal."""
        channel = self.channels.get(int(number)) if number.isdecimal() else None
        if channel is None:
            raise refuse(404, 10003)
        held = self.rights_in(bot, channel)
        if not held & rights.RIGHTS["VIEW_CHANNEL"]:
            raise refuse(403, 50001)
        self.demand(held, *needed)
        return channel

    def demand(self, held: int, *needed: str) -> None:
        """Raise Refusal where a right is missing."""
        if any(not held & rights.RIGHTS[name] for name in needed):
            raise refuse(403, 50013)

    # ── what happens to bots ─────────────────────────────────────────────────────────────────────────────────────

    def tell(self, guild: Guild, name: str, data: Any) -> None:
        """Tell an event to every session that holds the guild and asked for such events."""
        for session in self.sessions.values():
            need = wanted(name)
            if session.holds(guild) and session.intents & need == need:
                session.put(name, data)

    def introduce(self, session: Session, guild: Guild, *, joined: bool = True) -> None:
        """Show a guild to a session."""
        if session.holds(guild) and session.intents & wanted("GUILD_CREATE"):
            session.put(
                "GUILD_CREATE", guild_views.created_guild(guild, self.members(guild), session.bot, joined=joined)
            )

    def throw_out(self, guild: Guild, bot: Bot | None = None) -> None:
        """Take the bot (None: all, and all that come) out of a guild."""
        for session in self.sessions.values():
            if bot in (None, session.bot) and session.holds(guild) and session.intents & wanted("GUILD_DELETE"):
                session.put("GUILD_DELETE", {"id": str(guild.id)})
        if bot:
            guild.absent.add(bot.id)
        else:
            guild.barred = True

    def restore(self, guild: Guild) -> None:
        """Take the bots back into a guild and open its threads."""
        gone = [session for session in self.sessions.values() if not guild.has(session.bot)]
        guild.barred = False
        guild.absent.clear()
        for session in gone:
            self.introduce(session, guild)
        for channel in guild.channels.values():
            if channel.archived or channel.locked:
                self.archive(channel, archived=False, locked=False)

    def change_rights(self, guild: Guild, names: Iterable[str], only: Channel | None = None) -> None:
        """Give the bots other rights, everywhere or in one channel `only`. Raises ValueError."""
        if only:
            only.above.rights = rights.known(names)
            self.tell_channel(only.above)
            return
        guild.rights = rights.known(names)
        bots = self.members(guild)
        for role in views.roles(guild, bots)[2:]:
            self.tell(guild, "GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role})
        for channel in guild.channels.values():
            channel.rights = None
            if not channel.parent:
                self.tell_channel(channel)

    def hide(self, channel: Channel, people: Iterable[str]) -> None:
        """Hide a channel from some people, and from nobody else."""
        channel.above.hidden_from = [self.person(name) for name in people]
        self.tell_channel(channel.above)

    def tell_channel(self, channel: Channel) -> None:
        """Tell what a channel is like now."""
        self.tell(channel.guild, "CHANNEL_UPDATE", views.channel(channel, self.members(channel.guild)))

    def make_role(self, guild: Guild, name: str, *, mentionable: bool) -> None:
        """Let the admins make a role, or change whether everybody may mention it."""
        made = next((role for role in guild.roles if role.name == name), None)
        event = "GUILD_ROLE_UPDATE" if made else "GUILD_ROLE_CREATE"
        if made is None:
            guild.roles.append(made := Role(self.ids.next(), name))
        made.mentionable = mentionable
        shown = next(one for one in views.roles(guild, self.members(guild)) if one["id"] == str(made.id))
        self.tell(guild, event, {"guild_id": str(guild.id), "role": shown})

    def archive(self, thread: Channel, *, archived: bool, locked: bool) -> None:
        """Archive a thread, or take it out of the archive."""
        thread.archived, thread.locked = archived, locked
        thread.archived_at = self.now()
        self.tell(thread.guild, "THREAD_UPDATE", views.thread(thread))

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads, or one thread."""
        for child in [one for one in channel.guild.channels.values() if one.parent is channel]:
            self.delete_channel(child)
        del self.channels[channel.id], channel.guild.channels[channel.id]
        body = {"id": str(channel.id), "guild_id": str(channel.guild.id), "type": channel.type}
        if channel.parent:
            body["parent_id"] = str(channel.parent.id)
            self.tell(channel.guild, "THREAD_DELETE", body)
        else:
            gone = {**views.channel(channel, ()), **body}
            self.tell(channel.guild, "CHANNEL_DELETE", gone)

    def delete_message(self, message: Message) -> None:
        """Take a message away."""
        channel = message.channel
        del channel.messages[message.id]
        channel.deleted.append(message)
        ids = {"id": message.id, "channel_id": channel.id, "guild_id": channel.guild.id}
        self.tell(channel.guild, "MESSAGE_DELETE", {name: str(value) for name, value in ids.items()})

    def age(self, channel: Channel, hours: float) -> None:
        """Make every message of a channel older; its id still tells the true time."""
        for message in channel.messages.values():
            message.sent_at -= timedelta(hours=hours)

    def connected(self, guild: Guild) -> Iterator[Session]:
        """Return the sessions that hold a guild and whose connection stands."""
        return (session for session in self.sessions.values() if session.deliver and session.holds(guild))


def _channel_name(title: str) -> str:
    """Return a name as Discord writes those of text channels."""
    return re.sub(r"[^\w-]+", "-", title.lower()).strip("-") or "channel"
