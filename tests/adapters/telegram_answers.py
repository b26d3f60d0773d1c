"""A Bot API on loopback that says what a test tells it to, word for word: answers that the stand-in never gives."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

ME = {"id": 424242, "is_bot": True, "first_name": "Relay", "username": "relay_bot"}
SENT = {"message_id": 900, "date": 1_800_000_000, "chat": {"id": -1001, "type": "supergroup", "title": "Harbour"}}
_STANDING: dict[str, Any] = {
    "getMe": ME,
    "getChatAdministrators": [],
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "deleteWebhook": True,
    "getMyCommands": [],
    "setMyCommands": True,
}


@dataclass
class Answer:
    """One answer; `cut` breaks the connection instead, `silent` gives none until the test is over."""

    status: int = 200
    body: Any = None
    text: str | None = None
    cut: bool = False
    silent: bool = False


@dataclass
class Answers:
    """Gives the answers of a method in order; of those that every login asks, the usual ones unless told otherwise."""

    url: str = ""
    waiting: dict[str, deque[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, method: str, result: Any = True, **more: Any) -> None:
        """Queue an answer; `result` is what a good one holds."""
        body = {"ok": True, "result": result}
        self.waiting.setdefault(method, deque()).append(Answer(**({"body": body} | more)))

    def error(self, method: str, status: int, description: str, **parameters: Any) -> None:
        """Queue one of the Bot API's errors."""
        body = {"ok": False, "error_code": status, "description": description}
        self.add(method, status=status, body=body | ({"parameters": parameters} if parameters else {}))

    def requests(self, method: str) -> list[dict[str, str]]:
        """Return what was asked by this method so far."""
        return [values for name, values in self.asked if name == method]

    async def requested(self, method: str, times: int) -> None:
        """Wait until a method was asked so often."""
        while len(self.requests(method)) < times:
            self.more.clear()
            await self.more.wait()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        method = request.match_info["method"]
        values = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((method, values))
        self.more.set()
        queue = self.waiting.get(method)
        answer = queue.popleft() if queue else self._usual(method)
        if answer.silent:
            await self.released.wait()
        if answer.cut:
            assert request.transport is not None
            request.transport.abort()
        text = json.dumps(answer.body) if answer.text is None else answer.text
        return web.Response(status=answer.status, text=text, content_type="application/json")

    def _usual(self, method: str) -> Answer:
        if method == "getUpdates":
            return Answer(body={"ok": True, "result": []}, silent=True)
        return Answer(body={"ok": True, "result": _STANDING.get(method, SENT)})


@asynccontextmanager
async def answering() -> AsyncIterator[Answers]:
    """Serve on a free port of loopback."""
    answers = Answers()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", answers.handle)
    server = TestServer(app)
    await server.start_server(access_log=None)  # it would log the token
    answers.url = str(server.make_url("")).rstrip("/")
    try:
        yield answers
    finally:
        answers.released.set()
        await server.close()
