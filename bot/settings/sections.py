"""Every section of the settings, with what its values may be and what the rest of the program calls them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ..cadence import Limits
from ..ports import Discover
from ..sources.discovery import discover
from ..sources.web import ApiKey, FetchSettings
from ..store.access import LetIn
from .values import Token, WebUrl, begins_with, host_and_port, is_loopback

TELEGRAM_API = "https://api.telegram.org"
GUARDIAN_API_HOST = "content.guardianapis.com"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSection(_Section):
    """Where everything is kept."""

    url: Annotated[str, begins_with("sqlite", "postgres")] = "sqlite+aiosqlite:///data/liverelay.db"

    @field_validator("url")
    @classmethod
    def _is_url(cls, url: str) -> str:
        try:
            parts = make_url(url)
        except (ArgumentError, ValueError):
            example = "sqlite:///data/liverelay.db or postgresql://user:password@host/name"
            raise ValueError(f"should look like {example}") from None
        if parts.database in (None, "", ":memory:"):
            raise ValueError("should name a file or a database, as sqlite:///data/liverelay.db does")
        return url


class TelegramSection(_Section):
    """The Telegram bot."""

    token: Token = SecretStr("")
    api_url: WebUrl = TELEGRAM_API
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1:8097"
    upload_pictures: bool = False

    @field_validator("webhook_url")
    @classmethod
    def _is_reachable(cls, url: str, others: ValidationInfo) -> str:
        """Telegram's own server brings updates over HTTPS only."""
        schemes = ("https://",) if others.data.get("api_url") == TELEGRAM_API else ("https://", "http://")
        if url and not url.startswith(schemes):
            raise ValueError(f"should begin with {' or '.join(schemes)}, or be empty")
        return url

    @field_validator("webhook_listen")
    @classmethod
    def _is_address(cls, where: str) -> str:
        host_and_port(where)
        return where

    @property
    def webhook_address(self) -> tuple[str, int]:
        """Host and port for what comes to the webhook."""
        return host_and_port(self.webhook_listen)


class DiscordSection(_Section):
    """The Discord bot."""

    token: Token = SecretStr("")
    api_url: WebUrl = "https://discord.com/api/v10"
    gateway_url: str = ""

    @field_validator("gateway_url")
    @classmethod
    def _is_gateway(cls, url: str) -> str:
        if url and not url.startswith(("wss://", "ws://")):
            raise ValueError("should begin with wss:// or ws://, or be empty")
        return url


class AccessSection(_Section):
    """Who may use the bots."""

    open: bool = False
    users: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()

    @field_validator("users", "chats", "servers", mode="before")
    @classmethod
    def _are_ids(cls, value: object) -> object:
        """In a variable they are separated by commas; in the file an id may stand as a number."""
        told = value.split(",") if isinstance(value, str) else value
        ids = [str(each).strip() for each in told] if isinstance(told, list | tuple) else [str(told)]
        if wrong := next((each for each in ids if each and not re.fullmatch(r"-?\d{1,20}", each)), None):
            raise ValueError(f"should be ids, numbers, and “{wrong}” is none")
        return tuple(each for each in ids if each)

    @property
    def let_in(self) -> LetIn:
        """The same, as the commands need it."""
        return LetIn(frozenset(self.users), frozenset(self.chats), frozenset(self.servers))


class FetchSection(_Section):
    """How pages are asked for."""

    contact: str = ""
    timeout: Annotated[float, Field(gt=0, le=300)] = 20
    max_bytes: Annotated[int, Field(ge=10_000, le=100_000_000)] = 5_000_000
    max_redirects: Annotated[int, Field(ge=0, le=20)] = 5
    allow_private: bool = False
    deny_hosts: tuple[str, ...] = ()

    @field_validator("deny_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """In a variable the hosts are separated by commas."""
        return [host.strip() for host in value.split(",") if host.strip()] if isinstance(value, str) else value

    @property
    def bounds(self) -> FetchSettings:
        """The same, as the fetcher needs it."""
        return FetchSettings(
            contact=self.contact,
            timeout=timedelta(seconds=self.timeout),
            max_bytes=self.max_bytes,
            max_redirects=self.max_redirects,
            allow_private=self.allow_private,
            deny_hosts=frozenset(host.lower() for host in self.deny_hosts),
        )


class GuardianSection(_Section):
    """The Guardian's Content API."""

    api_key: Token = SecretStr("")


class PollSection(_Section):
    """How often pages are looked at, in seconds."""

    min_interval: Annotated[float, Field(gt=0, le=86_400)] = 15
    max_interval: Annotated[float, Field(gt=0, le=604_800)] = 900
    removal_after: Annotated[float, Field(ge=0, le=86_400)] = 60

    @property
    def limits(self) -> Limits:
        """The same, as deciding needs it."""
        longest = max(self.max_interval, self.min_interval)
        seconds = (self.min_interval, longest, self.removal_after)
        return Limits(*(timedelta(seconds=each) for each in seconds))


class SendSection(_Section):
    """How messages are sent."""

    unsure: Literal["repeat", "skip"] = "repeat"
    lease: Annotated[float, Field(ge=2, le=600)] = 20


class MessageSection(_Section):
    """What messages look like."""

    summary_length: Annotated[int, Field(ge=50, le=3000)] = 300


class LimitsSection(_Section):
    """How much one chat may ask for."""

    subscriptions_per_chat: Annotated[int, Field(ge=1)] = 50
    filter_length: Annotated[int, Field(ge=1)] = 500
    commands_per_minute: Annotated[int, Field(ge=1)] = 20
    commands_per_user: Annotated[int, Field(ge=1)] = 30
    subscriptions_per_server: Annotated[int, Field(ge=1)] = 500
    subscriptions_per_user: Annotated[int, Field(ge=1)] = 500
    sources: Annotated[int, Field(ge=1)] = 5000


class WebsubSection(_Section):
    """Where hubs tell us that a feed has something new."""

    public_url: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8098

    @field_validator("public_url")
    @classmethod
    def _is_web(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("should begin with https:// or http://, or be empty")
        return url


class HealthSection(_Section):
    """Where health and metrics can be asked for."""

    allow_remote: bool = False
    listen: str = ""

    @field_validator("listen")
    @classmethod
    def _is_address(cls, listen: str, info: ValidationInfo) -> str:
        """How a relay is doing, and how many chats it serves, is for its operator."""
        if listen and not info.data.get("allow_remote") and not is_loopback(host_and_port(listen)[0]):
            raise ValueError("should be an address of this machine, as 127.0.0.1:9464, or set health.allow_remote")
        return listen

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port."""
        return host_and_port(self.listen)


class AlertsSection(_Section):
    """Who is told when something is wrong, and when something is."""

    telegram: str = ""
    discord: str = ""
    stuck_after: Annotated[float, Field(ge=60, le=86_400)] = 600
    disk_free: Annotated[int, Field(ge=0)] = 500

    @field_validator("telegram", "discord", mode="before")
    @classmethod
    def _is_chat(cls, chat: object) -> object:
        """In the file an id may stand as a number."""
        told = str(chat) if isinstance(chat, int) else chat
        if isinstance(told, str) and not re.fullmatch(r"-?\d{1,20}|off|", told.strip()):
            raise ValueError("should be the id of a chat or channel, a number, or off")
        return told.strip() if isinstance(told, str) else told


class RetentionSection(_Section):
    """How long texts are kept."""

    days: Annotated[float, Field(ge=1)] = 30


class LogSection(_Section):
    """What is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "text", "json"] = "auto"


class Settings(_Section):
    """Everything that an operator can choose."""

    database: DatabaseSection = DatabaseSection()
    telegram: TelegramSection = TelegramSection()
    discord: DiscordSection = DiscordSection()
    access: AccessSection = AccessSection()
    fetch: FetchSection = FetchSection()
    guardian: GuardianSection = GuardianSection()
    poll: PollSection = PollSection()
    send: SendSection = SendSection()
    message: MessageSection = MessageSection()
    limits: LimitsSection = LimitsSection()
    websub: WebsubSection = WebsubSection()
    health: HealthSection = HealthSection()
    alerts: AlertsSection = AlertsSection()
    retention: RetentionSection = RetentionSection()
    log: LogSection = LogSection()

    @property
    def fetching(self) -> FetchSettings:
        """How pages are asked for, with the operator's keys."""
        key = self.guardian.api_key.get_secret_value()
        keys = {GUARDIAN_API_HOST: ApiKey("api-key", key)} if key else {}
        return replace(self.fetch.bounds, keys=keys)

    @property
    def discover(self) -> Discover:
        """What finds the other addresses of a page, those that need a key only where there is one."""
        return partial(discover, guardian_api=bool(self.guardian.api_key.get_secret_value()))

    def secrets(self) -> tuple[str, ...]:
        """Return what must never be printed."""
        kept = (self.telegram.token, self.discord.token, self.guardian.api_key)
        tokens = tuple(each.get_secret_value() for each in kept)
        password = make_url(self.database.url).password or ""
        return tuple({secret for secret in (*tokens, password, quote(password, safe="")) if secret})
