"""What the bot needs in a channel, and what it can do without, named as Discord's settings name it. Pure."""

from __future__ import annotations

import discord

from bot.languages import stored
from bot.model import ChatKind

FORUMS = (discord.ChannelType.forum, discord.ChannelType.media)
THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)


def kind_of(channel: discord.ChannelType) -> ChatKind:
    """Return what a channel of a server is to the core."""
    return "forum" if channel in FORUMS else "group"


def missing(rights: discord.Permissions, channel: discord.ChannelType) -> tuple[str, ...]:
    """Return the rights without which nothing can be relayed there. A forum's Create Posts is its Send Messages."""
    in_thread, in_forum = channel in THREADS, channel in FORUMS
    needed = {
        "View Channel": rights.view_channel,
        "Create Posts" if in_forum else "Send Messages": rights.send_messages or in_thread,
        "Send Messages in Threads": rights.send_messages_in_threads or not (in_thread or in_forum),
        "Embed Links": rights.embed_links,
    }
    return () if rights.administrator else tuple(name for name, held in needed.items() if not held)


def notes(rights: discord.Permissions, channel: discord.ChannelType) -> tuple[str, ...]:
    """Say what will not work there without the rights that can be done without."""
    if rights.administrator:
        return ()
    said = []
    if not rights.read_message_history:
        said.append(stored("Without Read Message History an update may be sent twice after a disturbance."))
    if not rights.pin_messages:
        said.append(stored("Without Pin Messages the summary is not pinned."))
    opens = rights.create_public_threads and rights.send_messages_in_threads
    if not opens and channel not in (*THREADS, *FORUMS):
        said.append(
            stored("Without Create Public Threads and Send Messages in Threads no page can have its own thread.")
        )
    return tuple(said)
