"""What a bot can ask about itself, the gateway, guilds and channels."""

from __future__ import annotations

from . import guild_views, views
from .guilds import Guild
from .refusal import refuse
from .state import Answer, Asked, Discord


def me(_discord: Discord, asked: Asked) -> Answer:
    """GET /users/@me."""
    return 200, views.me(asked.sender)


def application(discord: Discord, asked: Asked) -> Answer:
    """GET /oauth2/applications/@me and /applications/@me."""
    world = discord.world
    return 200, views.application(asked.sender, world.owner, len(world.guilds_of(asked.sender)))


def gateway(discord: Discord, _asked: Asked) -> Answer:
    """GET /gateway."""
    return 200, {"url": discord.gateways.url()}


def bot_gateway(discord: Discord, asked: Asked) -> Answer:
    """GET /gateway/bot."""
    starts = discord.gateways.starts
    shards = starts.shards(len(discord.world.guilds_of(asked.sender)))
    limit = starts.limit(asked.sender.id)
    return 200, {"url": discord.gateways.url(), "shards": shards, "session_start_limit": limit}


def channel(discord: Discord, asked: Asked) -> Answer:
    """GET /channels/{channel_id}."""
    found = discord.world.channel(asked.sender, asked.path["channel_id"])
    return 200, views.channel(found, discord.world.members(found.guild))


def guild(discord: Discord, asked: Asked) -> Answer:
    """GET /guilds/{guild_id}."""
    found = the_guild(discord, asked)
    return 200, guild_views.guild(found, discord.world.members(found))


def channels(discord: Discord, asked: Asked) -> Answer:
    """GET /guilds/{guild_id}/channels: without threads."""
    found = the_guild(discord, asked)
    bots = discord.world.members(found)
    return 200, [views.channel(one, bots) for one in found.channels.values() if not one.parent]


def my_guilds(discord: Discord, asked: Asked) -> Answer:
    """GET /users/@me/guilds."""
    return 200, [guild_views.my_guild(one) for one in discord.world.guilds_of(asked.sender)]


def leave(discord: Discord, asked: Asked) -> Answer:
    """DELETE /users/@me/guilds/{guild_id}."""
    discord.world.throw_out(the_guild(discord, asked), asked.sender)
    return 204, None


def the_guild(discord: Discord, asked: Asked) -> Guild:
    """Return the guild that the path names, if the bot is in it. Raises Refusal."""
    number = asked.path["guild_id"]
    found = discord.world.guilds.get(int(number)) if number.isdecimal() else None
    if found is None:
        raise refuse(404, 10004)
    if not found.has(asked.sender):
        raise refuse(403, 50001)
    return found
