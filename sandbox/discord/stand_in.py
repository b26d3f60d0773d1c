"""Discord's REST API on loopback under /discord/api/v10, and its gateway at /discord/gateway."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from ..calls import CallLog
from ..clock import Now, utc_now
from ..platform import Call, ChatView, Fault
from . import elsewhere
from .decode import decode
from .faults import AFTER, CUTS, HANGS, Faults
from .gateway import Gateways, Greeting
from .interactions import Interaction, Interactions
from .limits import Limits, key_of
from .nonces import Nonces
from .people import ask
from .pressing import boxes, forge, press, submit
from .refusal import Refusal, malformed, refuse
from .routes import ROUTES, Handler
from .shown import view
from .spec import Spec
from .state import Answer, Asked, Discord
from .suggesting import suggestions
from .world import World

API, GATEWAY = "/discord/api/v10", "/discord/gateway"


class DiscordStandIn:
    """A Discord of its own; see `sandbox.platform.StandIn` for what each method promises."""

    name = "discord"

    def __init__(
        self, calls: CallLog, specs: Path | None, public_url: Callable[[], str] = lambda: "", now: Now = utc_now
    ) -> None:
        self._calls = calls
        self._spec = Spec.load(specs) if specs else None
        self._public_url = public_url
        self._now = now
        world = World(now)
        gateways = Gateways(world, lambda: self.gateway_url)
        self._discord = Discord(world, Nonces(now), Interactions(now), Limits(now), gateways)
        self._faults = Faults(self._discord)
        self._closing = asyncio.Event()

    @property
    def world(self) -> World:
        """The guilds, people and bots, for tests that look closer than a person could."""
        return self._discord.world

    @property
    def greetings(self) -> Sequence[Greeting]:
        """How sessions were begun and taken up again, oldest first."""
        return tuple(self._discord.gateways.greetings)

    @property
    def api_url(self) -> str:
        """What `discord.api_url` must be."""
        return self._public_url() + API

    @property
    def gateway_url(self) -> str:
        """What `discord.gateway_url` must be."""
        return self._public_url().replace("http", "ws", 1) + GATEWAY

    def routes(self) -> Iterator[web.RouteDef]:
        """Return the routes of the API and of the gateway, the literal ones before those with a name in them."""
        yield web.get(GATEWAY, self._discord.gateways.connect)
        yield web.get(GATEWAY + "/", self._discord.gateways.connect)
        for method, route, handler in sorted(ROUTES, key=lambda one: one[1].count("{")):
            yield web.route(method, API + route, self._endpoint(method, route, handler))
        yield web.route("*", API + "/{path:.*}", self._endpoint("", "", _unknown))

    def create_chat(
        self, kind: str, title: str, admins: list[str], rights: list[str], beside: str = ""
    ) -> tuple[str, str]:
        """Make a channel in a guild of its own, or in that of the channel `beside`. Raises ValueError.

        Threads and forums come with a thread.
        """
        if beside:
            channel, thread = self.world.add(self.world.find(beside), kind, title, rights)
        else:
            channel, thread = self.world.create(kind, title, admins, rights)
        return str(channel.id), str(thread.id) if thread else ""

    def chats(self) -> list[ChatView]:
        """Return what bots have said in every channel and thread.

        What people wrote and Discord's own notes (pins) are left out; a channel that was made for its thread is shown
        once a bot has said something in it.
        """
        return [shown for channel in self.world.channels.values() if (shown := view(channel))]

    async def command(self, chat: str, thread: str, user: str, text: str) -> list[str]:
        """Give a slash command; `sandbox.discord.people.ask` says how text becomes one, and what is the answer."""
        return await ask(self._discord, self.world.find(chat, thread), user, text)

    async def suggestions(self, chat: str, thread: str, user: str, text: str) -> list[tuple[str, Any]]:
        """Type the beginning of a command, and return what the bot suggests for its last option."""
        return await suggestions(self._discord, self.world.find(chat, thread), user, text)

    async def press(self, chat: str, thread: str, user: str, label: str, message_id: str = "") -> list[str]:
        """Press what says `label` under the newest answer to that user, or under a message that all can see."""
        channel = self.world.find(chat, thread)
        message = channel.messages[int(message_id)] if message_id else None
        return await press(self._discord, channel, user, label, message)

    def forge(
        self, chat: str, thread: str, user: str, told: dict[str, Any], message_id: str = "", *, form: bool = False
    ) -> Interaction:
        """Give, press or send as a `form` what nobody was offered; see `sandbox.discord.pressing.forge`."""
        channel = self.world.find(chat, thread)
        message = channel.messages[int(message_id)] if message_id else None
        return forge(self._discord, channel, user, told, message, form=form)

    def forge_elsewhere(self, kind: elsewhere.Kind, user: str, told: dict[str, Any], type_: int) -> Interaction:
        """Give, press or send something where the bot is not; see `sandbox.discord.elsewhere`."""
        return elsewhere.forge(self._discord, kind, user, told, type_)

    def form(self, user: str) -> list[dict[str, Any]]:
        """Return the boxes of the form that the person's newest press or command opened."""
        return boxes(self._discord, user)

    async def submit(self, chat: str, thread: str, user: str, typed: str) -> list[str]:
        """Fill in and send the form that the user's last press opened."""
        return await submit(self._discord, self.world.find(chat, thread), user, typed)

    def fault(self, fault: Fault) -> None:
        """Make something go wrong; `sandbox.discord.faults` lists the kinds. Raises ValueError."""
        self._faults.add(fault)

    def reset(self) -> None:
        """Forget guilds, messages, nonces, interactions, faults and limits; the bots stay connected."""
        self.world.reset()
        self._discord.nonces.reset()
        self._discord.interactions.reset()
        self._discord.limits.reset()
        self._discord.gateways.reset()
        self._faults.reset()

    async def close(self) -> None:
        """End gateway connections and hanging calls."""
        self._closing.set()
        self._discord.gateways.close()

    # ── one call ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _endpoint(
        self, method: str, route: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            asked = Asked(method or request.method, route or request.path, request.match_info, request.query)
            return await self._call(request, asked, handler)

        return serve

    async def _call(self, request: web.Request, asked: Asked, handler: Handler) -> web.StreamResponse:
        if self._discord.limits.is_banned():
            return web.Response(status=429, text="error code: 1015", headers={"Retry-After": "600"})
        headers: dict[str, str] = {}
        fault: Fault | None = None
        try:
            await decode(request, asked, self.world)
            fault = self._faults.strike(asked)
            headers = self._discord.limits.count(_bucket(asked))
            status, body = self._answer(asked, handler, fault)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
            headers = headers | refusal.headers
        meant = body
        if fault and fault.kind == "500_after":
            status, body = 500, {"message": "500: Internal Server Error", "code": 0}
        self._discord.limits.note_invalid(status, headers.get("X-RateLimit-Scope", ""))
        self._log(asked, fault, (status, body), meant)
        return await self._send(request, fault, (status, body), headers)

    def _answer(self, asked: Asked, handler: Handler, fault: Fault | None) -> Answer:
        if fault and fault.kind not in AFTER:
            self._faults.refuse(fault, _bucket(asked))
            return 500, None
        if self._spec and handler is not _unknown:
            self._check_request(self._spec, asked)
        status, body = handler(self._discord, asked)
        if self._spec:
            asked.problems += self._spec.answer_problems(asked.method, asked.route, status, body)
        return status, body

    def _check_request(self, spec: Spec, asked: Asked) -> None:
        problems = spec.request_problems(asked.method, asked.route, asked.body)
        if problems:
            asked.problems += problems
            raise malformed([((), "SPECIFICATION", problem) for problem in problems])

    def _log(self, asked: Asked, fault: Fault | None, answer: Answer, meant: Any) -> None:
        status, body = answer
        self._calls.add(
            Call(
                at=self._now(),
                platform=self.name,
                bot=str(asked.bot.id) if asked.bot else "",
                method=f"{asked.method} {asked.route}",
                chat=asked.path.get("channel_id", ""),
                request={**asked.path, **asked.query, "body": asked.body},
                status=status,
                answer=body,
                problems=tuple(asked.problems),
                fault=fault.kind if fault else "",
                meant=meant,
            )
        )

    async def _send(
        self, request: web.Request, fault: Fault | None, answer: Answer, headers: dict[str, str]
    ) -> web.StreamResponse:
        status, body = answer
        if fault and fault.kind in HANGS:
            await self._hang(fault.seconds)
        if fault and fault.kind in CUTS and request.transport:
            request.transport.abort()
        headers = {**headers, "Via": "1.1 google"}
        if body is None:
            return web.Response(status=status, headers=headers)
        text = '{"id": ' if fault and fault.kind == "bad_json" else _dumped(body)
        # discord.py reads a body as JSON only where the type is exactly this, without a charset.
        return web.Response(status=status, body=text.encode(), headers={**headers, "Content-Type": "application/json"})

    async def _hang(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return


def _unknown(_discord: Discord, asked: Asked) -> Answer:
    asked.problems.append(f"request: this stand-in has no {asked.method} {asked.route}")
    raise refuse(404, 0)


def _bucket(asked: Asked) -> tuple[int, str, str, str]:
    """The call's bucket; answers to commands are no bot's, so that the limit per bot does not touch them."""
    exempt = asked.bot is None or "webhook_token" in asked.path or "interaction_token" in asked.path
    return key_of(0 if exempt or asked.bot is None else asked.bot.id, asked.method, asked.route, asked.path)


def _dumped(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False)
