"""Answers to commands: texts with buttons under them; a press is answered in the very message that was pressed.

A button's callback data is its command line. What an answer asks for is typed as a reply to it: the question ends in
the command as code, which is all that is needed to understand the reply, also after a restart and in a group whose
privacy mode shows the bot nothing but replies.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from bot.languages import _
from bot.model import Address
from bot.ports import TO_BE_TYPED, Answer, Button, Command, Done, Gone, Outcome
from bot.richtext import RichText

from . import picking, render
from .api import done

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_ASKING = re.compile(r"/(?P<line>[a-z0-9_]{1,32}(?: [^\n…]+)?) …\Z")
_PLACEHOLDER, _LONGEST_NOTE = 64, 200  # characters, by Telegram's documentation of ForceReply and answerCallbackQuery


async def answer(bot: Bot, command: Command, said: Answer, names: Collection[str]) -> Outcome:
    """Say it where the command was given, or in private; the post that gave a command in a channel is taken away.

    In a channel itself an answer is quiet, and Done names its messages: they are not for the readers.
    """
    if command.pressed:
        return _named(command, await _answer_press(bot, command, said, names))
    used = ReplyKeyboardRemove() if command.reply_to.endswith(picking.PICKED) else None
    outcome = await _say(bot, _where(command), said, names, used)
    if isinstance(outcome, Done) and command.chat_kind == "channel" and command.reply_to:
        await done("remove", bot.delete_message(int(command.address.chat), int(command.reply_to)))
    return _named(command, outcome)


def _named(command: Command, outcome: Outcome) -> Outcome:
    """Name the messages of an answer only where they should not stay."""
    stays = command.chat_kind != "channel" or command.given_in is not None
    return Done() if isinstance(outcome, Done) and stays else outcome


async def _answer_press(bot: Bot, command: Command, said: Answer, names: Collection[str]) -> Outcome:
    """Say it in the message that was pressed, or (`aside`) to whoever pressed alone; either way end their waiting."""
    message, _, query = command.reply_to.partition("/")
    note = said.text.text if said.aside and len(said.text.text) <= _LONGEST_NOTE else ""
    told = await done(
        "reply", bot.answer_callback_query(query, note or None, show_alert=bool(note) and not said.passing)
    )
    if not said or said.passing or (note and isinstance(told, Done)):
        return Done()
    if said.aside:  # too long for a note, or the press was too long ago
        return await _say(bot, _where(command), said, names)
    texts = _texts(said, names)
    if len(texts) > 1 or said.picks or said.asks:  # what stands in the person's own keyboard cannot be edited in
        return await _say(bot, _where(command), said, names)
    which: dict[str, Any] = {"chat_id": int(command.address.chat), "message_id": int(message)}
    outcome = await done("edit", bot.edit_message_text(**_text(texts[0]), **which, reply_markup=_keyboard(said)))
    if isinstance(outcome, Gone):
        return await _say(bot, _where(command), said, names)
    return Done(message) if isinstance(outcome, Done) else outcome


async def say(bot: Bot, address: Address, said: Answer, names: Collection[str]) -> Outcome:
    """Say what is no answer to anything."""
    outcome = await _say(bot, place(address), said, names)
    return Done() if isinstance(outcome, Done) else outcome


async def _say(
    bot: Bot,
    how: Mapping[str, Any],
    said: Answer,
    names: Collection[str],
    last: ReplyKeyboardRemove | None = None,
) -> Outcome:
    texts = _texts(said, names)
    sent: list[str] = []
    for number, words in enumerate(texts, 1):
        markup = (_markup(said, alone=how["chat_id"] > 0) or last) if number == len(texts) else None
        outcome = await done("reply", bot.send_message(**_text(words), **how, reply_markup=markup))
        if not isinstance(outcome, Done):
            return outcome
        sent.append(outcome.message_id)
    return Done(sent[0], tuple(sent[1:])) if sent else Done()


def asked_by(question: Message) -> str | None:
    """Return the command line whose argument one of the bot's messages asks for; None if it asks for nothing."""
    codes = [entity for entity in question.entities if entity.type == MessageEntity.CODE]
    found = _ASKING.match(question.parse_entity(codes[-1])) if codes else None
    return found["line"] if found else None


def _texts(said: Answer, names: Collection[str]) -> Sequence[render.Words]:
    return render.reply(_with_question(said), {*names, said.asks.partition(" ")[0]})


def _with_question(said: Answer) -> RichText:
    if not said.asks:
        return said.text
    command = RichText(f"/{said.asks} …").marked("code")
    return said.text + "\n\n" + RichText.filled(_("Reply to this message, or send {command}"), command=command)


def _where(command: Command) -> dict[str, Any]:
    if command.given_in is not None:
        return place(command.given_in)
    in_channel = command.chat_kind == "channel"
    how = place(command.address)
    if command.reply_to and not in_channel and not command.pressed:
        message = command.reply_to.partition("/")[0]
        how["reply_parameters"] = ReplyParameters(int(message), allow_sending_without_reply=True)
    return how | {"disable_notification": in_channel}


def place(address: Address) -> dict[str, Any]:
    """Return the parameters that name an address."""
    return {"chat_id": int(address.chat), "message_thread_id": int(address.thread) if address.thread else None}


def _text(words: render.Words) -> dict[str, Any]:
    return {"text": words.text, "entities": words.entities, "link_preview_options": _NO_PREVIEW}


def _markup(said: Answer, *, alone: bool) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply | None:
    if said.picks:
        return picking.keyboard(said.picks)
    if said.asks and not said.buttons and not said.links:
        # In a group only whoever is replied to is made to answer; a press in private is a reply to nobody.
        return ForceReply(selective=not alone, input_field_placeholder=f"/{said.asks} …"[:_PLACEHOLDER])
    return _keyboard(said)


def _keyboard(said: Answer) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(each.label, callback_data=_data(each)) for each in row] for row in said.buttons]
    rows += [[InlineKeyboardButton(link.label, url=link.url)] for link in said.links]
    return InlineKeyboardMarkup(rows) if rows else None


def _data(button: Button) -> str:
    return f"{button.command} {TO_BE_TYPED}" if button.asks else button.command


def presses(told: Iterable[tuple[str, str]]) -> InlineKeyboardMarkup | None:
    """Return the buttons of a message that is no answer, one below the other; None where it has none."""
    return _keyboard(Answer(RichText(), tuple((Button(label, command),) for label, command in told)))
