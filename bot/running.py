"""Starting up: from settings to a running App, and to an end that leaves nothing open."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from .alarms import Alarms, AlarmSettings
from .app import App, Bell, Bot
from .clock import SystemClock
from .commands import SPECS, CommandLimits, Commands
from .exploring import Explorer
from .languages import ENGLISH, LANGUAGES, translated
from .model import Address, Platform, User
from .ports import Adapter, Clock, Command, CommandSpec, Fetcher
from .settings import Settings
from .sources.fetch import HttpFetcher
from .sources.pictures import WebPictures
from .sources.read import read
from .store import access, sources
from .store.engine import Database
from .store.migrate import upgrade
from .websub import WebSub, WebSubSettings

if TYPE_CHECKING:
    from .health import Health
    from .metrics import Metrics

log = structlog.get_logger(__name__)


async def run(settings: Settings, urls: Sequence[str]) -> None:
    """Run until a signal says stop. Raises LiveRelayError where only an operator can help.

    With URLs, or without any token, the terminal is a chat, too: it follows the URLs, and commands can be typed.
    """
    async with AsyncExitStack() as stack:
        metrics = _metrics(settings)
        timed = metrics.transaction if metrics else nullcontext
        database = await stack.enter_async_context(Database(settings.database.url, timed=timed))
        before = await upgrade(database)
        log.info("database.open", database=database.name, migrated_from=before or "nothing")
        clock = await _clock(database)
        fetcher = HttpFetcher(settings.fetching, clock)
        stack.push_async_callback(fetcher.close)
        bots = [Bot(adapter, token) for adapter, token in _adapters(settings, fetcher, clock, terminal=bool(urls))]
        for bot in bots:
            stack.push_async_callback(bot.adapter.close)
        bell = Bell(bots)
        commands = await _commands(settings, database, fetcher, bell, clock)
        app = App(
            settings,
            database,
            bell,
            fetcher,
            commands,
            clock=clock,
            websub=_websub(settings, database, fetcher, bell, clock),
            health=_health(settings, database, metrics, bots, clock),
            watch=metrics,
            alarms=_alarms(settings, database, bell, clock),
        )
        _stop_on_signals(app)
        await _follow(urls, bots, commands)
        await app.run()


async def _clock(database: Database) -> SystemClock:
    """Return the clock of this run, which goes on from where the last one's was."""
    clock = SystemClock()
    # Where the machine's was put back since, everything that waits was put off until a moment of the earlier time.
    async with database.read() as connection:
        looked_at = await sources.last_look(connection)
    if looked_at and (behind := clock.not_before(looked_at)):
        log.warning("clock.behind", seconds=round(behind.total_seconds()))
    return clock


def _adapters(settings: Settings, fetcher: HttpFetcher, clock: Clock, *, terminal: bool) -> list[tuple[Adapter, str]]:
    """Return the adapter of every configured platform. What a platform needs is imported only when it is used."""
    adapters: list[tuple[Adapter, str]] = []
    if telegram := settings.telegram.token.get_secret_value():
        adapters.append((_telegram(settings, telegram, fetcher, clock), telegram))
    if discord := settings.discord.token.get_secret_value():
        from adapters.discord.adapter import DiscordAdapter  # noqa: PLC0415  # when it is used

        rest, gateway = settings.discord.api_url, settings.discord.gateway_url
        bot = DiscordAdapter(discord, api_url=rest, gateway_url=gateway, commands=_specs("discord"), now=clock.now)
        adapters.append((bot, discord))
    if terminal or not adapters:
        from adapters.terminal import Terminal  # noqa: PLC0415  # when it is used

        adapters.append((Terminal(sys.stdout, sys.stdin, now=clock.now), "terminal"))
    return adapters


def _specs(platform: Platform, language: str = ENGLISH) -> tuple[CommandSpec, ...]:
    """Return the commands that there are on a platform, described in a language."""
    there = (spec for spec in SPECS if spec.is_on(platform))
    return tuple(replace(spec, description=translated(spec.description, language)) for spec in there)


def _telegram(settings: Settings, token: str, fetcher: HttpFetcher, clock: Clock) -> Adapter:
    from adapters.telegram.adapter import TelegramAdapter  # noqa: PLC0415  # when it is used
    from adapters.telegram.webhook import Reachable  # noqa: PLC0415

    chosen = settings.telegram
    webhook = Reachable(chosen.webhook_url, *chosen.webhook_address) if chosen.webhook_url else None
    return TelegramAdapter(
        token,
        api_url=chosen.api_url,
        commands=_specs("telegram"),
        translated={language: _specs("telegram", language) for language in LANGUAGES if language != ENGLISH},
        now=clock.now,
        webhook=webhook,
        pictures=WebPictures(fetcher) if chosen.upload_pictures else None,
    )


def _websub(settings: Settings, database: Database, fetcher: HttpFetcher, bell: Bell, clock: Clock) -> WebSub | None:
    """Return what talks to the hubs of feeds; None where no public address is configured."""
    if not settings.websub.public_url:
        return None
    chosen = WebSubSettings(settings.websub.public_url, settings.websub.host, settings.websub.port)
    apart = settings.poll.limits.min_interval
    return WebSub(database, fetcher, chosen, clock=clock, apart=apart, woken=bell.ring_poller)


def _metrics(settings: Settings) -> Metrics | None:
    """Return what counts; None where nobody can ask for it, and then nothing of it is loaded."""
    if not settings.health.listen:
        return None
    from prometheus_client import CollectorRegistry  # noqa: PLC0415  # when it is used

    from .metrics import Metrics  # noqa: PLC0415

    return Metrics(CollectorRegistry())


def _health(
    settings: Settings, database: Database, metrics: Metrics | None, bots: Sequence[Bot], clock: Clock
) -> Health | None:
    if metrics is None:
        return None
    from .health import Health, Listen  # noqa: PLC0415  # when it is used

    platforms = [bot.adapter.platform for bot in bots]
    listen = Listen(*settings.health.address)
    return Health(database, metrics, listen, platforms=platforms, clock=clock)


def _alarms(settings: Settings, database: Database, bell: Bell, clock: Clock) -> Alarms:
    chosen = AlarmSettings(
        {"telegram": settings.alerts.telegram, "discord": settings.alerts.discord},
        timedelta(seconds=settings.alerts.stuck_after),
        settings.alerts.disk_free * 1_000_000,
    )

    def room() -> int | None:
        return None if database.path is None else shutil.disk_usage(database.path.parent).free

    return Alarms(database, chosen, clock=clock, room=room, told=bell.ring_senders)


async def _commands(settings: Settings, database: Database, fetcher: Fetcher, bell: Bell, clock: Clock) -> Commands:
    limits = CommandLimits(
        subscriptions=settings.limits.subscriptions_per_chat,
        filter_length=settings.limits.filter_length,
        per_minute=settings.limits.commands_per_minute,
        per_user_minute=settings.limits.commands_per_user,
        server_subscriptions=settings.limits.subscriptions_per_server,
        user_subscriptions=settings.limits.subscriptions_per_user,
        sources=settings.limits.sources,
        access_open=settings.access.open,
        let_in=settings.access.let_in,
        summary_length=settings.message.summary_length,
    )
    return Commands(
        database,
        adapters=[bot.adapter for bot in bell.bots],
        clock=clock,
        probe=Explorer(fetcher, read, settings.discover).explore,
        limits=limits,
        claim_code=await _claim_code(settings, database, bell.bots),
        wake_poller=bell.ring_poller,
        wake_dispatcher=bell.ring_senders,
    )


async def _claim_code(settings: Settings, database: Database, bots: Sequence[Bot]) -> str:
    """Return a code that makes its first user the owner, and tell the operator; "" where nobody needs one."""
    chats = [bot.adapter.platform for bot in bots if bot.adapter.platform != "terminal"]
    async with database.read() as connection:
        platforms = [platform for platform in chats if await access.owner(connection, platform) is None]
    if settings.access.open or not platforms:
        return ""
    code = secrets.token_hex(8)
    where = " and ".join(platforms)
    print(f"Nobody owns the bot on {where} yet. Send it in a private chat:  /claim {code}", flush=True)  # noqa: T201
    return code


def _stop_on_signals(app: App) -> None:
    """The first SIGTERM or SIGINT stops in order, the second at once."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if app.stopping.is_set():
            os._exit(1)
        app.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
            loop.add_signal_handler(number, stop)


async def _follow(urls: Sequence[str], bots: Sequence[Bot], commands: Commands) -> None:
    """Subscribe the terminal to the pages named at start, as if each had been typed there."""
    for bot in bots:
        if bot.adapter.platform == "terminal":
            for url in urls:
                typed = Command(
                    id=secrets.token_hex(8),
                    address=Address("terminal", bot.adapter.bot, "terminal"),
                    chat_kind="private",
                    chat_title="Terminal",
                    user=User("operator", "Operator"),
                    is_admin=True,
                    name="subscribe",
                    arguments=url,
                )
                await commands.record(typed)
