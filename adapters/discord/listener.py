"""Listening to Discord: one gateway connection after another, the slash commands kept registered, commands taken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog

from bot.ports import CommandSpec, Inbox, Membership, Suggest

from . import menu
from .api import asked
from .desk import Desk
from .gateway import BROKEN, Gateway, fatal
from .overrides import Overrides
from .places import Places
from .rest import Exhausted, Rest
from .starts import Starts

log = structlog.get_logger(__name__)

_LONG_LIFE = timedelta(minutes=10)
_SHORTEST_PAUSE, _LONGEST_PAUSE = 6.0, 300.0
"""Seconds between two lives of the connection."""


class Listener:
    """Hands over what comes in. `own_gateway`: the operator named the gateway, and it is not asked of Discord."""

    def __init__(
        self,
        token: str,
        rest: Rest,
        bot: str,
        commands: Sequence[CommandSpec],
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]],
        starts: Starts,
        own_gateway: bool,
        guild_ready_timeout: float,
        heartbeat_timeout: float,
        suggest: Suggest | None,
    ) -> None:
        self._token = token
        self._rest = rest
        self._bot = bot
        self._specs = {spec.name: spec for spec in commands}
        self._now = now
        self._pause = pause
        self._own_gateway = own_gateway
        self._guild_ready_timeout = guild_ready_timeout
        self._heartbeat_timeout = heartbeat_timeout
        self._starts = starts
        self._places = Places(now)
        self._overrides = Overrides(rest)
        self._desk = Desk(rest, bot, self._specs, self._overrides, suggest)

    async def listen(self, inbox: Inbox) -> None:
        """Live one life after another, with a growing pause between short ones, until cancelled.

        Raises AdapterError where another life cannot help, and whatever `inbox` raises.
        """
        pauses = _growing()
        while True:
            born = self._now()
            await self._live(inbox)
            if self._now() - born > _LONG_LIFE:
                pauses = _growing()
            await self._pause(next(pauses))

    async def _live(self, inbox: Inbox) -> None:
        async def take(interaction: discord.Interaction[Any]) -> None:
            if command := await self._desk.take(interaction):
                await inbox(command)

        async def tell(memberships: list[Membership]) -> None:
            for membership in memberships:
                self._rest.allowance.told(membership.chats, open_to_us=membership.present)
                await inbox(membership)

        gateway = Gateway(
            take,
            tell,
            self._places,
            self._begin,
            self._overrides.forget,
            guild_ready_timeout=self._guild_ready_timeout,
            heartbeat_timeout=self._heartbeat_timeout,
        )
        try:
            await self._connect(gateway)
        except (*BROKEN, aiohttp.ClientError) as error:
            if said := fatal(error):
                raise said from None
            log.warning("discord.gateway_lost", error=type(error).__name__)
        finally:
            await gateway.shut()
        if gateway.failure:
            raise gateway.failure

    async def _connect(self, gateway: Gateway) -> None:
        """Return when this connection has ended and discord.py could not bring it back."""
        async with self._counted():
            await gateway.login(self._token)
        await self._register(gateway.application_id)
        async with self._counted():
            shards, _, starts = await gateway.http.get_bot_gateway()
        if starts["remaining"] < shards:
            log.warning("discord.no_session_left", again_in=starts["reset_after"] / 1000)
            await self._pause(starts["reset_after"] / 1000)
            return
        self._starts.told(starts["remaining"], starts["max_concurrency"])
        if self._own_gateway:  # with a number of shards discord.py goes to the gateway that it was told of
            gateway.shard_count = shards
        await gateway.live()

    async def _begin(self, shard: int) -> None:
        """Wait until a session may be begun for this shard. Raises NoStartLeft."""
        if wait := self._starts.turn(shard):
            await self._pause(wait)

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        """Count what discord.py itself asks in here (twice at most) among the calls of the bot."""
        with ExitStack() as counted:
            for _ in range(2):
                while True:
                    try:
                        counted.enter_context(self._rest.counted())
                    except Exhausted as full:
                        await self._pause(full.after.total_seconds())
                    else:
                        break
            yield

    async def _register(self, application_id: int | None) -> None:
        """Bring Discord's menus up to date; where that fails the old ones stay until the next connection."""
        if application_id is None:
            return
        wanted = [menu.payload(spec) for spec in self._specs.values()]
        known = await asked("read", self._rest.request(menu.listed(application_id)))
        if not isinstance(known, list) or not menu.same(known, wanted):
            known = await asked("edit", self._rest.bulk_upsert_global_commands(application_id, wanted))
            if isinstance(known, list):
                log.info("discord.commands_registered", count=len(wanted))
            else:
                log.warning("discord.commands_not_registered", outcome=type(known).__name__)
        self._overrides.begin(known if isinstance(known, list) else ())


def _growing() -> Iterator[float]:
    pause = _SHORTEST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)
