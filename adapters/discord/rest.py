"""Discord's routes as discord.py lists them, each call one exchange that never sleeps.

discord.py's own `request` holds a call back until its bucket is refilled, sleeps through every 429, and repeats a
5xx for 25 seconds. A relay that owes messages to a thousand channels must know at once and serve another channel
meanwhile, so this class keeps the routes and replaces the exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route, json_or_text

from .allowance import Allowance, Wait

_LONGEST_WAIT = timedelta(hours=1)  # a wrong header may not silence a channel for a year
_CLOUDFLARE_WAIT = 60.0
_MOST_BUCKETS = 4096
_EVERYTHING = ""
"""The name of the limit on the whole bot, among those of buckets."""


RATIONED_EDITS = frozenset({20022, 20028, 30046})
"""Too many edits of one message: of an announcement (of these Discord says 20028, discord-api-docs #6109, which it says
of a channel where something is sent), or of a message older than an hour.
"""


class SlowDown(discord.HTTPException):
    """Discord wants us to wait `after`.

    `everywhere`: not this route alone but the whole bot; `alone`: where it was an edit, of this message only.
    """

    def __init__(
        self, response: aiohttp.ClientResponse, message: dict[str, Any] | str, after: timedelta, *, everywhere: bool
    ) -> None:
        super().__init__(response, message)
        self.after = after
        self.everywhere = everywhere
        self.alone = self.code in RATIONED_EDITS


class Exhausted(Exception):
    """This must wait for another `after`, by what Discord said or allows (`allowance`); nothing was asked.

    `everywhere`: so must all else; `alone`: so must this message only.
    """

    def __init__(self, after: timedelta, *, everywhere: bool = False, alone: bool = False) -> None:
        super().__init__("the rate limit is used up")
        self.after = after
        self.everywhere = everywhere
        self.alone = alone


class Rest(HTTPClient):
    """One bot's REST calls. Must be made inside a running loop, and closed. `monotonic` tells seconds that pass."""

    def __init__(self, token: str, *, answer_within: float, monotonic: Callable[[], float]) -> None:
        super().__init__(asyncio.get_running_loop())
        self._monotonic = monotonic
        self.token = token
        self._empty_until: dict[str, float] = {}
        self.allowance = Allowance()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=answer_within),
        )

    async def request(
        self,
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Iterable[dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Ask once. Raises Exhausted, SlowDown, discord.HTTPException, aiohttp.ClientError, OSError, ValueError."""
        if files or form:
            raise TypeError("nothing here uploads files")
        first = route.path.startswith("/interactions")
        counts = route.webhook_token is None and not first
        self._mind_the_limits(route, counts=counts)
        kwargs.pop("reason", None)
        headers = {"User-Agent": self.user_agent, "Authorization": f"Bot {self.token}"}
        with self.counted(str(route.channel_id or ""), counts=counts, first=first) as note:
            async with self._session.request(
                route.method, route.url, headers=headers, allow_redirects=False, **kwargs
            ) as response:
                note(response)
                body = await json_or_text(response)
                self._note_the_limits(route, response, body)
                return _checked(response, body)

    @contextmanager
    def counted(
        self, channel: str = "", *, counts: bool = True, first: bool = False
    ) -> Iterator[Callable[[aiohttp.ClientResponse], None]]:
        """Count a call to Discord, whoever makes it; what is yielded takes note of its answer. Raises Exhausted."""
        asking = self.allowance.begin(channel, self._monotonic(), counts=counts, first=first)
        if isinstance(asking, Wait):
            raise Exhausted(timedelta(seconds=asking.seconds), everywhere=asking.everywhere)
        answers: list[aiohttp.ClientResponse] = []
        try:
            yield answers.append
        finally:
            status = answers[-1].status if answers else 0
            shared = bool(answers) and answers[-1].headers.get("X-RateLimit-Scope") == "shared"
            invalid = status in (401, 403) or (status == 429 and not shared)
            self.allowance.end(asking, self._monotonic(), invalid=invalid, well=200 <= status < 300)

    async def close(self) -> None:
        """Close the connections; safe to call twice."""
        await self._session.close()
        await super().close()

    def _mind_the_limits(self, route: Route, *, counts: bool) -> None:
        if counts and (left := self._left(_EVERYTHING)) > 0:
            raise Exhausted(timedelta(seconds=left), everywhere=True)
        if (left := self._left(_bucket(route))) > 0:
            raise Exhausted(timedelta(seconds=left))
        if (left := self._left(_call(route))) > 0:
            raise Exhausted(timedelta(seconds=left), alone=True)

    def _left(self, key: str) -> float:
        return self._empty_until.get(key, 0.0) - self._monotonic()

    def _note_the_limits(self, route: Route, response: aiohttp.ClientResponse, body: dict[str, Any] | str) -> None:
        key, wait = _used_up(route, response, body)
        if not wait:
            return
        now = self._monotonic()
        if len(self._empty_until) >= _MOST_BUCKETS:
            self._empty_until = {key: until for key, until in self._empty_until.items() if until > now}
        self._empty_until[key] = now + wait


def _used_up(route: Route, response: aiohttp.ClientResponse, body: dict[str, Any] | str) -> tuple[str, float]:
    """Return what is used up, and for how many seconds.

    A 429 with a code of its own concerns this one call (too many edits of one message); a global one all but answers
    to interactions; one that is not Discord's JSON comes from Cloudflare, and concerns everything.
    """
    if response.status == 429 and isinstance(body, dict):
        held = _EVERYTHING if body.get("global") else _call(route) if body.get("code") else _bucket(route)
        return held, _seconds(body.get("retry_after"), 1.0)
    if response.status == 429:
        return _EVERYTHING, _seconds(response.headers.get("Retry-After"), _CLOUDFLARE_WAIT)
    if response.headers.get("X-RateLimit-Remaining") != "0":
        return "", 0.0
    return _bucket(route), _seconds(response.headers.get("X-RateLimit-Reset-After"), 0.0)


def _bucket(route: Route) -> str:
    return f"{route.key}:{route.major_parameters}"


def _call(route: Route) -> str:
    """Return the name of a call about one thing: a bucket's does not name the message."""
    return f"{route.method} {route.url}"


def _checked(response: aiohttp.ClientResponse, body: dict[str, Any] | str) -> Any:
    status = response.status
    if 200 <= status < 300:
        if body and isinstance(body, str):
            raise ValueError("Discord's answer is not JSON")
        return body
    if status == 429:
        raise _slow_down(response, body)
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    raise kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)(response, body)


def _slow_down(response: aiohttp.ClientResponse, body: dict[str, Any] | str) -> SlowDown:
    if isinstance(body, str):  # not Discord but Cloudflare before it: too many requests of any kind
        after = _seconds(response.headers.get("Retry-After"), _CLOUDFLARE_WAIT)
        return SlowDown(response, body, timedelta(seconds=after), everywhere=True)
    after = _seconds(body.get("retry_after", response.headers.get("Retry-After")), 1.0)
    return SlowDown(response, body, timedelta(seconds=after), everywhere=bool(body.get("global")))


def _seconds(said: object, otherwise: float) -> float:
    try:
        seconds = float(str(said))
    except ValueError:
        return otherwise
    return min(seconds, _LONGEST_WAIT.total_seconds()) if seconds >= 0 else otherwise
