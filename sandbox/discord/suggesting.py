"""What people are shown while they type a slash command: what the bot suggests for the option that they are at."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from .guilds import Channel
from .interactions import ACK_WITHIN
from .people import having, payload, somebody
from .spelling import Speller
from .state import Discord

AUTOCOMPLETE = 4


async def suggestions(discord: Discord, channel: Channel, user: str, text: str) -> list[tuple[str, Any]]:
    """Type the beginning of a command and return the (name, value) of each suggestion for its last option.

    None are shown where the bot does not answer within 3 seconds. Raises ValueError where the command is not
    registered, or that option has no suggestions.
    """
    name, _, line = text.lstrip().removeprefix("/").partition(" ")
    person, changed = discord.world.person(user), asyncio.Event()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ACK_WITHIN.total_seconds()):
            await somebody(discord, channel)
            session, command = having(discord, channel, name, person)[0]
            spelt = Speller(discord.world, channel.guild, person).begin(command, line)
            data = {"id": command["id"], "name": command["name"], "type": command["type"], "options": spelt.options}
            begun = discord.interactions.open(discord.world.ids.next(), session.bot, channel, person, changed.set)
            begun.type, begun.asked_for = AUTOCOMPLETE, next(one for one in spelt.options if one.get("focused"))
            session.put("INTERACTION_CREATE", payload(discord, begun, data))
            while begun.suggested is None:
                changed.clear()
                await changed.wait()
            return [(str(one["name"]), one["value"]) for one in begun.suggested]
    return []
