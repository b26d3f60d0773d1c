"""A gateway that says what a test tells it to, malformed events included, and one server with one channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from .discord_answers import ME, Answers, answering

VIEW, SEND, EMBED, THREADS, MANAGE = 1 << 10, 1 << 11, 1 << 14, 1 << 38, 1 << 5
WRITING = VIEW | SEND | EMBED


class Gateway:
    """Every connection that identifies itself is told READY and of the server, if the bot is in it."""

    def __init__(self) -> None:
        self.rights = WRITING
        self.joined = True
        self.ready_means: list[str] = []
        self.answers: Answers
        self._sockets: list[web.WebSocketResponse] = []
        self._identified = asyncio.Condition()
        self._sequence = 0

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Speak with one connection until it ends."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        async for frame in socket:
            if frame.json()["op"] == 1:
                await socket.send_json({"op": 11})
            elif frame.json()["op"] == 2:
                await self._welcome(socket)
        return socket

    @property
    def connections(self) -> int:
        """How many connections have identified themselves."""
        return len(self._sockets)

    async def lives(self, count: int) -> None:
        """Return once this many connections have identified themselves."""
        async with asyncio.timeout(10), self._identified:
            await self._identified.wait_for(lambda: len(self._sockets) >= count)

    async def say(self, event: str, told: Any, to: web.WebSocketResponse | None = None) -> None:
        """Dispatch an event to the newest connection."""
        self._sequence += 1
        socket = to or self._sockets[-1]
        await socket.send_json({"op": 0, "s": self._sequence, "t": event, "d": told})

    async def end(self, code: int) -> None:
        """Close the newest connection with this code."""
        await self._sockets[-1].close(code=code)

    async def command(self, name: str, options: dict[str, str] | None = None, **more: Any) -> None:
        """Somebody types a slash command."""
        await self.say("INTERACTION_CREATE", interaction(name, options or {}) | more)

    async def change_rights(self, rights: int) -> None:
        """Somebody changes what the role of everybody may do, and so the bot."""
        await self.say("GUILD_ROLE_UPDATE", {"guild_id": "1", "role": role(rights)})

    async def _welcome(self, socket: web.WebSocketResponse) -> None:
        ready = {
            "v": 10,
            "user": ME,
            "guilds": [{"id": "1", "unavailable": True}] if self.joined else [],
            "session_id": "s",
            "resume_gateway_url": self.answers.gateway_url,
            "application": {"id": "99", "flags": 0},
            "shard": [0, 1],
        }
        await self.say("READY", ready, socket)
        if self.joined:
            await self.say("GUILD_CREATE", server(self.rights), socket)
        async with self._identified:
            self._sockets.append(socket)
            self._identified.notify_all()


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    """Serve REST and gateway on a free port of loopback."""
    made = Gateway()
    async with answering(web.get("/gateway", made.handle)) as made.answers:
        yield made


def role(rights: int) -> dict[str, Any]:
    colours = {"primary_color": 0, "secondary_color": None, "tertiary_color": None}
    return {
        "id": "1",
        "name": "@everyone",
        "color": 0,
        "colors": colours,
        "hoist": False,
        "position": 0,
        "permissions": str(rights),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(number: int, kind: int = 0) -> dict[str, Any]:
    return {
        "id": str(number),
        "guild_id": "1",
        "type": kind,
        "name": "news",
        "position": 0,
        "permission_overwrites": [],
        "parent_id": None,
        "nsfw": False,
    }


def server(rights: int) -> dict[str, Any]:
    me = {"user": ME, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
    empty = ("emojis", "stickers", "features", "threads", "voice_states", "presences", "stage_instances")
    return {
        "id": "1",
        "name": "Harbour",
        "owner_id": "5",
        "roles": [role(rights)],
        "channels": [channel(10), channel(12), channel(13, kind=4)],
        "members": [me],
        "member_count": 1,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "system_channel_flags": 0,
        "afk_timeout": 60,
        "large": False,
        "unavailable": False,
        "premium_progress_bar_enabled": False,
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        **{name: [] for name in empty},
    }


def person(number: str) -> dict[str, Any]:
    return {"id": number, "username": f"user{number}", "discriminator": "0", "avatar": None, "global_name": "Ann"}


def interaction(name: str, options: dict[str, str], rights: int = MANAGE, app_rights: int = WRITING) -> dict[str, Any]:
    given = [{"name": option, "type": 3, "value": value} for option, value in options.items()]
    member = {"user": person("6"), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
    return {
        "id": "4000",
        "application_id": "99",
        "type": 2,
        "token": "interaction-token",
        "version": 1,
        "guild_id": "1",
        "channel": {"id": "10", "type": 0, "name": "news"},
        "locale": "de",
        "app_permissions": str(app_rights),
        "entitlements": [],
        "authorizing_integration_owners": {"0": "1"},
        "context": 0,
        "attachment_size_limit": 1000,
        "data": {"id": "55", "name": name, "type": 1, "options": given},
        "member": member | {"permissions": str(rights), "flags": 0},
    }
