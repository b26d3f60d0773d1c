"""Everything that exists on this Telegram: chats, people, bots, and what happens to them from outside."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from ..clock import Now
from . import views
from .chats import ANONYMOUS_ADMIN, KINDS, Bot, Chat, Person, Post
from .rights import known
from .updates import UpdateQueue

_FIRST_USER, _FIRST_BOT, _USERS = 500_000_000, 6_000_000_000, 400_000_000
Heard = Callable[[Post], None]


class World:
    """The chats by id, the bots by token. Ids are never given twice, not even after a reset."""

    def __init__(self, now: Now) -> None:
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, Person] = {}
        self.listeners: list[Heard] = []
        self.edit_listeners: list[Heard] = []
        self.note_listeners: list[Callable[[str], None]] = []
        self._queries = count(4_000_000_000_000_000_001)
        self._unheard: list[tuple[str, dict[str, Any]]] = []
        self._groups = count(4_100_000_001)
        self._channels = count(1_002_100_000_001)
        self._account_ids = count(101)
        self._chat_ids: dict[int, Iterator[int]] = {}

    def reset(self) -> None:
        """Empty the world of chats; the bots stay, and what waited for them is gone."""
        self.chats.clear()
        self._unheard.clear()
        for bot in self.bots.values():
            bot.updates.clear()
            bot.commands.clear()

    # ── bots and people ──────────────────────────────────────────────────────────────────────────────────────────

    def bot(self, token: str) -> Bot:
        """Return the bot of a token. Any token makes one, and it is a member of every chat."""
        if token not in self.bots:
            number = self._bot_id(token)
            person = Person(number, "Relay", is_bot=True, username=f"relay{number}_bot")
            bot = Bot(person, self.now(), UpdateQueue(first=700_000_001 + number % 100_000_000))
            self.bots[token] = bot
            self._introduce(bot)
        return self.bots[token]

    def _introduce(self, bot: Bot) -> None:
        """Put a new bot into every chat; the first one of all gets what was said before it came."""
        for chat in self.chats.values():
            self._welcome(chat, bot)
        for kind, body in self._unheard:
            bot.updates.put(kind, body)
        self._unheard.clear()

    def _bot_id(self, token: str) -> int:
        """A token begins with its bot's id; one that does not, or whose id is taken, gets an id all the same."""
        number = token.partition(":")[0]
        taken = {bot.id for bot in self.bots.values()}
        if number.isdecimal() and int(number) not in taken:
            return int(number)
        return _FIRST_BOT + zlib.crc32(token.encode()) % _USERS

    def person(self, named: str) -> Person:
        """Return the person of that id, or of that name: a name always has the same id."""
        number = int(named) if named.isdecimal() else _FIRST_USER + zlib.crc32(named.encode()) % _USERS
        if named == "anonymous":
            number = ANONYMOUS_ADMIN
        name = f"User {named}" if named.isdecimal() else named
        return self.people.setdefault(number, Person(number, name, is_bot=number == ANONYMOUS_ADMIN))

    def let_speak(self, named: str, language: str) -> None:
        """Let somebody's app be in another language."""
        person = replace(self.person(named), language=language)
        self.people[person.id] = person

    # ── chats ────────────────────────────────────────────────────────────────────────────────────────────────────

    def create(
        self, kind: str, title: str, admins: list[str], rights: list[str], *, barred: str = ""
    ) -> tuple[Chat, int]:
        """Make a chat with every bot in it, unless it is `barred`; a forum comes with one topic, whose id is returned.

        Raises ValueError.
        """
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        people = [self.person(name) for name in admins] or [self.person(title)]
        number = people[0].id if kind == "private" else self._new_id(kind)
        if number in self.chats:
            return self.chats[number], 0
        chat = Chat(number, kind, title, people, known(rights), members={person.id: person for person in people})
        chat.barred = barred
        self.chats[number] = chat
        for bot in self.bots.values():
            self._welcome(chat, bot)
        return chat, self.open_topic(chat, title) if kind == "forum" else 0

    def open_topic(self, chat: Chat, name: str) -> int:
        """Add a topic; its id is that of the service message that opens it."""
        opening = self.new_post(chat, chat.admins[0])
        opening.thread = opening.id
        opening.service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        chat.topics[opening.id] = name
        return opening.id

    def close_topic(self, chat: Chat, thread: int) -> None:
        """Let only who manages topics write there; a note in the topic says so."""
        chat.closed.add(thread)
        self.tell(chat, self._note(chat, thread, "forum_topic_closed"))

    def reopen_topic(self, chat: Chat, thread: int) -> None:
        """Let all write there again."""
        chat.closed.discard(thread)
        self.tell(chat, self._note(chat, thread, "forum_topic_reopened"))

    def _note(self, chat: Chat, thread: int, what: str) -> Post:
        return self.new_post(chat, chat.admins[0], thread=thread, service={what: {}})

    def new_post(self, chat: Chat, sender: Person | None, **fields: Any) -> Post:
        """Add a message to a chat."""
        ids = self._chat_ids.setdefault(chat.id, count(2)) if chat.numbers_itself else self._account_ids
        post = Post(next(ids), chat, sender, self.now(), **fields)
        chat.posts[post.id] = post
        return post

    def find(self, chat: str) -> Chat:
        """Return the chat that a test names. Raises ValueError."""
        found = self.chats.get(int(chat)) if chat.lstrip("-").isdecimal() else None
        if found is None:
            raise ValueError(f"there is no Telegram chat {chat}")
        return found

    def _new_id(self, kind: str) -> int:
        return -next(self._groups) if kind == "group" else -next(self._channels)

    # ── what happens to bots ─────────────────────────────────────────────────────────────────────────────────────

    def tell(self, chat: Chat, post: Post) -> None:
        """Let every bot in the chat know of a message."""
        kind = "channel_post" if chat.is_channel else "message"
        if not self.bots:
            self._unheard.append((kind, views.message(post)))
        for bot in self.bots.values():
            if bot.id not in chat.absent and not bot.logged_out:
                bot.updates.put(kind, views.message(post))

    def tell_reader(self, post: Post) -> None:
        """Let those who wait for a bot's answer see what a bot has said."""
        for heard in tuple(self.listeners):
            heard(post)

    def tell_editor(self, post: Post) -> None:
        """Let those who wait for a change of a message see what it says now."""
        for heard in tuple(self.edit_listeners):
            heard(post)

    def tell_presser(self, note: str) -> None:
        """Let who pressed a button read the note that came back, if there is one."""
        for heard in tuple(self.note_listeners) if note else ():
            heard(note)

    def pressed(self, chat: Chat, post: Post, person: Person, data: str) -> None:
        """Let the bot know that a button under its message was pressed."""
        for bot in self.bots.values():
            if bot.person is post.sender:
                query = str(next(self._queries))
                bot.queries[query] = self.now()
                told = {"id": query, "from": views.user(person), "message": views.message(post)}
                bot.updates.put("callback_query", {**told, "chat_instance": str(chat.id), "data": data})

    def let_in(self, chat: Chat, rights: list[str], by: Person) -> None:
        """Let `by` put the bots into a chat, or give those that are there these rights besides. Raises ValueError."""
        given = known(rights)
        before = {bot.id: views.bot_member(chat, bot) for bot in self.bots.values()}
        outside = any(bot.id in chat.absent for bot in self.bots.values())
        chat.rights = given if outside else chat.rights | given
        chat.absent.clear()
        chat.barred = ""
        for bot in self.bots.values():
            if views.bot_member(chat, bot) != before[bot.id]:
                self._put_standing(chat, bot, before[bot.id], by)

    def throw_out(self, chat: Chat, why: str, bot: Bot | None = None) -> None:
        """Take the bot (or all, and all that come) out of a chat: kicked, left, blocked, deactivated, deleted."""
        if bot is None:
            chat.barred = why
        for one in [bot] if bot else list(self.bots.values()):
            old = chat.status(one)
            chat.absent[one.id] = why
            if why not in ("deactivated", "deleted"):
                self._tell_standing(chat, one, old)

    def restore(self, chat: Chat) -> None:
        """Take the bots back into a chat and open its topics."""
        chat.closed.clear()
        chat.barred = ""
        for bot in self.bots.values():
            if bot.id in chat.absent:
                old = chat.status(bot)
                del chat.absent[bot.id]
                self._tell_standing(chat, bot, old)

    def change_rights(self, chat: Chat, rights: list[str]) -> None:
        """Give the bots other rights. Raises ValueError."""
        given = known(rights)
        before = {bot.id: views.bot_member(chat, bot) for bot in self.bots.values()}
        chat.rights = given
        for bot in self.bots.values():
            if bot.id not in chat.absent:
                self._put_standing(chat, bot, before[bot.id])

    def migrate(self, chat: Chat) -> Chat:
        """Make a group a supergroup: a new chat with a new id; the old one refuses everything and names the new."""
        if chat.kind != "group" or chat.moved_to:
            raise ValueError("only a group becomes a supergroup, and only once")
        moved = Chat(self._new_id("supergroup"), "supergroup", chat.title, chat.admins, chat.rights)
        moved.members, moved.absent = dict(chat.members), dict(chat.absent)
        self.chats[moved.id] = moved
        leaving = self.new_post(chat, chat.admins[0], service={"migrate_to_chat_id": moved.id})
        self.tell(chat, leaving)
        chat.moved_to = moved.id
        self.tell(moved, self.new_post(moved, chat.admins[0], service={"migrate_from_chat_id": chat.id}))
        return moved

    def age(self, chat: Chat, hours: float) -> None:
        """Make everything in the chat older, so that it is too old to be removed, say."""
        for post in chat.posts.values():
            post.sent_at -= timedelta(hours=hours)

    def remove(self, post: Post) -> None:
        """Take a message away."""
        chat = post.chat
        del chat.posts[post.id]
        chat.deleted.append(post)
        if post.id in chat.pinned:
            chat.pinned.remove(post.id)

    def _welcome(self, chat: Chat, bot: Bot) -> None:
        if chat.barred:
            chat.absent[bot.id] = chat.barred
        elif not chat.is_private:
            self._put_standing(chat, bot, views.bot_member(chat, bot, "left"))

    def _tell_standing(self, chat: Chat, bot: Bot, old: str) -> None:
        self._put_standing(chat, bot, views.bot_member(chat, bot, old))

    def _put_standing(self, chat: Chat, bot: Bot, old: dict[str, Any], by: Person | None = None) -> None:
        change = {
            "chat": views.chat(chat),
            "from": views.user(by or chat.admins[0]),
            "date": views.unix(self.now()),
            "old_chat_member": old,
            "new_chat_member": views.bot_member(chat, bot),
        }
        bot.updates.put("my_chat_member", change)
