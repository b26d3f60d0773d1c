"""A server that answers as a test tells it to: what Discord says once in a year, said on demand."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

ME: dict[str, Any] = {
    "id": "77",
    "username": "relay",
    "discriminator": "0",
    "avatar": None,
    "bot": True,
    "global_name": None,
}
APPLICATION: dict[str, Any] = {
    "id": "99",
    "name": "relay",
    "icon": None,
    "description": "",
    "rpc_origins": [],
    "bot_public": True,
    "bot_require_code_grant": False,
    "owner": ME | {"id": "5"},
    "verify_key": "",
    "flags": 0,
    "team": None,
}


@dataclass
class Answer:
    """One answer; `cut` breaks the connection instead, `silent` never answers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    cut: bool = False
    silent: bool = False


@dataclass
class Asked:
    """One request, as it came."""

    method: str
    path: str
    body: Any
    query: dict[str, str]


class Answers:
    """Gives the answers in order, and `{"id": "1"}` when they are used up. What every login asks is always answered."""

    def __init__(self) -> None:
        self.waiting: deque[Answer] = deque()
        self.asked: list[Asked] = []
        self.commands: list[dict[str, Any]] = []
        self.released = asyncio.Event()
        self.url = ""

    def add(self, status: int = 200, body: Any = None, **more: Any) -> None:
        """Queue one answer."""
        self.waiting.append(Answer(status, body, **more))

    def error(self, status: int, code: int, **more: Any) -> None:
        """Queue one of Discord's errors."""
        self.add(status, {"message": "no", "code": code, **more})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        body = await request.json() if request.can_read_body else None
        self.asked.append(Asked(request.method, request.path, body, dict(request.query)))
        standing = self._standing(request.method, request.path, body)
        if standing is not None:
            return _json(standing)
        answer = self.waiting.popleft() if self.waiting else Answer(body={"id": "1"})
        if answer.silent:
            await self.released.wait()
        if answer.cut:
            assert request.transport is not None
            request.transport.abort()
        if answer.text is not None:
            return web.Response(status=answer.status, text=answer.text, headers=answer.headers)
        return _json(answer.body, answer.status, answer.headers)

    def _standing(self, method: str, path: str, body: Any) -> Any:
        if path.endswith("/oauth2/applications/@me"):
            return APPLICATION
        if path.endswith("/users/@me"):
            return ME
        if path.endswith("/gateway/bot"):
            limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
            return {"url": self.gateway_url, "shards": 1, "session_start_limit": limits}
        if path.endswith("/applications/99/commands"):
            if method == "PUT":
                self.commands = [{"id": str(55 + number), **one} for number, one in enumerate(body)]
            return self.commands
        return None

    @property
    def gateway_url(self) -> str:
        """Where the gateway is, if the test opened one (`discord_gateway`)."""
        return self.url.replace("http://", "ws://").replace("/api/v10", "/gateway")


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    if body is None:
        return web.Response(status=204, headers=headers)
    # discord.py reads JSON under exactly this content type
    response = web.json_response(body, status=status, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


@asynccontextmanager
async def answering(*routes: web.RouteDef) -> AsyncIterator[Answers]:
    """Serve on a free port of loopback; `routes` are asked first."""
    answers = Answers()
    app = web.Application()
    app.add_routes(routes)
    app.router.add_route("*", "/api/{path:.*}", answers.handle)
    server = TestServer(app)
    await server.start_server()
    answers.url = str(server.make_url("/api/v10"))
    try:
        yield answers
    finally:
        answers.released.set()
        await server.close()
