"""From an Update of Telegram to what the core knows: a command, a change of the bot's place, a move. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from telegram import (
    CallbackQuery,
    Chat,
    Message,
    Update,
)
from telegram.constants import ChatType

from bot.model import Address, User
from bot.ports import Command, Incoming, Membership, Migration

from .answers import asked_by
from .members import KINDS, membership
from .picking import PICKED, picked

WANTED = [Update.MESSAGE, Update.CHANNEL_POST, Update.MY_CHAT_MEMBER, Update.CALLBACK_QUERY]
"""The kinds of updates that say something to us; what people edit later is no command."""

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<arguments>.*))?\Z", re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+\Z", re.IGNORECASE)


def incoming_of(update: Update, *, bot: str, username: str, known: Collection[str]) -> Incoming | None:
    """Return what an update says to us; None if nothing.

    `known` are the names of our commands. A Command comes with `is_admin` as far as the update itself tells it.
    """
    identity = str(update.update_id)
    if update.my_chat_member:
        return membership(identity, bot, update.my_chat_member)
    if update.callback_query:
        return _press(identity, bot, update.callback_query)
    message = update.message or update.channel_post
    if message is None:
        return None
    if message.migrate_to_chat_id:
        return Migration(identity, _address(bot, message.chat), str(message.migrate_to_chat_id))
    if message.forum_topic_reopened:
        # What else of the group is held is tried as well; it is held again where that still fails.
        return Membership(identity, _address(bot, message.chat), present=True)
    return _command(identity, bot, username, known, message)


def must_ask(update: Update) -> bool:
    """Whether Telegram must be asked what the sender may change in the chat."""
    if update.callback_query:
        message = update.callback_query.message
        return message is not None and message.chat.type != ChatType.PRIVATE
    return update.message is not None and is_admin(update.message) is None


def is_admin(message: Message) -> bool | None:
    """Return whether the sender may change the chat; None where Telegram must be asked."""
    if message.chat.type in (ChatType.PRIVATE, ChatType.CHANNEL):
        return True  # in a channel only those write who may post in it
    if message.sender_chat:  # the group itself: an anonymous administrator; else somebody's channel
        return message.sender_chat.id == message.chat.id
    return None if message.from_user else False


def _command(identity: str, bot: str, username: str, known: Collection[str], message: Message) -> Command | None:
    asked = _asked(bot, message, username, known)
    kind = KINDS.get(message.chat.type)
    # Before others, what is passed on is somebody else's words: an admin who passes on a post has commanded nothing.
    passed_on = message.is_automatic_forward or (message.forward_origin is not None and kind != "private")
    if asked is None or kind is None or passed_on:
        return None
    name, arguments = asked
    return Command(
        id=identity,
        address=_address(bot, message.chat, message),
        chat_kind=kind,
        chat_title=message.chat.effective_name or "",
        user=_sender(message),
        is_admin=is_admin(message) or False,
        name=name,
        arguments=arguments,
        reply_to=f"{message.message_id}/{PICKED}" if message.chat_shared else str(message.message_id),
        language=(message.from_user.language_code or "") if message.from_user and not message.sender_chat else "",
        replied_to=_replied_to(message),
    )


def _press(identity: str, bot: str, query: CallbackQuery) -> Command | None:
    """Return the command line that a pressed button carries; anybody in a chat may press, also in a channel."""
    message, kind = query.message, KINDS.get(query.message.chat.type) if query.message else None
    name, _, arguments = (query.data or "").partition(" ")
    if message is None or kind is None or not name:
        return None
    return Command(
        id=identity,
        address=_address(bot, message.chat, message if isinstance(message, Message) else None),
        chat_kind=kind,
        chat_title=message.chat.effective_name or "",
        user=User(str(query.from_user.id), query.from_user.full_name),
        is_admin=message.chat.type == ChatType.PRIVATE,
        name=name,
        arguments=arguments,
        reply_to=f"{message.message_id}/{query.id}",
        language=query.from_user.language_code or "",
        pressed=True,
    )


def _asked(bot: str, message: Message, username: str, known: Collection[str]) -> tuple[str, str] | None:
    """Return the command's name and arguments, if the message is a command to this bot, or what a question asked for.

    Several bots may be in a group: what is neither addressed to us nor among our commands is for one of the others.
    """
    if chosen := picked(message):
        return "manage", chosen
    text = (message.text or "").strip()
    private = message.chat.type == ChatType.PRIVATE
    if private and _ADDRESS.match(text):
        return _answered(bot, message, text) or ("subscribe", text)
    found = _COMMAND.match(text)
    if found is None:
        return _answered(bot, message, text)
    name, addressed = found["name"].lower(), found["bot"]
    if addressed and addressed.lower() != username.lower():
        return None
    return (name, (found["arguments"] or "").strip()) if private or addressed or name in known else None


def _replied_to(message: Message) -> str:
    """In a topic every message replies to the one that opened it; that is nobody's intention."""
    replied = message.reply_to_message
    return "" if replied is None or replied.forum_topic_created else str(replied.message_id)


def _answered(bot: str, message: Message, text: str) -> tuple[str, str] | None:
    """Return the command whose argument was typed in reply to a question of ours."""
    question = message.reply_to_message
    if not text or question is None or question.from_user is None or str(question.from_user.id) != bot:
        return None
    name, _, begun = (asked_by(question) or "").partition(" ")
    return (name, f"{begun} {text}".strip()) if name else None


def _sender(message: Message) -> User:
    """Return who sent it: the chat itself where a person writes in its name, so that nobody else passes for them."""
    if message.sender_chat:
        return User(str(message.sender_chat.id), message.author_signature or message.sender_chat.effective_name or "")
    if message.from_user:
        return User(str(message.from_user.id), message.from_user.full_name)
    return User(str(message.chat.id), message.chat.effective_name or "")


def _address(bot: str, chat: Chat, message: Message | None = None) -> Address:
    """Replies outside of a forum carry a thread id, too, which is nothing that can be written to."""
    topic = message.message_thread_id if message and message.is_topic_message else None
    return Address("telegram", bot, str(chat.id), str(topic or ""))
