"""`liverelay doctor`: what an operator would look at one by one, looked at together; it changes nothing.

Each finding says what is so and, where it should not be, what to do. No secret is in any of them.
"""

from __future__ import annotations

import re
import shutil
import socket
import textwrap
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.exc import DBAPIError

from ..errors import DatabaseError
from ..settings import Settings
from ..store import alerts, backlog, housekeeping
from ..store.engine import Database
from ..store.files import open_to_all
from ..store.migrate import newest, refuse_newer
from .asking import Asked, ask_discord, ask_telegram

Level = Literal["ok", "warn", "fail"]

_SKEW = timedelta(seconds=30)
_LEAST_ROOM = 50_000_000
_TELEGRAM_SHAPE = r"\d{6,}:[\w-]{30,}"
_DISCORD_SHAPE = r"[\w-]{18,}\.[\w-]{5,}\.[\w-]{20,}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and how it is."""

    level: Level
    what: str
    said: str


async def examine(
    settings: Settings, file: Path | None, now: datetime, *, secret_files: Iterable[Path] = ()
) -> AsyncIterator[Finding]:
    """Yield what is found, part by part. `secret_files` hold one setting each."""
    for finding in (*_settings(settings, file), *_secret_files(secret_files), _zones()):
        yield finding
    async for finding in _database(settings):
        yield finding
    for finding in _disk(settings):
        yield finding
    if token := settings.telegram.token.get_secret_value():
        for finding in _telegram(settings, await ask_telegram(settings.telegram.api_url, token), now):
            yield finding
    if token := settings.discord.token.get_secret_value():
        for finding in _platform("discord", await ask_discord(settings.discord.api_url, token), now):
            yield finding


def shown(finding: Finding, width: int) -> str:
    """Return a finding as it is printed, folded at `width` columns."""
    begins = f"{finding.level:<4}  {finding.what:<9}  "
    return textwrap.fill(
        finding.said, width=max(width, 40), initial_indent=begins, subsequent_indent=" " * len(begins),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _settings(settings: Settings, file: Path | None) -> Iterator[Finding]:
    where = file or "The defaults, and the environment"
    yield Finding("ok", "settings", f"{where}: every setting is known and in range.")
    if file is not None and _open_to_others(file) and _holds(file, settings.secrets()):
        said = f"Others on this machine can read {file}, which holds a secret: chmod 600 {file}"
        yield Finding("warn", "settings", said)
    if not (settings.telegram.token.get_secret_value() or settings.discord.token.get_secret_value()):
        yield Finding("warn", "settings", "No token is set, so nothing is relayed but to a terminal.")
    yield from _token("telegram", settings.telegram.token.get_secret_value(), _TELEGRAM_SHAPE)
    yield from _token("discord", settings.discord.token.get_secret_value(), _DISCORD_SHAPE)
    if not settings.fetch.contact:
        yield Finding("warn", "settings", "Set fetch.contact, so that publishers can reach you before they block you.")


def _secret_files(files: Iterable[Path]) -> Iterator[Finding]:
    for file in files:
        if _open_to_others(file):
            yield Finding("warn", "settings", f"Others on this machine can read the secret in {file}: chmod 600 {file}")


def _token(platform: str, token: str, shape: str) -> Iterator[Finding]:
    if not token:
        yield Finding("ok", platform, f"Off: {platform}.token is not set.")
    elif not re.fullmatch(shape, token):
        yield Finding("warn", platform, f"{platform}.token does not look like one: compare it sign by sign.")


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _holds(file: Path, secrets: Iterable[str]) -> bool:
    text = file.read_text(encoding="utf-8", errors="replace")
    return any(secret in text for secret in secrets)


def _zones() -> Finding:
    if "Europe/Kyiv" not in available_timezones() or ZoneInfo("Europe/Kyiv").key != "Europe/Kyiv":
        return Finding("fail", "zones", "The time zones of this machine are missing or old: install tzdata anew.")
    return Finding("ok", "zones", f"{len(available_timezones())} time zones are known.")


# ── the database, and where it lies ──────────────────────────────────────────────────────────────────────────────


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    given = Database(settings.database.url, beside=True)
    if given.path is not None and not given.path.exists():
        yield Finding("ok", "database", f"{given.path} is not there yet: `liverelay run` makes it.")
        return
    try:
        async with Database(settings.database.url, beside=True) as database:
            async for finding in _opened(database):
                yield finding
    except DatabaseError as error:
        yield Finding("fail", "database", str(error))
    except DBAPIError:
        said = f"{given.name} holds other tables than ours: does database.url name another program's?"
        yield Finding("fail", "database", said)


async def _opened(database: Database) -> AsyncIterator[Finding]:
    async with database.read() as connection:
        revision = await housekeeping.revision(connection)
        damage = await housekeeping.damage(connection)
    if damage:
        said = f"{database.name} is damaged ({damage}): stop the program and restore the last backup."
        yield Finding("fail", "database", said)
        return
    refuse_newer(revision, database.name)
    if database.path is not None and _open_to_others(database.path):
        yield Finding("warn", "database", f"Others on this machine can read it: chmod 600 {database.path}")
    if database.path is not None and open_to_all(folder := database.path.absolute().parent):
        said = f"Everybody on this machine can lay files beside the database: chmod 700 {folder}"
        yield Finding("warn", "database", said)
    if revision != newest():
        said = f"{database.name} is whole, but an older version's ({revision}): `liverelay run` carries it forward."
        yield Finding("warn", "database", said)
        return
    yield Finding("ok", "database", f"{database.name} is whole, and of this version ({revision}).")
    async for finding in _troubles(database):
        yield finding


async def _troubles(database: Database) -> AsyncIterator[Finding]:
    async with database.read() as connection:
        dead = await backlog.dead_letters(connection)
        lasting = await alerts.active(connection)
    if dead:
        said = f"{dead} were given up: `liverelay deliveries --dead` says why, `liverelay replay` tries them again."
        yield Finding("warn", "letters", said)
    else:
        yield Finding("ok", "letters", "No delivery was given up.")
    for each in lasting:
        if each.trouble.kind != "dead":
            yield Finding("warn", "alert", f"{each.trouble.headline}, since {each.began_at:%Y-%m-%d %H:%M} UTC.")


def _disk(settings: Settings) -> Iterator[Finding]:
    path = Database(settings.database.url, beside=True).path
    if path is not None:
        yield _room(path, settings.alerts.disk_free)
    runs = path is not None and Database.is_held(path)
    for name, host, port in _ports(settings):
        if runs or not _taken(host, port):
            yield Finding("ok", "ports", f"{name} {'listens' if runs else 'can listen'} on {host}:{port}.")
        else:
            said = f"{name} cannot listen on {host}:{port}: another program does. Take another port, or stop that one."
            yield Finding("fail", "ports", said)


def _room(path: Path, wanted: int) -> Finding:
    """Return how much is left on the disk; `wanted` are megabytes."""
    folder = next(each for each in (path.absolute().parent, *path.absolute().parents) if each.exists())
    left = shutil.disk_usage(folder).free
    room = f"{left // 1_000_000:,} MB are left where the database lies"
    if left < _LEAST_ROOM:
        return Finding("fail", "disk", f"{room}: free some.")
    if left < wanted * 1_000_000:
        return Finding("warn", "disk", f"{room}, fewer than alerts.disk_free ({wanted:,}): free some.")
    return Finding("ok", "disk", f"{room}.")


def _ports(settings: Settings) -> Iterator[tuple[str, str, int]]:
    if settings.health.listen:
        yield "health.listen", *settings.health.address
    if settings.websub.public_url:
        yield "websub.port", settings.websub.host, settings.websub.port
    if settings.telegram.webhook_url:
        yield "telegram.webhook_listen", *settings.telegram.webhook_address


def _taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError:
            return True
    return False


# ── the platforms ────────────────────────────────────────────────────────────────────────────────────────────────


def _telegram(settings: Settings, asked: Asked, now: datetime) -> Iterator[Finding]:
    yield from _platform("telegram", asked, now)
    if asked.webhook and not settings.telegram.webhook_url:
        said = "A webhook is set, so Telegram would bring updates elsewhere: `liverelay run` removes it at its start."
        yield Finding("warn", "telegram", said)


def _platform(platform: str, asked: Asked, now: datetime) -> Iterator[Finding]:
    if asked.problem:
        yield Finding("fail", platform, asked.problem)
        return
    yield Finding("ok", platform, f"It answers, and lets {asked.bot or 'the bot'} in.")
    if asked.date is not None and abs(asked.date - now) > _SKEW:
        seconds = (now - asked.date).total_seconds()
        late = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'}"
        said = f"This machine's clock is {late} {platform.capitalize()}'s: let it keep time (NTP)."
        yield Finding("warn", "clock", said)
