"""Whose phones ring: the roles that a message's content mentions, as far as the message and the server allow it.

Discord's documentation ("Allowed Mentions Object"): without one, all that the content mentions is called; with one,
only what it names. A role that not everybody may mention rings only for those with the right Mention Everyone. Embeds
call nobody, and neither do edits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .guilds import Bot, Channel, Role
from .rights import RIGHTS
from .state import Discord

_ROLE = re.compile(r"(?<!\\)<@&(\d+)>")


def called(discord: Discord, bot: Bot, channel: Channel, body: Mapping[str, Any]) -> list[Role]:
    """Return the roles whose people a message of the bot calls."""
    mentioned = {int(number) for number in _ROLE.findall(body.get("content") or "")}
    may = bool(discord.world.rights_in(bot, channel) & RIGHTS["MENTION_EVERYONE"])
    found = [role for role in channel.guild.roles if role.id in mentioned and (may or role.mentionable)]
    allowed = body.get("allowed_mentions")
    if allowed is None or "roles" in (allowed.get("parse") or []):
        return found
    named = {str(number) for number in allowed.get("roles") or []}
    return [role for role in found if str(role.id) in named]
