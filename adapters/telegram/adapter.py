"""Telegram, as the core sees it: bot.ports.Adapter over python-telegram-bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, InputMediaPhoto, ReplyParameters, User

from bot.errors import AdapterError
from bot.message import Message
from bot.model import Address, Platform
from bot.ports import (
    Answer,
    Capabilities,
    Command,
    CommandSpec,
    Found,
    Inbox,
    Outcome,
    Pictures,
    Rates,
    Refused,
    Sent,
    Standing,
    Ways,
    Window,
)

from . import answers, links, menu, render
from .api import IS_PHOTO, NO_ENTRY, done
from .client import Client, open_client
from .listener import Listener
from .standing import standing
from .uploads import Picture, Uploads
from .webhook import Reachable, Webhook

API_URL = "https://api.telegram.org"
Where = dict[str, Any]
Markup = InlineKeyboardMarkup | None


class TelegramAdapter:
    """One bot on Telegram. A part is a text or a photo with a caption.

    `translated` are the same commands as `commands`, described in other languages, by two-letter language code.
    `api_url` points to another Bot API server. `webhook`: Telegram brings updates there, instead of being asked for
    them. `pictures`: what Telegram cannot fetch is had from there and uploaded. `answer_within` (seconds) bounds the
    wait for an answer; `pause` waits that many seconds between two attempts to hear of updates.
    """

    platform: Platform = "telegram"
    can = Capabilities(
        idempotent_send=False,
        history=False,
        removes_until=timedelta(hours=48),
        # 30 a second in all, 1 a second per chat, 20 a minute per group or channel, edits included (PLATFORMS 4.1);
        # two are left for answers to commands.
        rates=Rates(bot=Window(28, 1.0), private=(Window(1, 1.0),), shared=(Window(1, 1.0), Window(20, 60.0))),
    )

    def __init__(
        self,
        token: str,
        *,
        api_url: str = API_URL,
        commands: Sequence[CommandSpec],
        translated: Mapping[str, Sequence[CommandSpec]] = MappingProxyType({}),
        now: Callable[[], datetime],
        webhook: Reachable | None = None,
        pictures: Pictures | None = None,
        answer_within: float = 20.0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot = ""
        self.ways = Ways()
        self._token = token.strip()
        self._api_url = api_url.rstrip("/")
        self._commands = tuple(commands)
        self._translated = translated
        self._now = now
        self._webhook = webhook
        self._uploads = Uploads(pictures)
        self._answer_within = answer_within
        self._pause = pause
        self._me: User | None = None
        self._open: Client | None = None

    async def connect(self) -> None:
        """Log in. Raises AdapterError where the token is not accepted, AdapterUnreachable where nobody can be asked."""
        await self.close()
        if not self._token:
            raise AdapterError(NO_ENTRY)
        self._open = open_client(self._token, self._api_url, answer_within=self._answer_within)
        try:
            self._me = await self._open.log_in()
        except AdapterError:
            await self.close()
            raise
        self.bot = str(self._me.id)
        self.ways = links.ways(self._me.username or "")
        if self._webhook is None:
            await self._open.leave_webhook()
        await menu.register(self._open.bot, self._commands, self._translated)

    async def listen(self, inbox: Inbox) -> None:
        """Hand over commands, Memberships and Migrations until cancelled.

        Raises AdapterError where the token is no longer accepted, and whatever `inbox` raises; with a webhook in a
        group, as AdapterError where Telegram does not take its address and SettingsError where its port is taken.
        """
        assert self._open is not None, "connect comes first"
        assert self._me is not None, "connect comes first"
        listener = Listener(
            self._open.bot, self._open.polls, self._me, self._commands, now=self._now, pause=self._pause
        )
        if self._webhook is None:
            await listener.listen(inbox)
        else:
            await listener.serve(Webhook(self._open.bot, self._webhook, now=self._now, pause=self._pause), inbox)

    def parts(self, message: Message) -> tuple[str, ...]:
        """Return `text`, `photo` or `album` (a photo of one) for each platform message that the message takes."""
        return render.parts(message)

    def can_edit(self, shown: str, wanted: str) -> bool:
        """A text can become a photo, and one photo another, but no photo can lose its picture.

        Texts can be added below what stands; an album takes no more photos, and a photo of it can be taken away.
        """
        if not shown:
            return wanted == render.TEXT
        return not wanted or shown == wanted or wanted in (render.PHOTO, render.ALBUM)

    async def send(self, address: Address, message: Message, part: int, nonce: str) -> Outcome:  # noqa: ARG002 - the protocol's
        """Send a part, of an album all that are missing. Telegram has no use for the nonce."""
        items = render.together(message, part)
        shown = items[0]
        where = answers.place(address) | {"disable_notification": message.silent} | _replying(message, part)
        markup = answers.presses(message.presses)
        if shown.photo:
            show = partial(self._show, items, where, markup)
            return await self._uploads.done("send", [item.photo for item in items], show)
        return await done("send", self._api.send_message(**_text(shown), **where, reply_markup=markup))

    def _show(
        self, items: Sequence[render.Shown], where: Where, markup: Markup, pictures: Sequence[Picture]
    ) -> Awaitable[Any]:
        """Send a photo, or an album of several, under which Telegram takes no buttons."""
        if len(items) == 1:
            return self._api.send_photo(photo=pictures[0], **_caption(items[0].words), **where, reply_markup=markup)
        media = [
            InputMediaPhoto(picture, **_caption(item.words)) for item, picture in zip(items, pictures, strict=True)
        ]
        return self._api.send_media_group(media=media, **where)

    async def edit(self, address: Address, sent: Sent, message: Message, part: int) -> Outcome:
        """Make the message say what it should; a photo that is to lose its picture keeps it under new words."""
        shown = render.shown(message, part)
        which, markup = _which(address, sent), answers.presses(message.presses)
        if shown.photo:
            show = partial(self._show_instead, shown.words, which, markup)
            return await self._uploads.done("edit", [shown.photo], show)
        if sent.kind == render.TEXT:
            outcome = await done("edit", self._api.edit_message_text(**_text(shown), **which, reply_markup=markup))
            if outcome != IS_PHOTO:  # it is where the answer to an edit that made it one was lost
                return outcome
        words = render.caption(message)
        return await done("edit", self._api.edit_message_caption(**_caption(words), **which, reply_markup=markup))

    def _show_instead(
        self, words: render.Words, which: Where, markup: Markup, pictures: Sequence[Picture]
    ) -> Awaitable[Any]:
        media = InputMediaPhoto(pictures[0], **_caption(words))
        return self._api.edit_message_media(media, **which, reply_markup=markup)

    async def remove(self, address: Address, sent: Sent) -> Outcome:
        """Delete the message; Telegram allows that for 48 hours."""
        return await done("remove", self._api.delete_message(**_which(address, sent)))

    async def pin(self, address: Address, sent: Sent, *, pinned: bool) -> Outcome:
        """Pin the message without ringing, or unpin it."""
        which = _which(address, sent)
        if pinned:
            return await done("pin", self._api.pin_chat_message(**which, disable_notification=True))
        return await done("pin", self._api.unpin_chat_message(**which))

    async def history(
        self,
        address: Address,  # noqa: ARG002 - the protocol's
        since: datetime,  # noqa: ARG002 - the protocol's
    ) -> tuple[Found, ...] | Outcome:
        """Telegram shows a bot no history."""
        return Refused("Telegram shows a bot no history", "act")

    async def reply(self, command: Command, answer: Answer) -> Outcome:
        """Answer the message that gave the command, or in the message whose button was pressed."""
        return await answers.answer(self._api, command, answer, {spec.name for spec in self._commands})

    async def say(self, address: Address, answer: Answer) -> Outcome:
        """Say something that nobody asked for; a person who has not begun the private chat refuses it."""
        return await answers.say(self._api, address, answer, {spec.name for spec in self._commands})

    async def standing(self, chat: str, user: str) -> Standing | Outcome:
        """Return what a person is in a chat at this moment; a right to post in a channel is asked for, too."""
        return await standing(self._api, int(self.bot), chat, user)

    async def close(self) -> None:
        """Close the connections; safe to call twice."""
        opened, self._open = self._open, None
        if opened:
            await opened.close()

    @property
    def _api(self) -> Bot:
        assert self._open is not None, "connect comes first"
        return self._open.bot


def _replying(message: Message, part: int) -> Where:
    if not message.reply_to or part:
        return {}
    return {"reply_parameters": ReplyParameters(int(message.reply_to), allow_sending_without_reply=True)}


def _which(address: Address, sent: Sent) -> Where:
    return {"chat_id": int(address.chat), "message_id": int(sent.message_id)}


def _text(shown: render.Shown) -> dict[str, Any]:
    return {
        "text": shown.words.text,
        "entities": shown.words.entities,
        "link_preview_options": shown.preview,
    }


def _caption(words: render.Words) -> dict[str, Any]:
    return {"caption": words.text, "caption_entities": words.entities}
