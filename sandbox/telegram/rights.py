"""What a bot may do in a chat, in Telegram's own names, and the standing that follows from a list of them."""

from __future__ import annotations

from collections.abc import Iterable

MEMBER_RIGHTS = frozenset(
    {
        "can_send_messages",
        "can_send_audios",
        "can_send_documents",
        "can_send_photos",
        "can_send_videos",
        "can_send_video_notes",
        "can_send_voice_notes",
        "can_send_polls",
        "can_send_other_messages",
        "can_add_web_page_previews",
        "can_react_to_messages",
        "can_edit_tag",
        "can_change_info",
        "can_invite_users",
        "can_pin_messages",
        "can_manage_topics",
    }
)
ADMIN_RIGHTS = frozenset(
    {
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_post_messages",
        "can_edit_messages",
        "can_pin_messages",
        "can_manage_topics",
        "can_manage_direct_messages",
        "can_manage_tags",
    }
)
CHANNEL_ONLY = frozenset({"can_post_messages", "can_edit_messages", "can_manage_direct_messages"})
GROUP_ONLY = frozenset({"can_pin_messages", "can_manage_topics", "can_manage_tags"})


def known(rights: Iterable[str]) -> frozenset[str]:
    """Return the rights as a set. Raises ValueError for a name that is not Telegram's."""
    named = frozenset(rights)
    if strange := named - MEMBER_RIGHTS - ADMIN_RIGHTS - {"all"}:
        raise ValueError(f"rights: Telegram has no {', '.join(sorted(strange))}; use its own names, or all")
    return named


def status(kind: str, rights: frozenset[str]) -> str:
    """Return the bot's status in a chat where it was given these rights.

    In a channel a bot is always an administrator. In a group, rights that only administrators have (or that
    administrators are usually given, as to pin) make it one; rights that only members have ("can_send_messages")
    make it a restricted member with just these; none at all leaves a plain member, who may write but not pin.
    """
    if kind == "private":
        return "member"
    if kind == "channel" or "all" in rights or rights & (ADMIN_RIGHTS - MEMBER_RIGHTS):
        return "administrator"
    if rights & (MEMBER_RIGHTS - ADMIN_RIGHTS):
        return "restricted"
    return "administrator" if rights else "member"


def may(kind: str, rights: frozenset[str], right: str) -> bool:
    """Whether a bot with these rights has the one asked for."""
    standing = status(kind, rights)
    if kind == "private" or "all" in rights:
        return True
    if right.startswith("can_send_") and kind == "channel":
        return "can_post_messages" in rights
    return right in rights or (right.startswith("can_send_") and standing != "restricted")
