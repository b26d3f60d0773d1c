"""Who runs a group: asked of Telegram when a command is to change something; who does not is remembered for a minute.

A right that was taken away ends at once, and whoever types without one costs no call each time. Nobody has Telegram
asked more often than `MOST_ASKED` in a minute: updates are taken in order, and each call keeps all others waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.model import User

from .members import posts

_REMEMBERED = timedelta(seconds=60)
MOST_ASKED = 120
"""Twice a second, for a minute: more than anybody types or presses, and beyond what a chat may be told in one."""
_RUN_IT = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Rights:
    """Answers for one bot. Raises telegram.error.TelegramError where Telegram cannot be asked now."""

    def __init__(self, bot: Bot, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._now = now
        self._without: dict[tuple[str, str], datetime] = {}
        self._asked: dict[str, tuple[datetime, int]] = {}

    async def is_admin(self, chat: str, user: str) -> bool:
        """Return whether the user is creator or administrator of the group; False for who had us ask too often."""
        now = self._now()
        self._without = {pair: asked for pair, asked in self._without.items() if now - asked < _REMEMBERED}
        if (chat, user) in self._without or not self._may_ask(user, now):
            return False
        runs_it = await self._ask(int(chat), int(user))
        if not runs_it:
            self._without[chat, user] = now
        return runs_it

    async def author(self, chat: str, signature: str) -> User | None:
        """Return who posted in a channel; None where that cannot be told.

        A post names nobody. It may be signed with a name, and only administrators who may post write there: where one
        person alone fits, it was that one.
        """
        if not self._may_ask(chat, self._now()):
            return None
        try:
            admins = await self._bot.get_chat_administrators(int(chat))
        except TelegramError:
            return None
        people = [each.user for each in admins if not each.user.is_bot and posts(each)]
        fitting = [user for user in people if user.full_name == signature] if signature else people
        return User(str(fitting[0].id), fitting[0].full_name) if len(fitting) == 1 else None

    def _may_ask(self, because_of: str, now: datetime) -> bool:
        """Count a question that a person, or the posts of a channel, give rise to; whether it may be asked."""
        self._asked = {each: told for each, told in self._asked.items() if now - told[0] < _REMEMBERED}
        since, count = self._asked.get(because_of, (now, 0))
        self._asked[because_of] = since, count + 1
        return count < MOST_ASKED

    async def _ask(self, chat: int, user: int) -> bool:
        """Telegram promises to tell about others only to administrators; who runs a group it tells every member."""
        try:
            return (await self._bot.get_chat_member(chat, user)).status in _RUN_IT
        except BadRequest:
            return await self._is_listed(chat, user)
        except (Forbidden, ChatMigrated):
            return False

    async def _is_listed(self, chat: int, user: int) -> bool:
        try:
            return user in [member.user.id for member in await self._bot.get_chat_administrators(chat)]
        except (BadRequest, Forbidden, ChatMigrated):
            return False
