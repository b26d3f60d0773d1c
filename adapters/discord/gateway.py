"""One life of the connection over which Discord tells us of commands and of servers."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import KeepAliveHandler

from bot.errors import AdapterError
from bot.ports import Membership

from .places import Places

log = structlog.get_logger(__name__)

_FATAL = {
    4004: "Discord does not accept the token.",
    4010: "Discord refuses this shard.",
    4012: "Discord does not speak this version of its gateway any more: upgrade discord.py.",
    4013: "Discord refuses the bot's intents.",
    4014: "Discord refuses the bot's intents.",
}
_MOST_LAUNCHES = 3
_DEAF_TO_CANCELLING = 0.1  # seconds
_GOODBYE = 5.0  # seconds; a gateway that does not answer our farewell may not hold up a stop

MALFORMED = (LookupError, TypeError, ValueError, AttributeError, AssertionError)
"""What discord.py raises at an event that is not formed as it expects."""

BROKEN = (
    discord.DiscordException,
    OSError,
    asyncio.TimeoutError,
    RuntimeError,
    *MALFORMED,
)
"""What ends one life of the connection and leaves hope for the next."""


def quiet() -> None:
    """Keep discord.py from logging interaction tokens: it does at DEBUG and, in the paths it called, at WARNING."""
    for name, level in (("discord", logging.INFO), ("discord.http", logging.ERROR), ("discord.webhook", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.getEffectiveLevel()))  # who asked for still less gets that
    discord.VoiceClient.warn_nacl = False
    discord.VoiceClient.warn_dave = False


_TAKEN = (
    discord.InteractionType.application_command,
    discord.InteractionType.component,
    discord.InteractionType.autocomplete,
    discord.InteractionType.modal_submit,
)


class Gateway(discord.AutoShardedClient):
    """Hands commands and Memberships over. What our own side raises ends the connection and stands in `failure`.

    `begin` is awaited before each session of a shard is begun; `ruled` hears of servers that changed who may give
    commands. `heartbeat_timeout` (seconds): a connection over which nothing came for so long is dead, whatever the
    network says; Discord answers a heartbeat every 41.
    """

    def __init__(
        self,
        take: Callable[[discord.Interaction[Any]], Awaitable[None]],
        tell: Callable[[list[Membership]], Awaitable[None]],
        places: Places,
        begin: Callable[[int], Awaitable[None]],
        ruled: Callable[[int], None],
        *,
        guild_ready_timeout: float,
        heartbeat_timeout: float,
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            guild_ready_timeout=guild_ready_timeout,
            heartbeat_timeout=heartbeat_timeout,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.failure: BaseException | None = None
        self._take = take
        self._tell = tell
        self._places = places
        self._begin = begin
        self._ruled = ruled
        self._launches: Counter[int] = Counter()
        parsers = self._connection.parsers
        parsers.update({event: _forgiving(event, parse) for event, parse in parsers.items() if event != "READY"})
        parsers["READY"] = self._tidying(parsers["READY"])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait for the shard's turn. Raises NoStartLeft, which ends this life."""
        await self._begin(shard_id or 0)

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Open a shard's connection. Raises ConnectionError where discord.py would try for ever, closed or not."""
        if self.is_closed() or self._launches[shard_id] >= _MOST_LAUNCHES:
            raise ConnectionError("the gateway cannot be reached")
        self._launches[shard_id] += 1
        await super().launch_shard(gateway, shard_id, initial=initial)

    async def live(self) -> None:
        """Connect, and return or raise once the connection has ended.

        In a task of its own, cancelled until it ends: discord.py forgets a cancellation that finds it taking a session
        up again (`shard.py`, reidentify and reconnect), and would go on for ever.
        """
        connected = asyncio.create_task(self.connect())
        try:
            await asyncio.wait([connected])
        finally:
            while not connected.done():
                connected.cancel()
                await asyncio.wait([connected], timeout=_DEAF_TO_CANCELLING)
        await connected

    async def shut(self) -> None:
        """Leave, with a word if the other side listens; free everything. Safe to call twice."""
        try:
            async with asyncio.timeout(_GOODBYE):
                await _close_forgotten()
                await self.close()
        except TimeoutError:
            await self.http.close()

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        """Our own side failed (a database, a bug): that is for whoever runs `listen`, not for a log line."""
        self.failure = self.failure or sys.exc_info()[1]
        log.error("discord.event_failed", event_name=event_method, error=type(self.failure).__name__)
        await self.close()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody typed (or types) a command, pressed a button, chose from a menu or sent a form."""
        if interaction.type in _TAKEN:
            await self._take(interaction)

    async def on_raw_app_command_permissions_update(self, told: discord.RawAppCommandPermissionsUpdateEvent) -> None:
        """A server changed who may give commands there."""
        self._ruled(told.guild.id)

    async def on_ready(self) -> None:
        """Every server that Discord did not name is one that we are no longer in.

        Of the others discord.py drops the event of one that appears just as it stops waiting: all are looked at.
        """
        await self._tell(self._places.missing(self._id, {guild.id for guild in self.guilds}))
        for guild in self.guilds:
            if not guild.unavailable:
                await self._look(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server that we are in appears."""
        await self._look(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody added the bot to a server."""
        await self._look(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was thrown out, or the server is gone."""
        channels = (str(channel.id) for channel in guild.channels if channel.type is not discord.ChannelType.category)
        await self._tell(self._places.left(self._id, guild.id, channels))

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel more."""
        await self._look(channel.guild)

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, channel: discord.abc.GuildChannel) -> None:
        """A channel's own rights may have changed."""
        await self._look(channel.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel less."""
        await self._look(channel.guild)

    async def on_guild_role_update(self, _: discord.Role, role: discord.Role) -> None:
        """A role's rights may have changed."""
        await self._look(role.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """The bot may have lost a role."""
        await self._look(role.guild)

    async def on_member_update(self, _: discord.Member, member: discord.Member) -> None:
        """Without the privileged intent Discord tells this of the bot itself only."""
        await self._look(member.guild)

    def _tidying(self, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Forget the servers of a shard that its new session does not hold: with shards discord.py keeps them."""

        def parsed(told: Any) -> None:
            held, (number, count) = {int(guild["id"]) for guild in told["guilds"]}, told["shard"]
            parse(told)
            for guild in self.guilds:
                if (guild.id >> 22) % count == number and guild.id not in held:
                    self._connection.parsers["GUILD_DELETE"]({"id": str(guild.id)})

        return parsed

    @property
    def _id(self) -> str:
        return str(self.user.id) if self.user else ""

    async def _look(self, guild: discord.Guild) -> None:
        await self._tell(self._places.seen(self._id, guild))


async def _close_forgotten() -> None:
    """End connections that were given up while they were opened: discord.py forgets those, and they would beat on.

    A process has one connection's shards in a loop, so whatever still beats in this one is ours to end.
    """
    loop = asyncio.get_running_loop()
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws.loop is loop:
            thread.stop()
            await thread.ws.socket.close()


def _forgiving(event: str, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Pass over an event that cannot be read: discord.py would end the whole connection for it."""

    def parsed(told: Any) -> Any:
        try:
            return parse(told)
        except MALFORMED as error:
            log.warning("discord.event_malformed", event_name=event, error=type(error).__name__)

    return parsed


def fatal(error: BaseException) -> AdapterError | None:
    """Return what the operator must hear where another try cannot help."""
    if isinstance(error, discord.LoginFailure):
        return AdapterError(_FATAL[4004])
    if isinstance(error, discord.ConnectionClosed) and error.code in _FATAL:
        return AdapterError(_FATAL[error.code])
    return None
