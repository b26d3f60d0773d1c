"""A chat as Telegram tells of it now: what somebody is there, and what the bot lacks."""

from __future__ import annotations

import asyncio

from telegram import Bot, ChatFullInfo, ChatMember
from telegram.error import ChatMigrated, TelegramError

from bot.ports import Moved, Outcome, Refused, Standing

from .api import outcome
from .members import KINDS, REMOVED, absence, lacking, notes, runs


async def standing(bot: Bot, me: int, chat: str, user: str) -> Standing | Outcome:
    """Ask anew at each call: a right that was taken away ends at once."""
    if not chat.removeprefix("-").isdecimal() or not user.isdecimal():
        return Refused("Telegram knows no such chat", "chat")
    try:
        there, own = await asyncio.gather(bot.get_chat(int(chat)), bot.get_chat_member(int(chat), me))
        if there.type not in KINDS or absence(there, own) == REMOVED:
            return Refused(REMOVED, "chat")
        who = await bot.get_chat_member(int(chat), int(user))
    except ChatMigrated as moved:
        return Moved(str(moved.new_chat_id))
    except TelegramError as error:
        return outcome("read", error)
    return _standing(there, who, own)


def _standing(there: ChatFullInfo, who: ChatMember, own: ChatMember) -> Standing:
    return Standing(
        KINDS[there.type],
        there.effective_name or "",
        runs(there, who),
        lacking(there, own),
        notes(there, own),
    )
