"""The addresses that lead people to the bot: into its private chat, or into the dialogs that add it to a chat. Pure.

Their form is that of Telegram's documentation of deep links ("Bot links", "Groups and channels bot links").
"""

from __future__ import annotations

from bot.ports import ADDED, Ways

# To pin the summary; in a channel to post, to correct what stands, and to take away the post that gave a command.
GROUP_RIGHTS = ("pin_messages",)
CHANNEL_RIGHTS = ("post_messages", "edit_messages", "delete_messages")


def ways(username: str) -> Ways:
    """Return the ways to the bot of that name; none where it is not known."""
    if not username:
        return Ways()
    address = f"https://t.me/{username}"
    return Ways(
        group=f"{address}?startgroup={ADDED}&admin={'+'.join(GROUP_RIGHTS)}",
        channel=f"{address}?startchannel&admin={'+'.join(CHANNEL_RIGHTS)}",
        private=address,
    )
