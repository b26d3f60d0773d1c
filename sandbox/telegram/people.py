"""What people do: they type, and wait for an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from .chats import ANONYMOUS_ADMIN, CHANNEL_BOT, SERVICE, Chat, Person, Post
from .entities import found_in
from .world import World

PATIENCE, PRESSED = 30.0, 10.0
"""Seconds until somebody gives up waiting for an answer, or for what a press changes."""
SETTLED, UNQUOTED, BESIDE = 0.3, 1.0, 3.0
"""Seconds without a further answer after which the answer is complete; in groups a bot may greet meanwhile."""


async def ask(world: World, chat: Chat, thread: int, user: str, text: str, *, reply_to: int = 0) -> list[str]:
    """Type `text` in the chat as `user` and return what bots answer, or nothing after 30 s. Raises ValueError.

    An answer is a message that a bot sends into that chat and topic in reply to the typed one (reply_parameters),
    together with further ones that follow within 0.3 s. If nothing quotes the typed message, what bots send there
    within a second (in groups three) of the first such message is the answer: a bot need not quote in a private chat.
    """
    heard: asyncio.Queue[Post] = asyncio.Queue()
    world.listeners.append(heard.put_nowait)
    try:
        typed = say(world, chat, thread, user, text, reply_to=reply_to)
        return [post.text for post in await _answers(heard, typed)]
    finally:
        world.listeners.remove(heard.put_nowait)


async def press(world: World, chat: Chat, user: str, label: str, message: int = 0) -> str:
    """Press the newest button with that label, or the one under `message`, and return what there is to read then.

    That is a note for who pressed, else what the message says after its edit or what is said below it, or after 10 s
    what it said before. Raises ValueError if there is no such button.
    """
    post, button = _button(chat, label, message)
    heard: asyncio.Queue[str] = asyncio.Queue()

    def read(changed: Post) -> None:
        if changed is post or (changed.chat is chat and changed.id > post.id):
            heard.put_nowait(changed.text)

    world.listeners.append(read)
    world.edit_listeners.append(read)
    world.note_listeners.append(heard.put_nowait)
    try:
        world.pressed(chat, post, world.person(user), button["callback_data"])
        async with asyncio.timeout(PRESSED):
            said = await heard.get()
    except TimeoutError:
        said = post.text
    finally:
        world.listeners.remove(read)
        world.edit_listeners.remove(read)
        world.note_listeners.remove(heard.put_nowait)
    return said


def _button(chat: Chat, label: str, message: int) -> tuple[Post, dict[str, Any]]:
    posts = [chat.posts[message]] if message in chat.posts else list(reversed(chat.posts.values()))
    for post in posts:
        for row in (post.markup or {}).get("inline_keyboard", []):
            for button in row:
                if button["text"] == label and "callback_data" in button:
                    return post, button
    raise ValueError(f"there is no button {label} to press in that chat")


def say(world: World, chat: Chat, thread: int, user: str, text: str, *, reply_to: int = 0) -> Post:
    """Type a message; bots that may read it get an update. Raises ValueError where that person cannot write there."""
    person = world.person(user)
    if thread and thread not in chat.topics:
        raise ValueError(f"there is no topic {thread} in that chat")
    if chat.is_channel and person not in chat.admins:
        raise ValueError("only a channel's admins write in it")
    if chat.is_private and person.id != chat.id:
        raise ValueError(f"that is the private chat of {chat.admins[0].name}, nobody else writes in it")
    if chat.moved_to:
        raise ValueError(f"that group became the supergroup {chat.moved_to}")
    if not chat.is_private and not chat.is_channel:
        chat.members[person.id] = person
    by_chat = person.id == ANONYMOUS_ADMIN
    words = {"text": text, "entities": found_in(text, [])}
    post = world.new_post(chat, person, **words, thread=thread, by_chat=by_chat, reply_to=reply_to)
    if _is_read(world, chat, post):
        world.tell(chat, post)
    return post


def say_as(world: World, chat: Chat, speaker: Chat, text: str, *, automatic: bool = False) -> Post:
    """Type a message in a group in the name of another chat: of a channel, of a group by an anonymous administrator.

    `automatic`: nobody typed it; it was posted in the channel to which the group is linked, and came here by itself.
    """
    number = SERVICE if automatic else CHANNEL_BOT if speaker.is_channel else ANONYMOUS_ADMIN
    name = {SERVICE: "Telegram", CHANNEL_BOT: "Channel", ANONYMOUS_ADMIN: "Group"}[number]
    sender = Person(number, name, is_bot=number != SERVICE)
    words = {"text": text, "entities": found_in(text, [])}
    post = world.new_post(chat, sender, **words, as_chat=speaker, automatic=automatic)
    if _is_read(world, chat, post):
        world.tell(chat, post)
    return post


def _is_read(world: World, chat: Chat, post: Post) -> bool:
    """Privacy mode: in a group a bot that is no administrator reads commands, mentions and replies to it only."""
    text, original = post.text, chat.posts.get(post.reply_to)
    if chat.is_private or chat.is_channel or text.startswith("/"):
        return True
    if original is not None and original.sender is not None and original.sender.is_bot:
        return True
    return any(chat.status(bot) == "administrator" or f"@{bot.person.username}" in text for bot in world.bots.values())


async def _answers(heard: asyncio.Queue[Post], typed: Post) -> list[Post]:
    clock = asyncio.get_running_loop().time
    last = clock() + PATIENCE
    quoting: list[Post] = []
    others: list[Post] = []
    while True:
        try:
            async with asyncio.timeout_at(last):
                post = await heard.get()
        except TimeoutError:
            return quoting or others
        if not _same_place(post, typed):
            continue
        if post.reply_to == typed.id:
            quoting.append(post)
            last = clock() + SETTLED
        else:
            others.append(post)
            within = UNQUOTED if post.chat.is_private else BESIDE
            last = min(last, clock() + within) if len(others) == 1 and not quoting else last


def _same_place(post: Post, typed: Post) -> bool:
    return post.chat is typed.chat and post.thread == typed.thread


def thread_number(thread: str) -> int:
    """Return a topic's id from the control API's words. Raises ValueError."""
    if thread and not thread.isdecimal():
        raise ValueError(f"there is no topic {thread}")
    return int(thread or 0)
