"""The Telegram Bot API on loopback: /telegram/bot<token>/<method> and /telegram/file/bot<token>/<path>."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from aiohttp import web

from ..calls import CallLog
from ..clock import Now, utc_now
from ..platform import Call, ChatView, Fault, Shown
from . import asking, editing, hooking, menus, removing, sending
from .access import Servers
from .chats import Chat, Post
from .decode import Asked, decode, read
from .faults import AFTER, CUTS, HANGS, Faults
from .keyboards import choose
from .limits import Limits
from .links import follow
from .methods import BY_LOWER_NAME
from .people import ask, press, thread_number
from .photos import Photos
from .refusal import Refusal, bad
from .spec import Spec
from .webhooks import Webhooks
from .world import World

Answer = Callable[[Servers, Asked], Awaitable[Any]]

ANSWERS: dict[str, Answer] = {
    "getMe": asking.get_me,
    "logOut": asking.log_out,
    "close": asking.close,
    "getUpdates": asking.get_updates,
    "setWebhook": hooking.set_webhook,
    "getWebhookInfo": hooking.get_webhook_info,
    "deleteWebhook": hooking.delete_webhook,
    "setMyCommands": menus.set_my_commands,
    "getMyCommands": menus.get_my_commands,
    "deleteMyCommands": menus.delete_my_commands,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageMedia": editing.edit_media,
    "deleteMessage": removing.delete_message,
    "deleteMessages": removing.delete_messages,
    "pinChatMessage": removing.pin,
    "unpinChatMessage": removing.unpin,
    "leaveChat": removing.leave,
    "getChat": asking.get_chat,
    "getChatMember": asking.get_chat_member,
    "getChatAdministrators": asking.get_chat_administrators,
    "answerCallbackQuery": asking.answer_callback,
    "getFile": asking.get_file,
}


class TelegramStandIn:
    """A Telegram of its own; see `sandbox.platform.StandIn` for what each method promises."""

    name = "telegram"

    def __init__(
        self, calls: CallLog, specs: Path | None, public_url: Callable[[], str] = lambda: "", now: Now = utc_now
    ) -> None:
        self._calls = calls
        self._spec = Spec.load(specs) if specs else None
        self._public_url = public_url
        self._now = now
        self._servers = Servers(World(now), Limits(now), Photos(), Webhooks(now))
        self._faults = Faults(self._servers)
        self._closing = asyncio.Event()

    @property
    def world(self) -> World:
        """The chats, people and bots, for tests that look closer than a person could."""
        return self._servers.world

    @property
    def api_url(self) -> str:
        """What `telegram.api_url` must be."""
        return f"{self._public_url()}/telegram"

    def routes(self) -> Iterator[web.RouteDef]:
        """Return the routes of the Bot API."""
        yield web.get("/telegram/file/bot{token}/{path:.+}", self._download)
        yield web.route("*", "/telegram/bot{token}/{method}", self._call)

    def create_chat(
        self, kind: str, title: str, admins: list[str], rights: list[str], beside: str = ""
    ) -> tuple[str, str]:
        """Make a chat; a forum comes with a topic, whose id is returned. Raises ValueError."""
        if beside:
            raise ValueError("Telegram's chats stand beside no other: leave beside out")
        chat, thread = self.world.create(kind, title, admins, rights)
        return str(chat.id), str(thread or "")

    def chats(self) -> list[ChatView]:
        """Return what bots have said in every chat, one view per topic.

        What people typed and the notes of the service itself (pins, topics) are left out; the General topic of a
        forum is shown once a bot has said something there.
        """
        return [view for chat in self.world.chats.values() for view in _views(chat)]

    async def command(self, chat: str, thread: str, user: str, text: str) -> list[str]:
        """Type `text` in the chat as that user; `sandbox.telegram.people.ask` says what counts as the answer."""
        return await ask(self.world, self.world.find(chat), thread_number(thread), user, text)

    async def reply(self, chat: str, message: str, user: str, text: str) -> list[str]:
        """Type `text` as that user's reply to a message, and return the answer as `command` does."""
        found = self.world.find(chat)
        thread = found.posts[int(message)].thread
        return await ask(self.world, found, thread, user, text, reply_to=int(message))

    async def press(self, chat: str, user: str, label: str, message: str = "") -> str:
        """Press a button as that user and return the answer; `sandbox.telegram.people.press` says which and what."""
        return await press(self.world, self.world.find(chat), user, label, int(message or 0))

    def follow(self, user: str, url: str, chat: str = "") -> None:
        """Open a link to a bot as that user; `sandbox.telegram.links.follow` says what comes of it."""
        follow(self.world, self.world.person(user), url, self.world.find(chat) if chat else None)

    def choose(self, user: str, label: str, chat: str) -> None:
        """Choose a chat by a button that asks for one, under that user's line in the private chat with the bot."""
        person = self.world.person(user)
        choose(self.world, self.world.find(str(person.id)), person, label, self.world.find(chat))

    def menu(self, chat: str, user: str, language: str = "en") -> list[str]:
        """Return the menu ("/name: description") that the chat's bots show to that user, whose Telegram speaks so."""
        found, person = self.world.find(chat), self.world.person(user)
        return [line for bot in self.world.bots.values() for line in menus.shown_to(bot, found, person, language)]

    def fault(self, fault: Fault) -> None:
        """Make something go wrong; `sandbox.telegram.faults` lists the kinds. Raises ValueError."""
        self._faults.add(fault)

    def reset(self) -> None:
        """Forget chats, messages, photos, faults and limits; the bots stay connected."""
        self._servers.world.reset()
        self._servers.limits.reset()
        self._servers.photos.reset()
        self._faults.reset()

    async def close(self) -> None:
        """End open polls, hanging calls and what is being brought to webhooks."""
        self._closing.set()
        for bot in self.world.bots.values():
            bot.updates.wake()
        await self._servers.webhooks.close()
        await self._servers.photos.close()

    # ── one call ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _call(self, request: web.Request) -> web.StreamResponse:
        bot = self.world.bot(request.match_info["token"])
        method = request.match_info["method"]
        asked = Asked(bot, BY_LOWER_NAME.get(method.lower(), method), {}, {})
        fault: Fault | None = None
        try:
            await self._decode(request, asked)
            fault = self._faults.strike(asked.method, asked.values)
            status, body = 200, await self._answer(asked, fault)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        meant = body
        if fault and fault.kind == "500_after":
            status, body = 500, Refusal(500, "Internal Server Error").body
        self._log(asked, fault, (status, body), meant)
        return await self._send(request, fault, status, body)

    async def _decode(self, request: web.Request, asked: Asked) -> None:
        if asked.method not in ANSWERS:
            asked.problems.append(f"request: this stand-in has no method {asked.method}")
            raise Refusal(404, "Not Found: method not found")
        if asked.bot.logged_out:
            raise bad("Logged out")
        raw, files = await read(request)
        asked.files.update(files)
        decode(asked, raw)
        if self._spec and (problems := self._spec.request_problems(asked.method, asked.values)):
            asked.problems += problems
            raise bad(f"can't parse {problems[0]}")

    async def _answer(self, asked: Asked, fault: Fault | None) -> dict[str, Any]:
        if fault and fault.kind not in AFTER:
            self._faults.refuse(fault, asked.bot.id, asked.values)
            return {"ok": False, "error_code": 0, "description": "no answer"}
        result = await ANSWERS[asked.method](self._servers, asked)
        if self._spec:
            asked.problems += self._spec.answer_problems(asked.method, result)
        return {"ok": True, "result": result}

    def _log(self, asked: Asked, fault: Fault | None, answer: tuple[int, Any], meant: Any) -> None:
        status, body = answer
        self._calls.add(
            Call(
                at=self._now(),
                platform=self.name,
                bot=str(asked.bot.id),
                method=asked.method,
                chat=str(asked.values.get("chat_id", "")),
                request=dict(asked.values),
                status=status,
                answer=body,
                problems=tuple(asked.problems),
                fault=fault.kind if fault else "",
                meant=meant,
            )
        )

    async def _send(
        self, request: web.Request, fault: Fault | None, status: int, body: dict[str, Any]
    ) -> web.StreamResponse:
        if fault and fault.kind in HANGS:
            await self._hang(fault.seconds)
        if fault and fault.kind in CUTS and request.transport:
            request.transport.abort()
        if fault and fault.kind == "bad_json":
            return web.Response(text='{"ok": true, "result": ', content_type="application/json")
        return web.json_response(body, status=status)

    async def _hang(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _download(self, request: web.Request) -> web.Response:
        name = request.match_info["path"].removeprefix("photos/").removesuffix(".jpg")
        try:
            photo = self._servers.photos.known(name)
        except Refusal as refusal:
            return web.json_response(refusal.body, status=404)
        return web.Response(body=photo.content, content_type="application/octet-stream")


def _views(chat: Chat) -> Iterator[ChatView]:
    threads = list(chat.topics)
    said = [post for post in (*chat.posts.values(), *chat.deleted) if _by_bot(post)]
    if chat.kind != "forum" or any(post.thread == 0 for post in said):
        threads.insert(0, 0)
    for thread in threads:
        yield _view(chat, thread)


def _view(chat: Chat, thread: int) -> ChatView:
    here = [post for post in chat.posts.values() if post.thread == thread and _by_bot(post)]
    gone = [post for post in chat.deleted if post.thread == thread and _by_bot(post)]
    return ChatView(
        platform="telegram",
        chat=str(chat.id),
        thread=str(thread or ""),
        kind=chat.kind,
        title=chat.title,
        messages=tuple(_shown(post) for post in here),
        deleted=tuple((str(post.id), post.text) for post in gone),
    )


def _by_bot(post: Post) -> bool:
    return post.sender is not None and post.sender.is_bot and not (post.by_chat or post.as_chat or post.service)


def _shown(post: Post) -> Shown:
    return Shown(
        id=str(post.id),
        text=post.text,
        media=(post.photo.source,) if post.photo else (),
        edited=post.edited_at is not None,
        pinned=post.pinned,
        silent=post.silent,
        sent_at=post.sent_at,
    )
