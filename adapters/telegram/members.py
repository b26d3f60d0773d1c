"""What somebody is in a chat, and what follows: may the bot write, what does it lack, who runs the chat. Pure."""

from __future__ import annotations

from telegram import Chat, ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberRestricted, ChatMemberUpdated
from telegram.constants import ChatMemberStatus, ChatType

from bot.languages import stored
from bot.model import Address, ChatKind, User
from bot.ports import Arrival, Membership

KINDS: dict[str, ChatKind] = {
    ChatType.PRIVATE: "private",
    ChatType.GROUP: "group",
    ChatType.SUPERGROUP: "group",
    ChatType.CHANNEL: "channel",
}
REMOVED = stored("the bot was removed from the chat")
_OUTSIDE = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)


def membership(identity: str, bot: str, change: ChatMemberUpdated) -> Membership:
    """Return what a change of the bot's own standing says."""
    chat, now, before = change.chat, change.new_chat_member, change.old_chat_member
    reason = absence(chat, now)
    came = before.status in _OUTSIDE and now.status not in _OUTSIDE
    arrival = None
    if chat.type != ChatType.PRIVATE and (came or (absence(chat, before) and not reason)):
        language = change.from_user.language_code or ""
        by = User(str(change.from_user.id), change.from_user.full_name)
        arrival = Arrival(by, KINDS[chat.type], chat.effective_name or "", notes(chat, now), language)
    address = Address("telegram", bot, str(chat.id))
    return Membership(identity, address, present=not reason, reason=reason, arrival=arrival)


def absence(chat: Chat | ChatFullInfo, member: ChatMember) -> str:
    """Return why the bot cannot write there; "" if it can."""
    if member.status == ChatMemberStatus.BANNED and chat.type == ChatType.PRIVATE:
        return stored("the person blocked the bot")
    if member.status in _OUTSIDE:
        return REMOVED
    if isinstance(member, ChatMemberRestricted) and not (member.is_member and member.can_send_messages):
        return stored("the bot may not write there")
    if chat.type == ChatType.CHANNEL and not (isinstance(member, ChatMemberAdministrator) and member.can_post_messages):
        return stored("the bot is no administrator of the channel that may post")
    return ""


def runs(chat: Chat | ChatFullInfo, member: ChatMember) -> bool:
    """Whether somebody may change what is posted in a chat: its creator or an administrator.

    In a channel only one who may post there, as only those can give commands in it.
    """
    if chat.type == ChatType.CHANNEL:
        return posts(member)
    return member.status == ChatMemberStatus.OWNER or isinstance(member, ChatMemberAdministrator)


def posts(member: ChatMember) -> bool:
    """Whether somebody may post in the channel that they are in."""
    return member.status == ChatMemberStatus.OWNER or (
        isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    )


def lacking(chat: Chat | ChatFullInfo, member: ChatMember) -> tuple[str, ...]:
    """Return the right without which the bot can post nothing there, named as Telegram's settings name it."""
    if not absence(chat, member):
        return ()
    return ("Post messages",) if chat.type == ChatType.CHANNEL else ("Send messages",)


def notes(chat: Chat | ChatFullInfo, member: ChatMember) -> tuple[str, ...]:
    """Say what will not work there without rights that the bot can do without, named as Telegram's settings name them.

    Pinning takes the right to edit in a channel, and the right to pin in a group (pinChatMessage).
    """
    said = []
    admin = member if isinstance(member, ChatMemberAdministrator) else None
    if chat.type == ChatType.CHANNEL:
        if not (admin and admin.can_edit_messages):
            said.append(stored("Without the right Edit messages the summary is not pinned."))
        if not (admin and admin.can_delete_messages):
            said.append(
                stored("Without the right Delete messages, commands that are posted in the channel stay there.")
            )
    elif not (isinstance(member, ChatMemberAdministrator | ChatMemberRestricted) and member.can_pin_messages):
        said.append(
            stored("Without the right Pin messages, which only administrators have, the summary is not pinned.")
        )
    return tuple(said)
