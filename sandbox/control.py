"""The control API: what tests and the demo do to the stand-ins and to the page, and what they read back.

Every answer is JSON; ids are strings. A body that cannot be used is answered 400 with `{"error": one sentence}`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from .calls import CallLog
from .page import PageActError
from .page_server import Pages
from .platform import Call, ChatView, Fault, Interacts, Shown, StandIn

_T = TypeVar("_T")
PLAYS = ("prepare", "play")
_FAULT_FIELDS = {field.name for field in fields(Fault)} - {"more"}


class BadRequest(Exception):
    """The body of a control call cannot be used; the text says why in one sentence."""


class Control:
    """Answers under /control. `play` starts the script on a page in the background; `reset` resets everything."""

    def __init__(
        self,
        platforms: Mapping[str, StandIn],
        pages: Pages,
        calls: CallLog,
        *,
        play: Callable[[str, str, float], None],
        reset: Callable[[], None],
    ) -> None:
        self._platforms = platforms
        self._pages = pages
        self._calls = calls
        self._play = play
        self._reset = reset

    def routes(self) -> Iterator[web.RouteDef]:
        """Return the routes of the control API."""
        yield web.post("/control/chats", self._create_chat)
        yield web.get("/control/chats", self._chats)
        yield web.post("/control/commands", self._command)
        yield web.post("/control/press", self._press)
        yield web.post("/control/submit", self._submit)
        yield web.post("/control/suggestions", self._suggest)
        yield web.post("/control/page", self._page)
        yield web.post("/control/faults", self._fault)
        yield web.get("/control/calls", self._list_calls)
        yield web.post("/control/reset", self._reset_all)

    async def _create_chat(self, request: web.Request) -> web.Response:
        body = await _body(request)
        platform = self._platform(body)
        kind, title = _text(body, "kind"), _text(body, "title", "A chat")
        admins, rights = _texts(body, "admins", []), _texts(body, "rights", ["all"])
        chat, thread = platform.create_chat(kind, title, admins, rights, _text(body, "beside", ""))
        return web.json_response({"chat": chat, "thread": thread})

    async def _chats(self, request: web.Request) -> web.Response:
        wanted = request.query.get("platform", "")
        views = [view for platform in self._platforms.values() for view in platform.chats()]
        return web.json_response([_chat(view) for view in views if not wanted or view.platform == wanted])

    async def _command(self, request: web.Request) -> web.Response:
        body = await _body(request)
        platform = self._platform(body)
        chat, thread = _text(body, "chat"), _text(body, "thread", "")
        replies = await platform.command(chat, thread, _text(body, "user"), _text(body, "text"))
        return web.json_response({"replies": replies})

    async def _press(self, request: web.Request) -> web.Response:
        body = await _body(request)
        where = _text(body, "chat"), _text(body, "thread", ""), _text(body, "user")
        replies = await self._interacting(body).press(*where, _text(body, "label"), _text(body, "message", ""))
        return web.json_response({"replies": replies})

    async def _submit(self, request: web.Request) -> web.Response:
        body = await _body(request)
        where = _text(body, "chat"), _text(body, "thread", ""), _text(body, "user")
        return web.json_response({"replies": await self._interacting(body).submit(*where, _text(body, "text"))})

    async def _suggest(self, request: web.Request) -> web.Response:
        body = await _body(request)
        where = _text(body, "chat"), _text(body, "thread", ""), _text(body, "user")
        found = await self._interacting(body).suggestions(*where, _text(body, "text"))
        return web.json_response({"suggestions": [{"name": name, "value": value} for name, value in found]})

    def _interacting(self, body: Mapping[str, Any]) -> Interacts:
        platform = self._platform(body)
        if not isinstance(platform, Interacts):
            raise BadRequest(f"{platform.name} has no such interactions here")
        return platform

    async def _page(self, request: web.Request) -> web.Response:
        body = await _body(request)
        name, act = _text(body, "page", "live"), _text(body, "act")
        if act in PLAYS:
            self._play(name, act, _number(body, "pace", 1.0))
            return web.json_response({})
        return web.json_response(self._pages.open(name).act(body))

    async def _fault(self, request: web.Request) -> web.Response:
        body = await _body(request)
        fault = _fault_of(body)
        platforms = [self._platform(body)] if body.get("platform") else list(self._platforms.values())
        for platform in platforms:
            platform.fault(fault)
        return web.json_response({})

    async def _list_calls(self, request: web.Request) -> web.Response:
        calls = self._calls.select(request.query.get("platform", ""), request.query.get("method", ""))
        return web.json_response([_call(call) for call in calls])

    async def _reset_all(self, _request: web.Request) -> web.Response:
        self._reset()
        return web.json_response({})

    def _platform(self, body: Mapping[str, Any]) -> StandIn:
        name = _text(body, "platform")
        if name not in self._platforms:
            raise BadRequest(f"platform must be one of {', '.join(self._platforms)}")
        return self._platforms[name]


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a control call got wrong into 400 and a sentence; stand-ins say it with ValueError or KeyError."""
    if not request.path.startswith("/control/"):
        return await handler(request)
    try:
        return await handler(request)
    except (BadRequest, PageActError, ValueError, LookupError) as problem:
        return web.json_response({"error": str(problem.args[0] if problem.args else problem)}, status=400)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as problem:
        raise BadRequest("the body is not JSON") from problem
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    return body


def _field(body: Mapping[str, Any], name: str, kind: type[_T] | tuple[type[_T], ...], default: _T | None) -> _T:
    value = body.get(name)
    if value is None:
        value = default
    if value is None:
        raise BadRequest(f"{name} is missing")
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadRequest(f"{name} has the wrong type")
    return value


def _text(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _field(body, name, str, default)


def _texts(body: Mapping[str, Any], name: str, default: list[str]) -> list[str]:
    return [str(item) for item in _field(body, name, list, default)]


def _number(body: Mapping[str, Any], name: str, default: float) -> float:
    return float(_field(body, name, (int, float), default))


def _fault_of(body: Mapping[str, Any]) -> Fault:
    chat, method = _text(body, "chat", ""), _text(body, "method", "")
    return Fault(
        kind=_text(body, "kind"),
        chat=chat or None,
        method=method or None,
        times=int(_number(body, "times", 1)),
        retry_after=_number(body, "retry_after", 1.0),
        seconds=_number(body, "seconds", 30.0),
        more={name: value for name, value in body.items() if name not in _FAULT_FIELDS | {"platform"}},
    )


def _chat(view: ChatView) -> dict[str, Any]:
    return {
        "platform": view.platform,
        "chat": view.chat,
        "thread": view.thread,
        "kind": view.kind,
        "title": view.title,
        "messages": [_message(message) for message in view.messages],
        "deleted": [{"id": message, "text": text} for message, text in view.deleted],
    }


def _message(shown: Shown) -> dict[str, Any]:
    return {
        "id": shown.id,
        "text": shown.text,
        "media": list(shown.media),
        "edited": shown.edited,
        "pinned": shown.pinned,
        "silent": shown.silent,
        "sent_at": shown.sent_at.isoformat(),
        "pinged": list(shown.pinged),
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "time": call.at.isoformat(),
        "platform": call.platform,
        "bot": call.bot,
        "method": call.method,
        "chat": call.chat,
        "request": call.request,
        "status": call.status,
        "answer": call.answer,
        "fault": call.fault,
        "valid": call.valid,
        "problems": list(call.problems),
    }
