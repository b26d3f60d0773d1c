"""Where the bot may write, server by server: what the gateway shows becomes Memberships when it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

import discord

from bot.model import Address
from bot.ports import Membership

REMOVED = "the bot was removed from the server"
_NO_LONGER = "the bot may no longer write there"


class Places:
    """Remembers, for as long as the process lives, in which channels of which server the bot may write.

    A server that is seen for the first time is reported with the channels that can be used: a chat that was held
    while we were away is then free again. What cannot be used is reported only when that is a change.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._numbers = count(1)
        self._usable: dict[int, frozenset[str]] = {}

    def seen(self, bot: str, guild: discord.Guild) -> list[Membership]:
        """Return what has changed for this server."""
        usable = frozenset(str(channel.id) for channel in guild.channels if may_write(channel))
        before = self._usable.get(guild.id)
        self._usable[guild.id] = usable
        gained, lost = usable - (before or frozenset()), (before or frozenset()) - usable
        found = [self._membership(bot, guild.id, gained)] if gained else []
        return [*found, self._membership(bot, guild.id, lost, _NO_LONGER)] if lost else found

    def left(self, bot: str, guild_id: int, channels: Iterable[str] = ()) -> list[Membership]:
        """Return that the bot is out of this server."""
        known = self._usable.pop(guild_id, frozenset()) | frozenset(channels)
        return [self._membership(bot, guild_id, known, REMOVED)]

    def missing(self, bot: str, present: set[int]) -> list[Membership]:
        """Return that the bot is out of the servers that are not among those now `present`."""
        return [told for guild_id in self._usable.keys() - present for told in self.left(bot, guild_id)]

    def _membership(self, bot: str, guild_id: int, chats: frozenset[str], reason: str = "") -> Membership:
        return Membership(
            id=f"{guild_id}-{self._now().timestamp():.3f}-{next(self._numbers)}",
            address=Address("discord", bot, str(guild_id)),
            present=not reason,
            reason=reason,
            chats=tuple(sorted(chats)),
        )


def may_write(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot can relay into the channel or, at least, into its threads."""
    me = channel.guild.me
    if me is None or isinstance(channel, discord.CategoryChannel):
        return False
    rights = channel.permissions_for(me)
    speaks = rights.send_messages or rights.send_messages_in_threads
    return rights.administrator or (rights.view_channel and rights.embed_links and speaks)
