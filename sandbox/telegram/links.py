"""Links that lead to a bot: t.me/<bot>?start=…, ?startgroup=…&admin=…, ?startchannel&admin=… (PLATFORMS 6)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from .chats import Bot, Chat, Person
from .people import say
from .world import World

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


def follow(world: World, person: Person, url: str, chosen: Chat | None) -> None:
    """Open a link as that person, who chooses a chat of theirs where it asks for one. Raises ValueError.

    `start` opens the private chat and sends `/start` there, the others add the bot to the chosen chat with the rights
    that the link names; into a group goes a `/start` with the payload, too.
    """
    address = urlsplit(url)
    bot = _bot(world, address.path.strip("/")) if address.netloc == "t.me" else None
    if bot is None:
        raise ValueError(f"{url} leads to no bot")
    asked = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
    payload = asked.get("startgroup") or asked.get("start") or ""
    if not _PAYLOAD.fullmatch(payload):
        raise ValueError("a payload has up to 64 of A-Z, a-z, 0-9, _ and -")
    rights = [f"can_{name}" for name in asked.get("admin", "").split() if name]
    if "startgroup" in asked or "startchannel" in asked:
        _add(world, person, chosen, rights, channel="startchannel" in asked)
    if "startchannel" not in asked:
        chat = chosen or world.create("private", person.name, [str(person.id)], ["all"])[0]
        addressed = f"/start@{bot.person.username}" if chosen else "/start"
        say(world, chat, 0, str(person.id), f"{addressed} {payload}".strip())


def _bot(world: World, username: str) -> Bot | None:
    return next((bot for bot in world.bots.values() if bot.person.username == username), None)


def _add(world: World, person: Person, chat: Chat | None, rights: list[str], *, channel: bool) -> None:
    """Telegram offers channels, or groups, in which the person may add a bot with these rights."""
    if chat is None or chat.is_private or chat.is_channel != channel:
        raise ValueError(f"choose a {'channel' if channel else 'group'}")
    if person not in chat.admins and (channel or rights):
        raise ValueError("only who runs the chat adds a bot with rights there")
    if channel and not rights:
        raise ValueError("in a channel a bot must have rights")
    world.let_in(chat, rights, person)
