"""Who runs a group: asked of Telegram when a command is to change something; who does not is remembered for a minute.

A right that was taken away ends at once, and whoever types without one costs no call each time.
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
_RUN_IT = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Rights:
    """Answers for one bot. Raises telegram.error.TelegramError where Telegram cannot be asked now."""

    def __init__(self, bot: Bot, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._now = now
        self._without: dict[tuple[str, str], datetime] = {}

    async def is_admin(self, chat: str, user: str) -> bool:
        """Return whether the user is creator or administrator of the group."""
        now = self._now()
        self._without = {pair: asked for pair, asked in self._without.items() if now - asked < _REMEMBERED}
        if (chat, user) in self._without:
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
        try:
            admins = await self._bot.get_chat_administrators(int(chat))
        except TelegramError:
            return None
        people = [each.user for each in admins if not each.user.is_bot and posts(each)]
        fitting = [user for user in people if user.full_name == signature] if signature else people
        return User(str(fitting[0].id), fitting[0].full_name) if len(fitting) == 1 else None

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
