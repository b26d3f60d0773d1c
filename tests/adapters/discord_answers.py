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
    """Gives the answers in order, and `{"id": "1"}` when they are used up."""

    def __init__(self) -> None:
        self.waiting: deque[Answer] = deque()
        self.asked: list[Asked] = []
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
        if request.path.endswith("/users/@me"):
            return _json({"id": "77"})
        answer = self.waiting.popleft() if self.waiting else Answer(body={"id": "1"})
        if answer.silent:
            await self.released.wait()
        if answer.cut:
            assert request.transport is not None
            request.transport.abort()
        if answer.text is not None:
            return web.Response(status=answer.status, text=answer.text, headers=answer.headers)
        return _json(answer.body, answer.status, answer.headers)


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    if body is None:
        return web.Response(status=204, headers=headers)
    # discord.py reads JSON under exactly this content type
    response = web.json_response(body, status=status, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


@asynccontextmanager
async def answering() -> AsyncIterator[Answers]:
    """Serve on a free port of loopback."""
    answers = Answers()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers.handle)
    server = TestServer(app)
    await server.start_server()
    answers.url = str(server.make_url("/api/v10"))
    try:
        yield answers
    finally:
        answers.released.set()
        await server.close()
