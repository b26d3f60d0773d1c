"""Discord, as the core sees it: bot.ports.Adapter over discord.py."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import MultipartParameters, Route

from bot.errors import AdapterError, AdapterUnreachable
from bot.languages import stored
from bot.message import Message
from bot.model import Address, Platform
from bot.ports import (
    Answer,
    Capabilities,
    Command,
    CommandSpec,
    Done,
    Failed,
    Found,
    Gone,
    Inbox,
    Later,
    Outcome,
    Rates,
    Refused,
    Sent,
    Suggest,
    Unsure,
    Window,
)

from . import answers, components, render
from .api import ARCHIVED, NO_CHANNEL, NO_HISTORY, NO_THREAD, Act, asked, done
from .gateway import quiet
from .listener import Listener
from .rest import Rest
from .starts import Starts
from .threads import Threads

log = structlog.get_logger(__name__)

API_URL = "https://discord.com/api/v10"

_PAGE = 100
_MOST_PAGES = 10  # a thousand messages after the first try of a send: what is not among them is not looked for


class DiscordAdapter:
    """One bot on Discord. Every part is one message with one embed; a thread is written to by its own id.

    `api_url` and `gateway_url` ("" for the one that Discord names) point discord.py elsewhere, for the whole process.
    `answer_within` (seconds) bounds every call; `guild_ready_timeout` (seconds) is how long discord.py waits for the
    servers to appear; `heartbeat_timeout` (seconds) how long a connection may be silent; `pause` waits that many
    seconds before a gateway that broke is tried again; `monotonic` tells seconds that pass.
    """

    platform: Platform = "discord"
    can = Capabilities(
        idempotent_send=True,
        history=True,
        names_scope=True,
        answers_aside=True,
        # 50/s for a bot is documented; 5 in 5 s for a channel is what its headers say today, and they overrule this.
        rates=Rates(bot=Window(50, 1.0), private=(Window(5, 5.0),), shared=(Window(5, 5.0),)),
    )

    def __init__(
        self,
        token: str,
        *,
        api_url: str = API_URL,
        gateway_url: str = "",
        commands: Sequence[CommandSpec],
        now: Callable[[], datetime],
        answer_within: float = 20.0,
        guild_ready_timeout: float = 2.0,
        heartbeat_timeout: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot = ""
        self._token = token.strip()
        self._api_url = api_url.rstrip("/")
        self._gateway_url = gateway_url
        self._commands = tuple(commands)
        self._now = now
        self._answer_within = answer_within
        self._guild_ready_timeout = guild_ready_timeout
        self._heartbeat_timeout = heartbeat_timeout
        self._monotonic = monotonic
        self._pause = pause
        self._starts = Starts(monotonic)
        self._open_rest: Rest | None = None
        self._not_published: set[str] = set()
        self._suggest: Suggest | None = None

    async def connect(self) -> None:
        """Log in. Raises AdapterError where Discord does not accept the token, or cannot be asked."""
        quiet()
        self._point_the_library()
        self._open_rest = self._open_rest or Rest(
            self._token, answer_within=self._answer_within, monotonic=self._monotonic
        )
        try:
            self.bot = await self._who_am_i()
        except AdapterError:
            await self.close()
            raise

    def suggest_with(self, suggest: Suggest) -> None:
        """Ask there what an argument may be, from the next `listen` on."""
        self._suggest = suggest

    async def listen(self, inbox: Inbox) -> None:
        """Hand over commands and Memberships until cancelled. Raises AdapterError, and whatever `inbox` raises."""
        listener = Listener(
            self._token,
            self._rest,
            self.bot,
            self._commands,
            now=self._now,
            pause=self._pause,
            starts=self._starts,
            own_gateway=bool(self._gateway_url),
            guild_ready_timeout=self._guild_ready_timeout,
            heartbeat_timeout=self._heartbeat_timeout,
            suggest=self._suggest,
        )
        await listener.listen(inbox)

    def parts(self, message: Message) -> tuple[str, ...]:
        """Return `embed` once for each platform message that the message takes."""
        return render.parts(message)

    def can_edit(self, shown: str, wanted: str) -> bool:
        """An embed can always become another."""
        return {shown, wanted} <= {render.EMBED, ""}

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:
        """Send a part. Gone means that the nonce is burnt: its message was accepted once, and removed since."""
        called = message.ping if part == 0 else ""
        flags = discord.MessageFlags(suppress_notifications=message.silent and not called)
        above = {"content": render.mention(message)} if called else {}
        drawn = render.embeds(message, part)
        params = render.parameters(calling=called, embeds=drawn, nonce=nonce, flags=flags, **above)
        _put_under(params, message)
        if message.reply_to and not part and params.payload is not None:
            # Written by hand: the library would send numbers where Discord's specification has strings.
            params.payload["message_reference"] = {"message_id": message.reply_to, "fail_if_not_exists": False}
        outcome = await done("send", self._rest.send_message(_channel(address), params=params))
        if outcome == NO_HISTORY and params.payload is not None:
            params.payload.pop("message_reference")
            outcome = await done("send", self._rest.send_message(_channel(address), params=params))
        outcome = _in_thread(address, outcome)
        if message.publish and isinstance(outcome, Done):
            await self._publish(address, outcome.message_id)
        return outcome

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:
        """Make the message say what it should; whom it called stays to be seen, and is not called again."""
        above = render.mention(message) if part == 0 else None
        params = render.parameters(embeds=render.embeds(message, part), content=above)
        _put_under(params, message)
        return await self._change("edit", address, sent, partial(self._rest.edit_message, params=params))

    async def remove(self, address: Address, sent: Sent) -> Outcome:
        """Delete the message; a bot may delete its own at any age."""
        return await self._change("remove", address, sent, self._rest.delete_message)

    async def pin(self, address: Address, sent: Sent, *, pinned: bool) -> Outcome:
        """Pin or unpin the message; Discord says so in the channel, and rings for nobody."""
        call = self._rest.pin_message if pinned else self._rest.unpin_message
        return await self._change("pin", address, sent, call)

    async def open_thread(self, address: Address, message: Message, nonce: str, since: datetime | None) -> Outcome:
        """Open a thread for a page: a post in a forum, elsewhere a thread on a message that names the page."""
        return await Threads(self._rest, self.bot).open(address, message, nonce, since)

    async def history(self, address: Address, since: datetime) -> tuple[Found, ...] | Outcome:
        """Return this bot's messages since then, as Discord's clock dates them.

        Without the right to read the history Discord shows an empty one.
        """
        found: list[Found] = []
        after = discord.utils.time_snowflake(since) - 1
        for _ in range(_MOST_PAGES):
            page = await asked("read", self._rest.logs_from(_channel(address), _PAGE, after=after))
            if not isinstance(page, list):
                refusal: Outcome = page
                return refusal
            page.sort(key=lambda told: int(told["id"]))
            found.extend(_found(told) for told in page if told["author"]["id"] == self.bot)
            if len(page) < _PAGE:
                break
            after = int(page[-1]["id"])
        return tuple(found)

    async def reply(self, command: Command, answer: Answer) -> Outcome:
        """Answer for the sender's eyes only; in the channel where Discord no longer takes that."""
        about = _channel(command.address) if command.given_in else ""
        contents = render.reply(answer.text, about)
        outcome: Outcome = Gone(stored("nothing waits for an answer"))
        if command.reply_to:
            aside = command.pressed and answer.aside
            rows = components.rows(answer, about)
            outcome = await answers.answer(self._rest, command.reply_to, contents, rows, aside=aside)
        if isinstance(outcome, Gone):
            outcome = await self._say(command.given_in or command.address, contents)
        return Done() if isinstance(outcome, Done) else outcome

    async def close(self) -> None:
        """Close the connections; safe to call twice. The gateway ends with the cancellation of `listen`."""
        rest, self._open_rest = self._open_rest, None
        if rest:
            await rest.close()

    async def _publish(self, address: Address, message_id: str) -> None:
        """Publish a message of an announcement channel; what Discord does not take now stands there unpublished.

        About ten an hour are taken per channel (not documented; headers or a 429 say when it is full). Nothing waits,
        and an old message published late would help nobody.
        """
        channel = address.chat
        if address.thread or channel in self._not_published:
            return
        outcome = await done("edit", self._rest.publish_message(channel, int(message_id)))
        if isinstance(outcome, Refused) and outcome.about == "chat":
            self._not_published.add(channel)  # no announcement channel; asked again after the next start
        if not isinstance(outcome, Done):
            log.info("discord.not_published", channel=channel, outcome=type(outcome).__name__)

    async def _change(self, act: Act, address: Address, sent: Sent, call: Callable[..., Awaitable[Any]]) -> Outcome:
        """Change a message; a thread that went into the archive is taken out of it first, unless people closed it."""
        outcome = _in_thread(address, await done(act, call(_channel(address), sent.message_id)))
        if outcome != ARCHIVED or not address.thread:
            return outcome
        reopened = await Threads(self._rest, self.bot).reopen(address.thread)
        if isinstance(reopened, Refused):
            return ARCHIVED
        return await done(act, call(_channel(address), sent.message_id)) if isinstance(reopened, Done) else reopened

    @property
    def _rest(self) -> Rest:
        assert self._open_rest is not None, "connect comes first"
        return self._open_rest

    async def _say(self, address: Address, contents: list[str]) -> Outcome:
        outcome: Outcome = Done()
        for content in contents:
            if isinstance(outcome, Done):
                params = render.parameters(content=content, flags=discord.MessageFlags(suppress_embeds=True))
                outcome = await done("reply", self._rest.send_message(_channel(address), params=params))
        return outcome

    async def _who_am_i(self) -> str:
        me = await asked("read", self._rest.request(Route("GET", "/users/@me")))
        if isinstance(me, dict):
            return str(me["id"])
        if isinstance(me, Later | Failed | Unsure):
            raise AdapterUnreachable(f"Discord cannot be asked now: {getattr(me, 'reason', 'too many requests')}.")
        raise AdapterError(f"Discord did not let the bot in: {getattr(me, 'reason', 'it gave no reason')}.")

    def _point_the_library(self) -> None:
        """Tell discord.py where Discord is; it keeps that in two class attributes."""
        if self._api_url != Route.BASE:
            Route.BASE = self._api_url
        if self._gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway_url)


def _put_under(params: MultipartParameters, message: Message) -> None:
    """Put the message's buttons under it, and take away those of before; discord.py would keep a view for each."""
    if params.payload is not None:
        params.payload["components"] = components.under(message.presses)


def _channel(address: Address) -> str:
    return address.thread or address.chat


def _in_thread(address: Address, outcome: Outcome) -> Outcome:
    """Where a thread was asked for, the channel that Discord does not know is that thread."""
    return NO_THREAD if address.thread and outcome == NO_CHANNEL else outcome


def _found(told: dict[str, Any]) -> Found:
    embed: dict[str, Any] = next(iter(told.get("embeds") or ()), {})
    link, part = render.part_of(str(embed.get("url") or ""))
    return Found(
        message_id=str(told["id"]),
        sent_at=discord.utils.snowflake_time(int(told["id"])),
        nonce=str(told.get("nonce") or ""),
        link=link,
        headline=render.headline_of(str(embed.get("title") or "")),
        part=part,
    )
